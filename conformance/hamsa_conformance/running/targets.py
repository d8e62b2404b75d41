"""What a run is pointed at: mocks of its own, a mock that is there, or any other server."""

import ssl
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from hamsa_conformance.client.endpoint import Endpoint
from hamsa_conformance.client.keys import VALID, Credentials, variable
from hamsa_conformance.client.server import Server
from hamsa_conformance.client.socket_stream import Address, CannotConnect
from hamsa_conformance.client.timekeeping import RealTime
from hamsa_conformance.running.bench import Place, credentials_of
from hamsa_conformance.running.own_mock import own_mock
from hamsa_conformance.running.preflight import CannotJudge, is_reached_through, look
from hamsa_kit.mock_client import MockClient
from hamsa_kit.target import ADMIN_PATH, Kind, TargetError, TargetUrl, find_mock, kind_of

PROBE_SECONDS = 6.0
"""So long is waited for what says whether a mock is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How a server is reached. `timeout`: so many seconds are waited for a message."""

    ca_file: str | None = None
    admin_url: str | None = None
    admin_token: str | None = field(default=None, repr=False)
    timeout: float = 10.0
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A server that is there. `place`: for one worker; `kind`: what it is; `mock` steers it, where it can be."""

    place: Place
    kind: Kind
    mock: MockClient | None
    credentials: Credentials


def steering(url: TargetUrl, access: Access) -> MockClient | None:
    """What steers the mock at a target; None: it is none. Nothing else of it is asked, and that only where it may be.

    What never comes to an end is no mock. Errors: TargetError, also for certificates that cannot be read;
    MockUnreachable, MockRefused.
    """
    try:
        ssl.create_default_context(cafile=access.ca_file)
    except OSError as error:
        raise TargetError(f"{access.ca_file} holds no certificates: {error.strerror or error}") from error
    found: Future[MockClient | None] = Future()

    def find() -> None:
        try:
            found.set_result(find_mock(url, access.admin_url, access.admin_token, access.ca_file))
        except Exception as error:
            found.set_exception(error)

    threading.Thread(target=find, daemon=True).start()
    try:
        return found.result(PROBE_SECONDS)
    except TimeoutError:
        return None


def reach(url: TargetUrl, access: Access, mock: MockClient | None) -> Reached:
    """How a target is reached.

    Errors: TargetError where there is no key for it; CannotJudge where nobody is there; MockUnreachable, MockRefused.
    """
    try:
        Address.of(url.ws_url, access.ca_file).connect(PROBE_SECONDS).close()
    except CannotConnect as error:
        raise CannotJudge(str(error)) from error
    credentials = Credentials.of_environment() if mock is None else credentials_of(mock)
    if not credentials.has("key", VALID):
        raise TargetError(f"{url.host} has to be asked with a key; give it in {variable('key', VALID)}")
    place = Place(
        ws_url=url.ws_url,
        http_url=url.http_url,
        admin_url=None if mock is None else mock.admin_url,
        admin_token=access.admin_token,
        ca_file=access.ca_file,
        timeout=access.timeout,
        seed=access.seed,
    )
    return Reached(place=place, kind=kind_of(url, mock is not None), mock=mock, credentials=credentials)


def inspect(reached: Reached) -> dict[str, str]:
    """What is worth knowing of a server, for people, seen by connecting once. Errors: CannotJudge."""
    place = reached.place
    endpoint = Endpoint(
        ws_url=place.ws_url,
        http_url=place.http_url,
        time=RealTime(),
        credentials=reached.credentials,
        timeout=place.timeout,
        ca_file=place.ca_file,
    )
    if reached.mock is None:
        return {"kind": reached.kind, **look(Server(endpoint))}
    is_beside = place.admin_url == f"{place.http_url}{ADMIN_PATH}"
    if not is_beside and not is_reached_through(Server(endpoint), reached.mock):
        raise CannotJudge(f"the mock whose admin API is at {place.admin_url} is not what answers at {place.ws_url}")
    return {"kind": reached.kind}


@contextmanager
def places_at(reached: Reached, workers: int) -> Iterator[Sequence[Place]]:
    """Where the workers try their cases: at the server, or each at a mock of its own like the one that is there.

    Errors: NoMock.
    """
    if workers == 1 or reached.mock is None:
        yield [reached.place]
        return
    with own_places(workers, reached.place.timeout, reached.place.seed, reached.mock.config()) as places:
        yield places


@contextmanager
def own_places(workers: int, timeout: float, seed: int, config: str | None = None) -> Iterator[Sequence[Place]]:
    """As many mocks, for as long as the context lasts. `config`: in YAML. Errors: NoMock."""
    with ExitStack() as stack:
        mocks = [stack.enter_context(own_mock(config)) for _ in range(workers)]
        yield [
            Place(
                ws_url=mock["ws_url"],
                http_url=mock["http_url"],
                admin_url=mock["admin_url"],
                ca_file=mock["ca_file"],
                timeout=timeout,
                seed=seed,
            )
            for mock in mocks
        ]
