"""Speech over REST."""

from typing import Any

import pytest

from hamsa_kit.audio_formats import PCM_8000_16, PCM_16000_16, ULAW_8000_8, AudioFormat, read_wav, wav_bytes, wav_header
from hamsa_mock.audio.scripted import make_rule
from hamsa_mock.core.actions import Request, Why
from hamsa_mock.providers.hamsa.accounts import FOREIGN_VOICE, OWN_VOICE
from tests.mock_server.providers.hamsa.rest_client import TTS, TTS_STREAM, Answered, VirtualRest
from tests.mock_server.providers.hamsa.virtual import SENTENCE, audio_of

FORMATS: list[tuple[dict[str, Any], AudioFormat]] = [
    ({}, PCM_16000_16),
    ({"sampleRate": "16k"}, PCM_16000_16),
    ({"sampleRate": "8k"}, PCM_8000_16),
    ({"mulaw": True}, ULAW_8000_8),
]
NEARLY_BROKE = "hamsa-test-nearly-broke"
UNKNOWN_VOICE = "00000000-0000-4000-8000-000000000999"
PATHS = pytest.mark.parametrize("path", [TTS, TTS_STREAM])


def charged(answered: Answered) -> str | int | float:
    assert answered.answer.request is not None
    return answered.answer.request.details["charged"]


def spoken(rest: VirtualRest) -> Any:
    """What a valid request is read as."""
    return rest.hamsa.service.requests.apply_rules({"text": SENTENCE, "speaker": "Majd"})


@pytest.mark.statement("PRE-11")
@pytest.mark.parametrize(("fields", "format"), FORMATS)
def test_file_is_a_wav_with_the_audio_of_the_websocket(fields: dict[str, Any], format: AudioFormat) -> None:
    rest = VirtualRest()
    client = rest.hamsa.connect()
    client.ask(**fields)
    answered = rest.speak(TTS, **fields)
    assert answered.answer.headers["Content-Type"] == "audio/wav"
    assert read_wav(answered.body) == (format, audio_of(client.all))
    assert answered.answer.length == len(answered.body)


@pytest.mark.statement("PRE-11")
@pytest.mark.parametrize(("fields", "format"), FORMATS)
def test_stream_is_the_same_audio_without_a_header(fields: dict[str, Any], format: AudioFormat) -> None:
    rest = VirtualRest()
    _, audio = read_wav(rest.speak(TTS, **fields).body)
    answered = rest.speak(TTS_STREAM, **fields)
    assert answered.answer.headers["Content-Type"] == "audio/wav"
    assert answered.body == audio
    assert answered.answer.length is None


@PATHS
def test_recording_that_is_scripted_for_the_text_is_played_instead_of_the_voice(path: str) -> None:
    rest = VirtualRest(changes={"hamsa.rest.tts_header": "none"})
    pcm = bytes(range(250)) * 64
    rest.hamsa.service.audio.put([make_rule(SENTENCE, wav_bytes(PCM_16000_16, pcm))])
    answered = rest.speak(path)
    assert answered.body == pcm
    assert answered.answer.request is not None
    assert answered.answer.request.notes == [Why("scripted audio is played for this text")]


def test_stream_is_split_inside_samples() -> None:
    pieces = VirtualRest().speak(TTS_STREAM).pieces
    ends = [sum(map(len, pieces[:count])) for count in range(1, len(pieces))]
    assert len(ends) >= 4
    assert all(end % 2 == 1 for end in ends)
    assert len({len(piece) % 320 for piece in pieces}) > 2, "the borders lie at different places"


def test_expressiveness_changes_the_audio() -> None:
    rest = VirtualRest()
    assert rest.speak(expressiveness=0).body != rest.speak(expressiveness=2).body


@pytest.mark.parametrize(
    ("path", "slug"), [(TTS, "hamsa.rest.tts_header"), (TTS_STREAM, "hamsa.rest.tts_stream_header")]
)
@pytest.mark.parametrize("form", ["none", "streaming", "exact"])
def test_header_has_the_form_that_the_behaviour_names(path: str, slug: str, form: str) -> None:
    audio = VirtualRest().speak(TTS_STREAM).body
    header = {"none": b"", "streaming": wav_header(PCM_16000_16, None), "exact": wav_header(PCM_16000_16, len(audio))}
    assert VirtualRest(changes={slug: form}).speak(path).body == header[form] + audio


