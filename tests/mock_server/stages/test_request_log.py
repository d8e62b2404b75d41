"""What is told of a connection."""

import pytest
from websockets.frames import Opcode

from hamsa_mock.core import events
from hamsa_mock.core.actions import (
    Abort,
    Accept,
    Action,
    Close,
    Fin,
    Ping,
    Pong,
    Raw,
    Reject,
    Reply,
    Request,
    Reset,
    Send,
    Why,
)
from hamsa_mock.core.messages import Message, binary_message, text_message
from hamsa_mock.stages.request_log import LogLine, RequestLog
from hamsa_schemas import load_behaviours

CHUNK = binary_message(b"\0" * 640)
ACK, END = text_message("ack"), text_message("end")


class Told:
    """A log and the lines it has told."""

    def __init__(self) -> None:
        self.lines: list[LogLine] = []
        self.taken: Request | None = None
        self.log = RequestLog(3, self.lines.append, load_behaviours("documented"), lambda: self.taken)

    def take(self, request: Request) -> None:
        """The session takes a request, and orders nothing for now."""
        self.taken = request
        self.step(events.Text("{}"), [], request.arrived)

    def step(self, event: events.Event | None, actions: list[Action], now: float) -> None:
        assert self.log.step(event, actions, now) == actions, "the log changes nothing"

    @property
    def words(self) -> list[str]:
        return [line.words for line in self.lines]


def request(number: int = 1, arrived: float = 10) -> Request:
    return Request(number, "tts", arrived, {"characters": 5, "speaker": "Majd", "seconds": 0.04})


def test_opened_connection_is_told_with_its_peer_and_never_with_its_key() -> None:
    told = Told()
    opening = events.Opening("/v1/realtime/ws", {"api_key": "sesame"}, {"x-api-key": "sesame"}, "127.0.0.1:5")
    told.step(opening, [Accept()], 0.5)
    told.step(events.Opened(), [Send("info", text_message("info"))], 0.5)
    assert told.words == ["#3 open from 127.0.0.1:5"]
    assert told.lines[0].data == {"peer": "127.0.0.1:5", "path": "/v1/realtime/ws"}
    assert "sesame" not in repr(told.lines)


def test_request_is_told_in_one_line_when_it_has_ended() -> None:
    told = Told()
    asked = request()
    told.step(events.Text("{}"), [Reply(asked, ACK, [], None)], 10)
    told.step(None, [Reply(asked, None, [CHUNK], None)], 10.3)
    told.step(None, [Reply(asked, None, [CHUNK], END, first=2)], 10.34)
    assert told.words == [
        '#3.1 tts (characters 5, speaker "Majd", seconds 0.04): 2 chunks, 1,280 bytes in 0.340 s,'
        " the first after 0.300 s"
    ]
    assert told.lines[0].event == "request"
    assert told.lines[0].data == {
        "request": 1,
        "type": "tts",
        "characters": 5,
        "speaker": "Majd",
        "seconds": 0.04,
        "chunks": 2,
        "bytes": 1280,
        "first_audio": 0.3,
        "total": 0.34,
    }


def test_request_that_the_connection_did_not_outlive_is_told_as_cut() -> None:
    told = Told()
    told.step(None, [Reply(request(), ACK, [CHUNK], None)], 10)
    told.step(events.PeerClosed(1000, ""), [], 11)
    assert [line.event for line in told.lines] == ["cut", "closed"]
    assert told.words[0].endswith("; cut: the connection ended before the answer did")
    assert told.lines[0].data["chunks"] == 1


def test_error_is_told_with_its_reason() -> None:
    told = Told()
    error = Send("error", text_message("no"), request(2), why=Why("payload.text is missing"))
    told.step(events.Text("{}"), [error], 1)
    assert told.words == ["#3.2 no: payload.text is missing"]
    assert told.lines[0].data == {"request": 2, "answer": "no", "why": "payload.text is missing"}


