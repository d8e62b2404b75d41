"""What mock there is to be: the flags that `serve` and `exec` have in common."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from hamsa_mock.admin.guard import host_names
from hamsa_mock.cli.behaviours import parse_settings
from hamsa_mock.cli.config_option import config_option
from hamsa_mock.cli.faults import fault_option
from hamsa_mock.cli.tls_options import tls_options
from hamsa_mock.config.file import Config
from hamsa_mock.mock import Mock
from hamsa_mock.shell.certificates import TlsMistake
from hamsa_mock.shell.loops import LOOPS, loop_factory
from hamsa_mock.shell.serving import make_mock
from hamsa_mock.shell.site import Site
from hamsa_mock.shell.sockets import LOOPBACK
from hamsa_mock.shell.tls import make_tls
from hamsa_mock.stages.request_log import LogLine

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, kw_only=True)
class Launch:
    """What the flags say."""

    config: Config | None
    host: str
    port: int
    admin_port: int | None
    admin_hosts: tuple[str, ...]
    profile: str
    settings: tuple[str, ...]
    faults: tuple[str, ...]
    seed: int
    loop: str
    tls: bool
    tls_names: tuple[str, ...]
    tls_dir: Path | None
    cert: Path | None
    key: Path | None

    def loop_factory(self) -> Callable[[], asyncio.AbstractEventLoop]:
        """What makes the event loop. Raises click.UsageError."""
        try:
            return loop_factory(self.loop)
        except ImportError as error:
            raise click.UsageError("uvloop is not installed; install it, or use --loop asyncio") from error

    def mock(self, log: Callable[[LogLine], None] | None) -> Mock:
        """Raises click.UsageError, CatalogueError and ConfigError."""
        return make_mock(self.profile, parse_settings(self.settings), self.seed, log, self.config, self.faults)

    def site(self) -> Site:
        """Raises click.UsageError, and CannotKeep where certificates cannot be written."""
        try:
            tls = make_tls(self.tls, self.host, self.tls_names, self.tls_dir, self.cert, self.key)
        except TlsMistake as error:
            raise click.UsageError(str(error)) from error
        try:
            hosts = host_names(self.admin_hosts)
        except ValueError as error:
            raise click.UsageError(f"--allow-host: {error}") from error
        return Site(self.host, self.port, tls, self.admin_port, hosts)


def launch_options(port: int) -> Callable[[F], F]:
    """The flags as a decorator; the command hands them to `Launch`. `port`: the one where no flag says another."""

    def decorate(command: F) -> F:
        for option in reversed(_options(port)):
            command = option(command)
        return command

    return decorate


def _options(port: int) -> list[Callable[[F], F]]:
    return [
        config_option,
        click.option(
            "--host",
            default=LOOPBACK,
            show_default=True,
            envvar="HAMSA_MOCK_HOST",
            help="Address to listen on; loopback means 127.0.0.1 and ::1.",
        ),
        click.option(
            "--port",
            default=port,
            show_default=True,
            type=click.IntRange(0, 65535),
            envvar="HAMSA_MOCK_PORT",
            help="Port to listen on; 0 takes a free one.",
        ),
        click.option(
            "--profile",
            default="documented",
            show_default=True,
            envvar="HAMSA_MOCK_PROFILE",
            help="Named set of behaviours: documented, instant, observed-2026-02, or a JSON file of your own.",
        ),
        click.option(
            "--set",
            "settings",
            metavar="SLUG=VALUE",
            multiple=True,
            envvar="HAMSA_MOCK_SET",
            help="Choose a behaviour; `hamsa-mock behaviours` lists them. Can be repeated.",
        ),
        fault_option,
        click.option(
            "--seed",
            default=0,
            show_default=True,
            envvar="HAMSA_MOCK_SEED",
            help="Another seed gives other audio; the same seed, the same bytes.",
        ),
        click.option(
            "--loop",
            default="auto",
            show_default=True,
            type=click.Choice(LOOPS),
            envvar="HAMSA_MOCK_LOOP",
            help="Event loop; auto takes uvloop where it is installed.",
        ),
        click.option(
            "--admin-port",
            type=click.IntRange(0, 65535),
            envvar="HAMSA_MOCK_ADMIN_PORT",
            help="Port of its own for the admin API, instead of the path /__mock__/ on the other.",
        ),
        click.option(
            "--allow-host",
            "admin_hosts",
            metavar="NAME",
            multiple=True,
            envvar="HAMSA_MOCK_ALLOW_HOST",
            help="Name by which the admin API may be called, beside those of loopback. Can be repeated.",
        ),
        tls_options,
    ]
