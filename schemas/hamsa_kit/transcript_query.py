"""Questions to a transcript: whether there were so many entries of some kind, on one connection, within some time.

`meta/journal_query.schema.json` of `hamsa_schemas` publishes their JSON form.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from hamsa_kit.transcript import Direction, Entry, Kind
from hamsa_kit.transcript_text import shown
from hamsa_schemas import JsonValue, MalformedJson, default_catalogue, parse
from hamsa_schemas.refusal import refusal_of

SCHEMA = "meta/journal_query.schema.json"
SHOWN = 5
"""So many entries are shown in the text of a judgement."""

Verdict: TypeAlias = Literal["satisfied", "not yet", "violated"]


class BadQuery(ValueError):
    """JSON that is no query. The message says what is wrong, and names the nearest right name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What an entry must be to match, and how many have to.

    `event` fits an entry's event or the type of its JSON, `text` stands in its text or in a string of its JSON.
    Notes match only where `kind` or `behaviour` asks for them.

    `exactly` goes with neither of the other two counts; without any it is at least one. `same_connection`: each
    connection is counted by itself, and one of them has to have the count; where that is only bounded from above,
    all of them.

    `within`: seconds of the clock in which they count, from `since` on, else from the first match. `since`: seconds of
    the clock, `after`: a position; what was before does not count.
    """

    kind: Kind | None = None
    direction: Direction | None = None
    event: str | None = None
    text: str | None = None
    connection: int | None = None
    request: int | None = None
    code: int | None = None
    status: int | None = None
    behaviour: str | None = None
    exactly: int | None = None
    at_least: int | None = None
    at_most: int | None = None
    same_connection: bool = False
    within: float | None = None
    since: float | None = None
    after: int = 0

    @property
    def least(self) -> int:
        """So many have to match."""
        if self.exactly is not None:
            return self.exactly
        if self.at_least is not None:
            return self.at_least
        return 1 if self.at_most is None else 0

    @property
    def most(self) -> int | None:
        """No more than so many may match."""
        return self.at_most if self.exactly is None else self.exactly

    def __str__(self) -> str:
        counts = (("exactly", self.exactly), ("at least", self.at_least), ("at most", self.at_most))
        words = " and ".join(f"{words} {number}" for words, number in counts if number is not None) or "at least 1"
        words += " with " + ", ".join(f"{name} {json}" for name, json in _criteria(self).items())
        words = words.removesuffix(" with ")
        words += " on one connection" if self.same_connection else ""
        words += "" if self.within is None else f" within {self.within:g} s"
        words += "" if self.since is None else f" since {self.since:.3f} s"
        return words + (f" after position {self.after}" if self.after else "")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of a query. `text` says what was found, and where that was wrong, shows the nearest entries;
    `positions`: those of the entries that match."""

    verdict: Verdict
    text: str
    positions: tuple[int, ...]


def parse_query(content: JsonValue) -> Query:
    """Take a query as JSON. Raises BadQuery."""
    refusal = refusal_of(default_catalogue().schemas.validator(SCHEMA), content)
    if refusal is not None:
        raise BadQuery(refusal.text)
    assert isinstance(content, dict)
    values: dict[str, Any] = content
    return Query(**values)


def verify(query: Query, entries: Iterable[Entry], now: float) -> Judgement:
    """Judge what has been, as if nothing more would come. `now`: seconds of the clock."""
    evaluation = Evaluation(query)
    evaluation.take(entries)
    return evaluation.judge(now, final=True)


