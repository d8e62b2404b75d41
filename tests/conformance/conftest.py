"""What the tests of the suite share."""

import os
from collections.abc import Iterator
from multiprocessing import resource_tracker

import pytest

from hamsa_conformance.client.server import Server
from hamsa_mock import MockServer
from tests.conformance.bench import bench_of

if os.name == "posix":
    resource_tracker.ensure_running()  # it comes with the first process and stays: its pipe is no leak of a test


@pytest.fixture
def mock() -> Iterator[MockServer]:
    """A mock as it comes."""
    with MockServer() as running:
        yield running


@pytest.fixture
def server(mock: MockServer) -> Iterator[Server]:
    """The mock as a case sees it."""
    with bench_of(mock) as bench:
        server = bench.server()
        yield server
        for connection in server.connections:
            connection.release()
