"""Where a running mock is reached."""

import json
from pathlib import Path

import pytest

from hamsa_mock.core.clock import Clock
from hamsa_mock.core.world import World
from hamsa_mock.mock import Mock
from hamsa_mock.shell.addresses import Addresses
from hamsa_schemas import load_behaviours


def addresses(host: str) -> Addresses:
    return Addresses(Mock(World(Clock(lambda: 0), load_behaviours("instant"))), host, 8765)


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("127.0.0.1", "127.0.0.1:8765"),
        ("::1", "[::1]:8765"),
        ("0.0.0.0", "127.0.0.1:8765"),
        ("::", "[::1]:8765"),
    ],
)
def test_urls_name_an_address_that_a_client_can_connect_to(host: str, origin: str) -> None:
    where = addresses(host)
    assert where.http_url == f"http://{origin}"
    assert where.ws_url == f"ws://{origin}/v1/realtime/ws"
    assert where.admin_url == f"http://{origin}/__mock__"


def test_ready_file_replaces_an_old_one_and_leaves_no_half_one(tmp_path: Path) -> None:
    path = tmp_path / "ready.json"
    path.write_text("old")
    addresses("127.0.0.1").write_ready_file(path)
    assert json.loads(path.read_text())["ws_url"] == "ws://127.0.0.1:8765/v1/realtime/ws"
    assert list(tmp_path.iterdir()) == [path]
