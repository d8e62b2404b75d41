"""Conducts a run: from what the user asks for to the reports and the exit code."""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import ClassVar

import click

from hamsa_conformance.case import Case
from hamsa_conformance.cli.main import INTERRUPTED
from hamsa_conformance.cli.order import OWN_MOCKS, Order
from hamsa_conformance.cli.progress import Progress, clean
from hamsa_conformance.cli.signals import ended_by_signals
from hamsa_conformance.cli.summary import summary
from hamsa_conformance.client.keys import Credentials
from hamsa_conformance.report.profile_writer import NothingSeen, write_profile
from hamsa_conformance.report.writing import CannotWrite, check_folder, write_reports
from hamsa_conformance.result import Run, Target
from hamsa_conformance.running.bench import Place, credentials_of
from hamsa_conformance.running.budget import shown_cost
from hamsa_conformance.running.gate import Limits
from hamsa_conformance.running.judging import skipped
from hamsa_conformance.running.outcome import exit_code, unseen
from hamsa_conformance.running.own_mock import NoMock
from hamsa_conformance.running.planning import Conditions, Plan, plan
from hamsa_conformance.running.preflight import CannotJudge
from hamsa_conformance.running.run import run_cases
from hamsa_conformance.running.targets import Access, inspect, own_places, places_at, reach, steering
from hamsa_kit.admin_calls import MockRefused, MockUnreachable
from hamsa_kit.exit_codes import ExitCode
from hamsa_kit.mock_client import MockClient
from hamsa_kit.redaction import Redactor
from hamsa_kit.target import TOKEN_VARIABLE, Kind, TargetError, TargetUrl, consent, kind_of, parse_target
from hamsa_schemas.errors import WrongValue

CUT_SHORT = "the run was ended before it was tried"


