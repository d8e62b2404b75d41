"""The command line: one clear line for every mistake, an exit code for every end."""

import io
import signal
import sys
import traceback
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import click

from hamsa_kit.console import ESCAPES, complain, open_missing_streams
from hamsa_kit.exit_codes import ExitCode

PROGRAM = "hamsa-conformance"
INTERRUPTED = 128 + signal.SIGINT
"""The exit code after Ctrl-C, as shells count."""

MOST_CHARACTERS = 500
"""So much is told of an error that nobody has thought of."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, invoke_without_command=True)
@click.version_option(version("hamsa-harness"), prog_name=PROGRAM)
@click.pass_context
def hamsa_conformance(context: click.Context) -> None:
    """Judge servers that speak the protocol, and compare what was found."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
        context.exit(ExitCode.USAGE)


def run(arguments: Sequence[str] | None) -> int:
    """The exit code of a command. Raises click.ClickException for a mistake, click.Abort after Ctrl-C."""
    from hamsa_conformance.cli.diff import diff_command
    from hamsa_conformance.cli.server import server_command

    for command in (server_command, diff_command):
        hamsa_conformance.add_command(command)
    code: int = hamsa_conformance.main(arguments, prog_name=PROGRAM, standalone_mode=False)
    return code


def unforeseen(error: Exception) -> str:
    """What nobody has thought of, in a line: what it is, and where it happened. It may quote a server, so keys are
    hidden."""
    from hamsa_conformance.client.keys import Credentials
    from hamsa_kit.redaction import Redactor

    last = traceback.extract_tb(error.__traceback__)[-1]
    what = " ".join(f"{type(error).__name__}: {error}".split())[:MOST_CHARACTERS]
    hidden = Redactor(Credentials.of_environment().secrets).text(what)
    return f"a defect of the suite: {hidden.translate(ESCAPES)} ({Path(last.filename).name}, line {last.lineno})"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and exit."""
    try:
        open_missing_streams()
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")  # a console that cannot show Arabic
        code = run(arguments)
    except click.ClickException as error:
        complain(PROGRAM, " ".join(error.format_message().split()))
        sys.exit(error.exit_code)
    except OSError as error:
        complain(PROGRAM, f"cannot write the output: {error.strerror}")
        sys.exit(ExitCode.COULD_NOT_RUN)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(INTERRUPTED)
    except Exception as error:
        complain(PROGRAM, unforeseen(error))
        sys.exit(ExitCode.COULD_NOT_RUN)
    sys.exit(code)
