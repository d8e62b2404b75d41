"""Random conversations of several clients with one World, and what must hold whatever they do."""

import base64
import json
import os
from collections import Counter, defaultdict
from dataclasses import replace
from typing import Any, TypeAlias

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from hamsa_mock.core import events
from hamsa_mock.core.actions import Close, Send, Single
from hamsa_mock.providers.hamsa.accounts import FOREIGN_VOICE, OWN_VOICE, Accounts, Key, ready_made_accounts
from hamsa_schemas import BehaviourValue, Choice, load_behaviours
from tests.mock_server.providers.hamsa.virtual import VirtualHamsa, stt, tts
from tests.mock_server.providers.hamsa.watcher import Watcher

TOO_MANY = "Rate limit exceeded for this API key"

Operation: TypeAlias = tuple[Any, ...]


def accounts() -> Accounts:
    """The ready-made ones, but every wallet has an end, so that what is charged can be seen."""
    made = ready_made_accounts()
    wallets = {None: 10**6, 1: 5}
    projects = [replace(project, wallet=wallets.get(project.wallet, 0)) for project in made.projects.values()]
    return Accounts(made.users.values(), projects, made.keys.values(), made.voices.values())


# What clients do


def perform(hamsa: VirtualHamsa, operation: Operation) -> None:
    """Carry one operation out. Like the shell, it gives a session that is not hungry no message."""
    match operation:
        case "connect", key, address:
            hamsa.connect(key, address)
        case "advance", seconds:
            hamsa.advance(seconds)
        case "receive", number, event:
            hamsa.clients[number].receive(event)


def everything_sent(hamsa: VirtualHamsa) -> list[list[tuple[float, object]]]:
    """The bytes that each client was sent, with their times."""
    return [[(at, wire(single)) for at, single in client.sent] for client in hamsa.clients]


def wire(single: Single) -> object:
    return single.message.frame if isinstance(single, Send) else replace(single)


BEHAVIOURS = load_behaviours("instant")
CHOICES = [entry for slug in BEHAVIOURS if isinstance(entry := BEHAVIOURS.entry(slug), Choice)]
QUANTITIES: dict[str, tuple[float, ...]] = {
    "hamsa.keepalive.inactivity": (50, 3600),
    "hamsa.keepalive.ping_interval": (7, 30),
    "hamsa.keepalive.pong_timeout": (5, 40),
    "hamsa.limit.connections_per_key": (0, 2),
    "hamsa.stt.delay": (0.5, 2),
    "hamsa.tts.chunk_gap": (0.04, 1),
    "hamsa.tts.first_audio_delay": (0.3, 5),
    "hamsa.tts.preload_lasts": (0, 10),
    "hamsa.tts.truncated_bytes": (0, 20, 640, 64_000),
    "hamsa.tts.truncation_probability": (0, 1),
}
VALUES: list[tuple[str, BehaviourValue]] = [
    (entry.slug, option) for entry in CHOICES for option in entry.options if option != entry.default
]
VALUES += [(slug, value) for slug, values in QUANTITIES.items() for value in values]
CHANGES: st.SearchStrategy[dict[str, BehaviourValue]] = st.lists(st.sampled_from(VALUES), max_size=8).map(dict)
USUAL_KEYS = ["hamsa-test-key", "hamsa-test-unlimited", "hamsa-test-nearly-broke"]
KEYS = st.sampled_from(USUAL_KEYS) | st.sampled_from([*ready_made_accounts().keys, "wrong", None])


# The audio of requests for transcripts, under names because failures print what was sent.
RECORDINGS: dict[str, dict[str, Any]] = {
    "silence": stt(bytes(16_000))["payload"],
    "noise": stt((b"\x00\x40" * 16 + b"\x00\xc0" * 16) * 500)["payload"],
    "nothing": stt(b"")["payload"],
    "samples": {"audioList": [0.5, -0.5] * 4000},
    "mp3": {"audioBase64": base64.b64encode(b"ID3\x04" + bytes(400)).decode()},
}
REQUESTS: st.SearchStrategy[tuple[str, Any]] = st.tuples(
    st.sampled_from(["ب", "مرحبا بكم", "كيف حالك اليوم؟", "Hello there, how are you?"]),
    st.sampled_from([{}, {}, {"mulaw": True}, {"sampleRate": "8k"}, {"dialect": "ksa"}])
    | st.sampled_from([{"speaker": OWN_VOICE}, {"speaker": FOREIGN_VOICE}, {"speaker": "nobody"}]),
) | st.tuples(
    st.sampled_from(list(RECORDINGS)),
    st.sampled_from([{}, {"isEosEnabled": True}, {"isEosEnabled": True, "eosThreshold": 1}]),
)
"""A text to speak or the name of a recording, and further fields of the payload."""
BAD_MESSAGES: list[Any] = [{}, [], {"type": "tts"}, {"type": "speak", "payload": {}}, tts(""), tts(speaker=5)]
BAD_MESSAGES += [{"type": "stt", "payload": payload} for payload in ({}, {"audioBase64": "?"})]
BAD = st.text(max_size=8) | st.sampled_from([json.dumps(message) for message in BAD_MESSAGES])
ENDS = st.sampled_from([events.PeerClosed(1000, ""), events.Failed(1002, ""), events.Lost(), events.Shutdown()])
SECONDS = st.sampled_from([0, 0.04, 0.3, 1, 2.5, 5, 29.9, 30, 59.9, 60, 3599, 3600])


