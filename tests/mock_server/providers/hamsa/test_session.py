"""One connection to Hamsa, without a socket: opening, speech, bad messages, clients that do not read, the end."""

import json
from base64 import b64encode
from typing import Any

import pytest

from hamsa_kit.audio_formats import PCM_16000_16, read_wav, wav_bytes
from hamsa_kit.proof import read_proof
from hamsa_mock.core import events
from hamsa_mock.core.actions import Accept, Close, Reject, Request, Send
from hamsa_mock.providers.hamsa.accounts import FOREIGN_VOICE, OWN_VOICE
from hamsa_mock.providers.hamsa.answers import STEP_BYTES
from hamsa_mock.providers.hamsa.session import ANSWERS_AT_ONCE, WAITING_REQUESTS, HamsaSession
from hamsa_schemas import BehaviourValue
from tests.mock_server.providers.hamsa.virtual import (
    SENTENCE,
    Single,
    VirtualClient,
    VirtualHamsa,
    audio_of,
    error_of,
    json_of,
    name_of,
    names,
    sizes,
    tts,
)

MALFORMED = "Invalid message format: missing type or payload"
UNKNOWN = "API key is invalid or expired"
UNLIMITED = "hamsa-test-unlimited"


def connected(profile: str = "instant", key: str | None = UNLIMITED, **changes: BehaviourValue) -> VirtualClient:
    """A client in a World of its own. Changes are named like `tts__overlap` for `hamsa.tts.overlap`."""
    slugs = {f"hamsa.{name.replace('__', '.')}": value for name, value in changes.items()}
    return VirtualHamsa(profile, slugs).connect(key)


def text_of(audio: bytes) -> str | None:
    """The text of which this is the whole audio, by its proof."""
    proof = read_proof(audio, PCM_16000_16)
    return proof.text if proof.whole else None


def charged(single: Single) -> Any:
    """What was charged for the request of an answer's part."""
    assert isinstance(single, Send)
    assert single.request is not None
    return single.request.details.get("charged")


# Opening


def test_client_with_a_key_is_greeted_with_info() -> None:
    accept, info = connected().all
    assert accept == Accept()
    assert json_of(info) == {"type": "info", "payload": {"message": "Connected to realtime WebSocket server"}}


@pytest.mark.parametrize(
    ("failure", "info", "expected"),
    [
        ("error_then_close", "after_key", ["accept", "error", "close 4001"]),
        ("error_then_close", "before_key", ["accept", "info", "error", "close 4001"]),
        ("close_only", "after_key", ["accept", "close 4001"]),
        ("close_only", "before_key", ["accept", "info", "close 4001"]),
        ("http_401", "after_key", ["reject 401"]),
        ("http_401", "before_key", ["reject 401"]),
    ],
)
def test_client_that_may_not_connect_is_turned_away_as_the_behaviours_say(
    failure: str, info: str, expected: list[str]
) -> None:
    client = connected(key="wrong", auth__failure=failure, auth__info=info)
    assert names(client.all) == expected
    last = client.all[-1]
    if isinstance(last, Reject):
        assert json.loads(last.body) == {"code": 401, "message": UNKNOWN}
        assert last.headers == {"Content-Type": "application/json"}
    else:
        assert isinstance(last, Close)
        assert last.reason == UNKNOWN
    assert last.why is not None
    assert last.why.behaviour == "hamsa.auth.failure"
    assert client.session.deadline is None


@pytest.mark.parametrize("info", ["after_key", "before_key"])
def test_client_that_may_connect_is_greeted_once(info: str) -> None:
    assert names(connected(auth__info=info, auth__failure="http_401").all) == ["accept", "info"]


def test_refused_client_is_not_answered_any_more() -> None:
    client = connected(key=None)
    assert client.ask() == []
    assert client.receive(events.Shutdown()) == []
    assert client.receive(events.PeerClosed(4001, "")) == []
    assert client.receive(events.Lost()) == []


def test_upgrade_that_was_never_answered_can_be_lost() -> None:
    assert HamsaSession(VirtualHamsa().service).receive(events.Lost(), 0) == []


# Speech


def test_request_is_answered_by_ack_chunks_and_end_with_the_whole_audio() -> None:
    answer = connected().ask()
    assert names(answer) == ["ack", *["chunk"] * (len(answer) - 2), "end"]
    assert json_of(answer[0]) == {
        "type": "ack",
        "payload": {"message": "Real time text to speach connection establesh"},
    }
    assert json_of(answer[-1]) == {"type": "end", "payload": {"message": "End of TTS stream"}}
    assert text_of(audio_of(answer)) == SENTENCE
    assert 80_000 <= len(audio_of(answer)) <= 400_000


