"""Whether an answer is cut short, with the usual `end` behind it (FAQ-1)."""

from collections.abc import Callable

from hamsa_mock.core.actions import Request, Why
from hamsa_mock.providers.hamsa.accounts import Key
from hamsa_mock.providers.hamsa.limits import SlidingWindow
from hamsa_schemas import Behaviours

BEHAVIOUR = "hamsa.tts.truncation"


class Truncation:
    """Counts new connections and decides, for all connections of one World."""

    def __init__(self, behaviours: Behaviours, chance: Callable[[], float]) -> None:
        self._behaviours = behaviours
        self._chance = chance
        self._by_key = SlidingWindow(self._window)
        self._by_address = SlidingWindow(self._window)

    def reset(self) -> None:
        """Forget all connections."""
        self._by_key.reset()
        self._by_address.reset()

    def connected(self, key: Key, address: str, now: float) -> Why | None:
        """Count a new connection; why its first answer is cut short if it was opened above a limit (FAQ-3)."""
        of_key, of_address = self._by_key.add(key.key, now), self._by_address.add(address, now)
        if self._behaviours.choice(BEHAVIOUR) != "connections":
            return None
        if of_key > self._behaviours.number("hamsa.limit.connections_per_key"):
            return self._why(f"{_ordinal(of_key)} new connection of this key")
        if of_address > self._behaviours.number("hamsa.limit.connections_per_address"):
            return self._why(f"{_ordinal(of_address)} new connection of the address {address}")
        return None

    def of_answer(self, request: Request, key: Key, first: bool, of_connection: Why | None) -> Why | None:
        """Why an answer is cut short. `first`: it is the first of its connection; `of_connection`: what `connected`
        said of it. With a key whose answers never are, the request notes what would have cut its answer.
        """
        if key.truncation == "never":
            if first and of_connection is not None:
                request.notes.append(Why(f"{of_connection.words}, which cuts nothing short for this one", BEHAVIOUR))
            return None
        if first and key.truncation == "first_answer":
            return Why(f"the first answer of each connection with the key {key.shown}")
        choice = self._behaviours.choice(BEHAVIOUR)
        if choice == "random":
            if self._chance() < self._behaviours.number("hamsa.tts.truncation_probability"):
                return Why("by chance", BEHAVIOUR)
            return None
        if first and choice == "first_answer":
            return Why("the first answer of each connection", BEHAVIOUR)
        return of_connection if first else None

    def _window(self) -> float:
        return self._behaviours.number("hamsa.limit.connections_window")

    def _why(self, words: str) -> Why:
        return Why(f"{words} in {self._by_key.seconds:g} s", BEHAVIOUR)


def _ordinal(number: int) -> str:
    suffix = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"