WHO = st.integers(0, 3)
"""One of the clients that are connected, counted on from the first as often as it takes."""


class Conversations(RuleBasedStateMachine):
    """Several clients of one World."""

    @initialize(
        changes=CHANGES, limit=st.sampled_from([1, 6, 100]), window=st.sampled_from([1, 60]), seed=st.integers(0, 2)
    )
    def start(self, changes: dict[str, BehaviourValue], limit: int, window: int, seed: int) -> None:
        self.changes = changes | {"hamsa.limit.requests": limit, "hamsa.limit.requests_window": window}
        self.seed = seed
        self.hamsa = self.make()
        self.behaviours = self.hamsa.service.behaviours
        self.script: list[Operation] = []
        self.watchers: list[Watcher] = []
        self.spent: Counter[str] = Counter()
        self.counted: defaultdict[str, list[float]] = defaultdict(list)
        """When the requests came that count against the limit of a key."""

    def make(self) -> VirtualHamsa:
        """A World as it is before anything happens."""
        return VirtualHamsa("instant", self.changes, seed=self.seed, accounts=accounts())

    def do(self, *operation: Any) -> list[list[Single]]:
        """Carry an operation out, judge what follows; return that, for each client."""
        self.script.append(operation)
        spent = self.spent.copy()
        perform(self.hamsa, operation)
        new = [watcher.look(spent) for watcher in self.watchers]
        for project in self.hamsa.service.accounts.projects.values():
            assert project.wallet is not None
            assert self.hamsa.service.wallets.balance(project) == project.wallet - self.spent[project.id]
        for watcher, singles in zip(self.watchers, new, strict=True):
            if any(isinstance(single, Close) and single.code == 4003 for single in singles):
                assert watcher.key is not None
                assert self.wallet(watcher.key) <= self.spent[watcher.key.project], "only an empty wallet is told"
        return new

    def wallet(self, key: Key) -> int:
        """What the project of a key had at the start."""
        wallet = self.hamsa.service.accounts.project_of(key).wallet
        assert wallet is not None
        return wallet

    def connected(self, who: int) -> int:
        """The number of a client that is connected."""
        open = [number for number, watcher in enumerate(self.watchers) if not watcher.client.ended]
        return open[who % len(open)] if open else self.connect("hamsa-test-key")

    def connect(self, key: str | None, address: str = "192.0.2.1") -> int:
        self.do("connect", key, address)
        client = self.hamsa.clients[-1]
        account = None if client.ended else self.hamsa.service.accounts.keys[key or ""]
        wallet = 0 if account is None else self.wallet(account)
        self.watchers.append(Watcher(client, account, wallet, self.behaviours, self.spent))
        self.watchers[-1].look(self.spent)
        if account is not None and self.behaviours.choice("hamsa.limit.counts") == "messages_and_connections":
            self.counted[account.key].append(self.hamsa.now)
        return len(self.watchers) - 1

    @rule(key=KEYS, address=st.sampled_from(["192.0.2.1", "192.0.2.2"]))
    def connect_another(self, key: str | None, address: str) -> None:
        self.connect(key, address)

    @rule(who=WHO, requests=st.lists(REQUESTS, min_size=1, max_size=4), times=st.just(1) | st.integers(2, 12))
    def ask(self, who: int, requests: list[tuple[str, dict[str, Any]]], times: int) -> None:
        self.request(self.connected(who), requests * times)

    @rule(requests=st.lists(REQUESTS, min_size=2, max_size=4))
    def ask_for_more_than_the_wallet_holds(self, requests: list[tuple[str, dict[str, Any]]]) -> None:
        client = self.connect("hamsa-test-nearly-broke")
        watcher = self.watchers[client]
        self.do("receive", client, events.Blocked())
        watcher.blocked = True
        self.request(client, requests)
        watcher.blocked = False
        self.do("receive", client, events.Writable())

    def request(self, client: int, requests: list[tuple[str, dict[str, Any]]]) -> None:
        for what, fields in requests:
            if what in RECORDINGS:
                message = {"type": "stt", "payload": RECORDINGS[what] | fields}
            else:
                message = tts(what, **fields)
            self.deliver(client, events.Text(json.dumps(message)), valid=self.is_accepted(what))

    @rule(who=WHO, event=BAD.map(events.Text) | st.binary(max_size=4).map(events.Binary))
    def send_nonsense(self, who: int, event: events.Event) -> None:
        self.deliver(self.connected(who), event, valid=False)

    @rule(who=WHO, event=st.sampled_from([events.Pinged(), events.Ponged()]))
    def ping_or_pong(self, who: int, event: events.Event) -> None:
        client = self.connected(who)
        assert self.do("receive", client, event)[client] == []

    @rule(who=WHO)
    def stop_reading(self, who: int) -> None:
        client = self.connected(who)
        assert self.do("receive", client, events.Blocked())[client] == []
        self.watchers[client].blocked = True

    @rule(who=WHO)
    def read_again(self, who: int) -> None:
        client = self.connected(who)
        self.watchers[client].blocked = False
        self.do("receive", client, events.Writable())

    @rule(who=WHO, event=ENDS)
    def end(self, who: int, event: events.Event) -> None:
        client = self.connected(who)
        new = self.do("receive", client, event)[client]
        assert [single.code for single in new if isinstance(single, Close)] == [1001] * (event == events.Shutdown())

    @rule(event=ENDS | st.sampled_from([events.Text("{}"), events.Binary(b""), events.Pinged(), events.Writable()]))
    def hear_of_what_has_ended(self, event: events.Event) -> None:
        for number, watcher in enumerate(self.watchers):
            if watcher.client.ended:
                assert self.do("receive", number, event)[number] == []
                assert watcher.client.session.deadline is None

    @rule(seconds=SECONDS)
    def wait(self, seconds: float) -> None:
        self.do("advance", seconds)

    @rule(less=st.sampled_from([0, 0.25]))
    def wait_for_a_window_to_pass(self, less: float) -> None:
        self.do("advance", self.behaviours.number("hamsa.limit.requests_window") - less)

    def teardown(self) -> None:
        for number, watcher in enumerate(self.watchers):
            watcher.blocked = False
            self.do("receive", number, events.Writable())
        self.do("advance", 7200)
        assert [watcher.open for watcher in self.watchers] == [set()] * len(self.watchers), "all have their outcome"
        again = self.make()
        for operation in self.script:
            perform(again, operation)
        assert everything_sent(again) == everything_sent(self.hamsa), "the same seed and script give the same bytes"

    def deliver(self, client: int, event: events.Event, *, valid: bool) -> None:
        """Give a session a message as the shell would, and hold its answer against what the limits allow."""
        watcher = self.watchers[client]
        if not watcher.client.session.hungry:
            return
        key = watcher.key
        if watcher.client.ended:
            assert self.do("receive", client, event)[client] == []
            return
        assert key is not None
        number = watcher.expect()
        refused = self.is_refused(key, valid=valid)
        broke = valid and not refused and self.wallet(key) <= self.spent[key.project]
        new = self.do("receive", client, event)[client]
        errors = [single for single in new if isinstance(single, Send) and single.event == "error"]
        about_it = [error for error in errors if error.request is not None and error.request.number == number]
        texts = [json.loads(error.message.payload)["payload"]["message"] for error in about_it]
        assert (texts == [TOO_MANY]) is refused
        closed = [single.code for single in new if isinstance(single, Close)]
        assert (closed == [4003]) is broke
        assert closed in ([], [4003], [1000] if self.behaviours.choice("hamsa.stt.empty") == "close" else [])
        if not valid and not refused:
            assert len(texts) == 1

    def is_accepted(self, what: str) -> bool:
        """Whether the audio of a request comes in a form that the behaviours accept."""
        refusals = {"samples": ("hamsa.stt.audio_list", "refused"), "mp3": ("hamsa.stt.containers", "wav")}
        return what not in refusals or self.behaviours.choice(refusals[what][0]) != refusals[what][1]

    def is_refused(self, key: Key, *, valid: bool) -> bool:
        """Whether a message that comes now is one too many; otherwise it counts from now on."""
        if self.behaviours.choice("hamsa.limit.counts") == "requests" and not valid:
            return False
        now, window = self.hamsa.now, self.behaviours.number("hamsa.limit.requests_window")
        in_window = sum(at + window > now for at in self.counted[key.key])
        over = in_window >= self.behaviours.number("hamsa.limit.requests")
        if key.limits == "exceeded" or (over and key.limits == "real"):
            return True
        self.counted[key.key].append(now)
        return False


TestConversations = Conversations.TestCase
TestConversations.settings = settings(
    max_examples=60,
    stateful_step_count=30,
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
