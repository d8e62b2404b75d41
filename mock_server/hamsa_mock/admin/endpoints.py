"""What an endpoint of the admin API is: enough to answer a request, and to describe it in OpenAPI."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from hamsa_schemas import MalformedJson, Schema, default_catalogue, parse
from hamsa_schemas.errors import shown, suggestion
from hamsa_schemas.refusal import refusal_of

JSON_TYPE = "application/json"


@dataclass(frozen=True, slots=True)
class Call:
    """A request that has passed the guard, its body parsed and judged. `path`: the parts that vary."""

    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Any


@dataclass(frozen=True, slots=True)
class Content:
    """An answer that is not JSON."""

    data: bytes
    media_type: str


class Refused(Exception):
    """The request cannot be carried out: an HTTP status and one clear line."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


Handler: TypeAlias = Callable[[Call], Awaitable[object]]
"""Returns JSON content, `Content`, or None for 204. Raises Refused."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`path` is below the API's own, with parts that vary in braces. `body`: the schema of the request's body, or its
    path among the published ones; None: there is none; `optional`: it may be left out. `query`: name and meaning of
    each query parameter. `answer`: what comes back, in words; `media_type`: as what, None: nothing. `silent`: a call
    changes nothing that console and journal should tell, or forgets what they would. `tells_body`: the order
    holds no secret, and is told.
    """

    method: str
    path: str
    summary: str
    handle: Handler
    body: Schema | str | None = None
    optional: bool = False
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    answer: str = "Done."
    media_type: str | None = JSON_TYPE
    silent: bool = False
    tells_body: bool = False


def object_of(properties: Schema, required: tuple[str, ...] = ()) -> Schema:
    """The schema of an object with these fields and no others."""
    schema: dict[str, Any] = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    return schema | ({"required": list(required)} if required else {})


def judge_query(endpoint: Endpoint, query: Mapping[str, str]) -> None:
    """Raises Refused for a parameter that the endpoint does not know."""
    for name in query:
        if name not in endpoint.query:
            known = suggestion(name, endpoint.query) if endpoint.query else "it takes none"
            raise Refused(400, f"no query parameter {shown(name)}; {known}")


def whole_number(name: str, text: str) -> int:
    """A number in a path or a query. Raises Refused."""
    if not text.isdecimal():
        raise Refused(400, f"{name} must be a whole number, not {shown(text)}")
    return int(text)


def body_of(endpoint: Endpoint, data: bytes) -> Any:
    """The body of a request; None where an optional one is left out. Raises Refused with what is wrong."""
    if endpoint.body is None or (endpoint.optional and not data):
        return None
    try:
        body = parse(data)
    except MalformedJson as error:
        raise Refused(400, f"the body is not JSON: {error}") from None
    refusal = refusal_of(default_catalogue().schemas.validator(endpoint.body), body)
    if refusal is not None:
        raise Refused(400, refusal.text)
    return body
