"""What Hamsa's REST routes have in common: their shape, the reading of JSON bodies, and errors."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from hamsa_mock.core.actions import Request, Why
from hamsa_mock.core.http import HttpAnswer, HttpRequest, error_answer
from hamsa_mock.providers.hamsa.accounts import Key
from hamsa_mock.providers.hamsa.requests import EXPLAINED_CHARACTERS
from hamsa_schemas import Facts, MalformedJson, MessageSchema, parse
from hamsa_schemas.explanation import explanation_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RestRoute(Generic[T]):
    """One route, in two steps: `read` judges the request by itself, `answer` by the state of the World.

    `type` names its requests in the log. `answer` takes what was read, who asks, the request and the time. `costs`:
    a key without money is not answered. `parameters`: those of its query that mean something.
    """

    method: str
    type: str
    read: Callable[[HttpRequest], T | HttpAnswer]
    answer: Callable[[T, Key, Request, float], HttpAnswer]
    costs: bool = False
    parameters: frozenset[str] = frozenset()


RestRoutes: TypeAlias = Mapping[str, RestRoute[Any]]
"""Routes by their paths."""


def read_nothing(request: HttpRequest) -> None:
    """`read` of a route that nothing can be asked of."""


class RestErrors:
    """Errors with the statuses and wordings of the facts."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def answer(
        self, status: str, text: str, why: Why, headers: Mapping[str, str] | None = None, **fill: str
    ) -> HttpAnswer:
        """`status` and `text` are slugs of facts, the former without `status.`. It is as sure as its text."""
        message = self._facts.text(text, **fill)
        why = why.on(self._facts[text].basis)
        return error_answer(int(self._facts.number(f"status.{status}")), message, why, headers)

    def invalid_field(self, field: str, why: Why) -> HttpAnswer:
        """400: a field or a parameter has a value that it cannot have."""
        return self.answer("bad_request", "rest.field_invalid", why, field=field)


class BodyReader:
    """Judges bodies by a schema. `invalid` makes the error for a field with a wrong value; `judged` gives what of a
    body the schema judges, where that is not all of it.
    """

    def __init__(
        self,
        errors: RestErrors,
        schema: MessageSchema,
        invalid: Callable[[str, Why], HttpAnswer] | None = None,
        judged: Callable[[dict[str, Any]], dict[str, Any]] = lambda body: body,
    ) -> None:
        self._errors = errors
        self._schema = schema
        self._is_valid = schema.is_valid  # looked up here, because the first look-up compiles the schema
        self._invalid = invalid or errors.invalid_field
        self._judged = judged

    def read(self, request: HttpRequest) -> dict[str, Any] | HttpAnswer:
        """The JSON object in the body, valid against the schema; else 415 or 400 with what is wrong."""
        sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if sent != "application/json":
            words = "Content-Type is not application/json" if sent else "the header Content-Type is missing"
            return self._errors.answer("unsupported_media_type", "rest.unsupported_media_type", Why(words))
        data = request.body or b""
        try:
            body = parse(data)
        except MalformedJson as error:
            return self._malformed(f"not JSON: {error}")
        if not isinstance(body, dict):
            return self._malformed("the body is JSON, but not an object")
        judged = self._judged(body)
        return body if self._is_valid(judged) else self._refuse(judged, len(data))

    def _malformed(self, words: str) -> HttpAnswer:
        return self._errors.answer("bad_request", "rest.malformed_body", Why(words))

    def _refuse(self, judged: dict[str, Any], nbytes: int) -> HttpAnswer:
        if nbytes > EXPLAINED_CHARACTERS:
            words = f"the body breaks its schema; it is too long to say where ({nbytes} bytes)"
            return self._errors.invalid_field("body", Why(words))
        error = next(self._schema.validator.iter_errors(judged))
        explanation = explanation_of(error)
        why = Why(explanation.text)
        if explanation.keyword == "required":
            field = next(name for name in error.validator_value if name not in error.instance)
            return self._errors.answer("bad_request", "rest.field_required", why, field=field)
        return self._invalid(explanation.path or "body", why)
