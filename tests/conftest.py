"""For all tests: what is left out on this machine is told at the end, and no test leaves anything running."""

import os
import threading
from collections.abc import Generator
from pathlib import Path

import pytest

from hamsa_mock.shell.loops import loop_factory

pytest_plugins = ["tests.tools.leftout"]

CHANNELS = pytest.StashKey[set[str]]()
THREADS = pytest.StashKey[set[threading.Thread]]()
DESCRIPTORS = Path("/proc/self/fd")
SECONDS_TO_END = 2.0


def open_channels() -> set[str]:
    """The sockets, pipes and event queues of this process, where the system shows them."""
    found: set[str] = set()
    if DESCRIPTORS.is_dir():
        for descriptor in DESCRIPTORS.iterdir():
            try:
                target = os.readlink(descriptor)
            except FileNotFoundError:
                continue  # the descriptor by which the folder is being read
            if target.startswith(("socket:", "pipe:", "anon_inode:[event")):
                found.add(f"{descriptor.name} -> {target}")
    return found


def pytest_configure() -> None:
    """libuv opens a pipe for signals when the first loop is made, and keeps it: that is no leak."""
    loop_factory()().close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Remember what is open before the test and its fixtures."""
    item.stash[CHANNELS] = open_channels()
    item.stash[THREADS] = set(threading.enumerate())
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test that leaves a thread, a socket or a pipe behind."""
    result = yield
    others = [thread for thread in threading.enumerate() if thread not in item.stash[THREADS]]
    for thread in others:
        thread.join(SECONDS_TO_END)  # those of libraries may be ending by themselves
    threads = [thread.name for thread in others if thread.is_alive()]
    before = item.stash[CHANNELS]
    channels = sorted(open_channels() - before)
    if threads or channels:
        pytest.fail(f"left behind: threads {threads}, descriptors {channels}")
    return result
