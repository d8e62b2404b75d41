"""Where a running mock is reached: URLs, keys, and the ready file that hands them on."""

import errno
import json
import os
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from hamsa_mock.mock import Mock
from hamsa_mock.shell.tls import Tls
from hamsa_schemas.refusal import Place

READY_SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Addresses:
    """The URLs of one running mock. A bind to all interfaces is named by its loopback address."""

    mock: Mock
    host: str
    port: int
    tls: Tls | None = None
    admin_port: int | None = None
    """None: the admin API is on the same port."""
    admin_token: str | None = field(default=None, repr=False)
    """What the admin API asks for; None: nothing."""

    @property
    def origin(self) -> str:
        """`host:port`, as it stands in a URL."""
        return self._origin(self.port)

    @property
    def public(self) -> bool:
        """Whether other machines can connect."""
        return not ip_address(self.host).is_loopback

    @property
    def http_url(self) -> str:
        """The origin of the REST routes, without a path."""
        return f"{self._scheme}://{self.origin}"

    @property
    def ws_url(self) -> str:
        """The first provider's whole WebSocket endpoint, without a key."""
        return self.websocket_urls[self.mock.providers[0].name]

    @property
    def admin_url(self) -> str:
        """Where the mock itself is asked."""
        return f"{self._scheme}://{self._origin(self.port if self.admin_port is None else self.admin_port)}/__mock__"

    @property
    def websocket_urls(self) -> dict[str, str]:
        """Each provider's WebSocket endpoint."""
        scheme = "wss" if self.tls else "ws"
        return {provider.name: f"{scheme}://{self.origin}{provider.websocket_path}" for provider in self.mock.providers}

    @property
    def ca_file(self) -> Path | None:
        """The certificate that clients have to trust. None: without TLS, or with a certificate of the user's."""
        return self.tls.ca_file if self.tls else None

    @property
    def keys(self) -> list[str]:
        """The test keys that are accepted."""
        return [key for provider in self.mock.providers for key in provider.keys]

    @property
    def environment(self) -> dict[str, str]:
        """Variables that name the mock to programs which read their URLs and keys from the environment."""
        variables = {"HAMSA_MOCK_ADMIN_URL": self.admin_url}
        if self.ca_file is not None:
            variables |= {"HAMSA_MOCK_CA_FILE": str(self.ca_file), "NODE_EXTRA_CA_CERTS": str(self.ca_file)}
        for provider in self.mock.providers:
            variables |= provider.environment(self.websocket_urls[provider.name], self.http_url)
        return variables

    @property
    def settings(self) -> dict[Place, Any]:
        """The same as a config file has it, by place."""
        settings: dict[Place, Any] = {("host",): self.host, ("port",): self.port}
        return settings if self.admin_port is None else {**settings, ("admin_port",): self.admin_port}

    def ready(self) -> dict[str, Any]:
        """What the ready file holds."""
        return {
            "schema_version": READY_SCHEMA_VERSION,
            "pid": os.getpid(),
            "ws_url": self.ws_url,
            "http_url": self.http_url,
            "admin_url": self.admin_url,
            "ca_file": str(self.ca_file) if self.ca_file else None,
            "keys": self.keys,
            "environment": self.environment,
            "providers": {
                name: {"ws_url": url, "http_url": self.http_url} for name, url in self.websocket_urls.items()
            },
        }

    @property
    def _scheme(self) -> str:
        return "https" if self.tls else "http"

    def _origin(self, port: int) -> str:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    def write_ready_file(self, path: Path) -> None:
        """Written beside it and moved into place, so that nobody reads half a file. Raises OSError."""
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        try:
            part.write_text(json.dumps(self.ready(), indent=2) + "\n", encoding="utf-8")
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)

    def remove_ready_file(self, path: Path) -> None:
        """Take it away when the mock ends, but not one that another mock has put in its place."""
        with suppress(OSError, ValueError):  # gone already, or no longer ours
            if json.loads(path.read_text(encoding="utf-8")) == self.ready():
                path.unlink()


def clear_ready_file(path: Path) -> None:
    """Remove the ready file of an earlier run, which would name a mock that is gone.

    Raises OSError where something else is in its place, such as a folder, a device or a link.
    """
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISREG(mode):
        raise FileExistsError(errno.EEXIST, "it exists and is no regular file")
    path.unlink()
