"""A running mock as Python sees it."""

import json
from collections.abc import Iterator

import pytest
import yaml
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from hamsa_kit.admin_calls import MockRefused
from hamsa_kit.mock_client import MockClient
from hamsa_mock import MockServer


@pytest.fixture
def server() -> Iterator[MockServer]:
    with MockServer(profile="instant") as server:
        yield server


@pytest.fixture
def mock(server: MockServer) -> MockClient:
    return server.client


@pytest.fixture
def client(mock: MockClient) -> Iterator[ClientConnection]:
    with connect(f"{mock.ws_url}?api_key={mock.key}", compression=None) as client:
        client.recv()
        yield client


def ask(client: ClientConnection) -> list[str | bytes]:
    """All that a request for speech is answered with."""
    client.send(json.dumps({"type": "tts", "payload": {"text": "salam", "speaker": "Majd"}}))
    answers = [client.recv(10)]
    while not isinstance(answers[-1], str) or json.loads(answers[-1])["type"] != "end":
        answers.append(client.recv(10))
    return answers


def test_mock_says_where_it_is_and_that_it_is_ready(server: MockServer, mock: MockClient) -> None:
    assert mock.is_ready()
    assert (mock.ws_url, mock.http_url, mock.key) == (server.ws_url, server.http_url, "hamsa-test-key")
    assert mock.environment["HAMSA_WS_URL"] == server.ws_url
    assert mock.admin_url == f"{server.http_url}/__mock__" == mock.environment["HAMSA_MOCK_ADMIN_URL"]


def test_clock_stands_still_and_moves_when_it_is_told_to(mock: MockClient) -> None:
    mock.clock.freeze()
    before = mock.clock.now()
    mock.clock.advance(3600)
    assert mock.clock.now() == pytest.approx(before + 3600)
    mock.clock.unfreeze()
    mock.clock.scale(1000)
    with pytest.raises(MockRefused, match="allowed: 0 to"):
        mock.clock.advance(1e12)


def test_clock_knows_what_is_due_next(mock: MockClient, client: ClientConnection) -> None:
    mock.clock.freeze()
    deadline = mock.clock.next_deadline()
    assert deadline is not None
    mock.clock.advance_to_next_deadline()
    assert mock.clock.now() == pytest.approx(deadline)


def test_behaviours_are_a_mapping_that_can_be_changed(mock: MockClient) -> None:
    behaviours = mock.behaviours
    assert len(behaviours) == len(list(behaviours)) > 40
    behaviours["hamsa.tts.truncation"] = "never"
    behaviours.update({"hamsa.tts.chunk_gap": 0.5})
    assert (behaviours["hamsa.tts.truncation"], behaviours["hamsa.tts.chunk_gap"]) == ("never", 0.5)
    behaviours.profile("documented")
    assert behaviours["hamsa.tts.chunk_gap"] == 0.04
    with pytest.raises(KeyError):
        behaviours["hamsa.tts.x"]
    with pytest.raises(MockRefused, match="did you mean 'never'"):
        behaviours["hamsa.tts.truncation"] = "neverr"


def test_faults_are_armed_applied_and_taken_away(mock: MockClient, client: ClientConnection) -> None:
    first = mock.faults.arm("drop instead of ack")
    second = mock.faults.arm({"kind": "drop", "place": "instead of", "event": "chunk", "ordinal": 7})
    ask(client)
    assert [(fault["id"], fault["applied"]) for fault in mock.faults.armed()] == [(first, 1), (second, 0)]
    mock.faults.disarm(first)
    assert [fault["id"] for fault in mock.faults.armed()] == [second]
    mock.faults.clear()
    assert mock.faults.armed() == []
    with pytest.raises(MockRefused, match="armed: none"):
        mock.faults.disarm(first)


def test_journal_is_read_judged_and_forgotten(mock: MockClient, client: ClientConnection) -> None:
    answers = ask(client)
    (chunk,) = mock.journal.entries(event="chunk", limit=1)
    assert mock.journal.audio(chunk) == answers[1]
    assert mock.journal.entries(after=chunk.position, kind="message", connection=1, request=1)[-1].event == "end"
    assert mock.journal.verify(event="tts", exactly=1, connection=1)
    verdict = mock.journal.verify(event="tts", exactly=2, timeout=0.01)
    assert not verdict
    assert verdict.text
    assert len(mock.journal.export().splitlines()) > len(mock.journal.entries(kind="message"))
    assert '"real"' not in mock.journal.export(canonical=True)
    mock.journal.clear()
    assert mock.journal.entries() == []
    with pytest.raises(MockRefused):
        mock.journal.audio(chunk)


def test_connections_are_listed_sent_to_and_closed(mock: MockClient, client: ClientConnection) -> None:
    (connection,) = mock.connections.open()
    number = connection["number"]
    mock.connections.send(number, "hello")
    mock.connections.send(number, b"\x00\x01")
    assert [client.recv(5), client.recv(5)] == ["hello", b"\x00\x01"]
    mock.connections.close(number, 4001, "bye")
    with pytest.raises(ConnectionClosed) as closed:
        client.recv(5)
    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4001, "bye")


def test_all_connections_are_dropped(mock: MockClient, client: ClientConnection) -> None:
    mock.connections.drop_all()
    assert mock.connections.open() == []
    with pytest.raises(ConnectionClosed):
        client.recv(5)


def test_seed_changes_the_voice(mock: MockClient, client: ClientConnection) -> None:
    before = ask(client)
    mock.seed(5)
    other = ask(client)
    mock.seed(0)
    assert ask(client) == before != other


def test_resources_are_read_and_changed(mock: MockClient) -> None:
    mock.put("hamsa", "users", [{"id": "new"}])
    assert {"id": "new", "active": True} in mock.read("hamsa", "users")
    mock.reset()
    assert {"id": "new", "active": True} not in mock.read("hamsa", "users")


def test_present_state_is_a_config_file(mock: MockClient) -> None:
    mock.behaviours["hamsa.tts.truncation"] = "never"
    mock.faults.arm("drop instead of ack")
    text = mock.config()
    assert 'hamsa.tts.truncation: "never"' in text
    assert 'faults: ["drop instead of ack"]' in text
    with MockServer(config=yaml.safe_load(text) | {"port": 0}) as other:
        assert other.behaviours["hamsa.tts.truncation"] == "never"
        assert len(other.faults.armed()) == 1


def test_mock_that_is_ended_says_so_to_its_clients(mock: MockClient, client: ClientConnection) -> None:
    mock.shut_down()
    with pytest.raises(ConnectionClosed) as closed:
        client.recv(5)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1001
