"""Where a mock is to be reached, and by whom it may be steered."""

import os
from dataclasses import dataclass, field

from hamsa_mock.shell.sockets import LOOPBACK
from hamsa_mock.shell.tls import Tls

TOKEN_VARIABLE = "HAMSA_MOCK_ADMIN_TOKEN"


@dataclass(frozen=True, slots=True)
class Site:
    """`port` 0: a free one. `tls` None: ws:// and http://.

    `admin_port` None: the admin API is on the same port as all else. `admin_hosts`: names by which it may be called
    besides those of loopback, as `host_names` gives them. `admin_token`: what it asks for where other machines reach
    it, by default what the environment says; None: one is made up.
    """

    host: str = LOOPBACK
    port: int = 0
    tls: Tls | None = None
    admin_port: int | None = None
    admin_hosts: frozenset[str] = frozenset()
    admin_token: str | None = field(default_factory=lambda: os.environ.get(TOKEN_VARIABLE) or None, repr=False)
