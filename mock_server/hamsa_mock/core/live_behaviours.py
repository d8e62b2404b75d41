"""Behaviours that can be changed while a mock runs."""

from collections.abc import Mapping

from hamsa_schemas import Behaviours, BehaviourValue


class LiveBehaviours(Behaviours):
    """What is chosen now. Who decides by a behaviour asks for it then, and never keeps the answer, so that a change
    counts from the next decision on, also on connections that are open.
    """

    __slots__ = ("_start",)

    def __init__(self, start: Behaviours) -> None:
        """`start`: what `reset` returns to."""
        self._start = start
        self.replace(start)

    def replace(self, chosen: Behaviours) -> None:
        """Take all values from elsewhere, such as another profile."""
        self._profile, self._entries, self._values = chosen._profile, chosen._entries, chosen._values

    def change(self, changes: Mapping[str, BehaviourValue]) -> None:
        """Set some values, or none if one is refused. Raises UnknownBehaviour and WrongValue."""
        self.replace(Behaviours(self.profile, self._entries, {**self, **changes}))

    def reset(self) -> None:
        """Back to the values at the start."""
        self.replace(self._start)
