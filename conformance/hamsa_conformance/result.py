"""What came of the cases: the content of a report. `meta/report.schema.json` publishes its JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from hamsa_conformance.case import Cost
from hamsa_conformance.verdict import Verdict, gravest
from hamsa_kit.transcript import Entry
from hamsa_schemas import BehaviourValue

VERSION = 1
"""Of the report's format. It grows when a reader of the version before would misunderstand a file."""

Axis: TypeAlias = Literal["messages", "close"]
"""What is judged apart: what the server says, and how connections end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that is not as expected. `position`: the transcript entry at which it was seen."""

    axis: Axis
    verdict: Verdict
    expected: str
    actual: str
    position: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """The audio of one answer. `peaks`: loudest sample of each of up to 200 equal parts, 0 to 1."""

    connection: int | None
    request: int | None
    format: str
    nbytes: int
    seconds: float
    peaks: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of one case. `messages`, `close`: the verdict by axis, None where nothing of that kind was judged.

    `reason`: why it was skipped or is inconclusive. `observations`: what was seen of behaviours, by slug; `measured`:
    numbers by name (seconds, bytes, or a share), for fits. `seconds`: real time that it took. `spent`: of all attempts.
    """

    slug: str
    verdict: Verdict
    messages: Verdict | None = None
    close: Verdict | None = None
    reason: str | None = None
    findings: tuple[Finding, ...] = ()
    observations: Mapping[str, BehaviourValue] = field(default_factory=dict[str, BehaviourValue])
    measured: Mapping[str, tuple[float, ...]] = field(default_factory=dict[str, tuple[float, ...]])
    transcript: tuple[Entry, ...] = ()
    sounds: tuple[Sound, ...] = ()
    attempts: int = 1
    requests: int = 0
    connections: int = 0
    spent: Cost = field(default_factory=Cost)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What was judged. `facts`: what is worth knowing of it, for people, such as its server header or profile."""

    url: str
    is_mock: bool
    facts: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of the suite. `started`: ISO 8601 in UTC. `estimated`: what the chosen cases were expected to cost at
    most. `results`: in the order of the cases."""

    provider: str
    target: Target
    started: str
    seconds: float
    seed: int
    strict: bool
    options: tuple[str, ...]
    estimated: Cost
    results: tuple[Result, ...]

    @property
    def counts(self) -> Mapping[Verdict, int]:
        """How many cases have each verdict."""
        return {verdict: sum(result.verdict is verdict for result in self.results) for verdict in Verdict}

    @property
    def spent(self) -> Cost:
        """What it cost."""
        return sum((result.spent for result in self.results), Cost())

    @property
    def worst(self) -> Verdict | None:
        """The gravest verdict."""
        return gravest(result.verdict for result in self.results)