class Evaluation:
    """A query on its way to a judgement: it takes entries as they come."""

    def __init__(self, query: Query) -> None:
        self._query = query
        self._criteria = _criteria(query)
        self._groups: defaultdict[int | None, list[Entry]] = defaultdict(list)
        self._near: deque[str] = deque(maxlen=SHOWN)

    def take(self, entries: Iterable[Entry]) -> None:
        """So many more entries, in order."""
        for entry in entries:
            if not self._looked_at(entry):
                continue
            misses = [name for name, value in self._criteria.items() if not _FITS[name](entry, value)]
            if not misses:
                self._groups[entry.connection if self._query.same_connection else None].append(entry)
            elif len(misses) == 1:
                self._near.append(f"{shown(entry)} (other {misses[0]})")

    def judge(self, now: float, final: bool = False) -> Judgement:
        """The judgement at a time of the clock. `final`: nothing more will come."""
        query = self._query
        groups = list(self._groups.values()) or [[]]
        verdicts = [self._verdict(group, now, final) for group in groups]
        over = final or (query.since is not None and query.within is not None and now >= query.since + query.within)
        verdict: Verdict
        if not query.same_connection or not query.least:
            verdict = next(worst for worst in _WORST_FIRST if worst in verdicts)
        elif "satisfied" in verdicts:
            verdict = "satisfied"
        else:
            verdict = "violated" if over else "not yet"
        matches = [entry for group in groups for entry in group]
        positions = tuple(sorted(entry.position for entry in matches if entry.position is not None))
        return Judgement(verdict, self._text(verdict), positions)

    @property
    def deadline(self) -> float | None:
        """When the judgement may become another one though nothing comes, in seconds of the clock: the earliest end
        of a time in which matches count."""
        ends = [self._end(group) for group in self._groups.values() or [[]]]
        return min((end for end in ends if end is not None), default=None)

    def _looked_at(self, entry: Entry) -> bool:
        query = self._query
        if entry.kind == "note" and query.kind is None and query.behaviour is None:
            return False
        if query.since is not None and entry.time < query.since:
            return False
        return query.after == 0 or (entry.position is not None and entry.position > query.after)

    def _end(self, group: list[Entry]) -> float | None:
        """When the time in which these count is over."""
        start = self._query.since
        if start is None and group:
            start = group[0].time
        return None if start is None or self._query.within is None else start + self._query.within

    def _counted(self, group: list[Entry]) -> int:
        end = self._end(group)
        return sum(end is None or entry.time <= end for entry in group)

    def _verdict(self, group: list[Entry], now: float, final: bool) -> Verdict:
        least, most, count, end = self._query.least, self._query.most, self._counted(group), self._end(group)
        over = final or (end is not None and now >= end)
        if most is not None and count > most:
            return "violated"
        if count < least:
            return "violated" if over else "not yet"
        return "satisfied" if most is None or over or self._query.within is None else "not yet"

    def _text(self, verdict: Verdict) -> str:
        found = [self._found(connection, group) for connection, group in self._groups.items()] or ["0"]
        words = f"{verdict}: {self._query}; found {', '.join(found)}"
        if verdict == "satisfied":
            return words
        matches = [shown(entry) for group in self._groups.values() for entry in group[:SHOWN]][:SHOWN]
        words += "".join(f"\n  matches  {line}" for line in matches)
        return words + "".join(f"\n  nearest  {line}" for line in self._near)

    def _found(self, connection: int | None, group: list[Entry]) -> str:
        count = self._counted(group)
        words = f"{count}" if connection is None else f"{count} on connection {connection}"
        return words if count == len(group) else f"{words} and {len(group) - count} later"


_WORST_FIRST: tuple[Verdict, ...] = ("violated", "not yet", "satisfied")


def _criteria(query: Query) -> Mapping[str, Any]:
    """What an entry must be to match."""
    return {name: value for name in _FITS if (value := getattr(query, name)) is not None}


def _has_text(entry: Entry, wanted: str) -> bool:
    if entry.text is None:
        return False
    return wanted in entry.text or any(wanted in text for text in _strings_of(entry.text))


def _strings_of(text: str) -> Iterator[str]:
    """The strings of a JSON message: as they are meant, however they are escaped."""
    try:
        waiting = [parse(text)]
    except MalformedJson:
        return
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value


_FITS: Mapping[str, Callable[[Entry, Any], bool]] = {
    "kind": lambda entry, kind: entry.kind == kind,
    "direction": lambda entry, direction: entry.direction == direction,
    "event": lambda entry, event: event in (entry.event, entry.type),
    "text": _has_text,
    "connection": lambda entry, connection: entry.connection == connection,
    "request": lambda entry, request: entry.request == request,
    "code": lambda entry, code: entry.code == code,
    "status": lambda entry, status: entry.status == status,
    "behaviour": lambda entry, behaviour: behaviour in str(entry.data.get("behaviour", "")).split(", "),
}
