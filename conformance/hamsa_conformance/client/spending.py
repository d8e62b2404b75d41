"""What a run takes from an account, counted as it is spent."""

import json
from collections.abc import Callable
from typing import Any, TypeAlias

from hamsa_conformance.case import Cost

Gate: TypeAlias = Callable[[int, Cost], None]
"""Called before each connection (0 requests) and each request, with what it costs; may wait, or raise."""


def no_gate(requests: int, cost: Cost) -> None:
    """Lets everything pass."""


class Meter:
    """Counts connections, requests and costs."""

    def __init__(self, gate: Gate = no_gate) -> None:
        self._gate = gate
        self.connections = 0
        self.requests = 0
        self.spent = Cost()

    def connection(self) -> None:
        """One more is about to be opened."""
        self._gate(0, Cost())
        self.connections += 1

    def request(self, characters: int = 0, seconds: float = 0.0) -> None:
        """One more is about to be made, with so much to be spoken or heard."""
        cost = Cost(characters=characters, seconds=seconds)
        self._gate(1, cost)
        self.requests += 1
        self.spent += cost

    def received(self, seconds: float) -> None:
        """So much audio has come."""
        self.spent += Cost(seconds=seconds)


def characters_of(message: str | bytes) -> int:
    """How many characters a message, or the body of a REST request, would have spoken; 0: it asks for no speech."""
    try:
        content: Any = json.loads(message)
    except (ValueError, RecursionError):
        return 0
    if isinstance(content, dict) and content.get("type") == "tts":
        content = content.get("payload")
    text = content.get("text") if isinstance(content, dict) else None
    return len(text) if isinstance(text, str) else 0
