"""The one mock of a pytest process: its own, or one that runs elsewhere already."""

import os
from collections.abc import Mapping

import pytest

from hamsa_kit.admin_calls import MockUnreachable
from hamsa_kit.mock_client import MockClient
from hamsa_mock.server import MockServer
from hamsa_mock.shell.site import TOKEN_VARIABLE

URL_VARIABLE = "HAMSA_MOCK_URL"


class ProcessMock:
    """Starts a mock of its own, unless `HAMSA_MOCK_URL` names one, such as `http://127.0.0.1:8765`."""

    def __init__(self) -> None:
        """Ends the run where the mock that is named does not answer."""
        url = os.environ.get(URL_VARIABLE)
        self._server: MockServer | None = None
        self._before: dict[str, str | None] = {}
        if url:
            self.client = _running(url)
        else:
            self._server = MockServer(profile="instant").start()
            self.client = self._server.client

    def environment(self) -> Mapping[str, str]:
        """What programs read that do not get their URLs and keys otherwise."""
        return self.client.environment

    def set_environment(self) -> None:
        """Set it for all that follows, until `stop`."""
        for name, value in self.environment().items():
            self._before[name] = os.environ.get(name)
            os.environ[name] = value

    def stop(self) -> None:
        """End what was started, and put the environment back."""
        for name, value in self._before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        if self._server is not None:
            self._server.stop()


def _running(url: str) -> MockClient:
    base = url.rstrip("/").removesuffix("/__mock__")
    try:
        client = MockClient(f"{base}/__mock__", os.environ.get(TOKEN_VARIABLE))
        client.is_ready()
    except (MockUnreachable, ValueError) as error:
        pytest.exit(f"{URL_VARIABLE}={url}: {error}", pytest.ExitCode.USAGE_ERROR)
    return client
