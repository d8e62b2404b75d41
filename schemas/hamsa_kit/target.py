"""Where a tool is pointed at, what is there, and what its user has to say yes to first."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Literal, TypeAlias
from urllib.parse import parse_qsl, urlsplit

from hamsa_kit.admin_calls import AdminCalls, MockUnreachable
from hamsa_kit.mock_client import MockClient
from hamsa_kit.redaction import is_secret, shown_path
from hamsa_kit.vendors import is_vendor_host
from hamsa_schemas import load_facts
from hamsa_schemas.errors import suggestion

ADMIN_PATH = "/__mock__"
TOKEN_VARIABLE = "HAMSA_MOCK_ADMIN_TOKEN"
PROBE_SECONDS = 5.0
PROBE_BYTES = 1 << 20
"""So long an admin API may take for one answer, and so much of it is read: what is there may be anything."""

Kind: TypeAlias = Literal["mock", "local", "elsewhere", "vendor"]
"""`mock`: it can be steered. `local`: something else on this machine. `vendor`: a service's own host, by its name,
whatever address that has. `elsewhere`: all else."""

_SCHEMES = {"ws": False, "wss": True, "http": False, "https": True}


class TargetError(ValueError):
    """A target that cannot be used. The text says what is wrong with it, and shows no key."""


@dataclass(frozen=True, slots=True)
class TargetUrl:
    """Where a server is. `endpoint`: the path of its WebSocket. `had_key`: a key stood in what was written; it was
    taken out."""

    host: str
    port: int | None
    secure: bool
    endpoint: str
    had_key: bool = False

    @property
    def ws_url(self) -> str:
        """The whole WebSocket endpoint, without a key."""
        return f"{'wss' if self.secure else 'ws'}://{self._place}{self.endpoint}"

    @property
    def http_url(self) -> str:
        """The origin of the REST routes, without a path."""
        return f"{'https' if self.secure else 'http'}://{self._place}"

    @property
    def admin_url(self) -> str:
        """Where a mock would have its admin API, unless that has a port of its own."""
        return f"{self.http_url}{ADMIN_PATH}"

    @property
    def is_loopback(self) -> bool:
        """Whether its name says that it is on this machine. Names are not looked up."""
        if self.host == "localhost" or self.host.endswith(".localhost"):
            return True
        address = _address(self.host)
        return address is not None and address.is_loopback

    @property
    def is_vendor(self) -> bool:
        """Whether it is a service's own host, whatever address its name has."""
        return is_vendor_host(self.host)

    @property
    def _place(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None else f"{host}:{self.port}"


def parse_target(text: str, provider: str = "hamsa") -> TargetUrl:
    """The target that somebody wrote: a ws, wss, http or https URL, with or without the path of the endpoint.

    A key in it is taken out. Raises TargetError.
    """
    text = text.strip()
    if not text:
        raise TargetError("a target is a URL, such as ws://127.0.0.1:8765")
    scheme, separator, rest = text.partition("://")
    if not separator:
        raise TargetError(f"{_shown(text)!r} begins with no scheme; write ws://{_shown(text)}, or wss:// for TLS")
    if scheme.lower() not in _SCHEMES:
        raise TargetError(f"no scheme {_shown(scheme)!r}; {suggestion(scheme, _SCHEMES)}")
    try:
        parts = urlsplit(text)
        host, port = _host(parts.hostname), parts.port
    except ValueError as error:
        raise TargetError(f"{_shown(rest)!r} is no host and port: {error}") from None
    if port == 0:
        raise TargetError("nothing can be reached at port 0; ports are 1 to 65535")
    endpoint = load_facts(provider).text("endpoint.realtime")
    if parts.path.rstrip("/") not in ("", endpoint):
        raise TargetError(f"the path {shown_path(parts.path)!r} is not the service's; leave it out or write {endpoint}")
    had_key = "@" in parts.netloc or any(is_secret(name) for name, _ in parse_qsl(parts.query, keep_blank_values=True))
    if parts.fragment or (parts.query and not had_key):
        raise TargetError(f"a target ends with its path; leave out what follows {endpoint}")
    return TargetUrl(host, port, _SCHEMES[parts.scheme], endpoint, had_key)


def find_mock(
    url: TargetUrl, admin_url: str | None = None, token: str | None = None, ca_file: str | None = None
) -> MockClient | None:
    """What steers the mock at a target; None: it is none, as far as can be told.

    `admin_url`: where somebody says that its admin API is. Without that only this machine is asked: elsewhere it would
    be a request that nobody has agreed to, and would tell the token to whoever is there.

    Raises TargetError for a URL that can be no admin API, MockUnreachable where nothing answers at `admin_url`,
    MockRefused for a mock that asks for another token.
    """
    if admin_url is None and (url.is_vendor or not url.is_loopback):
        return None
    if url.is_vendor:
        raise TargetError(f"{url.host} is a vendor's host, which has no admin API; leave out --admin-url")
    where = url.admin_url if admin_url is None else admin_url.rstrip("/")
    try:
        calls = AdminCalls(where, token, ca_file, timeout=PROBE_SECONDS, most_bytes=PROBE_BYTES)
    except ValueError as error:
        raise TargetError(str(error)) from None
    try:
        is_mock = calls.get("ready") == {"status": "ok"}
    except (MockUnreachable, ValueError):  # nothing, HTTP of another kind, or what only says that it is JSON
        is_mock = False
    if is_mock:
        calls.get("info")  # anybody may ask whether it is ready, but not this
        return MockClient(where, token, ca_file)
    if admin_url is not None:
        raise MockUnreachable(
            f"no mock answers at {shown_path(where)}; its admin API is at http://HOST:PORT{ADMIN_PATH}"
        )
    return None


def kind_of(url: TargetUrl, is_mock: bool) -> Kind:
    """What a target is. `is_mock`: whether it can be steered."""
    if url.is_vendor:
        return "vendor"
    if is_mock:
        return "mock"
    return "local" if url.is_loopback else "elsewhere"


def consent(url: TargetUrl, kind: Kind, *, live: bool, has_budget: bool) -> str | None:
    """What its user has to say yes to before anything is sent to a target; None: nothing.

    A mock, or another server on this machine, may be used as it is. All else takes `--live`, and a cap of what it may
    cost.
    """
    if kind in ("mock", "local"):
        return None
    if not live and kind == "vendor":
        return (
            f"{url.host} is a vendor's own service, and what is spoken there costs money; --live says that you mean it"
        )
    if not live:
        return (
            f"{url.host} is not this machine; --live says that you mean it. If a mock is there, name its admin API by"
            f" --admin-url, and its token by {TOKEN_VARIABLE}"
        )
    if not has_budget:
        return f"what is spoken at {url.host} may cost money; cap it by --budget-chars, such as --budget-chars 5000"
    return None


def _host(name: str | None) -> str:
    """A host's name as it is looked up. Raises ValueError."""
    if not name:
        raise ValueError("the host is missing")
    address = _address(name)
    if address is not None and address.is_unspecified:
        raise ValueError("servers listen on it, but it is no address to reach one by; 127.0.0.1 is this machine")
    return name if ":" in name else name.encode("idna").decode()


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _shown(text: str) -> str:
    """What was written, without what may hold a key."""
    return shown_path(text.partition("?")[0].partition("#")[0].rpartition("@")[2])
