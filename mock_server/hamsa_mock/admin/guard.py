"""Who may steer the mock: pages of other sites, and other machines, may not.

Bound to loopback, everybody on this machine may; a page in a browser that got here by DNS rebinding names another
host, and one that posts across sites names its origin. Bound wider, a token is asked for instead.
"""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

HEALTH_PATHS = ("/health", "/ready")
"""Below the API's path; answered to anybody, without a word about what the mock knows."""


@dataclass(frozen=True, slots=True)
class Denied:
    """Why a request is refused: the HTTP status, the message, and headers."""

    status: int
    message: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Guard:
    """`token`: what a request has to bring; None: the mock is bound to loopback, and hosts are looked at instead.
    `hosts`: names that are allowed besides those of loopback.
    """

    token: str | None = None
    hosts: frozenset[str] = frozenset()

    def judge(self, path: str, headers: Mapping[str, str]) -> Denied | None:
        """None: the request may be answered. `path` is below the API's own, header names are in lower case."""
        if path in HEALTH_PATHS:
            return None
        if self.token is not None:
            return self._judge_token(headers.get("authorization", ""), self.token)
        host = headers.get("host", "")
        if not self._is_here(_host_of(f"//{host}")):
            words = "the Host header is not one of this mock's; --allow-host NAME adds a name"
            return Denied(403, words, {})
        origin = headers.get("origin")
        if origin is not None and not self._is_here(_host_of(origin)):
            return Denied(403, "pages of other origins may not steer the mock; --allow-host NAME adds a name", {})
        if headers.get("sec-fetch-site") == "cross-site":
            return Denied(403, "pages of other sites may not steer the mock", {})
        return None

    def _judge_token(self, sent: str, token: str) -> Denied | None:
        scheme, _, credentials = sent.partition(" ")
        if scheme.lower() == "bearer" and hmac.compare_digest(credentials.strip().encode(), token.encode()):
            return None
        words = (
            "this mock is reachable from other machines: send its token as Authorization: Bearer TOKEN; it was printed"
            " at the start, or set by HAMSA_MOCK_ADMIN_TOKEN"
        )
        return Denied(401, words, {"WWW-Authenticate": "Bearer"})

    def _is_here(self, host: str | None) -> bool:
        if host is None:
            return False
        if host == "localhost" or host.endswith(".localhost") or host in self.hosts:
            return True
        try:
            return ip_address(host).is_loopback
        except ValueError:
            return False


def host_names(names: Iterable[str]) -> frozenset[str]:
    """Names as `Guard` compares them: in lower case, without a port. Raises ValueError for what is none."""
    found: set[str] = set()
    for name in names:
        host = _host_of(f"//{name}")
        if host is None:
            raise ValueError(f"{name!r} is no name of a host")
        found.add(host)
    return frozenset(found)


def _host_of(url: str) -> str | None:
    """The host of a URL in lower case, without port and brackets; None where there is none."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    return host.rstrip(".") if host else None
