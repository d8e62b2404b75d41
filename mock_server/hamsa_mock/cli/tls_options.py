"""The flags for TLS."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

OPTIONS = (
    click.option("--tls", is_flag=True, envvar="HAMSA_MOCK_TLS", help="Serve wss:// and https:// instead."),
    click.option(
        "--tls-name",
        "tls_names",
        metavar="NAME",
        multiple=True,
        envvar="HAMSA_MOCK_TLS_NAME",
        help="Name in the certificate, beside those of this machine, such as api.tryhamsa.com. Can be repeated.",
    ),
    click.option(
        "--tls-dir",
        type=click.Path(path_type=Path),
        envvar="HAMSA_MOCK_TLS_DIR",
        help="Folder in which the certificates are kept, instead of the platform's for such files.",
    ),
    click.option(
        "--cert",
        type=click.Path(path_type=Path),
        envvar="HAMSA_MOCK_CERT",
        help="Certificate of your own, as PEM, with its chain.",
    ),
    click.option(
        "--key",
        type=click.Path(path_type=Path),
        envvar="HAMSA_MOCK_KEY",
        help="Its private key, unless that is in the same file.",
    ),
)


def tls_options(command: Command) -> Command:
    """Add them in this order, which `--help` keeps."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command