def test_every_part_of_an_answer_says_which_request_it_belongs_to() -> None:
    client = connected()
    client.ask()
    answer = [single for single in client.ask() if isinstance(single, Send)]
    requests = {single.request for single in answer}
    assert len(requests) == 1
    (request,) = requests
    assert isinstance(request, Request)
    assert (request.number, request.type) == (2, "tts")
    assert request.details["characters"] == len(SENTENCE)
    assert request.details["speaker"] == "Majd"
    assert request.details["format"] == "PCM_16000_16"
    ordinals = [single.ordinal for single in answer if single.event == "chunk"]
    assert ordinals == list(range(1, len(ordinals) + 1))


def test_first_audio_and_each_chunk_wait_as_the_behaviours_say() -> None:
    hamsa = VirtualHamsa("documented", {"hamsa.tts.first_audio_delay": 0.5, "hamsa.tts.chunk_gap": 0.25})
    hamsa.advance(10)
    client = hamsa.connect()
    assert names(client.ask()) == ["ack"]
    assert client.session.deadline == 10.5
    hamsa.advance(20)
    times = [at for at, single in client.sent if name_of(single) == "chunk"]
    assert times == [10.5 + 0.25 * index for index in range(len(times))]
    assert len(times) >= 5
    assert (client.sent[-1][0], name_of(client.all[-1])) == (times[-1], "end")
    assert text_of(audio_of(client.all)) == SENTENCE


def test_chunks_that_are_overdue_leave_together() -> None:
    client = connected("documented")
    client.ask()
    late = client.record(client.session.tick(10))
    assert name_of(late[-1]) == "end"
    assert text_of(audio_of(late)) == SENTENCE


def test_tick_before_anything_is_due_orders_nothing() -> None:
    client = connected("documented")
    client.ask()
    assert client.session.tick(0.1) == []
    assert client.session.deadline == 0.3


def test_long_answer_is_ordered_in_steps_so_that_others_are_served_between() -> None:
    hamsa = VirtualHamsa()
    client = hamsa.connect()
    text = "ب" * 2000
    first = client.ask(text)
    assert len(audio_of(first)) < STEP_BYTES + 64_000
    assert client.session.deadline == 0
    hamsa.advance(0)
    assert text_of(audio_of(client.all)) == text
    assert name_of(client.all[-1]) == "end"


def test_connection_is_idle_again_after_its_last_answer() -> None:
    client = connected()
    client.ask()
    assert client.session.deadline == 30, "the next ping"
    assert names(client.ask())[-1] == "end"


def test_same_request_gets_the_same_audio_and_another_one_another() -> None:
    first, second = connected(), connected()
    assert audio_of(first.ask()) == audio_of(second.ask())
    assert audio_of(first.ask()) != audio_of(first.ask(speaker="Salma"))


@pytest.mark.parametrize("form", ["streaming", "exact"])
def test_audio_with_a_header_can_be_read_as_wav(form: str) -> None:
    answer = connected(tts__audio_header=form).ask()
    format, samples = read_wav(audio_of(answer))
    assert format == PCM_16000_16
    assert text_of(samples) == SENTENCE


def test_long_text_is_refused_cut_or_spoken_as_the_behaviour_says() -> None:
    text = "ب" * 2001
    assert error_of(connected().ask(text)) == "Invalid payload for message type: tts"
    for choice, length in (("cut", 2000), ("speak", 2001)):
        hamsa = VirtualHamsa(changes={"hamsa.tts.long_text": choice})
        client = hamsa.connect()
        client.ask(text)
        hamsa.advance(0)
        assert text_of(audio_of(client.all)) == text[:length]


# Several requests


def test_requests_sent_at_once_are_answered_in_their_order() -> None:
    hamsa = VirtualHamsa("documented")
    client = hamsa.connect()
    texts = [f"{SENTENCE} {number}" for number in range(4)]
    for text in texts:
        client.ask(text)
    hamsa.advance(25)
    answers = client.since(2)
    assert [name for name in names(answers) if name != "chunk"] == ["ack", "end"] * 4
    for text in texts:
        end = names(answers).index("end") + 1
        assert text_of(audio_of(answers[:end])) == text
        answers = answers[end:]