class CannotRun(click.ClickException):
    """One line, and the exit code for what could not run."""

    exit_code: ClassVar[int] = ExitCode.COULD_NOT_RUN


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Where a run takes place. `limits`: of a server that is not ours; None: it is."""

    url: str
    facts: Mapping[str, str]
    places: Sequence[Place]
    credentials: Credentials
    limits: Limits | None = None
    token: str | None = field(default=None, repr=False)

    @property
    def secrets(self) -> frozenset[str]:
        """What nothing may show."""
        return self.credentials.secrets | ({self.token} if self.token else set())


def conduct(order: Order, cases: Sequence[Case]) -> int:
    """Judge a server, write what was asked for, and return the exit code. Raises click.ClickException."""
    with told_plainly(), ended_by_signals():
        _check_folders(order)
        with _ground(order, cases) as ground:
            return _judge(order, cases, ground)


@contextmanager
def told_plainly() -> Iterator[None]:
    """Whatever keeps a server from being judged becomes one line and an exit code. What a server says is quoted in some
    of them, so keys are hidden."""
    hide = Redactor(Credentials.of_environment().secrets).text
    try:
        yield
    except TargetError as error:
        raise click.UsageError(clean(hide(str(error)))) from error
    except (CannotJudge, CannotWrite, MockRefused, MockUnreachable, NoMock, WrongValue) as error:
        raise CannotRun(clean(hide(" ".join(str(error).split())))) from error


def _judge(order: Order, cases: Sequence[Case], ground: Ground) -> int:
    known = {case.slug: case for case in cases}
    planned = plan(cases, _conditions(order, ground.limits, ground.credentials))
    progress = Progress(planned.tried, Redactor(ground.secrets).text, verbose=order.verbose)
    for line in _beginning(ground, planned):
        progress.say(line)
    for slug, why in planned.skipped.items():
        progress.skipped(slug, why)
    begin, started = time.monotonic(), datetime.now(UTC)
    interrupted = False
    try:
        run_cases(planned.tried, ground.places, progress, ground.limits)
    except KeyboardInterrupt:
        interrupted = True
    progress.end()
    if interrupted:
        progress.interrupted()
    reasons = {case.slug: CUT_SHORT for case in planned.tried} | dict(planned.skipped)
    run = Run(
        provider=cases[0].provider,
        target=Target(url=ground.url, is_mock=ground.limits is None, facts=ground.facts),
        started=started.isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - begin, 3),
        seed=order.seed,
        strict=order.strict,
        options=order.given,
        estimated=planned.cost,
        results=tuple(progress.results.get(case.slug) or skipped(case, reasons[case.slug]) for case in cases),
    )
    unjudged = [*progress.unjudged, *([] if interrupted else unseen(run, known))]
    for line in summary(run, unjudged):
        progress.say(line)
    is_written = _write(order, run, known, ground, progress)
    return INTERRUPTED if interrupted else exit_code(run, known, is_written and not unjudged)


def _check_folders(order: Order) -> None:
    """Nothing is spent on what cannot be written in the end. Errors: CannotWrite."""
    if order.report_dir is not None:
        check_folder(order.report_dir)
    if order.write_profile is not None:
        check_folder(order.write_profile.parent)


def _write(order: Order, run: Run, cases: Mapping[str, Case], ground: Ground, progress: Progress) -> bool:
    """Write what was asked for; whether there was all of it. Errors: CannotWrite, WrongValue for a profile that no mock
    can have."""
    if order.report_dir is not None:
        for path in write_reports(run, cases, order.report_dir, ground.secrets):
            progress.say(f"report: {path}")
    if order.write_profile is not None:
        try:
            write_profile(run, order.write_profile)
        except NothingSeen as error:
            progress.say(str(error))
            return False
        progress.say(f"profile: {order.write_profile}")
    return True


@contextmanager
def _ground(order: Order, cases: Sequence[Case]) -> Iterator[Ground]:
    """Errors: click.UsageError, TargetError, CannotJudge, NoMock, MockUnreachable, MockRefused."""
    if order.target is None:
        with own_places(order.workers or OWN_MOCKS, order.timeout, order.seed) as places:
            credentials = credentials_of(MockClient(places[0].admin_url or ""))
            yield Ground(url=places[0].ws_url, facts={"kind": "mock"}, places=places, credentials=credentials)
        return
    url = parse_target(order.target)
    if url.had_key:
        click.echo("the key in --target is not used, and shells keep what is typed; keys are taken from HAMSA_API_KEY")
    token = os.environ.get(TOKEN_VARIABLE) or None
    access = Access(
        ca_file=order.ca_file, admin_url=order.admin_url, admin_token=token, timeout=order.timeout, seed=order.seed
    )
    mock = steering(url, access)
    kind = kind_of(url, mock is not None)
    limits = None if mock is not None else order.limits(kind)
    _agreed(order, cases, url, kind, limits)
    reached = reach(url, access, mock)
    facts = inspect(reached)
    with places_at(reached, order.workers or 1) as places:
        yield Ground(
            url=url.ws_url,
            facts=facts,
            places=places,
            credentials=reached.credentials,
            limits=limits,
            token=token,
        )


def _agreed(order: Order, cases: Sequence[Case], url: TargetUrl, kind: Kind, limits: Limits | None) -> None:
    """Nothing is sent that its user has not said yes to. Errors: click.UsageError."""
    if (order.workers or 1) > 1 and limits is not None:
        raise click.UsageError(
            f"-n {order.workers} is for mocks: a key's limit of requests holds for all workers together"
        )
    refusal = consent(url, kind, live=order.live, has_budget=order.budget_chars is not None)
    if refusal is not None:
        cost = plan(cases, _conditions(order, limits, Credentials.of_environment())).cost
        raise click.UsageError(f"{refusal}. The chosen cases cost at most {shown_cost(cost)}")


def _conditions(order: Order, limits: Limits | None, credentials: Credentials) -> Conditions:
    return Conditions(
        is_mock=limits is None,
        credentials=credentials,
        slow=order.slow,
        intrusive=order.intrusive,
        budget=None if limits is None else limits.characters,
    )


def _beginning(ground: Ground, planned: Plan) -> Iterator[str]:
    """What is told before the first case."""
    yield f"target: {ground.url} ({', '.join(f'{name}: {value}' for name, value in ground.facts.items())})"
    yield f"{len(planned.tried)} cases are tried, {len(planned.skipped)} are skipped"
    if ground.limits is not None:
        cap = ground.limits.characters
        capped = "no --budget-chars is given" if cap is None else f"--budget-chars {cap} is kept"
        yield f"they cost at most {shown_cost(planned.cost)}, and more if answers are cut short; {capped}"
        connections, requests = ground.limits.connections_per_minute, ground.limits.requests_per_minute
        minutes = max(round(len(planned.tried) / min(connections, requests / 3)), 1)
        yield f"they take about {minutes} min: {connections} new connections a minute at most, {requests} requests"
