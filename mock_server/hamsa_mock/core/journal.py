"""Everything that happened on the wire, and why: the newest of it, in a ring with bounds.

Recording is cheap, because the mock has to stay fast: a step of a session is kept as one record of references.
Entries are made of records when somebody reads.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from weakref import WeakValueDictionary

from hamsa_kit.redaction import Redactor, keys_in
from hamsa_kit.transcript import Entry, Header, Scalar
from hamsa_kit.transcript_canonical import canonical as in_canonical_form
from hamsa_kit.transcript_file import write_transcript
from hamsa_mock.core import events
from hamsa_mock.core.actions import Action
from hamsa_mock.core.http import HttpRequest
from hamsa_mock.core.journal_entries import entries_of, payload_of
from hamsa_mock.core.records import HttpAnswered, Note, Numbering, Party, Record, Recorded, Step, Subject, count_of
from hamsa_mock.core.ring import Ring

ENTRIES = 20_000
NBYTES = 64 * 2**20

REDACTED = (
    "every key that the mock knows but test keys",
    "every key of a handshake or request but test keys",
    "headers and parameters of secrets",
)
"""What the header of an export says."""


class HttpExchange:
    """The answer to a request of plain HTTP, recorded while it leaves."""

    def __init__(self, ring: Ring, append: Callable[[HttpAnswered, float], Record]) -> None:
        self._ring = ring
        self._append = append
        self._answered = HttpAnswered(0, {})
        self._record: Record | None = None

    def answered(self, status: int, headers: Mapping[str, str], now: float) -> None:
        """The head of the answer leaves."""
        self._answered = HttpAnswered(status, headers)
        self._record = self._append(self._answered, now)

    def sent(self, piece: bytes) -> None:
        """A piece of its body leaves."""
        if self._record is not None and self._record.held:
            self._ring.grow(self._record, self._answered.sent(piece))

    def ended(self) -> None:
        """All of it has left."""
        self._answered.whole = True


class Journal:
    """The ring. Used in one thread only, that of its mock.

    `real` gives seconds since the epoch, `secrets` the keys that the mock knows and hides, `test_keys` those that may
    be shown also where they came with a request, `seed` that of its World. At most `entries` entries are kept, and so
    many that they hold `nbytes` bytes of payload: the oldest go first.
    """

    def __init__(
        self,
        real: Callable[[], float],
        secrets: Callable[[], Iterable[str]] = tuple,
        seed: Callable[[], int | None] = lambda: None,
        *,
        test_keys: Callable[[], Iterable[str]] = tuple,
        entries: int = ENTRIES,
        nbytes: int = NBYTES,
    ) -> None:
        self._real = real
        self._secrets = secrets
        self._test_keys = test_keys
        self._seed = seed
        self._ring = Ring(entries, nbytes)
        self._parties: WeakValueDictionary[int, Party] = WeakValueDictionary()
        self._plain = Numbering()
        self._exchanges: WeakValueDictionary[int, Party] = WeakValueDictionary()
        self._exchange = 0
        self._observers: list[Callable[[], None]] = []

    # Recording

    def connection(self, number: int, provider: str | None) -> Party:
        """A new connection. `provider`: whose path it asked for, if that is anybody's."""
        party = self._parties[number] = Party(number, provider, Numbering())
        return party

    def step(self, party: Party, event: events.Event | None, actions: Sequence[Action], now: float) -> None:
        """A step of a connection's session, as it goes over the wire."""
        request = None
        if isinstance(event, events.Text | events.Binary):
            party.messages += 1
            request = party.messages
        elif isinstance(event, events.Opening):
            party.secrets = keys_in(event.headers) | keys_in(event.query)
        step = Step(event if isinstance(event, Recorded) else None, request, tuple(actions))
        count = count_of(step)
        if count:
            self._append(party, step, count, now)

    def note(self, time: float, connection: int | None, event: str, words: str, data: Mapping[str, Scalar]) -> None:
        """Something was told. `connection` None: of plain HTTP, where the request in `data` is the number of the
        exchange."""
        if connection is None:
            exchange = data.get("request")
            party = self._exchanges.get(exchange) if isinstance(exchange, int) else None
        else:
            party = self._parties.get(connection)
        if party is None:
            party = Party(connection, None, self._plain if connection is None else Numbering())
        self._append(party, Note(event, words, data), 1, time)

    def next_exchange(self) -> int:
        """The number of a new exchange of plain HTTP."""
        self._exchange += 1
        return self._exchange

    def http_request(self, request: HttpRequest, now: float, provider: str | None = None) -> HttpExchange:
        """A request of plain HTTP has been read. Its number is from `next_exchange`."""
        secrets = keys_in(request.headers) | keys_in(request.query)
        party = self._exchanges[request.number] = Party(None, provider, self._plain, request.number, secrets)
        self._append(party, request, 1, now)
        return HttpExchange(self._ring, lambda answered, now: self._append(party, answered, 1, now))

    def observe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call this back after whatever is recorded. Returns what ends that."""
        self._observers.append(callback)
        return lambda: self._observers.remove(callback)

    def clear(self) -> None:
        """Forget everything. Positions and sequences go on."""
        self._ring.clear()

    # Reading

    @property
    def position(self) -> int:
        """Of the newest entry; 0: there was none. Positions are never used again."""
        return self._ring.position

    @property
    def dropped(self) -> int:
        """Entries that fell out of the ring since it was cleared."""
        return self._ring.dropped

    def entries(
        self,
        after: int = 0,
        connection: int | None = None,
        kind: str | None = None,
        event: str | None = None,
        request: int | None = None,
        limit: int | None = None,
    ) -> list[Entry]:
        """The entries behind a position that are all of this, the oldest first, at most `limit`."""
        found: list[Entry] = []
        for entry in self._read(after, connection):
            if limit is not None and len(found) >= limit:
                break
            if kind in (None, entry.kind) and event in (None, entry.event) and request in (None, entry.request):
                found.append(entry)
        return found

    def audio(self, connection: int | None, sequence: int) -> bytes:
        """The bytes of an entry: audio, or of a text all that may be shown. Raises KeyError."""
        for record in self._ring:
            index = sequence - record.sequence
            if record.party.connection == connection and 0 <= index < record.count:
                payload = payload_of(record, index, self._redactor(record.party))
                if payload is None:
                    raise KeyError(f"entry {sequence} of {_named(connection)} has no bytes, or no longer")
                return payload
        raise KeyError(f"no entry {sequence} of {_named(connection)}; it was dropped, or has not been there yet")

    def export(self, canonical: bool = False) -> Iterator[str]:
        """A transcript as JSON Lines. `canonical`: without what differs between equal runs."""
        entries = self.entries()
        if canonical:
            entries = in_canonical_form(entries)
        header = Header(
            vantage="server",
            providers=tuple(sorted({entry.provider for entry in entries if entry.provider is not None})),
            seed=self._seed(),
            canonical=canonical,
            dropped=self.dropped,
            redacted=REDACTED,
        )
        return write_transcript(header, entries)

    def _read(self, after: int, connection: int | None) -> Iterator[Entry]:
        newer: list[Record] = []
        for record in reversed(self._ring):
            if record.position + record.count - 1 <= after:
                break
            if connection in (None, record.party.connection):
                newer.append(record)
        known, test_keys = frozenset(self._secrets()), frozenset(self._test_keys())
        redactors: dict[frozenset[str], Redactor] = {}
        for record in reversed(newer):
            secrets = record.party.secrets
            if secrets not in redactors:
                redactors[secrets] = Redactor(known | (secrets - test_keys))
            for entry in entries_of(record, redactors[secrets]):
                if entry.position is not None and entry.position > after:
                    yield entry

    def _redactor(self, party: Party) -> Redactor:
        return Redactor({*self._secrets(), *party.secrets.difference(self._test_keys())})

    def _append(self, party: Party, subject: Subject, count: int, now: float) -> Record:
        record = self._ring.append(party, subject, count, now, self._real())
        for observer in tuple(self._observers):
            observer()
        return record


def _named(connection: int | None) -> str:
    return "plain HTTP" if connection is None else f"connection {connection}"