def test_requests_at_once_take_turns_where_the_behaviour_says_so() -> None:
    hamsa = VirtualHamsa("documented", {"hamsa.tts.overlap": "interleave"})
    client = hamsa.connect()
    texts = [f"{SENTENCE} {number}" for number in range(3)]
    for text in texts:
        client.ask(text)
    assert names(client.since(2)) == ["ack"] * 3
    hamsa.advance(5)
    for number, text in enumerate(texts, 1):
        parts = [single for single in client.all if isinstance(single, Send) and single.request is not None]
        own = [single for single in parts if single.request is not None and single.request.number == number]
        assert names(own) == ["ack", *["chunk"] * (len(own) - 2), "end"]
        assert text_of(audio_of(own)) == text
    chunks = [single for single in client.all if isinstance(single, Send) and single.event == "chunk"]
    order = [single.request.number for single in chunks[:6] if single.request is not None]
    assert order == [1, 2, 3, 1, 2, 3]


def test_request_beside_another_one_is_aborted_where_the_behaviour_says_so() -> None:
    hamsa = VirtualHamsa("documented", {"hamsa.tts.overlap": "aborted"})
    client = hamsa.connect()
    client.ask()
    assert error_of(client.ask()) == "TTS stream error: aborted"
    hamsa.advance(5)
    assert names(client.all).count("end") == 1
    assert names(client.ask()) == ["ack"]


def test_small_answers_in_a_row_are_split_into_steps_too() -> None:
    hamsa = VirtualHamsa()
    client = hamsa.connect(UNLIMITED)
    client.receive(events.Blocked())
    for number in range(20):
        client.ask(f"{SENTENCE} {number}")
    first = client.receive(events.Writable())
    assert 0 < names(first).count("end") < 20
    hamsa.advance(0)
    assert names(client.all).count("end") == 20


# Requests that are refused


def test_bad_message_gets_its_error_and_the_next_request_works() -> None:
    client = connected()
    assert error_of(client.send("not json")) == MALFORMED
    assert error_of(client.receive(events.Binary(b"\0"))) == MALFORMED
    assert names(client.ask())[-1] == "end"


def test_bad_message_is_answered_at_once_while_audio_is_on_its_way() -> None:
    hamsa = VirtualHamsa("documented")
    client = hamsa.connect()
    client.ask()
    hamsa.advance(0.1)
    assert error_of(client.send({"type": "nonsense", "payload": {}})) == "Unsupported message type: nonsense"
    hamsa.advance(5)
    assert name_of(client.all[-1]) == "end"


@pytest.mark.parametrize(
    ("message", "type"),
    [(tts(text=""), "tts"), ({"type": "nonsense", "payload": {}}, "invalid"), ("not json", "invalid")],
)
def test_error_carries_number_type_and_reason_of_its_request(message: Any, type: str) -> None:
    client = connected()
    client.ask()
    (error,) = client.send(message)
    assert isinstance(error, Send)
    assert error.request is not None
    assert (error.request.number, error.request.type) == (2, type)
    assert error.why is not None


@pytest.mark.parametrize("voice", [FOREIGN_VOICE, "12345678-1234-4234-8234-123456789abc"])
def test_voice_that_is_not_the_users_own_is_refused(voice: str) -> None:
    client = connected()
    assert error_of(client.ask(speaker=voice)) == "Voice not owned by user"
    assert names(client.ask())[-1] == "end"


def test_end_follows_the_error_of_a_speech_request_where_the_behaviour_says_so() -> None:
    client = connected(error__end="end")
    assert names(client.ask(text="")) == ["error", "end"]
    assert names(client.ask(speaker=FOREIGN_VOICE)) == ["error", "end"]
    assert names(client.send("not json")) == ["error"], "that was no speech request"
    assert names(client.send({"type": "nonsense", "payload": {}})) == ["error"]


def test_custom_voice_makes_its_first_request_wait_and_the_next_one_not() -> None:
    hamsa = VirtualHamsa()
    client = hamsa.connect()
    assert names(client.ask(speaker=OWN_VOICE)) == ["ack"]
    assert client.session.deadline == 3
    hamsa.advance(3)
    assert names(client.ask(speaker=OWN_VOICE))[-1] == "end"


# Clients that do not read


def test_nothing_is_made_for_a_client_that_does_not_read() -> None:
    hamsa = VirtualHamsa("documented")
    client = hamsa.connect()
    client.ask()
    client.receive(events.Blocked())
    assert client.session.deadline == 30, "the next ping"
    assert client.ask() == []
    hamsa.advance(40)
    assert names(client.since(3)) == ["ping"]
    assert names(client.receive(events.Writable()))[0] == "chunk"


def test_bad_message_of_a_client_that_does_not_read_is_answered() -> None:
    client = connected()
    client.receive(events.Blocked())
    assert error_of(client.send("not json")) == MALFORMED


