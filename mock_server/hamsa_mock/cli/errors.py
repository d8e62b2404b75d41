"""What ends a command that is right, but cannot be carried out here."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

import click

from hamsa_kit.exit_codes import ExitCode
from hamsa_mock.shell.certificates import CannotKeep
from hamsa_mock.shell.http import UnfitLibrary
from hamsa_mock.shell.sockets import CannotListen


class CannotRun(click.ClickException):
    """One line, and the exit code for what could not run."""

    exit_code: ClassVar[int] = ExitCode.COULD_NOT_RUN


@contextmanager
def told_plainly() -> Iterator[None]:
    """Whatever keeps a mock from being served becomes CannotRun."""
    try:
        yield
    except (CannotListen, CannotKeep) as error:
        raise CannotRun(error.strerror or str(error)) from error
    except UnfitLibrary as error:
        raise CannotRun(str(error)) from error
