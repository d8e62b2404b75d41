"""Writes those parts of the documents that follow from data: `python -m tests.tools.pages`.

A test holds them fresh.
"""

import re
from collections.abc import Callable, Mapping
from itertools import groupby
from pathlib import Path

from hamsa_mock.cli.behaviours import shown
from hamsa_mock.faults.fault import Kind
from hamsa_mock.faults.parameters import parameters_of, text_of
from hamsa_mock.faults.registry import kinds
from hamsa_mock.providers.hamsa.states import TRANSITIONS, State
from hamsa_schemas import BehaviourEntry, Choice, load_behaviours

ROOT = Path(__file__).parents[2]


def states() -> str:
    """A Mermaid state diagram of a Hamsa connection."""
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {State.OPENING.value}"]
    for state, row in TRANSITIONS.items():
        for trigger, following in row.items():
            if state is not State.CLOSED:
                lines.append(f"    {state.value} --> {following.value}: {trigger.value}")
    return "\n".join([*lines, f"    {State.CLOSED.value} --> [*]", "```", ""])


def behaviours() -> str:
    """All behaviours by area, each with its options or bounds."""
    present = load_behaviours()
    parts: list[str] = []
    for area, slugs in groupby(present, key=lambda slug: slug.rpartition(".")[0]):
        parts.append(f"\n## {area}\n")
        parts += [_behaviour(present.entry(slug)) for slug in slugs]
    return "\n".join(parts) + "\n"


def _behaviour(entry: BehaviourEntry) -> str:
    statements = f" {', '.join(entry.statements)}." if entry.statements else ""
    lines = [f"### `{entry.slug}`\n", entry.summary, f"*{entry.certainty}*: {_sentence(entry.source)}{statements}\n"]
    if isinstance(entry, Choice):
        for option, meaning in entry.options.items():
            default = " (default)" if option == entry.default else ""
            lines.append(f"- `{option}`{default}: {meaning}")
    else:
        lines.append(f"- {entry.allowed}; {shown(entry.default)} by default")
    return "\n".join(lines) + "\n"


def faults() -> str:
    """All kinds of faults, each with its example, its parameters, and what it can be addressed to."""
    return "\n".join(_fault(name, kind) for name, kind in kinds().items())


def _fault(name: str, kind: type[Kind]) -> str:
    lines = [f"### `{name}`\n", f"{kind.summary} `{kind.example}`\n"]
    for parameter in parameters_of(kind).values():
        default = text_of(parameter.default)
        lines.append(f"- `{parameter.name}`: {parameter.meaning} {parameter.allowed}; `{default}` by default.")
    lines.append(f"- Stands {' or '.join(kind.places)} {', '.join(f'`{event}`' for event in kind.events)}.")
    return "\n".join(lines) + "\n"


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


PARTS: Mapping[tuple[str, str], Callable[[], str]] = {
    ("ARCHITECTURE.md", "states"): states,
    ("docs/behaviours.md", "behaviours"): behaviours,
    ("docs/faults.md", "faults"): faults,
}
"""For each page and each name of a part in it, what writes it."""


def fresh(page: str, name: str, text: str) -> str:
    """A page's text with the part of this name written anew. Raises ValueError where it has no such part."""
    place = re.compile(rf"(<!-- {name}: begin -->\n).*(<!-- {name}: end -->)", re.DOTALL)
    if not place.search(text):
        raise ValueError(f"{page} has no part named {name}")
    return place.sub(lambda found: found[1] + PARTS[page, name]() + found[2], text)


def write() -> None:
    """Write every part."""
    for page, name in PARTS:
        path = ROOT / page
        path.write_text(fresh(page, name, path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    write()
