"""Where a running mock is reached."""

import json
import os
from pathlib import Path

import pytest

from hamsa_mock.core.clock import Clock
from hamsa_mock.core.world import World
from hamsa_mock.mock import Mock
from hamsa_mock.shell.addresses import Addresses, clear_ready_file
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


def test_ready_file_that_cannot_be_moved_into_place_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "ready.json"
    path.mkdir()
    with pytest.raises(OSError, match=r"ready\.json"):
        addresses("127.0.0.1").write_ready_file(path)
    assert list(tmp_path.iterdir()) == [path]


def test_ready_file_is_removed_only_by_the_mock_it_names(tmp_path: Path) -> None:
    path = tmp_path / "ready.json"
    first, second = addresses("127.0.0.1"), addresses("::1")
    second.write_ready_file(path)
    first.remove_ready_file(path)
    assert path.exists()
    second.remove_ready_file(path)
    second.remove_ready_file(path)
    assert not path.exists()


def test_old_ready_file_is_cleared_away(tmp_path: Path) -> None:
    path = tmp_path / "ready.json"
    path.write_text("old")
    clear_ready_file(path)
    clear_ready_file(path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", ["folder", "link"])
def test_what_is_no_regular_file_is_not_cleared_away(tmp_path: Path, place: str) -> None:
    path = tmp_path / "ready.json"
    if place == "folder":
        path.mkdir()
    else:
        path.symlink_to(os.devnull)
    with pytest.raises(FileExistsError, match="no regular file"):
        clear_ready_file(path)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("host", "public"), [("127.0.0.1", False), ("::1", False), ("0.0.0.0", True), ("::", True), ("192.0.2.1", True)]
)
def test_mock_knows_whether_others_can_connect(host: str, public: bool) -> None:
    assert addresses(host).public is public
