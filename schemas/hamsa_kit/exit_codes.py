"""The exit codes of every command of the project."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What a command's exit code means."""

    PASS = 0
    FINDINGS = 1
    USAGE = 2
    """A wrong flag, argument or configuration."""
    COULD_NOT_RUN = 3
    """Port taken, target unreachable, folder unwritable: nothing could be done or judged."""
