"""Where cases are tried: a server for each attempt, in the state in which it was found."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any

from hamsa_conformance.client.endpoint import Endpoint
from hamsa_conformance.client.keys import Credentials
from hamsa_conformance.client.server import Server
from hamsa_conformance.client.spending import Meter
from hamsa_conformance.client.timekeeping import MockTime, RealTime
from hamsa_conformance.judgement import NotTried
from hamsa_conformance.running.budget import over_budget
from hamsa_conformance.running.found_mock import FoundMock
from hamsa_conformance.running.gate import Limits, LimitsGate
from hamsa_conformance.running.own_mock import NoMock, own_mock
from hamsa_kit.mock_client import MockClient


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a server is. `admin_url`: of the mock that it is; None: it is none, or it is not to be steered."""

    ws_url: str
    http_url: str
    admin_url: str | None = None
    admin_token: str | None = field(default=None, repr=False)
    ca_file: str | None = None
    timeout: float = 10.0
    seed: int = 0


class Bench:
    """Hands out the server."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint

    def begin(self, slug: str, characters: int = 0, kept: int = 0) -> None:
        """Another case begins, which has so many characters spoken in an attempt. `kept`: so many are for cases that go
        before its second attempt."""

    def server(self) -> Server:
        """The server, for one attempt. Errors: NotTried where there may not be one more."""
        return Server(self.endpoint)


class LimitedBench(Bench):
    """A server that is not ours: it is used at a moderate pace, and no more is spent than may be.

    While something is held back, what comes on open connections is taken in, and pings are answered.
    """

    def __init__(self, endpoint: Endpoint, limits: Limits, tell: Callable[[float, str], None]) -> None:
        """`tell`: as in `Pace`."""
        self._gate = LimitsGate(limits, endpoint.time.now, self._sleep, tell)
        super().__init__(replace(endpoint, meter=Meter(self._gate)))
        self._characters = self._kept = self._attempts = 0
        self._current = Server(self.endpoint)

    def begin(self, slug: str, characters: int = 0, kept: int = 0) -> None:
        self._characters, self._kept, self._attempts = characters, kept, 0

    def server(self) -> Server:
        budget = self._gate.budget
        budget.kept = self._kept if self._attempts else 0
        if self._attempts and not budget.allows(self._characters):
            raise NotTried(over_budget(self._characters, budget.cap))
        self._attempts += 1
        self._current = Server(self.endpoint)
        return self._current

    def _sleep(self, seconds: float) -> None:
        self._current.wait(seconds)


class MockBench(Bench):
    """A mock is brought back to where it was for each attempt: as at its start, with the behaviours and faults that it
    had when the suite came, and a clock that stands still.

    Its chance is another one in each attempt. With the same one, every attempt would meet the same answers that are cut
    short, and a second one would be for nothing. It follows from the seed, the case and the number of the attempt
    alone, so that equal runs are equal, whatever else is tried in them.
    """

    def __init__(self, endpoint: Endpoint, mock: MockClient, time: MockTime) -> None:
        super().__init__(endpoint)
        self._found = FoundMock(mock)
        self._time = time
        self._slug, self._attempts = "", 0

    def begin(self, slug: str, characters: int = 0, kept: int = 0) -> None:
        self._slug, self._attempts = slug, 0

    def server(self) -> Server:
        self._attempts += 1
        self._found.restore(seed_of(self.endpoint.seed, self._slug, self._attempts))
        self._time.restart()
        return Server(self.endpoint)

    def leave(self) -> None:
        """Give the mock back as it was found, with its clock."""
        self._found.restore_with_clock()


@contextmanager
def bench_at(
    place: Place, limits: Limits | None = None, tell: Callable[[float, str], None] = lambda seconds, why: None
) -> Iterator[Bench]:
    """The bench for a place. `limits`: of a server that is not ours; `tell`: as in `Pace`. Errors: MockUnreachable,
    MockRefused."""
    common: dict[str, Any] = {
        "ws_url": place.ws_url,
        "http_url": place.http_url,
        "timeout": place.timeout,
        "ca_file": place.ca_file,
        "seed": place.seed,
    }
    if place.admin_url is None:
        endpoint = Endpoint(time=RealTime(), credentials=Credentials.of_environment(), **common)
        yield Bench(endpoint) if limits is None else LimitedBench(endpoint, limits, tell)
        return
    mock = MockClient(place.admin_url, place.admin_token, place.ca_file)
    time = MockTime(mock.clock)
    try:
        endpoint = Endpoint(time=time, credentials=credentials_of(mock), mock=mock, **common)
        bench = MockBench(replace(endpoint, spare=lambda: spare_of(endpoint, mock)), mock, time)
        try:
            yield bench
        finally:
            bench.leave()
    finally:
        time.close()


@contextmanager
def spare_of(endpoint: Endpoint, mock: MockClient) -> Iterator[Endpoint]:
    """Another mock with the configuration of this one, in real time. Errors: NotTried where none can be started."""
    try:
        with own_mock(mock.config()) as ready:
            spare = MockClient(ready["admin_url"], ca_file=endpoint.ca_file)
            spare.clock.unfreeze()
            yield replace(
                endpoint,
                ws_url=spare.ws_url,
                http_url=spare.http_url,
                time=RealTime(),
                credentials=credentials_of(spare),
                mock=spare,
            )
    except NoMock as error:
        raise NotTried(str(error)) from error


def seed_of(seed: int, slug: str, attempt: int) -> int:
    """The seed of a mock in an attempt at a case, of a run with a seed."""
    digest = blake2b(f"{seed} {slug} {attempt}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big")


def credentials_of(mock: MockClient) -> Credentials:
    """The keys and voices that a mock has."""
    keys = [entry["key"] for entry in mock.read("hamsa", "keys")]
    voices = [entry["id"] for entry in mock.read("hamsa", "voices")]
    return Credentials.of_mock(mock.key, keys, voices)
