"""Ends TCP connections with a reset, at once or when all that was sent has arrived."""

import asyncio
import socket
import struct
from contextlib import suppress

DRAIN_POLL = 0.002
"""Seconds of real time between two looks. A shorter time is no time at all to uvloop."""

DRAIN_TIMEOUT = 10.0
"""Seconds of real time after which a client that does not take what was sent is reset all the same."""

NO_LINGER = struct.pack("ii", 1, 0)


def reset(transport: asyncio.Transport) -> None:
    """Throw away what has not arrived, and send a RST."""
    sock = transport.get_extra_info("socket")
    with suppress(OSError):  # the client was quicker
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
    transport.abort()


def reset_when_drained(transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
    """The same when the peer's system has acknowledged everything.

    Where the system cannot tell that (Windows), when everything was handed to it.
    """
    give_up = loop.time() + DRAIN_TIMEOUT

    def look() -> None:
        if transport.is_closing():
            return
        if _unsent(transport) and loop.time() < give_up:
            loop.call_later(DRAIN_POLL, look)
        else:
            reset(transport)

    loop.call_later(DRAIN_POLL, look)  # not at once: uvloop writes at the end of the iteration


def _unsent(transport: asyncio.Transport) -> bool:
    """Whether bytes wait in the transport, or are on their way to the peer."""
    if transport.get_write_buffer_size():
        return True
    try:
        from fcntl import ioctl
        from termios import TIOCOUTQ
    except ImportError:  # Windows: there a reset may overtake what was sent just before it
        return False
    unacknowledged = ioctl(transport.get_extra_info("socket").fileno(), TIOCOUTQ, bytes(4))
    return unacknowledged != bytes(4)
