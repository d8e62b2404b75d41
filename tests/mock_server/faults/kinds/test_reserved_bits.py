"""Reserved bits as a fault."""

from hamsa_mock.core.actions import Raw
from tests.mock_server.faults.virtual import CHUNKS, played


def test_bits_are_set_and_the_rest_is_the_same() -> None:
    raw = played("reserved_bits(5) instead of chunk 1").singles[1]
    assert isinstance(raw, Raw)
    assert raw.data[0] == 0x82 | 0x50
    assert raw.data[1:] == CHUNKS[0].frame[1:]
    assert raw.nbytes == 0, "no client can read it"
