"""One attempt at a case: its clock, its keys, its connections, and what it collects."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from hamsa_conformance.client.answer import Answer
from hamsa_conformance.client.endpoint import Endpoint
from hamsa_conformance.client.keys import VALID
from hamsa_conformance.client.measuring import STT_DELAY, numbers_of
from hamsa_conformance.client.record import Record
from hamsa_conformance.client.socket_stream import Address
from hamsa_conformance.client.sound import sound_of
from hamsa_conformance.judgement import NotTried
from hamsa_kit.client_session import ClientSession
from hamsa_kit.mock_client import MockClient

if TYPE_CHECKING:
    from hamsa_conformance.client.connection import Connection
    from hamsa_conformance.client.link import Link

QUIET = 2.0
"""Seconds without anything that show that nothing more comes."""

_DELAYS = (
    "hamsa.auth.connect_delay",
    "hamsa.tts.first_audio_delay",
    "hamsa.tts.chunk_gap",
    "hamsa.stt.delay",
)


class Attempt(Record):
    """What connections and requests over HTTP need of the server that they go to."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__()
        self.connections: list[Connection] = []
        self.address = Address.of(endpoint.ws_url, endpoint.ca_file)
        self.timeout = endpoint.timeout
        self.meter = endpoint.meter
        self.seed = endpoint.seed
        self.heard_on: Link | None = None
        """The connection of which a message, close or end was asked for last."""
        self._endpoint = endpoint
        self._was_changed = False
        self._skipped_until = float("-inf")

    # The server

    @property
    def is_steered(self) -> bool:
        """Whether its clock is moved, so that nothing comes late by itself."""
        return self._endpoint.mock is not None

    @property
    def mock(self) -> MockClient:
        """What steers it. Errors: NotTried for a server that cannot be."""
        if self._endpoint.mock is None:
            raise NotTried("needs a server that can be steered: the mock")
        self._was_changed = True
        return self._endpoint.mock

    def hurry(self) -> None:
        """From now on a server that can be steered answers without delays; any other as it does."""
        if self.is_steered:
            self.mock.behaviours.update(dict.fromkeys(_DELAYS, 0))

    def key(self, name: str = VALID) -> str:
        """A key of a kind: valid, unknown, expired, inactive-user, no-funds … Errors: NotTried."""
        return self._endpoint.credentials.get("key", name)

    def voice(self, name: str) -> str:
        """A voice id of a kind: custom, foreign. Errors: NotTried."""
        return self._endpoint.credentials.get("voice", name)

    # Time

    @property
    def quiet(self) -> float:
        """Seconds without anything that show that nothing more comes; no longer than a message is waited for."""
        return min(QUIET, self.timeout)

    def now(self) -> float:
        """Seconds on the clock that counts."""
        return self._endpoint.time.now()

    def wait_until(self, end: float) -> bool:
        """Let something happen; False once `end` has come."""
        if self._was_changed:  # by now what is due may be another thing than was known
            self.disturbed()
        return self._endpoint.time.wait(end, self.connections)

    def disturbed(self) -> None:
        """Something was sent."""
        self._endpoint.time.disturbed()

    def wait(self, seconds: float) -> None:
        """Let time pass in one go, and take in what comes."""
        self._endpoint.time.skip(seconds, self.connections)
        self._skipped_until = self.now()

    def watch(self, seconds: float) -> None:
        """Let time pass, and take in what comes when it comes, so that its times are right."""
        end = self.now() + seconds
        while self.now() < end:
            self.wait_until(end)

    def while_time_passes(self, work: Callable[[], None]) -> None:
        """Do something that blocks until the server has done its part. Raises what it raises."""
        self._endpoint.time.call(work, self.connections)

    # What is heard

    def heard(self, session: ClientSession, answer: Answer, *, is_first: bool) -> None:
        """The answer to a request for speech has come, which is the first of its connection or not."""
        self.measured_itself(numbers_of(answer, is_first, is_timed=answer.asked >= self._skipped_until))
        if answer.audio:
            self.meter.received(answer.seconds)
            self.sounds.append(sound_of(answer.samples, answer.format, session.number, session.requests or None))

    def heard_transcript(self, seconds: float) -> None:
        """A transcript has come, so long after its recording."""
        self.measured_itself({STT_DELAY: [seconds]})

    def measured_itself(self, numbers: Mapping[str, list[float]]) -> None:
        """What the case did not ask for. It says nothing of a server that the case has changed."""
        if not self._was_changed:
            self.measure_all(numbers)
