"""What came, in words."""

from hamsa_kit.client_events import BinaryMessage, Broken, ClientEvent, CloseFrame, Ended, TextMessage

MOST_SHOWN = 200
"""Characters of a text message."""


def shown_event(event: ClientEvent) -> str:
    """An event in words."""
    match event:
        case TextMessage(text):
            return shown_text(text)
        case BinaryMessage(data):
            return f"a binary message of {len(data):,} bytes"
        case CloseFrame(code, reason):
            return f"a close with {code}" + (f" ({reason})" if reason else "")
        case Broken(why):
            return f"something that breaks the protocol: {why}"
        case Ended():
            return "the end of the connection without a close frame"
        case _:
            return repr(event)


def shown_text(text: str) -> str:
    """A text message in words, cut."""
    return f"the text {text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + '…'}"
