"""`hamsa-mock serve`: the mock until Ctrl-C."""

import asyncio
import signal
import sys
from pathlib import Path

import click

from hamsa_kit.exit_codes import ExitCode
from hamsa_mock.cli.console import Console
from hamsa_mock.shell.addresses import Addresses
from hamsa_mock.shell.http import UnfitUvicorn
from hamsa_mock.shell.loops import LOOPS, loop_factory
from hamsa_mock.shell.serving import make_mock, serve
from hamsa_mock.shell.sockets import LOOPBACK, CannotListen
from hamsa_schemas import CatalogueError


class CannotRun(click.ClickException):
    """The command is right, but cannot be carried out here."""

    exit_code = ExitCode.COULD_NOT_RUN


@click.command("serve")
@click.option(
    "--host",
    default=LOOPBACK,
    show_default=True,
    envvar="HAMSA_MOCK_HOST",
    help="Address to listen on; loopback means 127.0.0.1 and ::1.",
)
@click.option(
    "--port",
    default=8765,
    show_default=True,
    type=click.IntRange(0, 65535),
    envvar="HAMSA_MOCK_PORT",
    help="Port to listen on; 0 takes a free one.",
)
@click.option(
    "--profile",
    default="documented",
    show_default=True,
    envvar="HAMSA_MOCK_PROFILE",
    help="Named set of behaviours, such as documented or instant.",
)
@click.option(
    "--seed",
    default=0,
    show_default=True,
    envvar="HAMSA_MOCK_SEED",
    help="Another seed gives other audio; the same seed, the same bytes.",
)
@click.option(
    "--ready-file",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="HAMSA_MOCK_READY_FILE",
    help="File to write, as JSON, when connections are taken.",
)
@click.option(
    "--log-format",
    default="text",
    show_default=True,
    type=click.Choice(["text", "json"]),
    envvar="HAMSA_MOCK_LOG_FORMAT",
    help="Lines for people, or JSON objects for programs.",
)
@click.option(
    "--loop",
    default="auto",
    show_default=True,
    type=click.Choice(LOOPS),
    envvar="HAMSA_MOCK_LOOP",
    help="Event loop; auto takes uvloop where it is installed.",
)
@click.option("--quiet", is_flag=True, envvar="HAMSA_MOCK_QUIET", help="Print nothing but errors.")
def serve_command(
    host: str,
    port: int,
    profile: str,
    seed: int,
    ready_file: Path | None,
    log_format: str,
    loop: str,
    quiet: bool,
) -> int:
    """Serve the mock until Ctrl-C or SIGTERM."""
    console = None if quiet else Console(sys.stdout, log_format)
    try:
        factory = loop_factory(loop)
        mock = make_mock(profile, seed=seed, log=console.log if console else None)
    except ImportError as error:
        raise click.UsageError("uvloop is not installed; install it, or use --loop asyncio") from error
    except CatalogueError as error:
        raise click.UsageError(str(error)) from error

    def ready(addresses: Addresses) -> None:
        if ready_file is not None:
            try:
                addresses.write_ready_file(ready_file)
            except OSError as error:
                raise CannotRun(f"cannot write {ready_file}: {error.strerror}") from error
        if console is not None:
            console.say(_banner(addresses, profile), {"event": "ready", "profile": profile, **addresses.ready()})

    async def run() -> None:
        await serve(mock, host, port, ready, _stopped_by_signal())

    try:
        with asyncio.Runner(loop_factory=factory) as runner:
            runner.run(run())
    except CannotListen as error:
        raise CannotRun(error.strerror or str(error)) from error
    except UnfitUvicorn as error:
        raise CannotRun(str(error)) from error
    return ExitCode.PASS


def _banner(addresses: Addresses, profile: str) -> str:
    lines = [f"hamsa-mock is ready (profile {profile}); Ctrl-C ends it"]
    for name, url in addresses.websocket_urls.items():
        lines.append(f"  {name:10}{url}?api_key={addresses.keys[0]}")
    lines.append(f"  {'http':10}{addresses.http_url}")
    lines.append(f"  {'keys':10}{', '.join(addresses.keys)}")
    return "\n".join(lines)


def _stopped_by_signal() -> asyncio.Event:
    """An event that Ctrl-C and SIGTERM set. `signal.signal` works where a loop has no `add_signal_handler`."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    return stop
