"""The marker `hamsa`: how the mock of a test behaves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import pytest

from hamsa_kit.admin_calls import MockRefused
from hamsa_kit.mock_client import MockClient
from hamsa_schemas import BehaviourValue
from hamsa_schemas.errors import suggestion


@dataclass(frozen=True)
class Wishes:
    """What differs from the mock's start."""

    profile: str | None = None
    behaviours: Mapping[str, BehaviourValue] | None = None
    faults: str | Sequence[str | Mapping[str, Any]] = ()
    seed: int | None = None

    def apply(self, mock: MockClient) -> None:
        """Tell the mock. Errors: pytest.UsageError where it refuses."""
        try:
            if self.profile is not None:
                mock.behaviours.profile(self.profile)
            if self.behaviours:
                mock.behaviours.update(self.behaviours)
            if self.seed is not None:
                mock.seed(self.seed)
            for fault in [self.faults] if isinstance(self.faults, str) else self.faults:
                mock.faults.arm(fault)
        except MockRefused as error:
            raise pytest.UsageError(f"@pytest.mark.hamsa: {error}") from error


def wishes_of(node: pytest.Item) -> Wishes:
    """What the markers of a test say: the nearest one counts first. Errors: pytest.UsageError for a word too many."""
    known = [field.name for field in fields(Wishes)]
    wishes: dict[str, Any] = {}
    for marker in node.iter_markers("hamsa"):
        if marker.args:
            raise pytest.UsageError(f"@pytest.mark.hamsa takes names only: {', '.join(known)}")
        for name, value in marker.kwargs.items():
            if name not in known:
                raise pytest.UsageError(f"@pytest.mark.hamsa has no {name!r}; {suggestion(name, known)}")
            wishes.setdefault(name, value)
    return Wishes(**wishes)
