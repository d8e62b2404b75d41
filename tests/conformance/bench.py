"""A mock in this process, and the server that cases are given of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from hamsa_conformance.case import Case, Kind, case
from hamsa_conformance.client.server import Server
from hamsa_conformance.result import Result
from hamsa_conformance.running.bench import Bench, Place, bench_at
from hamsa_conformance.running.judging import judge
from hamsa_mock import MockServer


def place_of(mock: MockServer, steered: bool = True, timeout: float = 10.0) -> Place:
    """Where a mock is. `steered`: False treats it like any other server."""
    admin_url = mock.client.admin_url if steered else None
    return Place(ws_url=mock.ws_url, http_url=mock.http_url, admin_url=admin_url, timeout=timeout)


@contextmanager
def bench_of(mock: MockServer, steered: bool = True, timeout: float = 10.0) -> Iterator[Bench]:
    """The bench for a mock in this process."""
    with bench_at(place_of(mock, steered, timeout)) as bench:
        yield bench


def story(run: Callable[[Server], None], kind: Kind = "required", **fields: Any) -> Case:
    """A case for a test."""
    return case("hamsa.tests.story", title="A story", expects="It ends well.", kind=kind, **fields)(run)


def judged(mock: MockServer, run: Callable[[Server], None], kind: Kind = "required", **fields: Any) -> Result:
    """What comes of a story at a mock."""
    with bench_of(mock) as bench:
        return judge(story(run, kind, **fields), bench.server)
