"""Runs one mock from its first socket to its last."""

import asyncio
import secrets
import socket
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from hamsa_mock.admin.app import admin_routes
from hamsa_mock.admin.controls import Controls
from hamsa_mock.admin.guard import Guard
from hamsa_mock.config.applying import apply_config
from hamsa_mock.config.file import Config
from hamsa_mock.core.clock import Clock
from hamsa_mock.core.world import World
from hamsa_mock.mock import Mock
from hamsa_mock.shell.addresses import Addresses
from hamsa_mock.shell.app import make_app, rest_routes
from hamsa_mock.shell.listener import Listener
from hamsa_mock.shell.site import Site
from hamsa_mock.stages.request_log import LogLine
from hamsa_schemas import BehaviourValue, resolve_behaviours


def make_mock(
    profile: str,
    behaviours: Mapping[str, BehaviourValue] | None = None,
    seed: int = 0,
    log: Callable[[LogLine], None] | None = None,
    config: Config | None = None,
    faults: Iterable[str | Mapping[str, Any]] = (),
) -> Mock:
    """A mock in real time. `behaviours`: what differs from the profile and from the config, of which the behaviours,
    the clock and the entries of resources are taken.

    Raises hamsa_schemas.CatalogueError for a profile, behaviour or value that does not exist, WrongFault for a fault
    that does not, and ConfigError for entries that cannot be taken.
    """
    changes = {**(config.behaviours if config else {}), **(behaviours or {})}
    mock = Mock(World(Clock(time.monotonic), resolve_behaviours(profile, changes), seed), log)
    if config is not None:
        apply_config(config, mock)
    for fault in faults:
        mock.faults.arm(fault)
    return mock


async def serve(mock: Mock, site: Site, ready: Callable[[Addresses], None], stop: asyncio.Event) -> None:
    """Listen until `stop` is set, then close every connection with 1001.

    Raises CannotListen, UnfitLibrary, and whatever `ready` raises.
    """
    listener = Listener(mock, site.host, site.port, site.tls.context if site.tls else None)
    try:
        main_sockets = list(listener.sockets)
        admin_sockets: list[socket.socket] = []
        admin_port = None
        if site.admin_port is not None:
            admin_sockets, admin_port = listener.bind_also(site.host, site.admin_port)
        addresses = Addresses(mock, listener.host, listener.port, site.tls, admin_port)
        if addresses.public:
            addresses = replace(addresses, admin_token=site.admin_token or secrets.token_urlsafe())
        guard = Guard(addresses.admin_token, site.admin_hosts)
        admin = admin_routes(Controls(listener.hub, addresses, stop.set), guard)
        if admin_sockets:
            await listener.start(make_app(mock, admin), admin_sockets, websockets=False)
        here = [] if admin_sockets else admin
        await listener.start(make_app(mock, [*here, *rest_routes(listener.hub)]), main_sockets)
        ready(addresses)
        await stop.wait()
    finally:
        await listener.stop()
