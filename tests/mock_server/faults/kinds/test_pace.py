"""The pace of playing as a fault."""

from hamsa_mock.core.actions import Raw, Reply, Request, Send
from hamsa_mock.core.messages import binary_message
from tests.mock_server.faults.virtual import ACK, CHUNKS, END, VirtualConnection, answer, played


def test_chunks_come_as_fast_as_they_can_be_played() -> None:
    assert played("pace").times == ["0 ack", "0 chunk 1", "0.2 chunk 2", "0.4 chunk 3", "0.6 end"]


def test_factor_is_seconds_of_audio_in_a_second() -> None:
    assert played("pace(0.5)").times == ["0 ack", "0 chunk 1", "0.4 chunk 2", "0.8 chunk 3", "1.2 end"]


def test_burst_comes_at_once() -> None:
    assert played("pace(1, burst=2)").times == ["0 ack", "0 chunk 1", "0 chunk 2", "0.4 chunk 3", "0.4 end"]


def test_mu_law_lasts_longer() -> None:
    asked = Request(1, "tts", 0, {"format": "ULAW_8000_8"})
    times = played("pace", Reply(asked, ACK, CHUNKS, END)).times
    assert times == ["0 ack", "0 chunk 1", "0.8 chunk 2", "1.6 chunk 3", "2.4 end"]


def test_chunk_of_no_request_has_no_pace() -> None:
    chunk = Send("chunk", binary_message(bytes(6400)))
    assert played("pace", chunk, chunk).times == ["0 chunk 1", "0 chunk 1"]


def test_bytes_that_an_earlier_fault_has_made_have_no_pace() -> None:
    connection = VirtualConnection("fragment instead of chunk", "pace")
    connection.step(answer())
    assert all(at == 0 for at, _ in connection.sent)
    assert isinstance(connection.singles[1], Raw)
