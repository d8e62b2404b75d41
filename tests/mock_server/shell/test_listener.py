"""How a mock takes connections, and stops taking them."""

import asyncio
import socket

import pytest

from hamsa_mock.shell.app import make_app, rest_routes
from hamsa_mock.shell.listener import Listener
from hamsa_mock.shell.loops import LOOPS, loop_factory
from hamsa_mock.shell.serving import make_mock


async def accepted_while_stopping() -> bytes:
    """What a client gets that is accepted in the very turn of the loop in which the mock is told to stop."""
    loop = asyncio.get_running_loop()
    mock = make_mock("instant")
    listener = Listener(mock)
    await listener.start(make_app(mock, rest_routes(listener.hub)), listener.sockets)
    told = asyncio.Event()

    async def stop_when_told() -> None:
        await told.wait()
        await listener.stop()

    stopping = asyncio.create_task(stop_when_told())
    await asyncio.sleep(0)
    with socket.create_connection(("127.0.0.1", listener.port), timeout=10) as client:
        loop.call_soon(told.set)  # in the next turn, in front of what the listening socket has to say
        await stopping
        try:
            return client.recv(1)
        except ConnectionResetError:
            return b""


@pytest.mark.parametrize("loop", [loop for loop in LOOPS if loop != "auto"])
def test_client_that_is_accepted_while_the_mock_stops_is_not_left_waiting(loop: str) -> None:
    if loop == "uvloop":
        pytest.importorskip("uvloop", reason="left out: uvloop; it does not exist for this platform")
    with asyncio.Runner(loop_factory=loop_factory(loop)) as runner:
        assert runner.run(accepted_while_stopping()) == b""
