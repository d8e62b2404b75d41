"""`hamsa-conformance server`: judge a server."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from hamsa_conformance.case import Case
from hamsa_conformance.cli.order import MOST_PER_MINUTE, OWN_MOCKS, Order
from hamsa_conformance.report.profile_writer import BadProfilePath, check_path
from hamsa_conformance.running.finding_cases import NoSuchCase, load_cases, select
from hamsa_conformance.running.pace import CONNECTIONS_PER_MINUTE, REQUESTS_PER_MINUTE
from hamsa_kit.exit_codes import ExitCode

FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)
EXTRA = ("pytest", "hypothesis")
"""What the suite needs besides what the mock does."""

UNTOLD = ("target", "admin_url", "verbose")
"""What a report does not repeat: URLs may hold what nobody meant to tell, and how it was printed matters to nobody."""


def _profile_path(context: click.Context, parameter: click.Parameter, path: Path | None) -> Path | None:
    """Errors: click.BadParameter, before anything is spent."""
    try:
        return path if path is None else check_path(path)
    except BadProfilePath as error:
        raise click.BadParameter(str(error)) from error


@click.command("server")
@click.option("--target", metavar="URL", help="Server to judge: ws, wss, http or https. Without it, a mock is started.")
@click.option("--only", multiple=True, metavar="SLUG", help="Only these cases, such as hamsa.auth. Can be repeated.")
@click.option("--exclude", multiple=True, metavar="SLUG", help="Not these cases. Can be repeated.")
@click.option("--list", "lists", is_flag=True, help="List the cases and end.")
@click.option("--strict", is_flag=True, help="NON-STRICT is a finding too.")
@click.option("-v", "--verbose", is_flag=True, help="A line for each case.")
@click.option("--report-dir", type=FOLDER, help="Folder for report.json, junit.xml and report.html.")
@click.option(
    "--write-profile",
    type=FILE,
    callback=_profile_path,
    help="File for a profile by which the mock behaves as the target did; its name ends with .json.",
)
@click.option("--live", is_flag=True, help="The target is meant, though it is neither a mock nor on this machine.")
@click.option("--budget-chars", type=click.IntRange(0), metavar="N", help="No more characters are spoken than this.")
@click.option("--slow", is_flag=True, help="Also what waits long in real time, up to an hour. A mock needs no waiting.")
@click.option(
    "--intrusive", is_flag=True, help="Also what an operator may call abuse; --list says which cases do what."
)
@click.option("--admin-url", metavar="URL", help="Admin API of the mock at the target, if it is not found by itself.")
@click.option("--ca-file", metavar="FILE", help="Certificates to trust over TLS.")
@click.option(
    "--timeout",
    default=10.0,
    show_default=True,
    type=click.FloatRange(0, 600, min_open=True),
    help="Seconds to wait for a message.",
)
@click.option(
    "--connections-per-minute",
    show_default=f"{CONNECTIONS_PER_MINUTE}; on this machine no bound",
    type=click.IntRange(1, MOST_PER_MINUTE),
    help="New connections, at a server that is no mock.",
)
@click.option(
    "--requests-per-minute",
    default=REQUESTS_PER_MINUTE,
    show_default=True,
    type=click.IntRange(1, 100_000),
    help="Messages, REST requests and new connections, at a server that is no mock.",
)
@click.option(
    "-n",
    "--workers",
    show_default=f"{OWN_MOCKS} without a target, else 1",
    type=click.IntRange(1, 64),
    help="Processes, each with a mock of its own; for mocks only.",
)
@click.option(
    "--seed",
    default=0,
    show_default=True,
    type=click.IntRange(0),
    help="Of generated messages and, at a mock, of chance.",
)
def server_command(only: tuple[str, ...], exclude: tuple[str, ...], lists: bool, **options: Any) -> int:
    """Judge a server: a mock, one of your own, or the live service.

    Keys are taken from the environment: HAMSA_API_KEY, and for single cases HAMSA_KEY_EXPIRED and others, which are
    named where they are missing.

    Exit codes: 0 nothing is wrong, 1 something is, 2 wrong options, 3 the server could not be judged, or nothing was
    seen for --write-profile.
    """
    missing = [name for name in EXTRA if find_spec(name) is None]
    if missing:
        raise click.UsageError(
            f"{', '.join(missing)} is missing; install it by: pip install 'hamsa-harness[conformance]'"
        )
    try:
        cases = select(load_cases(), only, exclude)
    except NoSuchCase as error:
        raise click.UsageError(str(error)) from error
    if not cases:
        raise click.UsageError("--only and --exclude leave no case")
    if lists:
        _list(cases)
        return ExitCode.PASS
    from hamsa_conformance.cli.conduct import conduct

    return conduct(Order(**options, given=_given(click.get_current_context())), cases)


def _list(cases: Sequence[Case]) -> None:
    width = max(len(case.slug) for case in cases)
    for case in cases:
        needs = f"  ({', '.join(case.needs)})" if case.needs else ""
        click.echo(f"{case.slug:{width}}  {case.kind:8}  {case.title}{needs}")
        if case.does is not None:
            click.echo(f"{'':{width}}            --intrusive: {case.does}")


def _given(context: click.Context) -> tuple[str, ...]:
    """The options that were given, as they are typed."""
    words: list[str] = []
    for option in context.command.params:
        name = option.name or ""
        if name not in UNTOLD and context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            value = context.params[name]
            values = value if isinstance(value, tuple) else (value,)
            words += [option.opts[0] if each is True else f"{option.opts[0]} {each}" for each in values]
    return tuple(words)
