"""Fails tests that reach for a vendor's host.

An audit hook sees each look-up and each connection of Python's sockets, whoever asks for it; event loops that do
without Python's sockets, such as uvloop, look names up unseen. The hook cannot be removed, so it is idle outside of
tests.
"""

import asyncio
import linecache
import sys
import traceback
from collections.abc import Generator, Iterator
from pathlib import Path
from types import FrameType

import pytest

from hamsa_kit.vendors import is_vendor_host

LIBRARIES = tuple({sys.prefix, sys.base_prefix, str(Path(pytest.__file__).parents[1])})
EVENTS = ("socket.getaddrinfo", "socket.gethostbyname", "socket.connect", "socket.sendto")


class LiveHost(RuntimeError):
    """The process reached for a vendor's host in a test that may not."""


class LiveGuardPlugin:
    """Watches each test, its fixtures included."""

    def __init__(self) -> None:
        self._test = ""
        self._watching = False
        self._caught: list[str] = []
        sys.addaudithook(self._hear)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> "Generator[None, object, object]":
        self._caught.clear()
        self._test = item.nodeid
        self._watching = True
        try:
            return (yield)
        finally:
            self._watching = False

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self) -> Generator[None, None, None]:
        yield from self._judged()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Generator[None, None, None]:
        yield from self._judged()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self) -> Generator[None, None, None]:
        yield from self._judged()

    def _judged(self) -> Generator[None, None, None]:
        """Who reached may have swallowed the error, or another thread got it."""
        try:
            yield
            caught = list(self._caught)
        finally:
            self._caught.clear()
        if caught:
            pytest.fail(caught[0], pytrace=False)

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self._watching or event not in EVENTS:
            return
        host = _host_of(event, arguments)
        if host is None or not is_vendor_host(host):
            return
        place = _place() or f"a line of {self._test} that its thread does not show"
        words = f"this test reached for {host}, which hamsa_forbid_live forbids, at {place}"
        self._caught.append(words)
        raise LiveHost(words)


def _host_of(event: str, arguments: tuple[object, ...]) -> str | None:
    host: object = arguments[0]
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) and address else None
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    return host if isinstance(host, str) else None


def _place() -> str | None:
    """The innermost line that belongs to no library, of this thread or of a task that waits for it meanwhile."""
    frames = [frame for frame, _ in traceback.walk_stack(sys._getframe(2))]
    frame = next((frame for frame in [*frames, *_waiting_tasks()] if _is_own(frame.f_code.co_filename)), None)
    if frame is None:
        return None
    name, number = frame.f_code.co_filename, frame.f_lineno
    return f"{name}:{number}: {linecache.getline(name, number).strip()}"


def _waiting_tasks() -> Iterator[FrameType]:
    """Where the tasks of asyncio's loops wait, innermost first: a loop looks names up in a thread of its own."""
    for top in sys._current_frames().values():
        for frame, _ in traceback.walk_stack(top):
            loop = frame.f_locals.get("self") if frame.f_code.co_name == "run_forever" else None
            if isinstance(loop, asyncio.AbstractEventLoop):
                for task in asyncio.all_tasks(loop):
                    yield from reversed(task.get_stack())


def _is_own(file: str) -> bool:
    return not file.startswith((*LIBRARIES, "<"))
