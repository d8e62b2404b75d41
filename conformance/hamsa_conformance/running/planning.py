"""Which cases are tried at a server, in which order, and why the others are not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hamsa_conformance.case import Case, Cost, Need
from hamsa_conformance.client.keys import Credentials, variable
from hamsa_conformance.running.budget import affordable, by_importance, estimate, over_budget


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What there is for cases. `is_mock`: the server can be steered, so nothing is slow, and nobody minds anything.
    `budget`: so many characters may be spoken; None: any number."""

    is_mock: bool
    credentials: Credentials
    slow: bool = False
    intrusive: bool = False
    budget: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """`tried`: in this order. `skipped`: the reason, by slug."""

    tried: tuple[Case, ...]
    skipped: Mapping[str, str]

    @property
    def cost(self) -> Cost:
        """What it costs at most, if each case is tried once."""
        return estimate(self.tried)


def plan(cases: Sequence[Case], conditions: Conditions) -> Plan:
    """What to do with cases. Where money may be spent, the most important ones come first."""
    skipped: dict[str, str] = {}
    tried: list[Case] = []
    for case in cases:
        reason = missing(case, conditions)
        if reason is None:
            tried.append(case)
        else:
            skipped[case.slug] = reason
    if not conditions.is_mock:
        tried = by_importance(tried)
    if conditions.budget is not None:
        tried, too_much = affordable(tried, conditions.budget)
        skipped |= {case.slug: over_budget(case.takes.characters, conditions.budget) for case in too_much}
    return Plan(tuple(tried), skipped)


def missing(case: Case, conditions: Conditions) -> str | None:
    """What a case needs and does not have, in words; None: nothing. A mock has all, or says what it has not."""
    if conditions.is_mock:
        return None
    return next((words for need in case.needs if (words := _missing(need, case, conditions)) is not None), None)


def _missing(need: Need, case: Case, conditions: Conditions) -> str | None:
    if need == "mock":
        return "needs a server that can be steered: the mock"
    if need == "slow":
        return None if conditions.slow else "waits long in real time; --slow tries it"
    if need == "intrusive":
        return None if conditions.intrusive else f"{case.does}; --intrusive tries it"
    kind, _, name = need.partition(":")
    if conditions.credentials.has(kind, name):
        return None
    return f"no {name} {kind}; give one in {variable(kind, name)}"
