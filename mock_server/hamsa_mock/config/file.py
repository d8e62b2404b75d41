"""The config file, read and checked against its schema: what it sets, and where."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from hamsa_mock.core.resources import Sources
from hamsa_schemas import BehaviourValue, CatalogueError, default_catalogue, load_behaviours, resolve_behaviours
from hamsa_schemas.refusal import Place, refusal_of, shown_place

if TYPE_CHECKING:
    from hamsa_mock.config.yaml_text import Document

T = TypeVar("T")

SCHEMA = "meta/config.schema.json"
"""The path of the file's schema among the data of hamsa_schemas."""

FILES: tuple[Place, ...] = (("ready_file",), ("tls", "dir"), ("tls", "cert"), ("tls", "key"))
"""The settings that name files and folders."""

SECTIONS = ("clock", "tls")
"""The settings that hold settings."""


class ConfigError(ValueError):
    """A config that cannot be used. The message is one line: where, what is wrong, and what is right."""


@dataclass(frozen=True)
class Config:
    """What a config sets; nothing that it does not name has a value here."""

    name: str
    """Of the file, as it was given."""
    folder: Path
    """From where its relative paths count."""
    values: Mapping[str, Any]
    """Valid against the schema."""
    document: "Document | None" = None
    """The file itself; None: the values came from a program."""

    @cached_property
    def settings(self) -> Mapping[Place, Any]:
        """The single settings by their places, such as `("clock", "scale")`: all but behaviours and resources. Files
        are whole paths."""
        return dict(self._settings())

    @property
    def behaviours(self) -> Mapping[str, BehaviourValue]:
        """What differs from the profile, by slug."""
        behaviours: Mapping[str, BehaviourValue] = self.values.get("behaviours", {})
        return behaviours

    @property
    def providers(self) -> Mapping[str, Mapping[str, list[Any]]]:
        """By provider and resource the entries that are put in at the start."""
        others = (*SECTIONS, "behaviours")
        return {name: value for name, value in self.values.items() if isinstance(value, dict) and name not in others}

    @property
    def sources(self) -> Sources:
        """Where entries have something from that they only name: files beside this one, and the environment."""
        return Sources(self._read_file, os.environ.get)

    def setting(self, given: T | None, default: T, *place: str) -> T:
        """What a program gives, else what this config sets at a place, else the default."""
        value: T = self.settings.get(place, default)
        return value if given is None else given

    def where(self, place: Place) -> str:
        """The file and the line at which a place is, as in `mock.yaml:12`."""
        return self.name if self.document is None else f"{self.name}:{self.document.line_of(place)}"

    def error(self, place: Place, text: str) -> ConfigError:
        """What is wrong at a place."""
        return ConfigError(f"{self.where(place)}: {text}")

    def _settings(self) -> Iterator[tuple[Place, Any]]:
        for name, value in self.values.items():
            if name == "tls" and value.get("enabled") is False:
                yield ("tls", "enabled"), False
            elif name in SECTIONS:
                for inner in value:
                    yield (name, inner), self._whole((name, inner), value[inner])
            elif not isinstance(value, dict) and name != "$schema":
                yield (name,), self._whole((name,), value)

    def _whole(self, place: Place, value: Any) -> Any:
        if place == ("profile",) and value.endswith(".json"):
            return str(self.folder / value)
        return self.folder / value if place in FILES else value

    def _read_file(self, name: str) -> tuple[str, bytes]:
        path = (self.folder / name).absolute()
        try:
            return str(path), path.read_bytes()
        except ValueError as error:  # a name that no file can have
            raise OSError(0, str(error)) from error


def load_config(path: str | Path) -> Config:
    """Read and check a file. Raises ConfigError."""
    from hamsa_mock.config.yaml_text import BadYaml, read_yaml  # 20 ms to import, needed for files only

    path = Path(path)
    name = str(path)
    try:
        document = read_yaml(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ConfigError(f"{name}: not UTF-8") from error
    except BadYaml as error:
        line = "" if error.line is None else f":{error.line}"
        raise ConfigError(f"{name}{line}: {error}") from error
    except (OSError, ValueError) as error:
        raise ConfigError(f"cannot read {name}: {getattr(error, 'strerror', None) or error}") from error
    return _checked(Config(name, path.absolute().parent, document.value or {}, document))


def config_of(given: str | Path | Mapping[str, Any] | None) -> Config:
    """The config in a file, or the one that a program gives, the relative paths of which count from the present folder.
    None is one that sets nothing. Raises ConfigError.
    """
    if given is None:
        return Config("config", Path.cwd(), {})
    return _from_program(given) if isinstance(given, Mapping) else load_config(given)


def _from_program(values: Mapping[str, Any]) -> Config:
    try:
        plain = json.loads(json.dumps(values, allow_nan=False))
    except (TypeError, ValueError, RecursionError) as error:
        raise ConfigError(f"config: not what JSON can hold: {error}") from error
    return _checked(Config("config", Path.cwd(), plain))


def _checked(config: Config) -> Config:
    if not isinstance(config.values, dict):
        raise config.error((), "the file must hold names with values, such as `port: 8765`")
    refusal = refusal_of(default_catalogue().schemas.validator(SCHEMA), config.values)
    if refusal is not None:
        raise config.error(refusal.place, refusal.text)
    known = load_behaviours()
    for slug, value in config.behaviours.items():
        try:
            known.entry(slug).accept(value)
        except CatalogueError as error:
            raise config.error(("behaviours", slug), f"behaviours: {error}") from error
    try:
        resolve_behaviours(config.settings.get(("profile",), "documented"))
    except CatalogueError as error:
        raise config.error(("profile",), f"{shown_place(('profile',))}: {error}") from error
    return config
