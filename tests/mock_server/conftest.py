"""Running mocks for tests."""

from collections.abc import Iterator

import pytest

from hamsa_mock import MockServer
from hamsa_mock.shell.loops import LOOPS
from hamsa_mock.stages.request_log import LogLine


class LoggingMock(MockServer):
    """A mock without delays that remembers what it told."""

    def __init__(self, loop: str = "auto", profile: str = "instant") -> None:
        self.lines: list[LogLine] = []
        super().__init__(profile=profile, loop=loop, log=self.lines.append)

    def told(self) -> list[LogLine]:
        """All that was told, when nothing more can come: the mock is stopped."""
        self.stop()
        return self.lines

    @property
    def url(self) -> str:
        """The endpoint with a key that is accepted."""
        return f"{self.ws_url}?api_key={self.key}"


@pytest.fixture
def mock() -> Iterator[LoggingMock]:
    """A mock without delays."""
    with LoggingMock() as running:
        yield running


@pytest.fixture(params=[loop for loop in LOOPS if loop != "auto"])
def mock_on_each_loop(request: pytest.FixtureRequest) -> Iterator[LoggingMock]:
    """The same on uvloop and on asyncio."""
    if request.param == "uvloop":
        pytest.importorskip("uvloop", reason="left out: uvloop; it does not exist for this platform")
    with LoggingMock(loop=request.param) as running:
        yield running
