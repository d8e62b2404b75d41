"""The mock as foreign clients meet it."""

from collections.abc import Iterator

import pytest

from tests.mock_server.command import RunningCommand, running_mock


@pytest.fixture
def mock() -> Iterator[RunningCommand]:
    """The command in a process of its own, without delays. Quiet, because nobody empties its output."""
    with running_mock("--profile", "instant", "--quiet") as command:
        yield command
