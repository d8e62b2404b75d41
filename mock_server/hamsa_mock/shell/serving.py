"""Runs one mock from its first socket to its last."""

import asyncio
import time
from collections.abc import Callable, Mapping

from hamsa_mock.core.clock import Clock
from hamsa_mock.core.world import World
from hamsa_mock.mock import Mock
from hamsa_mock.shell.addresses import Addresses
from hamsa_mock.shell.listener import Listener
from hamsa_mock.stages.request_log import LogLine
from hamsa_schemas import BehaviourValue, resolve_behaviours


def make_mock(
    profile: str,
    behaviours: Mapping[str, BehaviourValue] | None = None,
    seed: int = 0,
    log: Callable[[LogLine], None] | None = None,
) -> Mock:
    """A mock in real time. `behaviours`: what differs from the profile.

    Raises hamsa_schemas.CatalogueError for a profile, behaviour or value that does not exist.
    """
    return Mock(World(Clock(time.monotonic), resolve_behaviours(profile, behaviours or {}), seed), log)


async def serve(mock: Mock, host: str, port: int, ready: Callable[[Addresses], None], stop: asyncio.Event) -> None:
    """Listen until `stop` is set, then close every connection with 1001.

    Raises CannotListen, UnfitUvicorn, and whatever `ready` raises.
    """
    listener = Listener(mock, host, port)
    try:
        await listener.start()
        ready(Addresses(mock, listener.host, listener.port))
        await stop.wait()
    finally:
        await listener.stop()
