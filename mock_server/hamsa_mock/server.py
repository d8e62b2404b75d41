"""The mock in a thread of its own, for tests and programs in the same process."""

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from hamsa_mock.shell.loops import loop_factory
from hamsa_mock.shell.sockets import LOOPBACK

# All else is imported when a mock is made: that takes a third of a second, and the command line, which imports
# this module before any other of its own, has to be able to catch a Ctrl-C in the meantime.
if TYPE_CHECKING:
    from hamsa_kit.mock_client import MockBehaviours, MockClient, MockClock, MockConnections, MockFaults, MockJournal
    from hamsa_mock.shell.addresses import Addresses
    from hamsa_mock.stages.request_log import LogLine
    from hamsa_schemas import BehaviourValue


LOGGER = logging.getLogger("hamsa_mock.tls")

NOT_RUNNING = "the mock is not running; use it as a context manager, or call start()"


class MockServer:
    """A running mock, as context manager or async context manager.

    >>> with MockServer(profile="instant") as mock:
    ...     print(mock.ws_url, mock.key)

    `config`: a config file, or what one holds. Every other argument goes before it; of a file, what concerns the
    console alone is not used. `port` 0 takes a free one. `behaviours`: what differs from the profile, by slug.
    `faults`: what is armed from the start, such as `close(4003) after chunk 3`. `loop`: `auto`, `asyncio` or `uvloop`.
    `log` is called in the mock's thread, with a line for every request, refusal and close.

    `tls`: on wss:// and https://, with a certificate for this machine and `tls_names`, which is kept in `tls_dir`
    (None: where the platform keeps such files); or with your own, `tls_cert` and `tls_key`. Clients trust `ca_file`.
    """

    def __init__(
        self,
        *,
        config: "str | Path | Mapping[str, Any] | None" = None,
        host: str | None = None,
        port: int | None = None,
        profile: str | None = None,
        behaviours: "Mapping[str, BehaviourValue] | None" = None,
        faults: "Sequence[str | Mapping[str, Any]] | None" = None,
        seed: int | None = None,
        loop: str | None = None,
        log: "Callable[[LogLine], None] | None" = None,
        tls: bool | None = None,
        tls_names: Sequence[str] | None = None,
        tls_dir: "str | Path | None" = None,
        tls_cert: "str | Path | None" = None,
        tls_key: "str | Path | None" = None,
    ) -> None:
        """Raises hamsa_schemas.CatalogueError for a profile, behaviour or value that does not exist, and ValueError
        for a port, loop or fault that does not exist; ConfigError, a ValueError too, for a config that cannot be used.
        With `tls`: TlsMistake for what cannot be served, and CannotKeep where certificates cannot be written."""
        from hamsa_mock.admin.guard import host_names
        from hamsa_mock.config.file import config_of
        from hamsa_mock.shell.serving import make_mock
        from hamsa_mock.shell.site import Site
        from hamsa_mock.shell.tls import make_tls

        read = config_of(config)
        host = read.setting(host, LOOPBACK, "host")
        port = read.setting(port, 0, "port")
        profile = read.setting(profile, "documented", "profile")
        seed = read.setting(seed, 0, "seed")
        if not 0 <= port <= 65535:
            raise ValueError(f"port {port} does not exist; ports are 0 to 65535, and 0 takes a free one")
        self._mock = make_mock(profile, behaviours, seed, log, read, read.setting(faults, (), "faults"))
        self._loop_factory = loop_factory(read.setting(loop, "auto", "loop"))
        served_with = make_tls(
            read.setting(tls, False, "tls", "enabled"),
            host,
            read.setting(tls_names, (), "tls", "names"),
            read.setting(tls_dir, None, "tls", "dir"),
            read.setting(tls_cert, None, "tls", "cert"),
            read.setting(tls_key, None, "tls", "key"),
        )
        if served_with is not None and served_with.warning is not None:
            LOGGER.warning(served_with.warning)
        self._site = Site(
            host,
            port,
            served_with,
            read.setting(None, None, "admin_port"),
            host_names(read.setting(None, (), "admin_hosts")),
        )
        self._client: MockClient | None = None
        self._thread: threading.Thread | None = None
        self._addresses: Addresses | None = None
        self._ends = threading.Event()
        self._wake: Callable[[], None] = lambda: None

    @property
    def ws_url(self) -> str:
        """The whole WebSocket endpoint of Hamsa, without a key."""
        return self._running.ws_url

    @property
    def http_url(self) -> str:
        """The origin of the REST routes, without a path."""
        return self._running.http_url

    @property
    def ca_file(self) -> Path | None:
        """The certificate that clients have to trust. None: without TLS, or with a certificate of your own."""
        return self._running.ca_file

    @property
    def key(self) -> str:
        """A key that is accepted."""
        return self._running.keys[0]

    @property
    def client(self) -> "MockClient":
        """What steers the mock from any thread but its own."""
        if self._client is None:
            raise RuntimeError(NOT_RUNNING)
        return self._client

    @property
    def clock(self) -> "MockClock":
        """The clock, as in `mock.clock.advance(3600)`."""
        return self.client.clock

    @property
    def behaviours(self) -> "MockBehaviours":
        """The behaviours, as in `mock.behaviours["hamsa.tts.truncation"] = "never"`."""
        return self.client.behaviours

    @property
    def faults(self) -> "MockFaults":
        """The faults, as in `mock.faults.arm("close(4003) after chunk 3")`."""
        return self.client.faults

    @property
    def journal(self) -> "MockJournal":
        """The journal, as in `mock.journal.verify(event="tts", exactly=3)`."""
        return self.client.journal

    @property
    def connections(self) -> "MockConnections":
        """The open connections."""
        return self.client.connections

    def reset(self, *, close_connections: bool = False) -> None:
        """Be as at the start. Connections stay open, unless they are to be closed."""
        self.client.reset(close_connections=close_connections)

    @property
    def _running(self) -> "Addresses":
        if self._addresses is None:
            raise RuntimeError(NOT_RUNNING)
        return self._addresses

    def start(self) -> Self:
        """Return when connections are taken. Raises CannotListen where the address is taken."""
        if self._thread is not None:
            raise RuntimeError("the mock is running already")
        started: Future[Addresses] = Future()
        self._ends.clear()
        self._thread = threading.Thread(target=self._run, args=(started,), name="hamsa-mock", daemon=True)
        self._thread.start()
        try:
            self._addresses = started.result()
            self._client = self._make_client(self._addresses)
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Close every connection with 1001, and return when the thread has ended."""
        self._ends.set()
        self._wake()
        if self._thread is not None:
            self._thread.join()
        self._thread = None
        self._addresses = None
        self._client = None

    def _make_client(self, addresses: "Addresses") -> "MockClient":
        from hamsa_kit.mock_client import MockClient

        ca_file = None if addresses.ca_file is None else str(addresses.ca_file)
        return MockClient(addresses.admin_url, addresses.admin_token, ca_file, self._forbid_own_thread)

    def _forbid_own_thread(self) -> None:
        """Who waits in the mock's thread for the mock to do something waits for ever."""
        if threading.current_thread() is self._thread:
            raise RuntimeError("the mock cannot be steered from its own thread, such as from its log")

    def _run(self, started: "Future[Addresses]") -> None:
        try:
            with asyncio.Runner(loop_factory=self._loop_factory) as runner:
                runner.run(self._serve(started))
        except BaseException as error:
            if started.done():
                raise
            started.set_exception(error)

    async def _serve(self, started: "Future[Addresses]") -> None:
        from hamsa_mock.shell.serving import serve

        loop = asyncio.get_running_loop()
        stop = asyncio.Event()

        def wake() -> None:
            with suppress(RuntimeError):  # the loop has ended by itself
                loop.call_soon_threadsafe(stop.set)

        self._wake = wake
        if self._ends.is_set():  # it was, before there was anything to wake
            return
        await serve(self._mock, self._site, started.set_result, stop)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        return await asyncio.to_thread(self.start)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.stop)
