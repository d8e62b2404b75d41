"""What is armed: a kind with its parameters, where it stands, when it counts, how likely and how often."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hamsa_kit.redaction import HIDDEN
from hamsa_mock.core.actions import Request
from hamsa_mock.faults.errors import WrongFault
from hamsa_mock.faults.fault import COUNTED, PLACES, Kind, Place
from hamsa_mock.faults.parameters import Value, accepted, parameters_of, text_of
from hamsa_mock.faults.registry import kinds
from hamsa_schemas.errors import shown, suggestion

MATCH_TEXTS = ("key", "speaker", "text")
MATCH_NUMBERS = ("connection", "request")
FIELDS = ("kind", "parameters", "place", "event", "ordinal", "when", "probability", "times")
MOST = 1_000_000_000
"""No number that counts something is greater."""


@dataclass(frozen=True, slots=True)
class Match:
    """What must be so. None: it does not matter.

    `text`: a part of the text to be spoken. `connection`: the nth one accepted since the fault was armed, of those with
    the `key` if one is named. `request`: the nth of its connection, and over REST the nth since the fault was armed.
    """

    key: str | None = None
    speaker: str | None = None
    text: str | None = None
    connection: int | None = None
    request: int | None = None

    def fits(self, request: Request | None) -> bool:
        """Whether a request of a connection, or None where there is none, is one of those meant."""
        if self.request is not None and (request is None or self.request != request.number):
            return False
        return self.fits_content(request)

    def fits_content(self, request: Request | None) -> bool:
        """The same without the number."""
        if request is None:
            return self.speaker is None and self.text is None
        if self.speaker is not None and self.speaker != request.details.get("speaker"):
            return False
        return self.text is None or self.text in request.text

    def given(self) -> dict[str, str | int]:
        """What is set, by name. A key is hidden."""
        texts = {"key": self.key and HIDDEN, "speaker": self.speaker, "text": self.text}
        numbers = {"connection": self.connection, "request": self.request}
        return {name: value for name, value in (texts | numbers).items() if value is not None}


@dataclass(frozen=True, slots=True)
class FaultSpec:
    """A fault as it is asked for, complete and judged: made by `judged`."""

    kind: str
    parameters: Mapping[str, Value]
    place: Place
    event: str
    ordinal: int | None = None
    when: Match = Match()
    probability: float = 1.0
    times: int | None = None

    def make(self) -> Kind:
        """The fault."""
        return kinds()[self.kind](**self.parameters)

    def as_text(self) -> str:
        """The text form, complete, but for a key that is hidden."""
        given = ", ".join(f"{name}={text_of(value)}" for name, value in self.parameters.items())
        parts = [f"{self.kind}({given})" if given else self.kind, self.place, self.event]
        parts += [] if self.ordinal is None else [str(self.ordinal)]
        when = [f"{name}={text_of(value)}" for name, value in self.when.given().items()]
        parts += ["when", *when] if when else []
        parts += [] if self.probability == 1 else [f"with probability {self.probability:.12g}"]
        parts += [] if self.times is None else [f"times {self.times}"]
        return " ".join(parts)

    def as_json(self) -> dict[str, Any]:
        """The JSON form, complete, but for a key that is hidden."""
        content: dict[str, Any] = {"kind": self.kind, "parameters": dict(self.parameters)}
        content |= {"place": self.place, "event": self.event}
        if self.ordinal is not None:
            content["ordinal"] = self.ordinal
        when = self.when.given()
        if when:
            content["when"] = when
        content["probability"] = self.probability
        if self.times is not None:
            content["times"] = self.times
        return content


def judged(content: Mapping[str, Any]) -> FaultSpec:
    """A fault in its JSON form, with the defaults of its kind for what it leaves out. Raises WrongFault."""
    for field in content:
        if field not in FIELDS:
            raise WrongFault(f"a fault has no {shown(field)}; {suggestion(str(field), FIELDS)}")
    name = content.get("kind")
    if not isinstance(name, str) or name not in kinds():
        raise WrongFault(f"no fault {shown(name)}; {suggestion(str(name), kinds())}")
    kind = kinds()[name]
    parameters = _mapping(name, "parameters", content)
    place = content.get("place", kind.places[0])
    if place not in kind.places:
        raise WrongFault(f"{name} cannot stand {_asked(place)}; allowed: {', '.join(kind.places)}")
    event = content.get("event", kind.events[0])
    if event not in kind.events:
        raise WrongFault(
            f"{name} cannot stand {place} {_asked(event)}; {suggestion(str(event), kind.events, 'allowed')}"
        )
    ordinal = _number(name, "ordinal", content, int, 1, MOST)
    if ordinal is not None and event != COUNTED:
        raise WrongFault(f"{name}: there is no {event} {ordinal}: only the event {COUNTED} is counted")
    probability = _number(name, "probability", content, float, 0, 1)
    return FaultSpec(
        kind=name,
        parameters=accepted(name, parameters_of(kind), parameters),
        place=place,
        event=event,
        ordinal=ordinal,
        when=_match(name, event, _mapping(name, "when", content)),
        probability=1.0 if probability is None else float(probability),
        times=_number(name, "times", content, int, 1, MOST),
    )


def _asked(word: object) -> str:
    return word if isinstance(word, str) and word in PLACES else shown(word)


def _match(kind: str, event: str, content: Mapping[str, Any]) -> Match:
    known = (*MATCH_TEXTS, *MATCH_NUMBERS)
    for name in content:
        if name not in known:
            raise WrongFault(f"{kind}: nothing is matched by {shown(name)}; {suggestion(str(name), known)}")
    for name in MATCH_TEXTS:
        if name in content and not isinstance(content[name], str):
            raise WrongFault(f"{kind}: when {name} cannot be {_hidden(name, content[name])}; allowed: text")
    numbers = {name: _number(f"{kind}: when", name, content, int, 1, MOST) for name in MATCH_NUMBERS}
    match = Match(**{name: content.get(name) for name in MATCH_TEXTS}, **numbers)
    if event == "request" and (match.speaker is not None or match.text is not None):
        raise WrongFault(f"{kind}: speaker and text are not known before a request is read; use the event answer")
    if event in ("request", "answer") and match.connection is not None:
        raise WrongFault(f"{kind}: REST requests belong to no connection; use request=N")
    return match


def _hidden(name: str, value: object) -> str:
    return "that" if name == "key" else shown(value)


def _mapping(kind: str, name: str, content: Mapping[str, Any]) -> Mapping[str, Any]:
    value = content.get(name, {})
    if not isinstance(value, Mapping):
        raise WrongFault(f"{kind}: {name} cannot be {shown(value)}; allowed: an object")
    return value


def _number(
    kind: str, name: str, content: Mapping[str, Any], type_: Callable[[Any], Any], least: int, most: int
) -> Any:
    """A number that may be left out. Raises WrongFault."""
    value = content.get(name)
    if value is None:
        return None
    right = type(value) is int or (type_ is float and type(value) is float)
    if not right or not least <= value <= most:
        raise WrongFault(f"{kind}: {name} cannot be {shown(value)}; allowed: {least} to {most}")
    return value
