"""Broken JSON as a fault."""

from tests.mock_server.faults.virtual import END, messages, played


def test_last_brace_is_missing() -> None:
    assert messages(played("invalid_json"))[-1].payload == END.payload[:-1]
