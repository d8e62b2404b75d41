"""What the admin API steers: one running mock with its connections and its end."""

from collections.abc import Callable
from dataclasses import dataclass

from hamsa_mock.mock import Mock
from hamsa_mock.shell.addresses import Addresses
from hamsa_mock.shell.hub import Hub


@dataclass(frozen=True, slots=True)
class Controls:
    """`stop` ends the mock as Ctrl-C does."""

    hub: Hub
    addresses: Addresses
    stop: Callable[[], None]

    @property
    def mock(self) -> Mock:
        """The mock without its sockets."""
        return self.hub.mock
