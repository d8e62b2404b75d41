"""Runs for tests of what is made of them."""

from collections.abc import Iterable

from hamsa_conformance.case import Cost
from hamsa_conformance.result import Result, Run, Target


def run_of(results: Iterable[Result], is_mock: bool = True) -> Run:
    """A run with these results."""
    return Run(
        provider="hamsa",
        target=Target(url="ws://user:secret@127.0.0.1:1/v1/realtime/ws", is_mock=is_mock),
        started="2026-01-01T00:00:00+00:00",
        seconds=1.0,
        seed=0,
        strict=False,
        options=(),
        estimated=Cost(),
        results=tuple(results),
    )
