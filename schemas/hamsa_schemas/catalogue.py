"""The messages that the services take and send, and the JSON bodies of their REST routes: one JSON Schema each.

They are found by folder, `<provider>/<direction>/<type>.schema.json`: a new file is a new message, and no
code changes. A schema in any other folder is a part that messages share.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from hamsa_schemas.data_files import package_data, read
from hamsa_schemas.errors import UnknownMessage
from hamsa_schemas.explanation import Explanation, explanation_of
from hamsa_schemas.schema_set import SUFFIX, Schema, SchemaSet
from hamsa_schemas.strict_json import JsonValue

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from jsonschema import Draft202012Validator

__all__ = ["DIRECTIONS", "Catalogue", "InvalidExample", "MessageSchema", "default_catalogue"]

DIRECTIONS = ("client", "server", "rest/request", "rest/response")
"""Who sends it: client or server over the WebSocket; over REST, whoever asks or answers."""


@dataclass(frozen=True)
class InvalidExample:
    """A whole message that a schema refuses, by one keyword at one place. `path` is a JSON Pointer to it."""

    why: str
    keyword: str
    path: str
    instance: JsonValue


class MessageSchema:
    """The schema of one message, or of the body of a REST request or response.

    `direction` is one of DIRECTIONS. `type` names the message; of a body, the route or the form.
    """

    def __init__(self, schemas: SchemaSet, root: "Traversable", provider: str, direction: str, type: str) -> None:
        self.provider = provider
        self.direction = direction
        self.type = type
        self._schemas = schemas
        self._root = root

    def __repr__(self) -> str:
        return f"MessageSchema({self.name!r})"

    @property
    def name(self) -> str:
        """Provider, direction and type, such as `hamsa/client/tts`."""
        return f"{self.provider}/{self.direction}/{self.type}"

    @property
    def schema(self) -> Schema:
        """The JSON Schema itself. Do not change it."""
        return self._schemas[self.name + SUFFIX]

    @property
    def id(self) -> str:
        """The `$id` of the schema, an absolute URI."""
        return str(self.schema["$id"])

    @property
    def description(self) -> str:
        """What the message is for, how sure its form is, and the statements that say so."""
        return str(self.schema["description"])

    @property
    def examples(self) -> tuple[JsonValue, ...]:
        """Whole valid messages."""
        return tuple(self.schema["examples"])

    @cached_property
    def invalid_examples(self) -> tuple[InvalidExample, ...]:
        """Whole messages that the schema refuses, from the file `<type>.invalid.json` beside it."""
        file = self._root / f"{self.name}.invalid.json"
        return tuple(InvalidExample(**entry) for entry in read(file))

    @cached_property
    def validator(self) -> "Draft202012Validator":
        """The `jsonschema` validator, which explains."""
        return self._schemas.validator(self.name + SUFFIX)

    @cached_property
    def is_valid(self) -> Callable[[Any], bool]:
        """The fast test, called as `message.is_valid(instance)`.

        An attribute and not a method, so that a call goes straight to the compiled validator. Give it
        values that `strict_json.parse` returned: some versions of the validator refuse deeper nesting with
        a ValueError.
        """
        return self._schemas.compiled(self.name + SUFFIX)

    def explain(self, instance: Any) -> Explanation | None:
        """Return the first reason, in the order of the schema, to refuse a message; None when it is valid."""
        error = next(self.validator.iter_errors(instance), None)
        return explanation_of(error) if error else None


class Catalogue:
    """All messages and bodies below a folder, the package's own data unless `root` is given.

    Reads every schema at once. Raises BrokenCatalogue for a file that is not JSON or whose `$id` does not
    mirror its path.
    """

    def __init__(self, root: "Traversable | None" = None) -> None:
        root = root or package_data()
        self.schemas = SchemaSet(root)
        self._messages: dict[str, MessageSchema] = {}
        for path in self.schemas:
            provider, _, inner = path.removesuffix(SUFFIX).partition("/")
            direction, _, type = inner.rpartition("/")
            if direction in DIRECTIONS:
                message = MessageSchema(self.schemas, root, provider, direction, type)
                self._messages[message.name] = message

    def messages(
        self, provider: str | None = None, direction: str | None = None, type: str | None = None
    ) -> Iterator[MessageSchema]:
        """Yield the messages that fit all given names, in the order of their paths.

        Without a direction these are the messages of the WebSocket and the bodies of REST.
        """
        for message in self._messages.values():
            if (
                provider in (None, message.provider)
                and direction in (None, message.direction)
                and type in (None, message.type)
            ):
                yield message

    def message(self, provider: str, direction: str, type: str) -> MessageSchema:
        """Return one message, for example `message("hamsa", "client", "tts")`. Raises UnknownMessage."""
        name = f"{provider}/{direction}/{type}"
        try:
            return self._messages[name]
        except KeyError:
            raise UnknownMessage("message", name, self._messages) from None


@cache
def default_catalogue() -> Catalogue:
    """Return the catalogue of the package's own data: always the same one."""
    return Catalogue()
