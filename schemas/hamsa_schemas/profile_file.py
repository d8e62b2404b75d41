"""A user's own profile: a JSON file by `meta/profile.schema.json`, such as a run against the live service writes."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from hamsa_schemas.behaviours import Behaviours, BehaviourValue, load_behaviours
from hamsa_schemas.data_files import package_data
from hamsa_schemas.errors import CatalogueError
from hamsa_schemas.refusal import refusal_of
from hamsa_schemas.schema_set import SchemaSet
from hamsa_schemas.strict_json import MalformedJson, parse

__all__ = ["BadProfileFile", "resolve_behaviours"]

_SUFFIX = ".json"


class BadProfileFile(CatalogueError):
    """A profile file that cannot be read, or is not one. The message names the file and what is wrong."""


def resolve_behaviours(profile: str, changes: Mapping[str, BehaviourValue] = MappingProxyType({})) -> Behaviours:
    """The behaviours as a profile sets them, with single changes on top.

    `profile`: the name of one of this package's, or the path of a file whose name ends with `.json`.
    Raises BadProfileFile for anything wrong in the file; else UnknownProfile, UnknownBehaviour or WrongValue. All are
    CatalogueError.
    """
    if not profile.endswith(_SUFFIX):
        return load_behaviours(profile, changes)
    path = Path(profile)
    values = _read(path)
    try:
        load_behaviours("documented", values)
    except CatalogueError as error:
        raise BadProfileFile(f"profile {path}: {error}") from error
    return load_behaviours("documented", {**values, **changes})


def _read(path: Path) -> Mapping[str, BehaviourValue]:
    try:
        content = parse(path.read_bytes())
    except OSError as error:
        raise BadProfileFile(f"profile {path}: {error.strerror}") from error
    except MalformedJson as error:
        raise BadProfileFile(f"profile {path}: not JSON: {error}") from error
    validator = SchemaSet(package_data()).validator("meta/profile.schema.json")
    refusal = refusal_of(validator, content)
    if refusal is not None:
        raise BadProfileFile(f"profile {path}: {refusal.text}")
    assert isinstance(content, dict)
    values = content["behaviours"]
    assert isinstance(values, dict)
    return {slug: value for slug, value in values.items() if isinstance(value, str | float | int)}
