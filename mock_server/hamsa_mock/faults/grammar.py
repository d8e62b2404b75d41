"""The text form of a fault, such as `close(4003) after chunk 3 when connection=2 with probability 0.5 times 1`.

    NAME[(parameters)] [before|after|instead of EVENT [ORDINAL]]
        [when key=… speaker=… text=… connection=N request=N] [with probability P] [times N]

Parameters are values, or `name=value`, with commas between them. A value that holds spaces, commas, parentheses or
quotes stands in double quotes; in them a backslash stands before a quote or a backslash.
"""

import re
from typing import Any, Final

from hamsa_mock.faults.errors import WrongFault
from hamsa_mock.faults.parameters import parameters_of
from hamsa_mock.faults.registry import kinds
from hamsa_schemas.errors import shown, suggestion

CLAUSES: Final = ("before", "after", "instead of", "when", "with probability", "times")
MAX_CHARACTERS: Final = 10_000

_TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[(),=]|[^\s(),="]+)')
_INTEGER = re.compile(r"[+-]?\d{1,18}")
_NUMBER = re.compile(r"[+-]?(\d{1,18}\.?\d{0,18}|\.\d{1,18})(e[+-]?\d{1,2})?", re.IGNORECASE)


def parse_fault(text: str) -> dict[str, Any]:
    """The JSON form of a fault in text form; its values are judged elsewhere.

    Raises WrongFault where it is no text form, or names a kind that does not exist or has fewer parameters.
    """
    if len(text) > MAX_CHARACTERS:
        raise WrongFault(f"a fault is at most {MAX_CHARACTERS} characters long")
    return _Reader(text).fault()


class _Reader:
    def __init__(self, text: str) -> None:
        self._tokens: list[str] = []
        position = 0
        text = text.rstrip()
        while position < len(text):
            found = _TOKEN.match(text, position)
            if found is None:
                raise WrongFault(f"a quotation mark without its partner in the fault {shown(text)}")
            self._tokens.append(found[1])
            position = found.end()
        self._tokens.reverse()

    def fault(self) -> dict[str, Any]:
        content: dict[str, Any] = {"kind": self._kind()}
        if self._next_is("("):
            content["parameters"] = self._parameters(content["kind"])
        while self._tokens:
            self._clause(content)
        return content

    def _kind(self) -> str:
        kind = self._take("the name of a fault")
        if kind not in kinds():
            raise WrongFault(f"no fault {shown(kind)}; {suggestion(kind, kinds())}")
        return kind

    def _parameters(self, kind: str) -> dict[str, Any]:
        names = list(parameters_of(kinds()[kind]))
        given: dict[str, Any] = {}
        while not self._next_is(")"):
            token = self._take("a parameter or )")
            if self._next_is("="):
                name, value = token, self._value(name=token)
            elif len(given) < len(names):
                name, value = names[len(given)], _value_of(token)
            else:
                has = f"{len(names)} parameters: {', '.join(names)}" if names else "no parameters"
                raise WrongFault(f"{kind} has {has}; {shown(token)} is too many")
            if name in given:
                raise WrongFault(f"{kind}: {name} is given twice")
            given[name] = value
            if not self._next_is(","):
                self._expect(")")
                break
        return given

    def _clause(self, content: dict[str, Any]) -> None:
        word = self._take("")
        match word:
            case "before" | "after" | "instead":
                if word == "instead":
                    self._expect("of")
                    word = "instead of"
                self._set(content, "place", word)
                content["event"] = self._take(f"an event behind {word}")
                if self._tokens and _INTEGER.fullmatch(self._tokens[-1]):
                    content["ordinal"] = int(self._tokens.pop())
            case "when":
                self._set(content, "when", self._conditions())
            case "with":
                self._expect("probability")
                self._set(content, "probability", self._number("a number behind with probability"))
            case "times":
                self._set(content, "times", self._number("a number behind times"))
            case _:
                raise WrongFault(
                    f"{shown(word)} is not understood; {suggestion(word, CLAUSES, 'a fault may go on with')}"
                )

    def _conditions(self) -> dict[str, Any]:
        conditions: dict[str, Any] = {}
        while len(self._tokens) > 1 and self._tokens[-2] == "=":
            name = self._tokens.pop()
            self._expect("=")
            value = self._take(f"a value behind {name}=")
            number = name in ("connection", "request")
            if name in conditions:
                raise WrongFault(f"when {name} is given twice")
            conditions[name] = _value_of(value) if number else _text_in(value)
        if not conditions:
            raise WrongFault("when needs a condition behind it, such as when connection=2")
        return conditions

    def _value(self, name: str) -> Any:
        return _value_of(self._take(f"a value behind {name}="))

    def _number(self, what: str) -> Any:
        token = self._take(what)
        value = _value_of(token)
        if type(value) not in (int, float):
            raise WrongFault(f"{shown(token)} is not {what}")
        return value

    @staticmethod
    def _set(content: dict[str, Any], name: str, value: Any) -> None:
        if name in content:
            raise WrongFault(f"the {name} of a fault is given twice")
        content[name] = value

    def _next_is(self, token: str) -> bool:
        """Whether the next token is this one; then it is taken."""
        if self._tokens and self._tokens[-1] == token:
            self._tokens.pop()
            return True
        return False

    def _expect(self, token: str) -> None:
        found = self._take(token)
        if found != token:
            raise WrongFault(f"{token} is expected where {shown(found)} stands")

    def _take(self, what: str) -> str:
        if not self._tokens:
            raise WrongFault(f"the fault ends where {what} is expected")
        return self._tokens.pop()


def _value_of(token: str) -> Any:
    if token in ("true", "false"):
        return token == "true"
    if _INTEGER.fullmatch(token):
        return int(token)
    return float(token) if _NUMBER.fullmatch(token) else _text_in(token)


def _text_in(token: str) -> str:
    return re.sub(r"\\(.)", r"\1", token[1:-1], flags=re.DOTALL) if token.startswith('"') else token
