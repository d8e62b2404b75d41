"""What came, in words."""

import pytest

from hamsa_conformance.client.shown import shown_event
from hamsa_kit.client_events import (
    BinaryMessage,
    Broken,
    ClientEvent,
    CloseFrame,
    Ended,
    PongFrame,
    TextMessage,
)


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (TextMessage("a" * 300), f"the text {'a' * 200}…"),
        (BinaryMessage(bytes(1234)), "a binary message of 1,234 bytes"),
        (CloseFrame(1000, ""), "a close with 1000"),
        (CloseFrame(4001, "no key"), "a close with 4001 (no key)"),
        (Broken("masked"), "something that breaks the protocol: masked"),
        (Ended(), "the end of the connection without a close frame"),
        (PongFrame(b"a"), "PongFrame(payload=b'a', at=0.0)"),
    ],
)
def test_events_are_shown_in_words(event: ClientEvent, words: str) -> None:
    assert shown_event(event) == words
