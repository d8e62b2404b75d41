"""What is asked of a transcript, and what is answered."""

from typing import Any

import pytest

from hamsa_kit.transcript import Entry
from hamsa_kit.transcript_query import BadQuery, Evaluation, Query, parse_query, verify
from hamsa_schemas import default_catalogue

SCHEMA = default_catalogue().schemas["meta/journal_query.schema.json"]


def entry(position: int, event: str | None = "tts", connection: int | None = 1, **fields: Any) -> Entry:
    values: dict[str, Any] = {"kind": "message", "direction": "to_server", "time": 0.0, **fields}
    return Entry(position=position, sequence=position, event=event, connection=connection, **values)


def asked(*times: float, connection: int = 1) -> list[Entry]:
    return [entry(place, connection=connection, time=time) for place, time in enumerate(times, 1)]


def verdict(entries: list[Entry], now: float = 0.0, **query: Any) -> str:
    """The verdict of who still waits."""
    evaluation = Evaluation(Query(**query))
    evaluation.take(entries)
    return evaluation.judge(now).verdict


@pytest.mark.parametrize("example", SCHEMA["examples"])
def test_examples_of_the_schema_are_queries(example: Any) -> None:
    assert parse_query(example) == Query(**example)
    assert default_catalogue().schemas.compiled("meta/journal_query.schema.json")(example)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ([], "the message is an array, must be an object"),
        ({"evnt": "tts"}, "there is no 'evnt'; did you mean 'event'?"),
        ({"kind": "mesage"}, "kind must be one of "),
        ({"exactly": -1}, "exactly is below the minimum of 0"),
        ({"exactly": True}, "exactly is a boolean, must be a whole number"),
        ({"exactly": 1, "at_least": 1}, "the message must not have these together: exactly, at_least"),
        ({"exactly": 1, "at_most": 1}, "the message must not have these together: exactly, at_most"),
        ({"within": -1}, "within is below the minimum of 0"),
        ({"event": ""}, "event has 0 characters, at least 1 is needed"),
    ],
)
def test_what_is_no_query_is_refused_with_the_reason(content: Any, words: str) -> None:
    with pytest.raises(BadQuery) as caught:
        parse_query(content)
    assert str(caught.value).startswith(words)


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ({"kind": "message"}, True),
        ({"kind": "close"}, False),
        ({"direction": "to_server"}, True),
        ({"direction": "to_client"}, False),
        ({"event": "ack"}, True),
        ({"event": "wrong"}, True),
        ({"event": "end"}, False),
        ({"text": "bye"}, False),
        ({"text": "مرحبا"}, True),
        ({"text": 'say "it"'}, True),
        ({"text": '"n"'}, True),
        ({"connection": 1}, True),
        ({"connection": 2}, False),
        ({"request": 3}, True),
        ({"request": 1}, False),
        ({"code": 1000}, True),
        ({"code": 1001}, False),
        ({"status": 404}, True),
        ({"status": 200}, False),
        ({"behaviour": "a.b.c"}, True),
        ({"behaviour": "a.b"}, False),
        ({}, True),
    ],
)
def test_entry_matches_what_it_is(query: dict[str, Any], fits: bool) -> None:
    text = r'{"a": ["say \"it\"", {"n": 1}], "b": "مرحبا"}'.replace("مرحبا", r"\u0645\u0631\u062d\u0628\u0627")
    data = {"behaviour": "x.y.z, a.b.c"}
    one = entry(1, "ack", type="wrong", text=text, request=3, code=1000, status=404, data=data)
    assert verify(Query(**query), [one], 0).verdict == ("satisfied" if fits else "violated")


@pytest.mark.parametrize(("text", "fits"), [(None, False), ("{not JSON", False), ("{wanted", True), ("wanted", True)])
def test_text_that_is_no_json_is_searched_as_it_is(text: str | None, fits: bool) -> None:
    assert verify(Query(text="wanted"), [entry(1, text=text)], 0).verdict == ("satisfied" if fits else "violated")


def test_notes_match_only_where_they_are_asked_for() -> None:
    note = entry(1, "error", kind="note", direction=None, data={"behaviour": "a.b.c"})
    assert verify(Query(event="error"), [note], 0).verdict == "violated"
    assert verify(Query(event="error", kind="note"), [note], 0).verdict == "satisfied"
    assert verify(Query(behaviour="a.b.c"), [note], 0).verdict == "satisfied"


@pytest.mark.parametrize(
    ("counts", "verdicts"),
    [
        ({}, ["not yet", "satisfied", "satisfied", "satisfied"]),
        ({"at_least": 2}, ["not yet", "not yet", "satisfied", "satisfied"]),
        ({"exactly": 2}, ["not yet", "not yet", "satisfied", "violated"]),
        ({"at_most": 1}, ["satisfied", "satisfied", "violated", "violated"]),
        ({"at_least": 1, "at_most": 2}, ["not yet", "satisfied", "satisfied", "violated"]),
        ({"exactly": 0}, ["satisfied", "violated", "violated", "violated"]),
    ],
)
def test_count_is_judged_while_entries_come(counts: dict[str, int], verdicts: list[str]) -> None:
    assert [verdict(asked(*[0.0] * number), **counts) for number in range(4)] == verdicts


