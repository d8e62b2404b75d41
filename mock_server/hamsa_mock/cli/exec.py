"""`hamsa-mock exec`: a mock for as long as one command runs."""

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import nullcontext
from typing import Any

import click

from hamsa_mock.cli.console import Console
from hamsa_mock.cli.errors import CannotRun, told_plainly
from hamsa_mock.cli.launch import Launch, launch_options
from hamsa_mock.cli.signals import Signals
from hamsa_mock.mock import Mock
from hamsa_mock.shell.addresses import Addresses
from hamsa_mock.shell.serving import serve
from hamsa_mock.shell.site import TOKEN_VARIABLE, Site


class NotFound(CannotRun):
    """There is no such command. The exit code is what shells have for that."""

    exit_code = 127


class NotExecutable(CannotRun):
    """It cannot be run. The exit code is what shells have for that."""

    exit_code = 126


@click.command("exec")
@launch_options(port=0)
@click.option("-v", "--verbose", is_flag=True, help="Print the mock's console on standard error.")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def exec_command(command: tuple[str, ...], verbose: bool, **flags: Any) -> int:
    """Run COMMAND with a mock that ends with it: hamsa-mock exec -- npm test.

    The environment names the mock: HAMSA_WS_URL, HAMSA_BASE_URL, HAMSA_API_KEY, HAMSA_MOCK_ADMIN_URL; with --tls also
    HAMSA_MOCK_CA_FILE and NODE_EXTRA_CA_CERTS. The exit code is the command's.
    """
    launch = Launch(**flags)
    signals = Signals("SIGQUIT", "SIGUSR1", "SIGUSR2")
    with told_plainly(), Console(sys.stderr, "text") if verbose else nullcontext() as console:
        mock = launch.mock(console.log if console else None)
        with asyncio.Runner(loop_factory=launch.loop_factory()) as runner:
            return runner.run(_run(mock, launch.site(), command, signals))


async def _run(mock: Mock, site: Site, command: tuple[str, ...], signals: Signals) -> int:
    """The command's exit code, once it has ended and the mock after it."""
    loop = asyncio.get_running_loop()
    stop, ready = asyncio.Event(), loop.create_future()
    serving = asyncio.create_task(serve(mock, site, ready.set_result, stop))
    try:
        await asyncio.wait([serving, ready], return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            return await _failure(serving)
        if signals.first is not None:
            return 128 + signals.first
        child = _start(command, ready.result())
        signals.pass_on(lambda number: _pass_on(child, number))
        code = await loop.run_in_executor(None, child.wait)
        return code if code >= 0 else 128 - code
    finally:
        signals.finish()
        ready.cancel()
        stop.set()
        await asyncio.wait([serving])


async def _failure(serving: asyncio.Task[None]) -> int:
    """Raises why the mock could not be served."""
    await serving
    raise AssertionError("a mock that ends by itself says why")


def _start(command: tuple[str, ...], addresses: Addresses) -> "subprocess.Popen[bytes]":
    """Raises NotFound and NotExecutable."""
    try:
        return subprocess.Popen(command, env={**os.environ, **addresses.environment, **_token(addresses)})
    except OSError as error:
        refusal = NotFound if isinstance(error, FileNotFoundError) else NotExecutable
        raise refusal(f"cannot run {command[0]}: {error.strerror}") from error


def _token(addresses: Addresses) -> dict[str, str]:
    """What the command needs to steer a mock that other machines reach."""
    return {} if addresses.admin_token is None else {TOKEN_VARIABLE: addresses.admin_token}


def _pass_on(child: "subprocess.Popen[bytes]", number: int) -> None:
    """A Ctrl-C has reached the command already, which shares our terminal; a second one would mean more to it."""
    if number != signal.SIGINT or not sys.stdin.isatty():
        child.send_signal(number)
