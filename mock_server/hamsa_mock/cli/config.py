"""`hamsa-mock config`: whether a config file is right, and where each setting comes from."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from hamsa_mock.cli.behaviours import parse_settings, shown
from hamsa_mock.cli.config_option import FILE_ONLY, PARAMETERS
from hamsa_mock.cli.serve import serve_command
from hamsa_mock.config.file import Config, load_config
from hamsa_mock.faults.board import read_fault
from hamsa_mock.faults.errors import WrongFault
from hamsa_mock.shell.serving import make_mock
from hamsa_schemas import load_behaviours, resolve_behaviours
from hamsa_schemas.refusal import shown_place

PLACES = {parameter: place for place, parameter in PARAMETERS.items()}


@click.group("config")
def config_command() -> None:
    """Check a config file, or show where each setting comes from."""


@config_command.command("check")
@click.argument("file", type=click.Path(path_type=Path))
def check_command(file: Path) -> None:
    """Say whether FILE can be used, and what it sets.

    The files and environment variables that it names have to be there.
    """
    config = load_config(file)
    faults: list[str] = config.setting(None, [], "faults")
    for number, fault in enumerate(faults):
        try:
            read_fault(fault)
        except WrongFault as error:
            raise config.error(("faults", number), f"faults[{number}]: {error}") from error
    make_mock(config.setting(None, "documented", "profile"), config=config)
    sets = [shown_place(place) for place in config.settings]
    sets += [f"behaviours ({len(config.behaviours)})"] if config.behaviours else []
    sets += [f"{name} ({len(entries)})" for name, _, entries in _entries(config)]
    click.echo(f"{file}: ok; sets {', '.join(sets) or 'nothing'}")


def show(**values: Any) -> None:
    """Show every setting and where it comes from.

    That is a flag, the environment, the file, the profile or the default. Takes the flags of `serve`.
    """
    context = click.get_current_context()
    config: Config | None = values["config"]
    rows = [*_settings(context, config), *_behaviours(context, config)]
    if config is not None:
        rows += [(name, f"entries: {len(entries)}", config.where(place)) for name, place, entries in _entries(config)]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    for name, value, origin in rows:
        click.echo(f"{name:{widths[0]}}  {value:{widths[1]}}  {origin}")


config_command.add_command(click.Command("show", params=[*serve_command.params], callback=show, help=show.__doc__))


def _settings(context: click.Context, config: Config | None) -> Iterator[tuple[str, str, str]]:
    for parameter in serve_command.params:
        name = str(parameter.name)
        if name not in ("config", "settings"):
            place = PLACES.get(name, (name,))
            value = _without_keys(context.params[name]) if name == "faults" else _shown(context.params[name])
            yield shown_place(place), value, _origin(context, parameter) or _where(config, place)
    for place, default in FILE_ONLY.items():
        if config is not None and place in config.settings:
            yield shown_place(place), _shown(config.settings[place]), config.where(place)
        else:
            yield shown_place(place), _shown(default), "default"


def _behaviours(context: click.Context, config: Config | None) -> Iterator[tuple[str, str, str]]:
    [parameter] = [parameter for parameter in serve_command.params if parameter.name == "settings"]
    profile = context.params["profile"]
    defaults, of_profile = load_behaviours(), resolve_behaviours(profile)
    of_file = {} if config is None else config.behaviours
    chosen = parse_settings(context.params["settings"])
    for slug, value in resolve_behaviours(profile, {**of_file, **chosen}).items():
        if slug in chosen:
            origin = _origin(context, parameter)
        elif slug in of_file:
            origin = _where(config, ("behaviours", slug))
        else:
            origin = "default" if of_profile[slug] == defaults[slug] else f"profile {profile}"
        yield slug, shown(value), origin


def _without_keys(faults: Iterable[str]) -> str:
    """Faults as the mock shows them: a key that they name is none of this command's business."""
    return "; ".join(read_fault(fault).as_text() for fault in faults) or "-"


def _origin(context: click.Context, parameter: click.Parameter) -> str:
    """Where the value of a flag comes from; empty where that is the file."""
    match context.get_parameter_source(str(parameter.name)):
        case ParameterSource.COMMANDLINE:
            return f"flag {parameter.opts[0]}"
        case ParameterSource.ENVIRONMENT:
            return f"environment {parameter.envvar}"
        case ParameterSource.DEFAULT_MAP:
            return ""
        case _:
            return "default"


def _where(config: Config | None, place: tuple[str | int, ...]) -> str:
    assert config is not None, "only a file is no flag, environment or default"
    return config.where(place)


def _entries(config: Config) -> Iterator[tuple[str, tuple[str | int, ...], list[Any]]]:
    """The resources that a file sets: their names, places and entries."""
    for provider, resources in config.providers.items():
        for name, entries in resources.items():
            yield f"{provider}.{name}", (provider, name), entries


def _shown(value: Any) -> str:
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value)) or "-"
    return "-" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
