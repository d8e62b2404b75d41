"""Where a server is, and how it is reached."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from hamsa_conformance.client.keys import Credentials
from hamsa_conformance.client.spending import Meter
from hamsa_conformance.client.timekeeping import Time
from hamsa_kit.mock_client import MockClient


@dataclass
class Habits:
    """What was learned of a server in earlier attempts. `greets`: whether it sends the info message (API-2)."""

    greets: bool = True


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """`ws_url`: the whole endpoint without a key; `http_url`: the origin of the REST routes. `mock`: what steers it;
    None: it cannot be steered. `spare`: starts another mock that is like it, which a case may end. `timeout`: so many
    seconds are waited for a message.
    """

    ws_url: str
    http_url: str
    time: Time
    credentials: Credentials
    mock: MockClient | None = None
    spare: "Callable[[], AbstractContextManager[Endpoint]] | None" = None
    timeout: float = 10.0
    ca_file: str | None = None
    seed: int = 0
    meter: Meter = field(default_factory=Meter)
    habits: Habits = field(default_factory=Habits)
