"""What a connection can experience."""

from dataclasses import FrozenInstanceError

import pytest

from hamsa_mock.core.events import Opening, Text


def test_event_cannot_be_changed_by_who_receives_it() -> None:
    event = Text("a")
    with pytest.raises(FrozenInstanceError):
        event.data = "b"  # type: ignore[misc]


def test_openings_do_not_share_their_headers() -> None:
    assert Opening("/").headers is not Opening("/").headers
