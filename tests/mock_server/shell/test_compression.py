"""permessage-deflate, where it is switched on: `websockets` as client, and frames that no client would write.

That it is refused by default, foreign clients show in tests/peers.
"""

import json
import sys
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from websockets.exceptions import ConnectionClosedError
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory
from websockets.frames import Opcode
from websockets.sync.client import ClientConnection, connect

from hamsa_kit.audio_formats import PCM_16000_16
from hamsa_kit.proof import read_proof
from hamsa_mock import MockServer
from tests.mock_server.command import running_mock
from tests.mock_server.raw import frame

MEBIBYTE = 2**20
LIMIT = MEBIBYTE
RSV1 = 4
TOO_BIG = 1009
LONGEST = ("في طرف المدينة القديمة دكان صغير يصلح الساعات. " * 50)[:2000]


@pytest.fixture
def mock() -> Iterator[MockServer]:
    """A mock that accepts compression, and reads messages of one mebibyte."""
    behaviours: dict[str, str | float] = {"hamsa.websocket.compression": "accepted", "hamsa.limit.message_bytes": LIMIT}
    with MockServer(profile="instant", behaviours=behaviours) as running:
        yield running


@contextmanager
def connected(address: str, **options: Any) -> Iterator[ClientConnection]:
    """A client, which offers compression by itself. Newer versions of it have a thread that ends a moment after it."""
    before = set(threading.enumerate())
    with connect(address, **options) as connection:
        yield connection
    for thread in set(threading.enumerate()) - before:
        thread.join()


@pytest.fixture
def client(mock: MockServer) -> Iterator[ClientConnection]:
    """A client that offers compression, and has been greeted."""
    with connected(url(mock)) as connection:
        assert json.loads(connection.recv())["type"] == "info"
        yield connection


def url(mock: MockServer) -> str:
    """The endpoint with a key that no limit stops."""
    return f"{mock.ws_url}?api_key=hamsa-test-unlimited"


def negotiated(connection: ClientConnection) -> str | None:
    """What the server says of extensions."""
    assert connection.response is not None
    return connection.response.headers.get("Sec-WebSocket-Extensions")


def tts(text: str, **fields: object) -> str:
    return json.dumps({"type": "tts", "payload": {"text": text, "speaker": "Majd"}, **fields}, ensure_ascii=False)


def heard(connection: ClientConnection) -> str | None:
    """The text of the next answer, if that is whole."""
    assert json.loads(connection.recv())["type"] == "ack"
    audio = b""
    while isinstance(message := connection.recv(), bytes):
        audio += message
    assert json.loads(message)["type"] == "end"
    proof = read_proof(audio, PCM_16000_16)
    return proof.text if proof.whole else None


def deflated(data: bytes) -> bytes:
    """One message as RFC 7692, 7.2.1, compresses it: without the four bytes that every one of them ends with."""
    compressor = zlib.compressobj(wbits=-15)
    return (compressor.compress(data) + compressor.flush(zlib.Z_SYNC_FLUSH))[:-4]


def bomb(nbytes: int) -> bytes:
    """So many spaces, a thousandth of it on the wire."""
    return deflated(b" " * nbytes)


def closed_with(connection: ClientConnection) -> int | None:
    """The code with which the server fails the connection."""
    with pytest.raises(ConnectionClosedError) as closed:
        connection.recv(timeout=20)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


# What is agreed on


def test_client_that_offers_compression_gets_it(client: ClientConnection) -> None:
    assert str(negotiated(client)).startswith("permessage-deflate")
    client.send(tts("مرحبا بكم في همسة"))
    assert heard(client) == "مرحبا بكم في همسة"


def test_client_that_does_not_offer_it_is_answered_without(mock: MockServer) -> None:
    with connected(url(mock), compression=None) as connection:
        assert negotiated(connection) is None
        connection.recv()
        connection.send(tts("مرحبا"))
        assert heard(connection) == "مرحبا"


@pytest.mark.parametrize(
    "wishes",
    [
        {"server_no_context_takeover": True},
        {"client_no_context_takeover": True},
        {"server_no_context_takeover": True, "client_no_context_takeover": True},
        {"server_max_window_bits": 9, "client_max_window_bits": 9},
    ],
    ids=lambda wishes: ", ".join(wishes),
)
def test_client_gets_the_compression_that_it_wishes(mock: MockServer, wishes: dict[str, bool | int]) -> None:
    """RFC 7692, 7.1: each wish is granted, and the messages are compressed so."""
    factory = ClientPerMessageDeflateFactory(**wishes)  # type: ignore[arg-type]
    with connected(url(mock), compression=None, extensions=[factory]) as connection:
        agreed = str(negotiated(connection))
        assert all(wish in agreed for wish in wishes)
        connection.recv()
        for number in range(3):
            connection.send(tts(f"الجملة رقم {number}"))
            assert heard(connection) == f"الجملة رقم {number}"


def test_offer_that_no_one_can_keep_is_declined(mock: MockServer) -> None:
    """An unknown extension, and a window that does not exist: the connection goes on without."""
    headers = {"Sec-WebSocket-Extensions": "x-webkit-other, permessage-deflate; server_max_window_bits=99"}
    with connected(url(mock), compression=None, additional_headers=headers) as connection:
        assert negotiated(connection) is None
        assert json.loads(connection.recv())["type"] == "info"