@pytest.mark.parametrize(("form", "padding"), [("none", b""), ("streaming", b""), ("exact", b"\0")])
def test_odd_number_of_samples_is_padded_where_the_header_tells_their_number(form: str, padding: bytes) -> None:
    """As RIFF says; without a size in the header the padding would be heard."""
    rest = VirtualRest(changes={"hamsa.rest.tts_header": form})
    rest.hamsa.service.audio.put([make_rule(SENTENCE, wav_bytes(ULAW_8000_8, b"\x01" * 8001))])
    answered = rest.speak(TTS, mulaw=True)
    assert answered.body.endswith(b"\x01" + padding)
    assert answered.answer.length == len(answered.body)
    assert charged(answered) == 2


def test_file_comes_when_the_websocket_would_have_sent_the_last_of_it() -> None:
    rest = VirtualRest("documented")
    client = rest.hamsa.connect()
    client.ask()
    rest.hamsa.advance(10)
    last = max(at for at, single in client.sent if audio_of([single]))
    answer = rest.speak(TTS).answer
    assert answer.delay == pytest.approx(last)
    assert answer.gap == 0


def test_stream_keeps_the_times_of_the_websocket() -> None:
    rest = VirtualRest("documented", {"hamsa.tts.first_audio_delay": 0.5, "hamsa.tts.chunk_gap": 0.25})
    answer = rest.speak(TTS_STREAM).answer
    assert (answer.delay, answer.gap) == (0.5, 0.25)