@pytest.mark.parametrize(("overlap", "at_once"), [("queue", 1), ("interleave", ANSWERS_AT_ONCE)])
def test_client_is_not_read_while_too_many_of_its_requests_wait(overlap: str, at_once: int) -> None:
    hamsa = VirtualHamsa("documented", {"hamsa.tts.overlap": overlap})
    client = hamsa.connect(UNLIMITED)
    for _ in range(at_once + WAITING_REQUESTS):
        assert client.session.hungry
        client.ask("ب")
    assert not client.session.hungry
    hamsa.advance(60)
    assert client.session.hungry
    assert names(client.all).count("end") == at_once + WAITING_REQUESTS


# The end


def test_mock_that_stops_closes_with_1001() -> None:
    (close,) = connected().receive(events.Shutdown())
    assert isinstance(close, Close)
    assert (close.code, close.reason) == (1001, "Server shutting down")


def test_mock_that_stops_does_not_finish_its_answers() -> None:
    client = connected("documented")
    client.ask()
    assert names(client.receive(events.Shutdown())) == ["close 1001"]
    assert client.session.deadline is None


@pytest.mark.parametrize("event", [events.PeerClosed(1000, ""), events.Failed(1002, ""), events.Lost()])
def test_answer_ends_with_its_connection_and_is_charged_as_far_as_it_was_sent(event: events.Event) -> None:
    hamsa = VirtualHamsa(changes={"hamsa.tts.chunk_gap": 1})
    client = hamsa.connect()
    ack, *_ = client.ask()
    hamsa.advance(2.5)
    client.ask("behind the first one")
    assert names(client.since(2)) == ["ack", "chunk", "chunk", "chunk"]
    assert charged(ack) is None
    assert client.receive(event) == []
    sent = len(audio_of(client.all))
    assert charged(ack) == -(-sent // 32_000) == 2
    assert client.session.deadline is None
    assert client.ask() == []


def test_answer_whose_audio_had_not_begun_is_not_charged() -> None:
    client = connected("documented")
    (ack,) = client.ask()
    client.receive(events.Lost())
    assert charged(ack) == 0


def test_whole_answer_is_charged_in_whole_seconds() -> None:
    client = connected()
    answer = client.ask()
    assert charged(answer[0]) == -(-sizes(answer)[0] // 32_000)


# Recordings


def recording(audio: bytes, **fields: Any) -> dict[str, Any]:
    """A request for a transcript of bare samples."""
    data = b64encode(wav_bytes(PCM_16000_16, audio)).decode()
    return {"type": "stt", "payload": {"audioBase64": data, **fields}}


def heard(singles: list[Single]) -> list[str]:
    """The bare texts that were sent."""
    return [s.message.payload.decode() for s in singles if isinstance(s, Send) and s.event == "transcript"]


def test_voice_loop_closes_what_is_spoken_is_heard() -> None:
    client = connected()
    audio = audio_of(client.ask())
    assert heard(client.send(recording(audio))) == [SENTENCE]


def test_speech_and_transcripts_are_answered_in_the_order_of_their_requests() -> None:
    audio = audio_of(connected().ask())
    hamsa = VirtualHamsa("documented")
    client = hamsa.connect(UNLIMITED)
    for request in (recording(audio), tts(), recording(audio)):
        assert [name for name in names(client.send(request)) if name != "ack"] == []
    hamsa.advance(60)
    answered = [name for name in names(client.all) if name in ("transcript", "end")]
    assert answered == ["transcript", "end", "transcript"]


def test_recording_without_speech_can_end_the_connection() -> None:
    client = connected(stt__empty="close")
    (close,) = client.send(recording(bytes(3200)))
    assert isinstance(close, Close)
    assert close.code == 1000
    assert client.send(tts()) == []


# Limits, in short; test_session_limits.py has them to the edge


def test_request_over_the_limit_gets_its_error_and_the_connection_stays_open() -> None:
    client = connected(key="hamsa-test-rate-limited")
    assert error_of(client.ask()) == "Rate limit exceeded for this API key"
    assert not client.ended


def test_request_for_which_nothing_is_left_is_closed_with_4003() -> None:
    client = connected(key="hamsa-test-nearly-broke")
    assert names(client.ask())[-1] == "end"
    assert names(client.ask()) == ["error", "close 4003"]


@pytest.mark.parametrize(("activity", "closed"), [("messages", True), ("frames", False)])
def test_client_that_only_pings_is_closed_for_inactivity_unless_frames_count(activity: str, closed: bool) -> None:
    hamsa = VirtualHamsa("instant", {"hamsa.keepalive.activity": activity})
    client = hamsa.connect(UNLIMITED)
    hamsa.advance(3599)
    client.receive(events.Pinged())
    hamsa.advance(2)
    assert client.ended == closed
    assert names(client.all).count("ping") == 119 + (not closed)
