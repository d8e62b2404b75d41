"""Hamsa in virtual time, and clients of it without sockets. Times are seconds of the World's clock."""

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping
from typing import Any

from hamsa_kit.audio_formats import PCM_16000_16, wav_bytes
from hamsa_kit.proof import read_proof
from hamsa_mock.core import events
from hamsa_mock.core.actions import Abort, Accept, Action, Close, Reject, Reply, Send, Single
from hamsa_mock.core.clock import Clock
from hamsa_mock.core.world import World
from hamsa_mock.providers.hamsa.accounts import Accounts
from hamsa_mock.providers.hamsa.service import HamsaService
from hamsa_mock.providers.hamsa.session import HamsaSession
from hamsa_schemas import BehaviourValue, load_behaviours
from tests.mock_server.changed import slugs

KEY = "hamsa-test-key"
UNLIMITED = "hamsa-test-unlimited"
SENTENCE = "كيف حالك اليوم يا صديقي العزيز؟"
ADDRESS = "192.0.2.1"


class VirtualHamsa:
    """A World with Hamsa in it, and the clients that have connected."""

    def __init__(
        self,
        profile: str = "instant",
        changes: Mapping[str, BehaviourValue] | None = None,
        *,
        seed: int = 0,
        accounts: Accounts | None = None,
    ) -> None:
        self.now = 0.0
        self.clients: list[VirtualClient] = []
        self.world = World(Clock(lambda: self.now), load_behaviours(profile, changes or {}), seed)
        self.service = HamsaService(self.world, accounts)

    def connect(self, key: str | None = KEY, address: str = ADDRESS) -> "VirtualClient":
        """A new connection, which is opened if its upgrade is accepted."""
        client = VirtualClient(self)
        self.clients.append(client)
        query = {} if key is None else {"api_key": key}
        peer = f"{address}:{50_000 + len(self.clients)}"
        client.receive(events.Opening("/v1/realtime/ws", query, peer=peer))
        return client

    def advance(self, seconds: float) -> None:
        """Let time pass. Sessions are woken at their deadlines, the earliest first."""
        until = self.now + seconds
        while True:
            deadlines = [(client.session.deadline, client) for client in self.clients]
            due = [(at, client) for at, client in deadlines if at is not None and at <= until]
            if not due:
                break
            at, client = min(due, key=lambda entry: entry[0])
            self.now = max(self.now, at)
            ordered = client.record(client.session.tick(self.now))
            assert ordered or client.session.deadline != at, "a session that is woken for nothing would be so for ever"
        self.now = until


class VirtualClient:
    """One connection: its session, and all that it was sent, with the times. Nothing may follow its end."""

    def __init__(self, hamsa: VirtualHamsa) -> None:
        self.session = HamsaSession(hamsa.service)
        self.sent: list[tuple[float, Single]] = []
        self.ended = False
        self._hamsa = hamsa

    def send(self, message: Any) -> list[Single]:
        """Send a message as JSON, or text as it is; what follows at once."""
        return self.receive(events.Text(message if isinstance(message, str) else json.dumps(message)))

    def ask(self, text: str = SENTENCE, **fields: Any) -> list[Single]:
        """Send a request for speech; what follows at once."""
        return self.send(tts(text, **fields))

    def receive(self, event: events.Event) -> list[Single]:
        """Let the session have an event; what it orders at once."""
        singles = self.record(self.session.receive(event, self._hamsa.now))
        self.ended = self.ended or isinstance(event, events.PeerClosed | events.Failed | events.Lost)
        return singles

    def record(self, actions: Iterable[Action]) -> list[Single]:
        """Take what was ordered apart, and remember it."""
        singles: list[Single] = []
        for action in actions:
            assert not self.ended or isinstance(action, Abort), f"{action} after the end of the connection"
            singles += action.sends() if isinstance(action, Reply) else [action]
            self.ended = isinstance(action, Close | Reject | Abort)
        self.sent += [(self._hamsa.now, single) for single in singles]
        if Accept() in singles:
            self.receive(events.Opened())
        return singles

    @property
    def all(self) -> list[Single]:
        """All that was sent so far."""
        return [single for _, single in self.sent]

    def since(self, place: int) -> list[Single]:
        """All that was sent from a place on."""
        return self.all[place:]

    @property
    def transcript(self) -> list[str]:
        """All that was sent, each with its time, its name and the size of its payload in bytes."""
        return [f"{at:g} {name_of(single)} {_size(single)}" for at, single in self.sent]


def connected(profile: str = "instant", key: str | None = UNLIMITED, **changes: BehaviourValue) -> VirtualClient:
    """A client in a World of its own. Changes are named like `tts__overlap` for `hamsa.tts.overlap`."""
    return VirtualHamsa(profile, slugs(**changes)).connect(key)


def tts(text: str = SENTENCE, **fields: Any) -> dict[str, Any]:
    """A request for speech."""
    return {"type": "tts", "payload": {"text": text, "speaker": "Majd", **fields}}


def stt(samples: bytes, **fields: Any) -> dict[str, Any]:
    """A request for the transcript of bare samples."""
    audio = b64encode(wav_bytes(PCM_16000_16, samples)).decode()
    return {"type": "stt", "payload": {"audioBase64": audio, **fields}}


def name_of(single: Single) -> str:
    """A short name of what was sent."""
    match single:
        case Send():
            return single.event
        case Close():
            return f"close {single.code}"
        case Reject():
            return f"reject {single.status}"
        case _:
            return type(single).__name__.lower()


def names(singles: Iterable[Single]) -> list[str]:
    """The names of what was sent."""
    return [name_of(single) for single in singles]


def json_of(single: Single) -> Any:
    """The JSON message that was sent."""
    assert isinstance(single, Send)
    return json.loads(single.message.payload)


def error_of(singles: Iterable[Single]) -> str:
    """The text of the only error among what was sent, which nothing else accompanies."""
    (error,) = singles
    assert name_of(error) == "error"
    text: str = json_of(error)["payload"]["message"]
    return text


def audio_of(singles: Iterable[Single]) -> bytes:
    """The audio among what was sent."""
    return b"".join(
        single.message.payload for single in singles if isinstance(single, Send) and single.event == "chunk"
    )


def text_of(audio: bytes) -> str | None:
    """The text of which this is the whole audio, by its proof."""
    proof = read_proof(audio, PCM_16000_16)
    return proof.text if proof.whole else None


def sizes(singles: Iterable[Single]) -> list[int]:
    """Of each answer that ended, in the order of the ends, the bytes of its audio."""
    nbytes: dict[int, int] = {}
    ended: list[int] = []
    for single in singles:
        if isinstance(single, Send) and single.request is not None:
            number = single.request.number
            if single.event == "chunk":
                nbytes[number] = nbytes.get(number, 0) + single.message.nbytes
            elif single.event == "end":
                ended.append(nbytes[number])
    return ended


def _size(single: Single) -> int:
    if isinstance(single, Send):
        return single.message.nbytes
    return len(single.body) if isinstance(single, Reject) else 0
