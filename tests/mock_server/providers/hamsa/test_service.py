"""What all connections to Hamsa share in one World."""

import json

import pytest

from hamsa_kit.audio_formats import PCM_8000_16, PCM_16000_16, ULAW_8000_8, AudioFormat, read_wav, wav_bytes
from hamsa_kit.proof import read_proof
from hamsa_mock.audio.conversion import to_format
from hamsa_mock.audio.decoding import decode_wav
from hamsa_mock.audio.scripted import make_rule
from hamsa_mock.core.actions import Request, Why
from hamsa_mock.core.clock import Clock
from hamsa_mock.core.world import World
from hamsa_mock.providers.hamsa.accounts import Accounts, Key, Project, User
from hamsa_mock.providers.hamsa.admission import Served
from hamsa_mock.providers.hamsa.answers import Speech
from hamsa_mock.providers.hamsa.hearing import Scripts
from hamsa_mock.providers.hamsa.requests import Tts
from hamsa_mock.providers.hamsa.service import HamsaService
from hamsa_schemas import BehaviourValue, default_catalogue, load_behaviours

SENTENCE = "كيف حالك اليوم يا صديقي العزيز؟"
CUT = Why("7th new connection", "hamsa.tts.truncation")


def service(seed: int = 0, accounts: Accounts | None = None, **changes: BehaviourValue) -> HamsaService:
    """Changes are named like `audio_header` for `hamsa.tts.audio_header`."""
    slugs = {f"hamsa.tts.{name}": value for name, value in changes.items()}
    return HamsaService(World(Clock(lambda: 0), load_behaviours("instant", slugs), seed), accounts)


def tts(text: str = SENTENCE, format: AudioFormat = PCM_16000_16, notes: tuple[Why, ...] = ()) -> Tts:
    return Tts(text, "Majd", "", "ar", format, 1.0, notes)


def speech(hamsa: HamsaService, tts: Tts, cut: Why | None = None, ready: float = 0) -> Speech:
    return hamsa.speech(Request(1, "tts", 0), Served(tts, ready, ()), cut)


def audio(speech: Speech) -> bytes:
    return b"".join(speech.chunk(index).payload for index in range(speech.chunks))


def test_messages_that_never_change_are_valid_against_their_schemas() -> None:
    hamsa = service()
    ack = speech(hamsa, tts()).ack
    for type, message in (("info", hamsa.info), ("ack", ack), ("end", hamsa.end)):
        assert default_catalogue().message("hamsa", "server", type).is_valid(json.loads(message.payload))


def test_service_has_the_ready_made_accounts_unless_others_are_given() -> None:
    accounts = Accounts([User("maha")], [Project("shop", "maha")], [Key("secret", "shop")], [])
    assert "hamsa-test-key" in service().accounts.keys
    assert service(accounts=accounts).accounts is accounts


# Speech


@pytest.mark.parametrize("format", [PCM_16000_16, PCM_8000_16, ULAW_8000_8])
def test_answer_is_the_whole_audio_of_the_text_in_the_format_asked_for(format: AudioFormat) -> None:
    answer = speech(service(), tts(format=format))
    proof = read_proof(audio(answer), format)
    assert proof.whole
    assert proof.text == SENTENCE
    assert answer.request.details["seconds"] == format.seconds(len(audio(answer)))
    assert answer.request.notes == []


def test_chunk_is_made_once() -> None:
    hamsa = service()
    first, again = speech(hamsa, tts()), speech(hamsa, tts())
    assert first.chunk(0) is first.chunk(0) is again.chunk(0)
    assert first.chunk(0) is not first.chunk(1)
    assert first.ack is again.ack


def test_each_world_has_the_audio_of_its_seed() -> None:
    assert audio(speech(service(1), tts())) == audio(speech(service(1), tts())) != audio(speech(service(2), tts()))


def test_first_audio_waits_the_usual_delay_and_that_of_the_request() -> None:
    assert speech(service(first_audio_delay=0.5), tts()).delay == 0.5
    late = speech(service(first_audio_delay=0.5), tts(), ready=3)
    assert (late.ready, late.delay) == (3, 0.5)


def test_request_notes_what_was_done_otherwise_than_asked_for() -> None:
    asked, judged = Why("the rate is ignored"), Why("nobody has this name")
    request = Request(1, "tts", 0, notes=[Why("over the limit")])
    service().speech(request, Served(tts(notes=(asked,)), 0, (judged,)), None)
    assert request.notes == [Why("over the limit"), asked, judged]


# Recordings of the user's

RECORDING = wav_bytes(PCM_16000_16, bytes(range(250)) * 64)


def scripted(hamsa: HamsaService) -> HamsaService:
    """The same service, which plays a recording for the sentence."""
    hamsa.audio.put([make_rule(SENTENCE, RECORDING)])
    return hamsa


@pytest.mark.parametrize("format", [PCM_16000_16, PCM_8000_16, ULAW_8000_8])
def test_recording_is_played_in_the_format_asked_for_and_the_request_says_so(format: AudioFormat) -> None:
    answer = speech(scripted(service(audio_header="exact")), tts(format=format))
    assert read_wav(audio(answer)) == (format, to_format(decode_wav(RECORDING), format))
    assert answer.request.details["seconds"] == 0.5
    assert answer.request.notes == [Why("scripted audio is played for this text")]


