"""What a session orders."""

from hamsa_mock.core.actions import Accept, Reply, Request, Send, Why
from hamsa_mock.core.messages import binary_message, text_message

REQUEST = Request(1, "tts", 0)
ACK, END = text_message("ack"), text_message("end")
CHUNKS = [binary_message(b"a"), binary_message(b"b")]


def test_whole_reply_is_ack_chunks_end() -> None:
    assert list(Reply(REQUEST, ACK, CHUNKS, END).sends()) == [
        Send("ack", ACK, REQUEST),
        Send("chunk", CHUNKS[0], REQUEST, 1),
        Send("chunk", CHUNKS[1], REQUEST, 2),
        Send("end", END, REQUEST),
    ]


def test_part_of_a_reply_counts_its_chunks_on() -> None:
    assert list(Reply(REQUEST, None, CHUNKS, None, first=6).sends()) == [
        Send("chunk", CHUNKS[0], REQUEST, 6),
        Send("chunk", CHUNKS[1], REQUEST, 7),
    ]


def test_requests_do_not_share_their_details() -> None:
    Request(1, "tts", 0).details["characters"] = 5
    assert Request(2, "tts", 0).details == {}


def test_key_of_who_connects_is_not_shown_and_makes_no_difference() -> None:
    assert "sesame" not in repr(Accept("sesame"))
    assert Accept("sesame") == Accept()


def test_text_of_a_request_is_not_shown() -> None:
    assert "secret" not in repr(Request(1, "tts", 0, text="secret"))


def test_reason_gets_a_basis_only_where_it_has_none() -> None:
    assert Why("so").on("documented") == Why("so", basis="documented")
    for why in (Why("so", "a.b.c"), Why("so", basis="assumed")):
        assert why.on("documented") is why