def test_error_without_a_reason_is_told_as_it_is() -> None:
    told = Told()
    told.step(events.Text("{}"), [Send("error", text_message("no"), request())], 1)
    assert told.words == ["#3.1 no"]
    assert told.lines[0].data == {"request": 1, "answer": "no"}


def test_notes_of_a_request_are_told_with_what_decided_them_and_how_to_switch_it() -> None:
    told = Told()
    asked = request()
    asked.notes += [
        Why("640 bytes: 6th new connection of this key in 60 s", "hamsa.tts.truncation"),
        Why("the voice is loading", "hamsa.tts.voice_loading"),
        Why("the key says so"),
    ]
    told.step(events.Text("{}"), [Reply(asked, ACK, [CHUNK], END)], 10)
    assert told.words[0].endswith(
        "the first after 0.000 s; 640 bytes: 6th new connection of this key in 60 s"
        " (hamsa.tts.truncation, observed 2026-02;"
        " --set hamsa.tts.truncation=random|first_answer|never); the voice is loading"
        " (hamsa.tts.voice_loading, assumed; --set hamsa.tts.voice_loading=SECONDS (now 3)); the key says so"
    )
    assert told.lines[0].data["why"] == (
        "640 bytes: 6th new connection of this key in 60 s; the voice is loading; the key says so"
    )
    assert told.lines[0].data["behaviour"] == "hamsa.tts.truncation, hamsa.tts.voice_loading"


def test_note_that_no_behaviour_decides_is_told_without_one() -> None:
    told = Told()
    asked = request()
    asked.notes.append(Why("the key says so"))
    told.step(events.Text("{}"), [Reply(asked, ACK, [CHUNK], END)], 10)
    assert told.words[0].endswith("; the key says so")
    assert told.lines[0].data["why"] == "the key says so"
    assert "behaviour" not in told.lines[0].data


def test_answer_that_was_cut_before_its_audio_has_no_time_of_a_first_chunk() -> None:
    told = Told()
    told.step(None, [Reply(request(), ACK, [], None)], 10)
    told.step(events.PeerClosed(1000, ""), [], 11)
    assert told.words[0].endswith("0 chunks, 0 bytes in 1.000 s; cut: the connection ended before the answer did")
    assert "first_audio" not in told.lines[0].data


def test_requests_of_which_nothing_went_out_are_told_when_the_connection_ends() -> None:
    told = Told()
    first, second = request(1), request(2)
    recording, refused = Request(3, "stt", 11, {"language": "ar"}), Request(4, "tts", 11)
    told.take(first)
    told.step(None, [Reply(first, ACK, [CHUNK], None)], 10.2)
    told.take(second)
    second.notes.append(Why("the voice is loading", "hamsa.tts.voice_loading"))
    told.take(recording)
    told.taken = refused
    told.step(events.Text("{}"), [Close(4003, "broke", Why("the wallet is empty"))], 11.5)
    told.step(events.PeerClosed(4003, "broke"), [], 11.6)
    assert [line.event for line in told.lines] == ["cut"] * 4 + ["close"]
    assert [line.data["request"] for line in told.lines[:4]] == [1, 2, 3, 4]
    assert told.words[1].startswith(
        '#3.2 tts (characters 5, speaker "Majd", seconds 0.04): no answer in 1.500 s; cut: the connection ended'
        " before the answer did; the voice is loading (hamsa.tts.voice_loading"
    )
    assert told.lines[1].data["total"] == 1.5
    assert told.lines[1].data["behaviour"] == "hamsa.tts.voice_loading"
    cut = "no answer in 0.500 s; cut: the connection ended before the answer did"
    assert told.words[2:4] == [f'#3.3 stt (language "ar"): {cut}', f"#3.4 tts: {cut}"]


@pytest.mark.parametrize("event", ["error", "transcript", "end"])
def test_request_that_was_answered_is_not_told_again_at_the_end(event: str) -> None:
    told = Told()
    asked = request()
    told.take(asked)
    told.step(None, [Send(event, text_message("x"), asked)], 11)
    told.step(events.Lost(), [], 12)
    assert [line.event for line in told.lines] == ["error" if event == "error" else "request", "lost"]