def test_other_texts_are_spoken_by_the_voice() -> None:
    answer = speech(scripted(service()), tts("ب"))
    assert read_proof(audio(answer), PCM_16000_16).text == "ب"
    assert answer.request.notes == []


def test_recording_is_cut_short_like_the_voice() -> None:
    assert audio(speech(scripted(service()), tts(), CUT)) == RECORDING[44:][:640]


def test_recording_comes_in_chunks_like_the_voice() -> None:
    even, growing = speech(scripted(service()), tts()), speech(scripted(service(chunking="seconds")), tts())
    assert audio(even) == audio(growing) == RECORDING[44:]
    assert even.chunk(0).nbytes == 7680
    assert growing.chunk(0).nbytes != 7680


# Headers


@pytest.mark.parametrize("format", [PCM_16000_16, PCM_8000_16, ULAW_8000_8])
@pytest.mark.parametrize("form", ["streaming", "exact"])
def test_audio_with_a_header_is_a_wav_file(form: str, format: AudioFormat) -> None:
    bare = audio(speech(service(), tts(format=format)))
    answer = speech(service(audio_header=form), tts(format=format))
    wav = audio(answer)
    assert read_wav(wav) == (format, bare)
    assert len(wav) == answer.header + len(bare)
    riff_size, data_size = wav[4:8], wav[answer.header - 4 : answer.header]
    if form == "streaming":
        assert riff_size == data_size == b"\xff\xff\xff\xff"
    else:
        assert int.from_bytes(data_size, "little") == len(bare)
        assert int.from_bytes(riff_size, "little") == len(wav) + len(bare) % 2 - 8


def test_audio_has_no_header_usually() -> None:
    answer = speech(service(), tts())
    assert answer.header == 0
    with pytest.raises(ValueError, match="not a WAV"):
        read_wav(audio(answer))


# Answers that are cut short


def test_answer_that_is_cut_short_is_one_chunk_of_640_bytes_from_the_beginning() -> None:
    answer = speech(service(), tts(), CUT)
    assert answer.chunks == 1
    assert audio(answer) == audio(speech(service(), tts()))[:640]
    assert answer.request.notes == [Why("640 bytes: 7th new connection", "hamsa.tts.truncation")]


@pytest.mark.parametrize("nbytes", [0, 1, 639, 20_000, 64_000])
def test_cut_answer_has_as_many_bytes_as_the_behaviour_says(nbytes: int) -> None:
    whole = speech(service(), tts())
    assert len(whole.chunk(0).payload) < 64_000 < len(audio(whole))
    answer = speech(service(truncated_bytes=nbytes), tts(), CUT)
    assert answer.chunks == 1
    assert audio(answer) == audio(whole)[:nbytes]


@pytest.mark.parametrize("content", ["beginning", "silence"])
def test_cut_answer_is_never_longer_than_the_whole_one(content: str) -> None:
    whole = speech(service(), tts("ب"))
    answer = speech(service(truncated_bytes=64_000, truncated_audio=content), tts("ب"), CUT)
    assert len(audio(answer)) == len(audio(whole)) < 64_000


@pytest.mark.parametrize(("format", "zero"), [(PCM_16000_16, b"\0"), (ULAW_8000_8, b"\xff")])
def test_cut_answer_can_be_silence(format: AudioFormat, zero: bytes) -> None:
    assert audio(speech(service(truncated_audio="silence"), tts(format=format), CUT)) == zero * 640


@pytest.mark.parametrize("content", ["beginning", "silence"])
def test_cut_answer_begins_with_the_header_too(content: str) -> None:
    hamsa = service(truncated_audio=content, audio_header="exact")
    cut, whole = audio(speech(hamsa, tts(), CUT)), audio(speech(hamsa, tts()))
    assert len(cut) == 640
    assert cut[:44] == whole[:44]
    assert (cut[44:] == bytes(596)) is (content == "silence")


# Going back to the start


def test_reset_brings_back_accounts_money_and_scripts() -> None:
    hamsa = scripted(service())
    key = hamsa.accounts.keys["hamsa-test-nearly-broke"]
    hamsa.charge_seconds(key, Request(1, "tts", 0), 5)
    hamsa.accounts.remove("keys", key.key)
    hamsa.transcriber.transcripts.become(Scripts(unread="other"))
    hamsa.reset()
    assert hamsa.accounts.keys[key.key] is key
    assert hamsa.wallets.balance(hamsa.accounts.project_of(key)) == 1
    assert hamsa.transcriber.transcripts.scripts == Scripts()
    assert hamsa.audio.rules == ()


# Money


def test_answer_is_charged_as_far_as_it_was_sent() -> None:
    hamsa = service()
    key = hamsa.accounts.keys["hamsa-test-nearly-broke"]
    answer = speech(hamsa, tts())
    answer.nbytes = 32_001
    hamsa.charge(key, answer)
    assert answer.request.details["charged"] == 2
    assert hamsa.wallets.balance(hamsa.accounts.project_of(key)) == -1


def test_header_is_not_charged() -> None:
    hamsa = service(audio_header="streaming")
    answer = speech(hamsa, tts())
    answer.nbytes = 32_044
    hamsa.charge(hamsa.accounts.keys["hamsa-test-key"], answer)
    assert answer.request.details["charged"] == 1
