"""The state in which a mock was found, to which it is brought back."""

from typing import Any

from hamsa_kit.mock_client import MockClient

_OUTCOME = ("id", "applied", "bypassed")
"""What an armed fault tells of itself besides what it is."""


class FoundMock:
    """A mock as it is now: the behaviours and faults that somebody changed since its start, and its clock. It is reset.

    Errors of everything here: MockUnreachable, MockRefused.
    """

    def __init__(self, mock: MockClient) -> None:
        self._mock = mock
        self._clock = mock.clock.reading()
        self._faults = [_to_arm(fault) for fault in mock.faults.armed()]
        found = dict(mock.behaviours)
        mock.reset()
        begin = dict(mock.behaviours)
        self._changes = {slug: value for slug, value in found.items() if begin.get(slug) != value}

    def restore(self, seed: int | None = None) -> None:
        """As it was found, but for its clock, which runs as at the start. `seed`: its chance and that of its faults
        begin with another one than that of its start."""
        self._mock.reset()
        if seed is not None:
            self._mock.seed(seed)
        if self._changes:
            self._mock.behaviours.update(self._changes)
        for fault in self._faults:
            self._mock.faults.arm(fault)

    def restore_with_clock(self) -> None:
        """As it was found. What its clock shows cannot be set back."""
        self.restore()
        clock = self._mock.clock
        if clock.reading().scale != self._clock.scale:
            clock.scale(self._clock.scale)
        if self._clock.frozen:
            clock.freeze()
        else:
            clock.unfreeze()


def _to_arm(fault: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fault.items() if name not in _OUTCOME}
