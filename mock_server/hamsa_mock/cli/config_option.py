"""`--config FILE`: what a file sets is the default of the flags that set the same."""

from collections.abc import Mapping
from pathlib import Path

import click

from hamsa_mock.config.file import Config, ConfigError, load_config
from hamsa_schemas.refusal import Place

PARAMETERS: Mapping[Place, str] = {
    ("host",): "host",
    ("port",): "port",
    ("admin_port",): "admin_port",
    ("admin_hosts",): "admin_hosts",
    ("profile",): "profile",
    ("seed",): "seed",
    ("faults",): "faults",
    ("log_format",): "log_format",
    ("loop",): "loop",
    ("quiet",): "quiet",
    ("ready_file",): "ready_file",
    ("tls", "enabled"): "tls",
    ("tls", "names"): "tls_names",
    ("tls", "dir"): "tls_dir",
    ("tls", "cert"): "cert",
    ("tls", "key"): "key",
}
"""The settings of a file, and the parameters of `serve` that set the same."""

FILE_ONLY: Mapping[Place, str | int | float | bool] = {("clock", "freeze"): False, ("clock", "scale"): 1}
"""The settings that no parameter sets, and their defaults."""


def _use(context: click.Context, parameter: click.Parameter, path: Path | None) -> Config | None:
    """Read the file before any other parameter is looked at, and make it their default."""
    if path is None:
        return None
    try:
        config = load_config(path)
    except ConfigError as error:
        raise click.UsageError(str(error)) from error
    context.default_map = {PARAMETERS[place]: value for place, value in config.settings.items() if place in PARAMETERS}
    return config


config_option = click.option(
    "--config",
    metavar="FILE",
    type=click.Path(path_type=Path),
    is_eager=True,
    callback=_use,
    envvar="HAMSA_MOCK_CONFIG",
    help="YAML file with any of these settings, and with accounts, transcripts and audio.",
)
