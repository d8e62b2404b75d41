"""The mock in a thread of its own, for tests and programs in the same process."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Self

from hamsa_mock.shell.loops import loop_factory
from hamsa_mock.shell.sockets import LOOPBACK

# All else is imported when a mock is made: that takes a third of a second, and the command line, which imports
# this module before any other of its own, has to be able to catch a Ctrl-C in the meantime.
if TYPE_CHECKING:
    from hamsa_mock.shell.addresses import Addresses
    from hamsa_mock.stages.request_log import LogLine
    from hamsa_schemas import BehaviourValue


class MockServer:
    """A running mock, as context manager or async context manager.

    >>> with MockServer(profile="instant") as mock:
    ...     print(mock.ws_url, mock.key)

    `port` 0 takes a free one. `behaviours`: what differs from the profile, by slug. `loop`: `auto`, `asyncio` or
    `uvloop`. `log` is called in the mock's thread, with a line for every request, refusal and close.
    """

    def __init__(
        self,
        *,
        host: str = LOOPBACK,
        port: int = 0,
        profile: str = "documented",
        behaviours: "Mapping[str, BehaviourValue] | None" = None,
        seed: int = 0,
        loop: str = "auto",
        log: "Callable[[LogLine], None] | None" = None,
    ) -> None:
        """Raises hamsa_schemas.CatalogueError for a profile, behaviour or value that does not exist, and ValueError
        for a port or loop that does not exist."""
        from hamsa_mock.shell.serving import make_mock

        if not 0 <= port <= 65535:
            raise ValueError(f"port {port} does not exist; ports are 0 to 65535, and 0 takes a free one")
        self._mock = make_mock(profile, behaviours, seed, log)
        self._host = host
        self._port = port
        self._loop_factory = loop_factory(loop)
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
    def key(self) -> str:
        """A key that is accepted."""
        return self._running.keys[0]

    @property
    def _running(self) -> "Addresses":
        if self._addresses is None:
            raise RuntimeError("the mock is not running; use it as a context manager, or call start()")
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
        await serve(self._mock, self._host, self._port, started.set_result, stop)

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
