"""A World, its providers, and who answers on which path."""

import json

from hamsa_mock.core.actions import Accept, Reject
from hamsa_mock.core.clock import Clock
from hamsa_mock.core.events import Opened, Opening, PeerClosed, Text
from hamsa_mock.core.world import World
from hamsa_mock.mock import Mock
from hamsa_mock.providers.hamsa.session import HamsaSession
from hamsa_mock.stages.request_log import LogLine
from hamsa_schemas import load_behaviours
from tests.mock_server.providers.hamsa.virtual import stt, tts


def world() -> World:
    return World(Clock(lambda: 0), load_behaviours("instant"))


def test_each_path_of_a_provider_has_a_route_and_no_other_has() -> None:
    mock = Mock(world())
    route = mock.route("/v1/realtime/ws")
    assert route is not None
    assert isinstance(route.make(), HamsaSession)
    assert mock.route("/v1/realtime/ws/") is None
    nothing = mock.nothing_at("/x")
    assert nothing.startswith("Nothing at /x; WebSocket clients connect to /v1/realtime/ws, REST requests are answered")
    assert "/v2/tts/voices/custom/preload" in nothing
    assert set(mock.http_paths).isdisjoint({"/v1/realtime/ws", "/x"})
    assert {mock.http_provider(path) for path in mock.http_paths} == {"hamsa"}


def test_mock_with_a_log_numbers_and_tells_its_connections() -> None:
    lines: list[LogLine] = []
    mock = Mock(world(), lines.append)
    route = mock.route("/v1/realtime/ws")
    assert route is not None
    opening = Opening("/v1/realtime/ws", peer="somewhere")
    for _ in range(2):
        assert mock.session(mock.world.next_connection(), opening.path, route).receive(opening, 0) == [Accept()]
    assert [line.words for line in lines] == ["#1 open from somewhere", "#2 open from somewhere"]


def test_mock_without_a_log_tells_nothing() -> None:
    mock = Mock(world())
    (reject,) = mock.refusing(1, 404, "nothing").receive(Opening("/"), 0)
    assert isinstance(reject, Reject)


def test_refused_upgrade_is_told_too() -> None:
    lines: list[LogLine] = []
    (reject,) = Mock(world(), lines.append).refusing(1, 405, "GET only", {"Allow": "GET"}).receive(Opening("/"), 0)
    assert isinstance(reject, Reject)
    assert json.loads(reject.body)["code"] == reject.status == 405
    assert reject.headers["Allow"] == "GET"
    assert [line.words for line in lines] == ["#1 upgrade refused with HTTP 405: GET only"]


def test_every_request_that_was_taken_has_its_line_also_where_the_connection_ends_first() -> None:
    lines: list[LogLine] = []
    mock = Mock(World(Clock(lambda: 0), load_behaviours("documented")), lines.append)
    route = mock.route("/v1/realtime/ws")
    assert route is not None
    session = mock.session(1, "/v1/realtime/ws", route)
    session.receive(Opening("/v1/realtime/ws", {"api_key": "hamsa-test-key"}), 0)
    session.receive(Opened(), 0)
    for message in (tts(), tts(), stt(bytes(16_000))):
        session.receive(Text(json.dumps(message)), 0)
    session.receive(PeerClosed(1000, ""), 0.1)
    assert [(line.event, line.data.get("request")) for line in lines[1:]] == [
        ("cut", 1),
        ("cut", 2),
        ("cut", 3),
        ("closed", None),
    ]


def test_key_of_the_user_is_never_told_wherever_a_client_writes_it() -> None:
    lines: list[LogLine] = []
    mock = Mock(world(), lines.append)
    (keys,) = [resource for resource in mock.providers[0].resources if resource.name == "keys"]
    keys.put([{"key": "sk-very-secret", "project": keys.read()[0]["project"]}])
    mock.tell(LogLine(0, None, "http", "GET /sk-very-secret", {"path": "/sk-very-secret", "status": 404}))
    mock.tell(LogLine(0, None, "http", "GET /hamsa-test-key", {}))
    assert [line.words for line in lines] == ["GET /***", "GET /hamsa-test-key"]
    assert lines[0].data == {"path": "/***", "status": 404}
