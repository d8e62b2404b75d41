"""One connection to Hamsa, without a socket. Times are seconds of virtual time."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from hamsa_kit.audio_formats import PCM_16000_16
from hamsa_kit.proof import read_proof
from hamsa_mock.core import events
from hamsa_mock.core.actions import Accept, Action, Close, Reply, Request, Send
from hamsa_mock.core.clock import Clock
from hamsa_mock.core.world import World
from hamsa_mock.providers.hamsa.service import TEST_KEY, HamsaService
from hamsa_mock.providers.hamsa.session import STEP_BYTES, WAITING_REQUESTS, HamsaSession
from hamsa_schemas import BehaviourValue, load_behaviours

SENTENCE = "كيف حالك اليوم يا صديقي العزيز؟"
MALFORMED = "Invalid message format: missing type or payload"


class Connection:
    """A session in a World of its own, and all that it has ordered since it was opened."""

    def __init__(
        self,
        profile: str = "instant",
        changes: Mapping[str, BehaviourValue] | None = None,
        key: str | None = TEST_KEY,
    ) -> None:
        behaviours = load_behaviours(profile, changes or {})
        self.session = HamsaSession(HamsaService(World(Clock(lambda: 0), behaviours)))
        opening = events.Opening("/v1/realtime/ws", {} if key is None else {"api_key": key})
        assert self.session.receive(opening, 0) == [Accept()]
        self.greeting = list(singles(self.session.receive(events.Opened(), 0)))

    def send(self, message: Any, now: float = 0) -> list[Send | Close]:
        """Send a message as JSON, or text as it is; what follows at once."""
        text = message if isinstance(message, str) else json.dumps(message)
        return self.receive(events.Text(text), now)

    def receive(self, event: events.Event, now: float = 0) -> list[Send | Close]:
        return list(singles(self.session.receive(event, now)))

    def run(self, until: float = 1e9) -> list[tuple[float, Send | Close]]:
        """Tick at each deadline; what is ordered, and when."""
        ordered: list[tuple[float, Send | Close]] = []
        while self.session.deadline is not None and self.session.deadline <= until:
            now = self.session.deadline
            ordered += [(now, action) for action in singles(self.session.tick(now))]
        return ordered


def singles(actions: Iterable[Action]) -> Iterable[Send | Close]:
    for action in actions:
        if isinstance(action, Reply):
            yield from action.sends()
        else:
            assert isinstance(action, Send | Close)
            yield action


def tts(text: str = SENTENCE, **fields: Any) -> dict[str, Any]:
    return {"type": "tts", "payload": {"text": text, "speaker": "Majd", **fields}}


def names(actions: Iterable[Send | Close]) -> list[str]:
    return [action.event if isinstance(action, Send) else f"close {action.code}" for action in actions]


def json_of(action: Send | Close) -> Any:
    assert isinstance(action, Send)
    return json.loads(action.message.payload)


def audio_of(actions: Iterable[Send | Close]) -> bytes:
    return b"".join(a.message.payload for a in actions if isinstance(a, Send) and a.event == "chunk")


def text_of(audio: bytes) -> str | None:
    """The text of which this is the whole audio, by its proof."""
    proof = read_proof(audio, PCM_16000_16)
    return proof.text if proof.whole else None


# Opening and closing


def test_client_with_a_key_is_greeted_with_info() -> None:
    (info,) = Connection().greeting
    assert json_of(info) == {"type": "info", "payload": {"message": "Connected to realtime WebSocket server"}}


@pytest.mark.parametrize(
    ("key", "text"),
    [(None, "Missing API key in headers or query parameters"), ("wrong", "API key is invalid or expired")],
)
def test_client_without_a_good_key_gets_the_error_and_is_closed_with_4001(key: str | None, text: str) -> None:
    error, close = Connection(key=key).greeting
    assert json_of(error) == {"type": "error", "payload": {"message": text}}
    assert isinstance(close, Close)
    assert (close.code, close.reason) == (4001, text)


def test_client_without_a_good_key_is_only_closed_when_the_behaviour_says_so() -> None:
    connection = Connection(changes={"hamsa.auth.failure": "close_only"}, key="wrong")
    assert names(connection.greeting) == ["close 4001"]


def test_refused_client_is_not_answered_any_more() -> None:
    connection = Connection(key="wrong")
    assert connection.send(tts()) == []
    assert connection.receive(events.Shutdown()) == []
    assert connection.receive(events.PeerClosed(4001, "")) == []
    assert connection.receive(events.Lost()) == []


def test_mock_that_stops_closes_with_1001() -> None:
    (close,) = Connection().receive(events.Shutdown())
    assert isinstance(close, Close)
    assert (close.code, close.reason) == (1001, "Server shutting down")


@pytest.mark.parametrize("event", [events.PeerClosed(1000, ""), events.Failed(1002, ""), events.Lost()])
def test_answer_ends_with_its_connection(event: events.Event) -> None:
    connection = Connection("documented")
    connection.send(tts())
    assert connection.receive(event) == []
    assert connection.session.deadline is None
    assert connection.send(tts()) == []


def test_mock_that_stops_does_not_finish_its_answers() -> None:
    connection = Connection("documented")
    connection.send(tts())
    assert names(connection.receive(events.Shutdown())) == ["close 1001"]
    assert connection.session.deadline is None


def test_upgrade_refused_before_it_was_answered_can_be_lost() -> None:
    session = HamsaSession(HamsaService(World(Clock(lambda: 0), load_behaviours("instant"))))
    assert session.receive(events.Lost(), 0) == []


# Speech


def test_request_is_answered_by_ack_chunks_and_end_with_the_whole_audio() -> None:
    answer = Connection().send(tts())
    assert names(answer) == ["ack", *["chunk"] * (len(answer) - 2), "end"]
    assert json_of(answer[0]) == {
        "type": "ack",
        "payload": {"message": "Real time text to speach connection establesh"},
    }
    assert json_of(answer[-1]) == {"type": "end", "payload": {"message": "End of TTS stream"}}
    assert text_of(audio_of(answer)) == SENTENCE
    assert 80_000 <= len(audio_of(answer)) <= 400_000


def test_every_part_of_an_answer_says_which_request_it_belongs_to() -> None:
    connection = Connection()
    connection.send(tts())
    answer = connection.send(tts())
    requests = {action.request for action in answer if isinstance(action, Send)}
    assert len(requests) == 1
    (request,) = requests
    assert isinstance(request, Request)
    assert (request.number, request.type) == (2, "tts")
    assert request.details["characters"] == len(SENTENCE)
    ordinals = [action.ordinal for action in answer if isinstance(action, Send) and action.event == "chunk"]
    assert ordinals == list(range(1, len(ordinals) + 1))


def test_first_audio_and_each_chunk_wait_as_the_behaviours_say() -> None:
    connection = Connection("documented", {"hamsa.tts.first_audio_delay": 0.5, "hamsa.tts.chunk_gap": 0.25})
    assert names(connection.send(tts(), now=10)) == ["ack"]
    assert connection.session.deadline == 10.5
    ordered = connection.run()
    chunk_times = [now for now, action in ordered if names([action]) == ["chunk"]]
    assert chunk_times == [10.5 + 0.25 * index for index in range(len(chunk_times))]
    assert len(chunk_times) >= 5
    assert names([ordered[-1][1]]) == ["end"]
    assert ordered[-1][0] == chunk_times[-1]
    assert text_of(audio_of(action for _, action in ordered)) == SENTENCE


def test_chunks_that_are_overdue_leave_together() -> None:
    connection = Connection("documented")
    connection.send(tts())
    late = list(singles(connection.session.tick(1000)))
    assert names(late)[-1] == "end"
    assert text_of(audio_of(late)) == SENTENCE


def test_long_answer_is_ordered_in_steps_so_that_others_are_served_between() -> None:
    text = "ب" * 2000
    connection = Connection()
    first = connection.send(tts(text), now=5)
    assert len(audio_of(first)) < STEP_BYTES + 64_000
    assert connection.session.deadline == 5
    rest = [action for _, action in connection.run()]
    assert text_of(audio_of(first) + audio_of(rest)) == text
    assert names(rest)[-1] == "end"


def test_requests_sent_at_once_are_answered_in_their_order() -> None:
    connection = Connection("documented")
    texts = [f"{SENTENCE} {number}" for number in range(4)]
    ordered: list[Send | Close] = []
    for text in texts:
        ordered += connection.send(tts(text))
    ordered += [action for _, action in connection.run()]
    assert [name for name in names(ordered) if name != "chunk"] == ["ack", "end"] * 4
    for text in texts:
        end = names(ordered).index("end") + 1
        assert text_of(audio_of(ordered[:end])) == text
        ordered = ordered[end:]


def test_small_answers_in_a_row_are_split_into_steps_too() -> None:
    connection = Connection()
    connection.receive(events.Blocked())
    for number in range(20):
        connection.send(tts(f"{SENTENCE} {number}"))
    first = connection.receive(events.Writable())
    assert 0 < names(first).count("end") < 20
    rest = [action for _, action in connection.run()]
    assert names(first).count("end") + names(rest).count("end") == 20


def test_connection_is_idle_again_after_its_last_answer() -> None:
    connection = Connection()
    connection.send(tts())
    assert connection.session.deadline is None
    assert names(connection.send(tts()))[-1] == "end"


def test_same_request_gets_the_same_audio_and_another_seed_another() -> None:
    first, second = Connection(), Connection()
    assert audio_of(first.send(tts())) == audio_of(second.send(tts()))
    assert audio_of(first.send(tts())) != audio_of(first.send(tts(speaker="Salma")))


# Bad messages


def test_bad_message_gets_its_error_and_the_next_request_works() -> None:
    connection = Connection()
    (error,) = connection.send("not json")
    assert json_of(error) == {"type": "error", "payload": {"message": MALFORMED}}
    (error,) = connection.receive(events.Binary(b"\0"))
    assert json_of(error)["payload"]["message"] == MALFORMED
    assert names(connection.send(tts()))[-1] == "end"


def test_bad_message_is_answered_at_once_while_audio_is_on_its_way() -> None:
    connection = Connection("documented")
    connection.send(tts())
    assert names(connection.send({"type": "nonsense", "payload": {}}, now=0.1)) == ["error"]
    assert names([action for _, action in connection.run()])[-1] == "end"


def test_error_carries_the_number_and_the_reason_of_its_request() -> None:
    connection = Connection()
    connection.send(tts())
    (error,) = connection.send(tts(text=""))
    assert isinstance(error, Send)
    assert error.request is not None
    assert error.request.number == 2
    assert error.why is not None
    assert "payload.text" in error.why.words


# Clients that do not read


def test_nothing_is_made_for_a_client_that_does_not_read() -> None:
    connection = Connection("documented")
    connection.send(tts())
    connection.receive(events.Blocked())
    assert connection.session.deadline is None
    assert connection.send(tts()) == []
    resumed = connection.receive(events.Writable(), now=100)
    assert names(resumed)[0] == "chunk"


def test_client_is_not_read_while_too_many_of_its_requests_wait() -> None:
    connection = Connection("documented")
    for _ in range(WAITING_REQUESTS):
        assert connection.session.hungry
        connection.send(tts())
    assert connection.session.hungry, "one is being answered, the others wait"
    connection.send(tts())
    assert not connection.session.hungry
    connection.run()
    assert connection.session.hungry


def test_tick_before_anything_is_due_orders_nothing() -> None:
    connection = Connection("documented")
    connection.send(tts(), now=10)
    assert connection.session.tick(10.1) == []
    assert connection.session.deadline == 10.3
