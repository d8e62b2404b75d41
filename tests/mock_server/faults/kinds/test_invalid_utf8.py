"""Broken text as a fault."""

import pytest

from tests.mock_server.faults.virtual import ACK, messages, played


def test_text_is_no_utf8() -> None:
    payload = messages(played("invalid_utf8"))[0].payload
    assert payload.replace(b"\xff", b"") == ACK.payload
    with pytest.raises(UnicodeDecodeError):
        payload.decode()
