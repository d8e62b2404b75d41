"""What a client sees."""

from dataclasses import FrozenInstanceError

import pytest

from hamsa_kit.client_events import BinaryMessage, CloseFrame, TextMessage


def test_events_are_values() -> None:
    assert CloseFrame(1000, "bye") == CloseFrame(1000, "bye")
    with pytest.raises(FrozenInstanceError):
        TextMessage("a").text = "b"  # type: ignore[misc]


def test_audio_is_not_shown_in_tracebacks() -> None:
    assert "data" not in repr(BinaryMessage(bytes(10_000)))
