"""What of a provider a user can read and change while the mock runs, as JSON: keys, transcripts, audio and the like.

Whoever takes entries from a user, the admin API or a config file, hands them on by `put_entries`, which judges them by
the resource's schema and fetches what they name.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from hamsa_schemas import default_catalogue
from hamsa_schemas.refusal import Place, refusal_of, shown_place

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator


class BadResource(ValueError):
    """Entries that are not taken: nothing was changed. The message is one line and holds no secret.

    `place`: where in the entries the mistake is, such as `(0, "limits")`; empty where it is in no single one.
    """

    def __init__(self, text: str, place: Place = ()) -> None:
        super().__init__(text)
        self.place = place


@dataclass(frozen=True, slots=True)
class Resource:
    """Something of a provider that a user can read and change while the mock runs: a list of entries, as JSON."""

    name: str
    schema: str
    """The path of its JSON Schema, an array, among the data of hamsa_schemas."""
    read: Callable[[], list[Any]]
    """The present entries, valid against the schema, without those that hold a secret."""
    hidden: Callable[[], int]
    """How many entries `read` leaves out."""
    put: Callable[[list[Any]], None]
    """Add entries, or replace those of the same id: all of them, or none. They are valid, and hold what they name
    (`put_entries`). Raises BadResource."""
    remove: Callable[[str], None]
    """Take the entry with this id away. Raises BadResource where there is none, or where another one needs it."""
    keep: Callable[[], None]
    """The present entries are those that `reset` returns to."""
    reset: Callable[[], None]
    """Back to the entries at the start. Resources that refer to each other go back together."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where entries may have something from that they only name."""

    read_file: Callable[[str], tuple[str, bytes]]
    """The full path and the content of a file. Raises OSError."""
    variable: Callable[[str], str | None]
    """The value of an environment variable; None: it is not set."""


def put_entries(resource: Resource, entries: Any, sources: Sources) -> None:
    """Judge entries that a user gave by the schema of a resource, fetch what they name, and take them.

    The field `x_env` of an entry names an environment variable that holds its field `x`, the field `file` a file, the
    content of which becomes the field `content`, as bytes. Raises BadResource.
    """
    refusal = refusal_of(_validator(resource.schema), entries, (resource.name,))
    if refusal is not None:
        raise BadResource(refusal.text, refusal.place[1:])
    resource.put([_fetched(entry, (resource.name, index), sources) for index, entry in enumerate(entries)])


def put_all(resources: Iterable[Resource], given: Mapping[str, Any], sources: Sources) -> None:
    """Take the entries of several resources by their names, in the order of the resources.

    Raises BadResource, with the resource's name at the head of the place; resources in front have been changed then.
    """
    for resource in resources:
        if resource.name in given:
            try:
                put_entries(resource, given[resource.name], sources)
            except BadResource as error:
                raise BadResource(str(error), (resource.name, *error.place)) from error


@cache
def _validator(schema: str) -> "Draft202012Validator":
    return default_catalogue().schemas.validator(schema)


def _fetched(entry: dict[str, Any], place: Place, sources: Sources) -> dict[str, Any]:
    fetched = dict(entry)
    for field, name in entry.items():
        where = shown_place((*place, field))
        if field.endswith("_env"):
            value = sources.variable(name)
            if not value:
                raise BadResource(f"{where}: the environment variable {name} is not set", (*place[1:], field))
            fetched[field.removesuffix("_env")] = value
        elif field == "file":
            try:
                fetched["file"], fetched["content"] = sources.read_file(name)
            except OSError as error:
                raise BadResource(f"{where}: cannot read {name}: {error.strerror}", (*place[1:], field)) from error
    return fetched