@PATHS
def test_audio_is_made_when_it_is_taken(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else waits for the whole of a long answer."""
    rest = VirtualRest()
    made: list[int] = []
    answer = rest.hamsa.service.answer(Request(1, "tts", 0), spoken(rest))
    chunk = answer.chunk

    def make(place: int) -> bytes:
        made.append(place)
        return chunk(place)

    monkeypatch.setattr(answer, "chunk", make)
    monkeypatch.setattr(rest.hamsa.service, "answer", lambda asked, tts: answer)
    route = rest.rest.routes[path]
    content = spoken(rest)
    key = rest.hamsa.service.accounts.keys["hamsa-test-key"]
    body = iter(route.answer(content, key, Request(1, "tts", 0), 0).body)
    assert made == []
    next(body)
    assert made == [0]
    next(body)
    assert made == [0, 1]


@PATHS
@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"text": ""}, "text is invalid"),
        ({"text": "ب" * 2001}, "text is invalid"),
        ({"speaker": ""}, "speaker is invalid"),
        ({"sampleRate": 8000}, "sampleRate is invalid"),
        ({"expressiveness": 2.5}, "expressiveness is invalid"),
    ],
)
def test_invalid_field_is_named(path: str, fields: dict[str, Any], message: str) -> None:
    assert VirtualRest().speak(path, **fields).error == (400, message)


def test_longest_text_is_spoken() -> None:
    answered = VirtualRest().speak(TTS, "ب" * 2000)
    assert answered.status == 200
    assert len(answered.pieces) > 80


@pytest.mark.statement("API-6")
@pytest.mark.parametrize(("option", "status"), [("refuse", 400), ("cut", 200), ("speak", 200)])
def test_long_text_gets_what_the_behaviour_says(option: str, status: int) -> None:
    rest = VirtualRest(changes={"hamsa.tts.long_text": option})
    answered = rest.speak(TTS, "ب" * 2001)
    assert answered.status == status
    assert answered.answer.request is not None
    assert answered.answer.request.details.get("characters") == {"refuse": None, "cut": 2000, "speak": 2001}[option]


def test_text_that_the_mock_cannot_speak_is_invalid() -> None:
    rest = VirtualRest(changes={"hamsa.tts.long_text": "speak"})
    assert rest.speak(TTS, "ب" * 40_000).error == (400, "text is invalid")


def test_rate_beside_mulaw_gets_what_the_behaviour_says() -> None:
    assert VirtualRest().speak(TTS, mulaw=True, sampleRate="16k").status == 200
    rest = VirtualRest(changes={"hamsa.tts.mulaw_with_rate": "refuse"})
    assert rest.speak(TTS, mulaw=True, sampleRate="16k").error == (400, "sampleRate is invalid")


@pytest.mark.statement("PRE-6", "API-30")
@PATHS
@pytest.mark.parametrize("voice", [UNKNOWN_VOICE, FOREIGN_VOICE])
def test_voice_that_is_not_the_users_own_is_not_found(path: str, voice: str) -> None:
    answered = VirtualRest().speak(path, speaker=voice)
    assert answered.error == (404, "Voice not found")
    assert answered.answer.why is not None
    assert answered.answer.why.behaviour == "hamsa.tts.foreign_voice"


@pytest.mark.parametrize(
    ("slug", "option", "fields", "error"),
    [
        ("hamsa.tts.unknown_speaker", "invalid", {"speaker": "Nobody"}, (400, "speaker is invalid")),
        ("hamsa.tts.unknown_speaker", "not_owned", {"speaker": "Nobody"}, (404, "Voice not found")),
        ("hamsa.tts.unknown_speaker", "aborted", {"speaker": "Nobody"}, (500, "TTS stream error: aborted")),
        ("hamsa.tts.dialect_mismatch", "invalid", {"dialect": "egy"}, (400, "dialect is invalid")),
        ("hamsa.tts.unpreloaded_voice", "aborted", {"speaker": OWN_VOICE}, (500, "TTS stream error: aborted")),
    ],
)
def test_speaker_and_dialect_get_what_the_behaviours_say(
    slug: str, option: str, fields: dict[str, Any], error: tuple[int, str]
) -> None:
    assert VirtualRest().speak(TTS, **fields).status == 200
    assert VirtualRest(changes={slug: option}).speak(TTS, **fields).error == error


@pytest.mark.statement("PRE-8", "PRE-9", "PRE-11")
@PATHS
def test_custom_voice_waits_until_it_is_loaded_and_not_once_it_is_preloaded(path: str) -> None:
    rest = VirtualRest(changes={"hamsa.tts.voice_loading": 3})
    slow = rest.speak(path, speaker=OWN_VOICE).answer
    assert slow.delay == 3
    assert slow.request is not None
    assert [note.behaviour for note in slow.request.notes] == ["hamsa.tts.unpreloaded_voice"]
    rest.hamsa.now = 2
    assert rest.speak(path, speaker=OWN_VOICE).answer.delay == 1, "the rest of it"
    rest.hamsa.now = 4
    assert rest.speak(path, speaker=OWN_VOICE).answer.delay == 0
    rest = VirtualRest(changes={"hamsa.tts.voice_loading": 3})
    rest.preload()
    assert rest.speak(path, speaker=OWN_VOICE.upper()).answer.delay == 0


@PATHS
def test_audio_is_charged_in_whole_seconds_rounded_up(path: str) -> None:
    rest = VirtualRest()
    answered = rest.speak(path, "نعم", key=NEARLY_BROKE)
    assert charged(answered) == 1
    assert rest.speak(path, "نعم", key=NEARLY_BROKE).status == 402


def test_header_is_not_charged() -> None:
    answered = VirtualRest(changes={"hamsa.rest.tts_header": "exact"}).speak()
    assert answered.answer.request is not None
    seconds = answered.answer.request.details["seconds"]
    assert isinstance(seconds, float)
    assert charged(answered) == -(-seconds // 1)


def test_answer_is_charged_as_far_as_it_was_sent() -> None:
    rest = VirtualRest()
    answered = rest.speak(TTS_STREAM)
    answered.answer.ended(len(answered.pieces[0]))
    assert charged(answered) == 1
    answered.answer.ended(0)
    assert charged(answered) == 0


def test_answers_are_not_cut_short() -> None:
    """FAQ-1 is a matter of WebSocket connections (assumed)."""
    rest = VirtualRest(changes={"hamsa.tts.truncation": "first_answer"})
    assert len(rest.speak(key="hamsa-test-truncated").body) > 10_000
