"""Reads YAML strictly: what this accepts is JSON in another spelling, and every value has a line.

Plain scalars mean what YAML 1.2 says: `no`, `on`, `12:30`, `010` and `2026-02-01` are texts or decimal numbers, as
people read them. Refused are repeated names in one mapping, names that are no text, tags of other types, infinite
numbers, lone surrogates, more than one document, nesting deeper than `MAX_DEPTH`. Aliases stand for what they name;
`<<` is a name like others.
"""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from yaml import MappingNode, Node, SafeLoader, ScalarNode, SequenceNode
from yaml.error import MarkedYAMLError
from yaml.reader import ReaderError

from hamsa_schemas.errors import shown

MAX_DEPTH = 50
"""Levels of lists and mappings in one another."""


class BadYaml(ValueError):
    """Text that is not such YAML. `line` counts from 1; None: it is not known."""

    def __init__(self, text: str, line: int | None) -> None:
        super().__init__(text)
        self.line = line


@dataclass(frozen=True, slots=True)
class Document:
    """A value, as JSON knows it, and where its parts stand."""

    value: Any
    _root: Node | None

    def line_of(self, place: Iterable[str | int]) -> int:
        """The line (from 1) of the name or item to which a place leads, or as far towards it as there is something."""
        node, line = self._root, 1
        for part in place:
            found = None
            if isinstance(node, MappingNode):
                found = next(((key, value) for key, value in node.value if key.value == part), None)
            elif isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
                found = node.value[part], node.value[part]
            if found is None:
                break
            line, node = _line(found[0]), found[1]
        return line


def read_yaml(text: str) -> Document:
    """The one document in a text; of none the value is None. Raises BadYaml."""
    try:
        root = _Loader(text).get_single_node()
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise BadYaml(f"the character U+{error.character:04X} is not allowed in YAML", line) from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BadYaml(f"not YAML: {error.problem or error.context}", None if mark is None else mark.line + 1) from error
    except RecursionError as error:
        raise BadYaml(_TOO_DEEP, None) from error
    return Document(None if root is None else _value(root, MAX_DEPTH, {}), root)


_TOO_DEEP = f"more than {MAX_DEPTH} levels of lists and mappings in one another"
_TAG = "tag:yaml.org,2002:"
_PLAIN = {
    "null": re.compile(r"~|null|Null|NULL|"),
    "bool": re.compile(r"true|True|TRUE|false|False|FALSE"),
    "int": re.compile(r"[-+]?[0-9]{1,18}"),
    "float": re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"),
}

_SCALARS: dict[str, Callable[[str], int | float | bool | None]] = {
    "null": lambda text: None,
    "bool": lambda text: text.lower() == "true",
    "int": int,
    "float": float,
}


class _Loader(SafeLoader):
    def resolve(self, kind: type[Node], value: Any, implicit: Any) -> str:
        """The tag of a node that has none. `implicit[0]`: it is a plain scalar."""
        if kind is not ScalarNode:
            return f"{_TAG}{'seq' if kind is SequenceNode else 'map'}"
        fits = (name for name, form in _PLAIN.items() if implicit[0] and form.fullmatch(value))
        return f"{_TAG}{next(fits, 'str')}"


def _line(node: Node) -> int:
    line: int = node.start_mark.line
    return line + 1


def _value(node: Node, levels: int, known: dict[int, Any]) -> Any:
    """What a node stands for. `known`: by their identity the nodes that aliases may name; each is read once."""
    if id(node) in known:
        return known[id(node)]
    if levels == 0:
        raise BadYaml(_TOO_DEEP, _line(node))
    value: Any
    match node:
        case MappingNode(tag="tag:yaml.org,2002:map"):
            value = _mapping(node, levels - 1, known)
        case SequenceNode(tag="tag:yaml.org,2002:seq"):
            value = [_value(item, levels - 1, known) for item in node.value]
        case ScalarNode():
            value = _scalar(node)
        case _:
            raise _unknown_tag(node)
    known[id(node)] = value
    return value


def _mapping(node: MappingNode, levels: int, known: dict[int, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, item in node.value:
        name = _value(key, levels, known) if isinstance(key, ScalarNode) else None
        if not isinstance(name, str):
            raise BadYaml("a name that is no text; put it in quotes", _line(key))
        if name in values:
            raise BadYaml(f"{shown(name)} stands twice in one mapping", _line(key))
        values[name] = _value(item, levels, known)
    return values


def _scalar(node: ScalarNode) -> str | int | float | bool | None:
    text: str = node.value
    kind = node.tag.removeprefix(_TAG)
    if kind == "str":
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise BadYaml("half a character: a lone surrogate", _line(node))
        return text
    if kind not in _PLAIN:
        raise _unknown_tag(node)
    if not _PLAIN[kind].fullmatch(text):
        raise BadYaml(f"{shown(text)} is no {kind}", _line(node))
    if kind == "float" and not math.isfinite(float(text)):
        raise BadYaml(f"{shown(text)} is too big a number", _line(node))
    return _SCALARS[kind](text)


def _unknown_tag(node: Node) -> BadYaml:
    return BadYaml(f"the tag {shown(node.tag)} has no meaning here", _line(node))
