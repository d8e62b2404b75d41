"""All schemas of a folder, which may refer to each other, and the two kinds of validators over them.

`jsonschema_rs` decides, in about a microsecond. `jsonschema` explains. Both are imported when first needed,
because that takes longer than everything else here.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from hamsa_schemas.data_files import find, read
from hamsa_schemas.errors import BrokenCatalogue

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from jsonschema import Draft202012Validator
    from referencing import Registry

__all__ = ["BASE_URI", "SUFFIX", "Schema", "SchemaSet"]

BASE_URI = "https://hamsa-harness.example/schemas/"
"""What every `$id` begins with. A reserved name: it never resolves, and nothing is ever fetched from it."""

SUFFIX = ".schema.json"

Schema: TypeAlias = dict[str, Any]


class SchemaSet(Mapping[str, Schema]):
    """The schemas below a folder by path, such as `hamsa/client/tts.schema.json`. Do not change a schema.

    Each schema's `$id` is BASE_URI and its path, so a relative `$ref` means the same to a JSON Schema tool
    and to a tool that reads files. Raises BrokenCatalogue for a file that is not JSON or has another `$id`.
    """

    def __init__(self, root: "Traversable") -> None:
        schemas = {path: read(file) for path, file in find(root, SUFFIX)}
        for path, schema in schemas.items():
            if schema.get("$id") != BASE_URI + path:
                raise BrokenCatalogue(f"{path}: $id is {schema.get('$id')!r}, must be {BASE_URI + path!r}")
        self._schemas: Mapping[str, Schema] = MappingProxyType(schemas)

    def __getitem__(self, path: str) -> Schema:
        return self._schemas[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._schemas)

    def __len__(self) -> int:
        return len(self._schemas)

    def validator(self, schema: str | Schema) -> "Draft202012Validator":
        """Return a `jsonschema` validator, which explains: of the schema with this path, or of one that may refer to
        these.

        A `$ref` to an unknown schema raises `referencing.exceptions.Unresolvable` when it is followed.
        """
        from jsonschema import Draft202012Validator

        found = self[schema] if isinstance(schema, str) else schema
        return Draft202012Validator(found, registry=self._registry)

    def compiled(self, path: str) -> Callable[[Any], bool]:
        """Return the fast test of whether a value is valid.

        Raises BrokenCatalogue for a `$ref` to an unknown schema.
        """
        from jsonschema_rs import Draft202012Validator, ValidationError

        try:
            return Draft202012Validator(self[path], retriever=self._retrieve).is_valid
        except ValidationError as error:
            raise BrokenCatalogue(f"{path}: {error.message}") from error

    @cached_property
    def _registry(self) -> "Registry[Any]":
        from referencing import Registry
        from referencing.jsonschema import DRAFT202012

        return Registry().with_resources(
            (BASE_URI + path, DRAFT202012.create_resource(schema)) for path, schema in self._schemas.items()
        )

    def _retrieve(self, uri: str) -> Schema:
        """Answer `jsonschema_rs`, which without a retriever would ask the network for an unknown URI."""
        return self._schemas[uri.removeprefix(BASE_URI)]