# Messages


def test_longest_answer_comes_whole(client: ClientConnection) -> None:
    """Some megabytes of audio, which is hardly compressible."""
    client.send(tts(LONGEST))
    assert heard(client) == LONGEST


def test_request_just_below_the_limit_is_read_and_answered(client: ClientConnection) -> None:
    request = tts("طلب كبير", padding="")
    client.send(tts("طلب كبير", padding="x" * (LIMIT - len(request.encode()))))
    assert heard(client) == "طلب كبير"


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_request_in_compressed_fragments_is_put_together(client: ClientConnection, size: int) -> None:
    """The pieces are cut in the middle of characters of two bytes."""
    request = tts("طلب في قطع", padding="حشو" * 200)
    pieces = [request[start : start + size] for start in range(0, len(request), size)]
    client.send(pieces)
    assert heard(client) == "طلب في قطع"


def test_pings_between_compressed_fragments_are_answered(client: ClientConnection) -> None:
    """Control frames are never compressed."""
    data = deflated(tts("بين القطع").encode())
    client.socket.sendall(frame(Opcode.TEXT, data[:10], fin=False, rsv=RSV1))
    pong = client.ping()
    client.socket.sendall(frame(Opcode.CONT, data[10:]))
    assert heard(client) == "بين القطع"
    assert pong.wait(20)


def test_plain_messages_may_come_between_compressed_ones(client: ClientConnection) -> None:
    """RFC 7692, 6: each message says by itself whether it is compressed."""
    client.send(tts("مضغوط"))
    assert heard(client) == "مضغوط"
    client.socket.sendall(frame(Opcode.TEXT, tts("غير مضغوط").encode()))
    assert heard(client) == "غير مضغوط"
    client.send(tts("مضغوط أيضا"))
    assert heard(client) == "مضغوط أيضا"


def test_context_is_taken_over_through_many_messages(client: ClientConnection) -> None:
    """Both sides refer to what they sent before, so one byte lost or doubled would spoil all that follows."""
    for number in range(200):
        client.send(tts(f"رسالة رقم {number}"))
        assert heard(client) == f"رسالة رقم {number}"


def test_connections_do_not_share_a_context(mock: MockServer) -> None:
    with connected(url(mock)) as one, connected(url(mock)) as other:
        one.recv()
        other.recv()
        for number in range(20):
            one.send(tts(f"الأول {number}"))
            other.send(tts(f"الثاني {number}"))
            assert heard(one) == f"الأول {number}"
            assert heard(other) == f"الثاني {number}"


# What fails a connection


def test_message_that_is_too_large_when_decompressed_is_failed_with_1009(client: ClientConnection) -> None:
    data = bomb(LIMIT + 1)
    assert len(data) < LIMIT // 500
    client.socket.sendall(frame(Opcode.TEXT, data, rsv=RSV1))
    assert closed_with(client) == TOO_BIG


def test_fragments_that_are_too_large_together_are_failed_with_1009(client: ClientConnection) -> None:
    data = bomb(2 * LIMIT)
    third = len(data) // 3
    client.socket.sendall(
        frame(Opcode.TEXT, data[:third], fin=False, rsv=RSV1)
        + frame(Opcode.CONT, data[third : 2 * third], fin=False)
        + frame(Opcode.CONT, data[2 * third :])
    )
    assert closed_with(client) == TOO_BIG


def test_data_that_is_not_deflated_is_failed_with_1002(client: ClientConnection) -> None:
    client.socket.sendall(frame(Opcode.TEXT, b"\xff" * 20, rsv=RSV1))
    assert closed_with(client) == 1002


def test_compressed_frame_on_a_connection_without_compression_is_failed_with_1002(mock: MockServer) -> None:
    """RFC 6455, 5.2: a reserved bit without an extension that gives it a meaning."""
    with connected(url(mock), compression=None) as connection:
        connection.recv()
        connection.socket.sendall(frame(Opcode.TEXT, deflated(tts("مرحبا").encode()), rsv=RSV1))
        assert closed_with(connection) == 1002


def peak_bytes(process: "psutil.Process") -> int:
    """The most memory that a process has had in RAM at any time."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    [peak] = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(peak.split()[1]) * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of another process's memory is read from /proc")
def test_bomb_costs_bounded_memory() -> None:
    """256 MiB in a message of 256 KiB, ten times over."""
    data = frame(Opcode.TEXT, bomb(256 * MEBIBYTE), rsv=RSV1)
    chosen = ["--set", "hamsa.websocket.compression=accepted", "--set", f"hamsa.limit.message_bytes={LIMIT}"]
    with running_mock("--profile", "instant", "--quiet", *chosen) as command:
        process = psutil.Process(command.process.pid)
        address = f"{command.ready['ws_url']}?api_key=hamsa-test-unlimited"
        with connected(address) as warm_up:
            warm_up.recv()
            warm_up.send(tts("مرحبا"))
            heard(warm_up)
        before = peak_bytes(process)
        for _ in range(10):
            with connected(address) as connection:
                connection.recv()
                connection.socket.sendall(data)
                assert closed_with(connection) == TOO_BIG
        assert peak_bytes(process) - before < 32 * MEBIBYTE