def test_late_answer_to_the_upgrade_is_told_with_its_reason() -> None:
    told = Told()
    why = Why("the answer to the upgrade waited 1.2 s", "hamsa.auth.connect_delay")
    told.step(events.Opening("/", peer="127.0.0.1:5"), [Accept(None, why)], 1.2)
    assert told.words[0].startswith(
        "#3 open from 127.0.0.1:5: the answer to the upgrade waited 1.2 s (hamsa.auth.connect_delay, assumed;"
    )
    assert told.lines[0].data["behaviour"] == "hamsa.auth.connect_delay"


def test_answers_at_once_are_told_apart() -> None:
    told = Told()
    first, second = request(1), request(2)
    told.step(None, [Reply(first, ACK, [CHUNK], None), Reply(second, ACK, [CHUNK] * 2, END)], 10)
    told.step(None, [Reply(first, None, [CHUNK] * 2, END, first=2)], 11)
    assert [line.words.split(" ")[0] for line in told.lines] == ["#3.2", "#3.1"]
    assert [line.data["chunks"] for line in told.lines] == [2, 3]


def test_close_is_told_with_the_behaviour_that_decides_it_and_its_basis() -> None:
    told = Told()
    close = Close(4001, "bad key", Why("the key is unknown", "hamsa.auth.failure"))
    told.step(events.Opened(), [Send("error", text_message("bad key")), close], 1)
    assert told.words == [
        '#3 close 4001 "bad key": the key is unknown'
        " (hamsa.auth.failure, assumed; --set hamsa.auth.failure=close_only|http_401)"
    ]
    assert told.lines[0].data["behaviour"] == "hamsa.auth.failure"


@pytest.mark.parametrize(
    ("event", "name", "words"),
    [
        (events.PeerClosed(1001, "bye\n#4 forged"), "closed", r'#3 closed by the client with 1001 "bye\n#4 forged"'),
        (events.Failed(1009, "no limit"), "failed", '#3 close 1009: the client broke RFC 6455: "no limit"'),
        (events.Failed(1002, "reserved bits"), "failed", '#3 close 1002: the client broke RFC 6455: "reserved bits"'),
        (events.Lost(), "lost", "#3 lost: the client went without a close frame"),
    ],
)
def test_end_of_a_connection_is_told_in_one_line(event: events.Event, name: str, words: str) -> None:
    told = Told()
    told.step(event, [], 1)
    assert told.words == [words]
    assert told.lines[0].event == name
    assert told.lines[0].connection == 3


def test_message_that_is_too_large_is_told_with_its_reason() -> None:
    lines: list[LogLine] = []
    too_large = Why("a message is larger than 9 bytes", "hamsa.limit.message_bytes")
    log = RequestLog(3, lines.append, load_behaviours("documented"), lambda: None, too_large)
    log.step(events.Failed(1009, "over size limit"), [], 1)
    assert lines[0].words.startswith(
        "#3 close 1009: a message is larger than 9 bytes (hamsa.limit.message_bytes, assumed; --set hamsa.limit"
    )
    assert lines[0].data["behaviour"] == "hamsa.limit.message_bytes"
    assert lines[0].data["reason"] == "over size limit"


def test_what_follows_the_end_of_a_connection_is_not_told_again() -> None:
    told = Told()
    told.step(events.Shutdown(), [Close(1001, "stop")], 1)
    told.step(events.PeerClosed(1001, "stop"), [], 1)
    told.step(events.Lost(), [], 1)
    assert told.words == ['#3 close 1001 "stop"']


def test_refused_upgrade_is_told_with_its_reason() -> None:
    told = Told()
    told.step(events.Opening("/x"), [Reject(404, b"{}", {}, Why("nothing at /x"))], 1)
    assert told.words == ["#3 upgrade refused with HTTP 404: nothing at /x"]
    assert told.lines[0].data == {"status": 404, "why": "nothing at /x"}


