"""What a failed test shows of the mock: the end of its journal."""

from hamsa_kit.admin_calls import MockRefused, MockUnreachable
from hamsa_kit.mock_client import MockClient
from hamsa_kit.transcript_text import shown

ENTRIES = 30


def journal_tail(mock: MockClient) -> str:
    """The last entries, a line each; or why there are none."""
    try:
        entries = mock.journal.entries()
    except (MockRefused, MockUnreachable) as error:
        return str(error)
    left_out = len(entries) - ENTRIES
    lines = [f"… {left_out} earlier entries"] if left_out > 0 else []
    return "\n".join(lines + [shown(entry) for entry in entries[-ENTRIES:]]) or "nothing"
