"""The faults that are armed in one mock."""

from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any

from hamsa_mock.core.chance import Chance
from hamsa_mock.faults.errors import UnknownFault
from hamsa_mock.faults.grammar import parse_fault
from hamsa_mock.faults.spec import FaultSpec, judged


def read_fault(fault: str | Mapping[str, Any]) -> FaultSpec:
    """A fault in its text or its JSON form, judged. Raises WrongFault."""
    spec = judged(parse_fault(fault) if isinstance(fault, str) else fault)
    spec.make()  # some values are judged only there
    return spec


class Armed:
    """A fault that is armed, and how often it was applied; `bypassed`: how often chance let an event go by."""

    def __init__(self, id: int, spec: FaultSpec, seed: int) -> None:
        self.id = id
        self.spec = spec
        self.fault = spec.make()
        self.applied = 0
        self.bypassed = 0
        self._seed = seed
        self._matched = 0
        self.rest_chance = self.chance(0)
        """What decides on REST requests."""

    @property
    def spent(self) -> bool:
        """Whether it was applied as often as it may be."""
        return self.spec.times is not None and self.applied >= self.spec.times

    def next_match(self) -> int:
        """The number, from 1, of another connection or REST request that it counts."""
        self._matched += 1
        return self._matched

    def chance(self, connection: int) -> Chance:
        """What decides on a connection, of its own, so that connections at once do not disturb each other's draws."""
        return Chance((self._seed << 64) + (self.id << 32) + connection)

    def as_text(self) -> str:
        """The text form."""
        return self.spec.as_text()

    def as_json(self) -> dict[str, Any]:
        """The JSON form, with the id and the counts."""
        return {"id": self.id, **self.spec.as_json(), "applied": self.applied, "bypassed": self.bypassed}


class FaultBoard:
    """Arms, disarms and counts. `seed` gives the World's seed when a fault is armed.

    May be used from any thread: connections read `active`, which is replaced as a whole.
    """

    def __init__(self, seed: Callable[[], int]) -> None:
        self.active: tuple[Armed, ...] = ()
        """What may still be applied, in the order of arming."""
        self._seed = seed
        self._armed: dict[int, Armed] = {}
        self._ids = count(1)

    def arm(self, fault: str | Mapping[str, Any]) -> Armed:
        """Arm a fault in its text or its JSON form. Raises WrongFault."""
        armed = Armed(next(self._ids), read_fault(fault), self._seed())
        self._armed[armed.id] = armed
        self._refresh()
        return armed

    def disarm(self, id: int) -> None:
        """Take a fault off. What it has done stays done. Raises UnknownFault."""
        if id not in self._armed:
            known = ", ".join(map(str, self._armed)) or "none"
            raise UnknownFault(f"no fault with the id {id} is armed; armed: {known}")
        del self._armed[id]
        self._refresh()

    def clear(self) -> None:
        """Take all off. Ids begin at 1 again, so that equal runs draw equal chances."""
        self._armed.clear()
        self._ids = count(1)
        self._refresh()

    def list(self) -> Sequence[Armed]:
        """All that were armed and not taken off, also those that are spent."""
        return tuple(self._armed.values())

    def applies(self, armed: Armed) -> None:
        """Count an application."""
        armed.applied += 1
        if armed.spent:
            self._refresh()

    def _refresh(self) -> None:
        self.active = tuple(armed for armed in self._armed.values() if not armed.spent)
