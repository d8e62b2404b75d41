"""HTTP to the admin API of a mock: one request, one connection, JSON both ways."""

import http.client
import json
import ssl
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

JSON_TYPE = "application/json"


class MockUnreachable(OSError):
    """The admin API does not answer."""


class MockRefused(ValueError):
    """The admin API has refused a request. `status` is that of HTTP, the text says why."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class AdminCalls:
    """`url` is that of the API, such as `http://127.0.0.1:8765/__mock__`; `token` what it asks for where it is
    reachable from other machines; `ca_file` the certificate to trust over TLS. `before` is called before each request
    and may raise. `timeout` is in seconds of real time. `most_bytes`: so much of an answer is read; None: all.
    """

    def __init__(
        self,
        url: str,
        token: str | None = None,
        ca_file: str | None = None,
        before: Callable[[], None] | None = None,
        timeout: float = 120.0,
        most_bytes: int | None = None,
    ) -> None:
        """Errors: ValueError for a URL that is none of HTTP."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or parts.hostname is None:
            raise ValueError(f"the URL of an admin API begins with http:// or https://, not {url!r}")
        self.url = url.rstrip("/")
        self._host, self._port, self._path = parts.hostname, parts.port, parts.path.rstrip("/")
        self._context = ssl.create_default_context(cafile=ca_file) if parts.scheme == "https" else None
        self._headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self._before = before
        self._timeout = timeout
        self._most_bytes = most_bytes

    def get(self, *path: str | int, **query: object) -> Any:
        """Content of a JSON answer, or bytes of another. Of `query` what is None is left out."""
        return self._send("GET", path, {name: value for name, value in query.items() if value is not None}, None)

    def send(self, method: str, *path: str | int, content: object = None) -> Any:
        """Send JSON, or nothing; what comes back as in `get`; None: nothing came back."""
        return self._send(method, path, {}, content)

    def _send(self, method: str, path: tuple[str | int, ...], query: dict[str, object], content: object) -> Any:
        if self._before is not None:
            self._before()
        target = "/".join([self._path, *(quote(str(part), safe="") for part in path)])
        if query:
            target += f"?{urlencode(query)}"
        body = None if content is None else json.dumps(content).encode()
        headers = self._headers | ({} if body is None else {"Content-Type": JSON_TYPE})
        connection = self._connection()
        try:
            connection.request(method, target, body, {**headers, "Connection": "close"})
            response = connection.getresponse()
            data = response.read(self._most_bytes)
        except (OSError, http.client.HTTPException) as error:
            raise MockUnreachable(f"no mock answers at {self.url}: {error or type(error).__name__}") from error
        finally:
            connection.close()
        return _content(response, data, self.url)

    def _connection(self) -> http.client.HTTPConnection:
        if self._context is None:
            return http.client.HTTPConnection(self._host, self._port, timeout=self._timeout)
        return http.client.HTTPSConnection(self._host, self._port, timeout=self._timeout, context=self._context)


def _content(response: http.client.HTTPResponse, data: bytes, url: str) -> Any:
    is_json = response.getheader("Content-Type", "").partition(";")[0] == JSON_TYPE
    try:
        content = json.loads(data) if is_json else data
    except (ValueError, RecursionError) as error:  # none, cut, or nested without end
        text = f"{url} answered with JSON that cannot be read; is it the admin API of a mock?"
        raise MockRefused(response.status, text) from error
    if response.status < 300:
        return content if data else None
    if isinstance(content, dict) and isinstance(content.get("message"), str):
        raise MockRefused(response.status, content["message"])
    raise MockRefused(response.status, f"{url} answered with HTTP {response.status}; is it the admin API of a mock?")
