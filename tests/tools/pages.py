"""Draws the states of a connection for ARCHITECTURE.md: `python -m tests.tools.state_drawing` writes it there."""

import re
from pathlib import Path

from hamsa_mock.providers.hamsa.states import TRANSITIONS, State

PAGE = Path(__file__).parents[2] / "ARCHITECTURE.md"
PLACE = re.compile(r"(<!-- states: begin -->\n).*(<!-- states: end -->)", re.DOTALL)


def drawing() -> str:
    """A Mermaid state diagram of the whole table."""
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {State.OPENING.value}"]
    for state, row in TRANSITIONS.items():
        for trigger, following in row.items():
            if state is not State.CLOSED:
                lines.append(f"    {state.value} --> {following.value}: {trigger.value}")
    return "\n".join([*lines, f"    {State.CLOSED.value} --> [*]", "```", ""])


def page_with_drawing(page: str) -> str:
    """The page with the drawing in its place."""
    return PLACE.sub(lambda found: found[1] + drawing() + found[2], page)


if __name__ == "__main__":
    PAGE.write_text(page_with_drawing(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
