"""A user's own profile: a JSON file by `meta/profile.schema.json`, such as a run against the live service writes."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from hamsa_schemas.behaviours import Behaviours, BehaviourValue, load_behaviours
from hamsa_schemas.data_files import package_data
from hamsa_schemas.errors import CatalogueError
from hamsa_schemas.explanation import explanation_of
from hamsa_schemas.schema_set import SchemaSet
from hamsa_schemas.strict_json import MalformedJson, parse

__all__ = ["BadProfileFile", "resolve_behaviours"]

_SUFFIX = ".json"


class BadProfileFile(CatalogueError):
    """A profile file that cannot be read, or is not one. The message names the file and what is wrong."""


def resolve_behaviours(profile: str, changes: Mapping[str, BehaviourValue] = MappingProxyType({})) -> Behaviours:
    """The behaviours as a profile sets them, with single changes on top.

    `profile`: the name of one of this package's, or the path of a file whose name ends with `.json`.
    Raises BadProfileFile, UnknownProfile, UnknownBehaviour or WrongValue, which all are CatalogueError.
    """
    if not profile.endswith(_SUFFIX):
        return load_behaviours(profile, changes)
    return load_behaviours("documented", {**_read(Path(profile)), **changes})


def _read(path: Path) -> Mapping[str, BehaviourValue]:
    try:
        content = parse(path.read_bytes())
    except OSError as error:
        raise BadProfileFile(f"profile {path}: {error.strerror}") from error
    except MalformedJson as error:
        raise BadProfileFile(f"profile {path}: not JSON: {error}") from error
    validator = SchemaSet(package_data()).validator("meta/profile.schema.json")
    for wrong in validator.iter_errors(content):
        raise BadProfileFile(f"profile {path}: at {wrong.json_path}: {explanation_of(wrong).text}")
    assert isinstance(content, dict)
    values = content["behaviours"]
    assert isinstance(values, dict)
    return {slug: value for slug, value in values.items() if isinstance(value, str | float | int)}
