"""The server over HTTP: its REST routes, and requests that are sent as they are."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from urllib.parse import urlencode, urlsplit

from hamsa_conformance.client.attempt import Attempt
from hamsa_conformance.client.endpoint import Endpoint
from hamsa_conformance.client.keys import VALID
from hamsa_conformance.client.raw_http import RawHttp, RawRequest, Value, upgrade_request
from hamsa_conformance.client.rest import BrokenHttp, RestAnswer, RestCall, RestRequest, answer_entry, request_entry
from hamsa_conformance.client.socket_stream import Address
from hamsa_conformance.client.spending import characters_of
from hamsa_conformance.judgement import unmet


class HttpServer(Attempt):
    """What a case asks of it over HTTP."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint)
        self._http_address = Address.of(endpoint.http_url, endpoint.ca_file)
        self._rest_requests = 0

    def rest(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        key: str | None = VALID,
        headers: Mapping[str, str] | None = None,
        characters: int = 0,
        seconds: float = 0.0,
    ) -> RestAnswer:
        """Make a request with the key as documented, `Authorization: Token KEY` (PRE-1). `body`: JSON, or bytes as they
        are. `characters`, `seconds`: what it has spoken or heard. Errors: CannotConnect, Unmet for what is no HTTP."""
        fields = dict(headers or {})
        if key is not None:
            fields.setdefault("Authorization", self.authorization(key))
        return self.rest_at_once(RestRequest(method, path, body, fields), characters=characters, seconds=seconds)[0]

    def rest_at_once(self, *requests: RestRequest, characters: int = 0, seconds: float = 0.0) -> tuple[RestAnswer, ...]:
        """Make requests at the same time, as they are. `characters`, `seconds`: of each. Errors: as of `rest`."""
        calls: list[tuple[int, RestCall]] = []
        left = count(len(requests) - 1, -1)

        def sent() -> None:
            if next(left) == 0:
                self.disturbed()

        for request in requests:
            self.meter.connection()
            self.meter.request(max(characters, characters_of(request.content or b"")), seconds)
            call = RestCall(self._http_address, request, self.now, self.timeout, sent)
            calls.append((self.note_rest(request), call))

        def run() -> None:
            with ThreadPoolExecutor(len(calls)) as threads:
                list(threads.map(lambda numbered: numbered[1].run(), calls))

        try:
            self.while_time_passes(run)
        except TimeoutError:
            unmet("an answer over HTTP", f"nothing in {self.timeout:g} s")
        except BrokenHttp as error:
            unmet("an answer over HTTP", str(error))
        return tuple(self._answered(number, call) for number, call in calls)

    def authorization(self, key: str = VALID) -> str:
        """The value of the header Authorization as documented (PRE-1)."""
        return f"{self.facts.text('auth.rest_scheme')} {self.key(key)}"

    def raw_upgrade(
        self, changes: Mapping[str, Value] | None = None, method: str = "GET", version: str = "HTTP/1.1"
    ) -> RestAnswer | None:
        """Ask for a connection with other headers, another method or version of HTTP, and with the key in the query.
        None: the server ended the connection without an answer. Errors: CannotConnect, Unmet for what is no HTTP."""
        parts = urlsplit(self._endpoint.ws_url)
        key = urlencode({self.facts.text("auth.query_parameter"): self.key()})
        with self.raw_http(rest=False) as line:
            return line.ask(upgrade_request(f"{parts.path}?{key}", parts.netloc, changes, method, version))

    def raw_http(self, rest: bool = True) -> RawHttp:
        """A connection for requests over HTTP that are sent as they are, where the REST routes are, or the WebSocket.
        Errors: CannotConnect."""
        self.meter.connection()
        return RawHttp(self, (self._http_address if rest else self.address).connect(self.timeout))

    def raw_request(self, method: str, path: str) -> RawRequest:
        """A request with the key as documented, for `raw_http`."""
        host = urlsplit(self._endpoint.http_url).netloc
        return RawRequest(method, path, (("Host", host), ("Authorization", self.authorization())))

    def note_rest(self, request: RestRequest) -> int:
        """The next request over HTTP is this. Its number."""
        self._rest_requests += 1
        self.transcript.append(request_entry(request, self._rest_requests, self.now()))
        return self._rest_requests

    def _answered(self, number: int, call: RestCall) -> RestAnswer:
        assert call.answer is not None, "a call that did not fail has an answer"
        self.transcript.append(answer_entry(call.answer, number, self.now()))
        return call.answer
