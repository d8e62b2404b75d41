"""Transcripts of equal runs become equal."""

from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hamsa_kit.transcript import Entry
from hamsa_kit.transcript_canonical import canonical
from tests.kit.transcripts import entries


def entry(sequence: int, kind: Any = "message", **fields: Any) -> Entry:
    values = {"time": 0.0, "connection": 1, "position": sequence, "real": 1e9 + sequence, **fields}
    return Entry(kind=kind, sequence=sequence, **values)


def message(sequence: int, text: str, request: int | None = None, **fields: Any) -> Entry:
    return entry(sequence, text=text, request=request, direction="to_client", **fields)


def words(found: list[Entry]) -> list[str | None]:
    return [each.text or each.kind for each in found]


def test_what_differs_from_run_to_run_is_left_out() -> None:
    headers = {"host": "a:1", "Sec-WebSocket-Key": "x", "origin": "b", "user-agent": "me"}
    asked = entry(1, "handshake_request", path="/ws", peer="127.0.0.1:5000", headers=headers, time=12.25)
    [found] = canonical([asked])
    assert found == Entry(
        kind="handshake_request", time=0, connection=1, sequence=1, path="/ws", headers={"user-agent": "me"}
    )


def test_times_count_from_the_first_entry_in_microseconds() -> None:
    start = 0.123456789
    found = canonical([message(1, "a", time=start), message(2, "b", time=start + 30.00000049)])
    assert [each.time for each in found] == [0, 30]


def test_notes_keep_their_data_without_words_and_addresses() -> None:
    asked = entry(1, "handshake_request", path="/ws", peer="[::1]:5000")
    data = {"peer": "[::1]:5000", "why": "6th of the address [::1]", "request": 4, "seconds": 1.5}
    note = entry(2, "note", event="open", text="#3 open", data=data, redacted=("text", "data.why"))
    found = canonical([asked, note])[1]
    assert found.text is None
    assert found.data == {"why": "6th of the address (address)", "request": 4, "seconds": 1.5}
    assert found.redacted == ("data.why",)


def test_what_a_client_does_by_itself_is_left_out() -> None:
    talk = [
        entry(1, "ping", direction="to_server"),
        entry(2, "pong", direction="to_client"),
        entry(3, "ping", direction="to_client"),
        entry(4, "pong", direction="to_server"),
        entry(5, "close", direction="to_client", code=1000, reason=""),
        entry(6, "close", direction="to_server", code=1000, reason=""),
        entry(7, "lost"),
    ]
    assert words(canonical(talk)) == ["ping", "close"]
    assert [each.sequence for each in canonical(talk)] == [1, 2]


def test_connection_that_was_just_lost_says_so() -> None:
    assert words(canonical([message(1, "a"), entry(2, "lost")])) == ["a", "lost"]


def test_end_behind_a_refused_handshake_or_a_cut_is_left_out() -> None:
    refused = [entry(1, "handshake_answer", status=401), entry(2, "lost")]
    cut = [entry(1, "disconnect", event="fin"), entry(2, "lost")]
    accepted = [entry(1, "handshake_answer", status=101), entry(2, "lost")]
    assert [len(canonical(talk)) for talk in (refused, cut, accepted)] == [1, 1, 2]


def test_connection_of_which_nothing_is_left_gets_no_number() -> None:
    found = canonical([entry(1, "pong", direction="to_server", connection=1), message(1, "a", connection=2)])
    assert [each.connection for each in found] == [1]


def test_what_belongs_to_one_request_stands_together() -> None:
    early = [message(1, "ask 1", 1), message(2, "ask 2", 2), message(3, "answer 1", 1), message(4, "close")]
    late = [message(1, "ask 1", 1), message(2, "answer 1", 1), message(3, "ask 2", 2), message(4, "close")]
    assert words(canonical(early)) == ["ask 1", "answer 1", "ask 2", "close"]
    assert canonical(early) == canonical(late)


def test_what_came_at_another_time_stays_where_it_was() -> None:
    talk = [message(1, "ask 1", 1), message(2, "ask 2", 2), message(3, "answer 1", 1, time=1.0)]
    assert words(canonical(talk)) == ["ask 1", "ask 2", "answer 1"]


def test_connections_are_numbered_by_when_they_began_then_by_their_content() -> None:
    talks = [
        message(1, "b", connection=1, time=1.0),
        message(1, "z", connection=2, time=0.0),
        message(1, "a", connection=3, time=1.0),
    ]
    found = canonical(talks)
    assert [(each.connection, each.text) for each in found] == [(1, "z"), (2, "a"), (3, "b")]


def exchange(number: int, text: str, sequence: int = 1, **fields: Any) -> Entry:
    return entry(sequence, "http_request", connection=None, request=number, path="/", text=text, **fields)


def test_plain_http_stands_last_each_exchange_together() -> None:
    found = canonical(
        [
            exchange(1, "b", 1),
            exchange(2, "a", 2),
            entry(3, "http_answer", connection=None, request=1, status=200, text="B"),
            entry(4, "http_answer", connection=None, request=2, status=200, text="A"),
            entry(5, "note", connection=None, event="http", data={"request": 2, "path": "/"}),
            message(1, "talk"),
        ]
    )
    assert words(found) == ["talk", "a", "A", "b", "B", "note"]
    assert [each.request for each in found] == [None, 1, 1, 2, 2, None]
    assert [each.sequence for each in found] == [1, 1, 2, 3, 4, 5]
    assert found[-1].data == {"path": "/"}


def test_nothing_stays_nothing() -> None:
    assert canonical([]) == []


@given(st.lists(entries(), max_size=6))
def test_input_that_no_recorder_wrote_breaks_nothing_and_loses_no_time(recorded: list[Entry]) -> None:
    found = canonical(recorded)
    assert len(found) <= len(recorded)
    assert all(each.real is None and each.position is None and each.peer is None for each in found)


TALKS = st.lists(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([None, 1, 2]), st.integers(0, 2)), max_size=5),
    max_size=5,
)


@given(TALKS, st.randoms(use_true_random=False))
def test_order_in_which_connections_came_changes_nothing(
    talks: list[list[tuple[str, int | None, int]]], chance: Random
) -> None:
    def recorded(order: list[int]) -> list[Entry]:
        steps = [
            [message(0, text, request, time=float(time), connection=number) for text, request, time in talks[index]]
            for number, index in enumerate(order, 1)
        ]
        for talk in steps:
            talk.sort(key=lambda each: each.time)
        found: list[Entry] = []
        taken = dict.fromkeys(range(1, len(order) + 1), 0)
        while any(steps):
            talk = chance.choice([talk for talk in steps if talk])
            each = talk.pop(0)
            assert each.connection is not None
            taken[each.connection] += 1
            found.append(replace(each, sequence=taken[each.connection], position=len(found) + 1))
        return found

    order = list(range(len(talks)))
    first = canonical(recorded(order))
    chance.shuffle(order)
    assert canonical(recorded(order)) == first
    assert canonical(first) == first