def test_what_is_no_news_is_not_told() -> None:
    told = Told()
    told.step(events.Blocked(), [], 1)
    told.step(events.Pinged(), [Pong(b""), Ping()], 30)
    told.step(events.Text("x"), [Send("end", END), Raw(b"x", "info", nbytes=1)], 31)  # the end that may follow an error
    assert told.lines == []


def test_transcript_is_told_in_one_line_with_what_was_heard() -> None:
    told = Told()
    asked = Request(
        2, "stt", 10, {"language": "ar", "seconds": 1.5, "heard": "own"}, [Why("the mock's own audio, whole")]
    )
    told.step(None, [Send("transcript", text_message("مرحبا"), asked)], 10.3)
    assert told.words == [
        '#3.2 stt (language "ar", seconds 1.50, heard "own"): "مرحبا" in 0.300 s; the mock\'s own audio, whole'
    ]
    assert told.lines[0].event == "request"
    assert told.lines[0].data["answer"] == "مرحبا"


def test_ping_is_no_news() -> None:
    told = Told()
    told.step(None, [Ping()], 30)
    assert told.lines == []


def test_connection_that_is_accepted_later_is_told_with_its_peer() -> None:
    told = Told()
    told.step(events.Opening("/v1/realtime/ws", peer="127.0.0.1:5"), [], 0.5)
    assert told.words == []
    told.step(None, [Accept()], 1.7)
    assert told.words == ["#3 open from 127.0.0.1:5"]


@pytest.mark.parametrize(
    ("action", "event", "words"),
    [
        (Fin(), "fin", "#3 the connection is ended without a close frame"),
        (Reset(), "reset", "#3 the connection is reset"),
        (Abort(), "abort", "#3 the connection is dropped"),
    ],
)
def test_end_without_a_close_frame_is_told_once_with_the_answers_that_it_cuts(
    action: Action, event: str, words: str
) -> None:
    told = Told()
    told.step(events.Text("{}"), [Reply(request(), ACK, [CHUNK], None), action], 10)
    told.step(events.Lost(), [], 11)
    assert [line.event for line in told.lines] == ["cut", event]
    assert told.words[1] == words


def test_frames_that_can_be_read_count_and_others_do_not() -> None:
    told = Told()
    asked = request()
    broken, fragments = Raw(b"", "chunk", asked), Raw(b"", "chunk", asked, 2, nbytes=640)
    told.step(None, [broken, fragments, Send("end", END, asked)], 10)
    assert told.lines[0].data["chunks"] == 1
    assert told.lines[0].data["bytes"] == 640


def test_answer_whose_end_never_goes_out_is_told_as_cut() -> None:
    told = Told()
    told.step(None, [Reply(request(), ACK, [CHUNK], None), Raw(b"", "end", request())], 10)
    told.step(events.PeerClosed(1000, ""), [], 11)
    assert [line.event for line in told.lines] == ["cut", "closed"]


def test_what_comes_behind_the_end_of_its_answer_is_told_as_late() -> None:
    told = Told()
    asked = request()
    late = [Send("chunk", CHUNK, asked), Send("end", END, asked)]
    told.step(None, [Reply(asked, ACK, [CHUNK], END), *late], 10)
    assert [line.event for line in told.lines] == ["request", "late", "late"]
    assert told.words[1:] == ["#3.1 chunk of 640 bytes behind the end", "#3.1 end of 3 bytes behind the end"]
    told.step(events.Lost(), [], 11)
    assert [line.event for line in told.lines[3:]] == ["lost"], "the answer was whole before"


def test_text_that_is_no_utf8_is_told_all_the_same() -> None:
    told = Told()
    broken = Message(Opcode.TEXT, b"no\xff")
    told.step(None, [Send("error", broken, request()), Send("transcript", broken, request(2))], 10)
    assert [line.data["answer"] for line in told.lines] == ["no\ufffd", "no\ufffd"]
