"""What a mutant is: a mock that does one thing wrong on purpose, and of what it is made."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import hamsa_mock.mock
import hamsa_mock.providers.hamsa.service
from hamsa_conformance.verdict import Verdict
from hamsa_mock import MockServer
from hamsa_mock.core.session import HoldingStage, Session, Stage, Staged
from hamsa_schemas import BehaviourValue, load_statements
from hamsa_schemas.facts import Facts, FactValue


@dataclass(frozen=True, slots=True)
class Replacement:
    """Something of the mock is another thing for a while. `make` takes what was there."""

    target: Any
    name: str
    make: Callable[[Any], Any]

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Put it in its place; afterwards all is as it was."""
        own = vars(self.target)
        inherited = self.name not in own
        before = getattr(self.target, self.name) if inherited else own[self.name]
        setattr(self.target, self.name, self.make(before))
        try:
            yield
        finally:
            if inherited:
                delattr(self.target, self.name)
            else:
                setattr(self.target, self.name, before)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A behaviour has another value from the start."""

    slug: str
    value: BehaviourValue


Change: TypeAlias = Replacement | Chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A mock with one mistake.

    `slug`: the file it stands in, and its name. `says`: what it does. `breaks`: the id of the statement that says
    otherwise, or the section of a standard. `verdict`: what a case that sees it says. `cases`: those that have to see
    it where no statement leads to them, as `--only` takes them.
    """

    slug: str
    says: str
    breaks: str
    changes: tuple[Change, ...] = field(repr=False)
    verdict: Verdict = Verdict.FAIL
    cases: tuple[str, ...] = ()

    @property
    def statement(self) -> str | None:
        """The id of the statement that it breaks; None: it breaks something else."""
        return self.breaks if self.breaks in load_statements("hamsa") else None

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Mocks that are made meanwhile have this mistake. Nothing of it is left behind."""
        with ExitStack() as changes:
            for change in self.changes:
                if isinstance(change, Replacement):
                    changes.enter_context(change.applied())
            yield

    def mock(self) -> MockServer:
        """A mock on a free port, to be made and used while the mistake is applied."""
        return MockServer(
            behaviours={change.slug: change.value for change in self.changes if isinstance(change, Chosen)}
        )


HEALTHY = Mutant(slug="healthy", says="It is the mock as it should be.", breaks="nothing", changes=())


def mutant(
    slug: str,
    says: str,
    breaks: str,
    *changes: Change,
    verdict: Verdict = Verdict.FAIL,
    cases: tuple[str, ...] = (),
) -> Mutant:
    """An entry of the catalogue."""
    return Mutant(slug=slug, says=says, breaks=breaks, changes=changes, verdict=verdict, cases=cases)


def replaced(target: Any, name: str, make: Callable[[Any], Any]) -> Change:
    """An attribute of a class or a module is another one. `make` gets what was there; of a property, the property."""
    return Replacement(target, name, make)


def facts(changes: Mapping[str, FactValue]) -> Change:
    """Texts, codes or paths are others. Raises UnknownFact when it is applied."""

    def load(original: Callable[[str], Facts]) -> Callable[[str], Facts]:
        return lambda provider: original(provider).replaced(changes)

    return Replacement(hamsa_mock.providers.hamsa.service, "load_facts", load)


def stage(make: Callable[[], Stage]) -> Change:
    """Each connection has one more stage, in front of journal and log: what it does counts as what the mock did."""

    def with_stage(original: type[Staged]) -> Callable[..., Staged]:
        def staged(session: Session, stages: list[Stage], holding: HoldingStage | None = None) -> Staged:
            return original(session, [make(), *stages], holding)

        return staged

    return Replacement(hamsa_mock.mock, "Staged", with_stage)


def chosen(slug: str, value: BehaviourValue) -> Change:
    """A number or an option is one that the documents rule out. Raises CatalogueError when it is applied."""
    return Chosen(slug, value)
