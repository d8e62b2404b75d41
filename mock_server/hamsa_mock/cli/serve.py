"""`hamsa-mock serve`: the mock until Ctrl-C."""

import asyncio
import os
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click

from hamsa_kit.exit_codes import ExitCode
from hamsa_mock.cli.console import Console
from hamsa_mock.cli.errors import CannotRun, told_plainly
from hamsa_mock.cli.launch import Launch, launch_options
from hamsa_mock.cli.signals import Signals
from hamsa_mock.cli.trust import trust_lines
from hamsa_mock.shell.addresses import Addresses, clear_ready_file
from hamsa_mock.shell.serving import serve
from hamsa_mock.shell.site import TOKEN_VARIABLE


@click.command("serve")
@launch_options(port=8765)
@click.option(
    "--ready-file",
    type=click.Path(),
    envvar="HAMSA_MOCK_READY_FILE",
    help="File to write, as JSON, when connections are taken; removed at the end.",
)
@click.option(
    "--log-format",
    default="text",
    show_default=True,
    type=click.Choice(["text", "json"]),
    envvar="HAMSA_MOCK_LOG_FORMAT",
    help="Lines for people, or JSON objects for programs.",
)
@click.option("--quiet", is_flag=True, envvar="HAMSA_MOCK_QUIET", help="Print nothing but errors.")
def serve_command(ready_file: str | None, log_format: str, quiet: bool, **flags: Any) -> int:
    """Serve the mock until Ctrl-C, SIGTERM or SIGHUP."""
    launch = Launch(**flags)
    signals = Signals()
    if ready_file == "":
        raise click.UsageError("--ready-file needs the name of a file")
    factory = launch.loop_factory()
    with told_plainly(), nullcontext() if quiet else Console(sys.stdout, log_format) as console:
        mock = launch.mock(console.log if console else None)
        announcement = _Announcement(console, launch.profile, Path(ready_file) if ready_file is not None else None)
        try:
            announcement.clear()
            site = launch.site()

            async def run() -> None:
                try:
                    await serve(mock, site, announcement.publish, signals.event())
                finally:
                    signals.finish()

            with asyncio.Runner(loop_factory=factory) as runner:
                runner.run(run())
        finally:
            announcement.withdraw()
    return ExitCode.PASS


class _Announcement:
    """Tells where the mock is, on the console and in the ready file."""

    def __init__(self, console: Console | None, profile: str, ready_file: Path | None) -> None:
        self._console = console
        self._profile = profile
        self._ready_file = ready_file
        self._addresses: Addresses | None = None

    def clear(self) -> None:
        """Before anything is bound: no old ready file may name a mock that is gone. Raises CannotRun."""
        if self._ready_file is not None:
            try:
                clear_ready_file(self._ready_file)
            except OSError as error:
                raise self._cannot_write(error) from error

    def publish(self, addresses: Addresses) -> None:
        """Connections are taken. Raises CannotRun."""
        self._addresses = addresses
        if self._ready_file is not None:
            try:
                addresses.write_ready_file(self._ready_file)
            except OSError as error:
                raise self._cannot_write(error) from error
        if self._console is not None:
            data = {"event": "ready", "profile": self._profile, **addresses.ready()}
            self._console.say(_banner(addresses, self._profile), data)
            if addresses.admin_token is not None and not os.environ.get(TOKEN_VARIABLE):
                words = f"the admin API asks for this token: {addresses.admin_token}"
                self._console.say(words, {"event": "admin_token", "token": addresses.admin_token})
            if addresses.public:
                self._warn(f"everybody on the network can use this mock: it listens on {addresses.host}")
            if addresses.tls is not None and addresses.tls.warning is not None:
                self._warn(addresses.tls.warning)

    def withdraw(self) -> None:
        """The mock has ended."""
        if self._ready_file is not None and self._addresses is not None:
            self._addresses.remove_ready_file(self._ready_file)

    def _warn(self, words: str) -> None:
        if self._console is not None:
            self._console.say(f"warning: {words}", {"event": "warning", "message": words})

    def _cannot_write(self, error: OSError) -> CannotRun:
        return CannotRun(f"cannot write {self._ready_file}: {error.strerror}")


def _banner(addresses: Addresses, profile: str) -> str:
    lines = [f"hamsa-mock is ready (profile {profile}); Ctrl-C ends it"]
    for name, url in addresses.websocket_urls.items():
        lines.append(f"  {name:10}{url}?api_key={addresses.keys[0]}")
    lines.append(f"  {'http':10}{addresses.http_url}")
    if addresses.admin_port is not None:
        lines.append(f"  {'admin':10}{addresses.admin_url}")
    lines.append(f"  {'keys':10}{', '.join(addresses.keys)}")
    lines += trust_lines(addresses)
    return "\n".join(lines)