def test_judgement_that_is_final_leaves_nothing_open() -> None:
    assert verify(Query(exactly=2), asked(0), 0).verdict == "violated"
    assert verify(Query(exactly=1, within=2), asked(0), 0).verdict == "satisfied"
    assert verify(Query(same_connection=True, exactly=2), asked(0), 0).verdict == "violated"


def test_three_within_two_seconds_on_one_connection() -> None:
    query: dict[str, Any] = {"event": "tts", "exactly": 3, "within": 2, "same_connection": True}
    assert verdict(asked(0, 1), 1, **query) == "not yet"
    assert verdict(asked(0, 1, 2), 1.9, **query) == "not yet", "a fourth may still come"
    assert verdict(asked(0, 1, 2), 2, **query) == "satisfied"
    assert verdict(asked(0, 1, 2, 2.1), 3, **query) == "satisfied", "a fourth came later"
    spread = [*asked(0, 1, connection=1), *asked(0, connection=2)]
    assert verify(Query(**query), spread, 9).verdict == "violated"
    other = [*asked(0, 1, 1, connection=1), *asked(0, connection=2)]
    assert verify(Query(**query), other, 9).verdict == "satisfied", "one connection is enough"


def test_time_counts_from_the_first_match_or_from_a_time() -> None:
    assert verdict(asked(5, 6.9), 7, at_least=2, within=2) == "satisfied"
    assert verdict(asked(5, 7.1), 7.1, at_least=2, within=2) == "violated"
    assert verdict(asked(1, 5), 5, at_least=2, within=2, since=4) == "not yet"
    assert verdict(asked(1, 5), 6, at_least=2, within=2, since=4) == "violated"
    assert verdict([], 99, at_most=0, within=2) == "not yet", "nothing has begun"
    assert verdict([], 6, at_most=0, within=2, since=4) == "satisfied"


def test_bound_from_above_holds_for_every_connection() -> None:
    both = [*asked(0, 0, connection=1), *asked(0, connection=2)]
    assert verdict(both, same_connection=True, at_most=1) == "violated"
    assert verdict(both, same_connection=True, at_most=2) == "satisfied"
    assert verdict(both, same_connection=True, at_most=2, within=1) == "not yet"
    assert verdict([], same_connection=True, exactly=0) == "satisfied"


def test_connection_may_still_come_until_the_time_is_over() -> None:
    both = [*asked(4, 4, connection=1), *asked(4, connection=2)]
    query: dict[str, Any] = {"same_connection": True, "exactly": 3, "since": 4, "within": 2}
    assert verdict(both, 5, **query) == "not yet"
    assert verdict(both, 6, **query) == "violated"
    assert verdict(both, 99, same_connection=True, exactly=3) == "not yet"


def test_entries_up_to_a_position_do_not_count() -> None:
    assert verify(Query(exactly=1, after=2), asked(0, 0, 0), 0).positions == (3,)
    nowhere = Entry(kind="lost", time=0, sequence=1)
    assert verify(Query(after=2), [nowhere], 0).verdict == "violated"
    assert verify(Query(), [nowhere], 0).positions == ()


def test_deadline_is_the_end_of_the_time_that_is_over_first() -> None:
    def deadline(entries: list[Entry], **query: Any) -> float | None:
        evaluation = Evaluation(Query(**query))
        evaluation.take(entries)
        return evaluation.deadline

    assert deadline(asked(1), at_least=2) is None
    assert deadline([], within=2) is None
    assert deadline([], within=2, since=3) == 5
    both = [*asked(4, connection=1), *asked(3, connection=2)]
    assert deadline(both, within=2, same_connection=True) == 5


def test_text_of_a_judgement_shows_what_matched_and_what_nearly_did() -> None:
    recorded = [
        entry(1, time=0.5, text="one"),
        entry(2, "stt", time=0.75),
        entry(3, "stt", kind="raw", time=0.8),
        entry(4, connection=2, time=9.0),
        entry(5, time=9.0),
    ]
    query = Query(kind="message", event="tts", exactly=2, same_connection=True, within=2, since=0.25, after=0)
    judgement = verify(query, recorded, 10)
    assert judgement.positions == (1, 4, 5)
    first, *lines = judgement.text.splitlines()
    assert first == (
        "violated: exactly 2 with kind message, event tts on one connection within 2 s since 0.250 s;"
        " found 1 on connection 1 and 1 later, 0 on connection 2 and 1 later"
    )
    assert [line.split()[0] for line in lines] == ["matches", "matches", "matches", "nearest"]
    assert lines[-1].endswith("(other event)")
    assert verify(Query(after=7), [], 0).text == "violated: at least 1 after position 7; found 0"
    assert verify(Query(at_least=1, at_most=2), asked(0), 0).text == "satisfied: at least 1 and at most 2; found 1"
