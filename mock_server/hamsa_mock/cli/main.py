"""The command line: one clear line for every mistake, an exit code for every end."""

import signal
import sys
from collections.abc import Sequence
from importlib.metadata import version

import click

from hamsa_kit.console import complain, open_missing_streams
from hamsa_kit.exit_codes import ExitCode

INTERRUPTED = 128 + signal.SIGINT
"""The exit code after Ctrl-C, as shells count. `serve` does not use it: Ctrl-C is how that ends, with 0."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, invoke_without_command=True)
@click.version_option(version("hamsa-harness"), prog_name="hamsa-mock")
@click.pass_context
def hamsa_mock(context: click.Context) -> None:
    """An offline mock of the Hamsa realtime voice API."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
        context.exit(ExitCode.USAGE)


def run(arguments: Sequence[str] | None) -> int:
    """The exit code of a command. Raises click.ClickException for a mistake, click.Abort after Ctrl-C.

    What the commands import takes a third of a second. It is imported here, so that a Ctrl-C is caught meanwhile.
    """
    from hamsa_mock.cli.behaviours import behaviours_command
    from hamsa_mock.cli.config import config_command
    from hamsa_mock.cli.exec import exec_command
    from hamsa_mock.cli.faults import faults_command
    from hamsa_mock.cli.serve import serve_command
    from hamsa_mock.cli.speaking import hear_command, say_command
    from hamsa_mock.config.file import ConfigError
    from hamsa_schemas import CatalogueError

    commands = (
        serve_command,
        exec_command,
        say_command,
        hear_command,
        behaviours_command,
        faults_command,
        config_command,
    )
    for command in commands:
        hamsa_mock.add_command(command)
    try:
        code: int = hamsa_mock.main(arguments, prog_name="hamsa-mock", standalone_mode=False)
    except (CatalogueError, ConfigError) as error:
        raise click.UsageError(str(error)) from error
    return code


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and exit."""
    try:
        open_missing_streams()
        code = run(arguments)
    except click.ClickException as error:
        complain("hamsa-mock", " ".join(error.format_message().split()))
        sys.exit(error.exit_code)
    except OSError as error:
        complain("hamsa-mock", f"cannot write the output: {error.strerror}")
        sys.exit(ExitCode.COULD_NOT_RUN)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(INTERRUPTED)
    sys.exit(code)
