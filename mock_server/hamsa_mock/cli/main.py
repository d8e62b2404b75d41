"""The command line: one clear line for every mistake, an exit code for every end."""

import sys
from collections.abc import Sequence
from importlib.metadata import version

import click

from hamsa_kit.exit_codes import ExitCode
from hamsa_mock.cli.console import complain
from hamsa_mock.cli.serve import serve_command


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, invoke_without_command=True)
@click.version_option(version("hamsa-harness"), prog_name="hamsa-mock")
@click.pass_context
def hamsa_mock(context: click.Context) -> None:
    """An offline mock of the Hamsa realtime voice API."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
        context.exit(ExitCode.USAGE)


hamsa_mock.add_command(serve_command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and exit."""
    try:
        code = hamsa_mock.main(arguments, prog_name="hamsa-mock", standalone_mode=False)
    except click.ClickException as error:
        complain(" ".join(error.format_message().split()))
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(ExitCode.COULD_NOT_RUN)
    sys.exit(code)
