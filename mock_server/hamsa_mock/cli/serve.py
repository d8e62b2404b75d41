"""`hamsa-mock serve`: the mock until Ctrl-C."""

import asyncio
import signal
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from types import FrameType

import click

from hamsa_kit.exit_codes import ExitCode
from hamsa_mock.cli.behaviours import parse_settings
from hamsa_mock.cli.console import Console
from hamsa_mock.shell.addresses import Addresses, clear_ready_file
from hamsa_mock.shell.http import UnfitUvicorn
from hamsa_mock.shell.loops import LOOPS, loop_factory
from hamsa_mock.shell.serving import make_mock, serve
from hamsa_mock.shell.sockets import LOOPBACK, CannotListen

HANGUP: int | None = getattr(signal, "SIGHUP", None)
"""Windows has none."""


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
    help="Named set of behaviours: documented, instant, observed-2026-02, or a JSON file of your own.",
)
@click.option(
    "--set",
    "settings",
    metavar="SLUG=VALUE",
    multiple=True,
    envvar="HAMSA_MOCK_SET",
    help="Choose a behaviour; `hamsa-mock behaviours` lists them. Can be repeated.",
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
    settings: tuple[str, ...],
    seed: int,
    ready_file: str | None,
    log_format: str,
    loop: str,
    quiet: bool,
) -> int:
    """Serve the mock until Ctrl-C, SIGTERM or SIGHUP."""
    stopping = _Stopping()
    if ready_file == "":
        raise click.UsageError("--ready-file needs the name of a file")
    try:
        factory = loop_factory(loop)
    except ImportError as error:
        raise click.UsageError("uvloop is not installed; install it, or use --loop asyncio") from error
    chosen = parse_settings(settings)
    with nullcontext() if quiet else Console(sys.stdout, log_format) as console:
        mock = make_mock(profile, chosen, seed, console.log if console else None)
        announcement = _Announcement(console, profile, Path(ready_file) if ready_file is not None else None)

        async def run() -> None:
            try:
                await serve(mock, host, port, announcement.publish, stopping.event())
            finally:
                stopping.finish()

        try:
            announcement.clear()
            with asyncio.Runner(loop_factory=factory) as runner:
                runner.run(run())
        except CannotListen as error:
            raise CannotRun(error.strerror or str(error)) from error
        except UnfitUvicorn as error:
            raise CannotRun(str(error)) from error
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
            if addresses.public:
                words = f"warning: everybody on the network can use this mock: it listens on {addresses.host}"
                self._console.say(words, {"event": "warning", "message": words.removeprefix("warning: ")})

    def withdraw(self) -> None:
        """The mock has ended."""
        if self._ready_file is not None and self._addresses is not None:
            self._addresses.remove_ready_file(self._ready_file)

    def _cannot_write(self, error: OSError) -> CannotRun:
        return CannotRun(f"cannot write {self._ready_file}: {error.strerror}")


def _banner(addresses: Addresses, profile: str) -> str:
    lines = [f"hamsa-mock is ready (profile {profile}); Ctrl-C ends it"]
    for name, url in addresses.websocket_urls.items():
        lines.append(f"  {name:10}{url}?api_key={addresses.keys[0]}")
    lines.append(f"  {'http':10}{addresses.http_url}")
    lines.append(f"  {'keys':10}{', '.join(addresses.keys)}")
    return "\n".join(lines)


class _Stopping:
    """The signals that end the mock, from the start of the command to the end of the process.

    They are caught at once, so that one that comes before the loop runs ends the mock too, with exit code 0. When
    the mock has stopped they are ignored: a second Ctrl-C changes nothing any more. `signal.signal` works where a
    loop has no `add_signal_handler`.
    """

    def __init__(self) -> None:
        self._asked = False
        self._wake: Callable[[], object] | None = None
        self._caught: list[int] = [signal.SIGINT, signal.SIGTERM]
        if HANGUP is not None and signal.getsignal(HANGUP) != signal.SIG_IGN:  # ignored: started by nohup
            self._caught.append(HANGUP)
        for number in self._caught:
            signal.signal(number, self._ask)

    def event(self) -> asyncio.Event:
        """An event of the running loop, which the signals set."""
        loop = asyncio.get_running_loop()
        stop = asyncio.Event()
        self._wake = lambda: loop.call_soon_threadsafe(stop.set)
        if self._asked:
            stop.set()
        return stop

    def finish(self) -> None:
        """Everything is stopped, and the loop is about to be closed."""
        for number in self._caught:
            signal.signal(number, signal.SIG_IGN)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self._asked = True
        if self._wake is not None:
            self._wake()
