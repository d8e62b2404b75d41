"""The journal: recording, reading, exporting."""

import json
from collections.abc import Iterable

import pytest

from hamsa_kit.transcript_file import read_transcript
from hamsa_mock.core import events
from hamsa_mock.core.actions import Accept, Close, Reply, Request, Send
from hamsa_mock.core.http import HttpRequest
from hamsa_mock.core.journal import Journal
from hamsa_mock.core.messages import binary_message, text_message
from hamsa_mock.core.records import HEAVY, Party

CHUNK = binary_message(b"\1" * 640)
ACK, END = text_message('{"type":"ack"}'), text_message('{"type":"end"}')


def make(secrets: Iterable[str] = (), test_keys: Iterable[str] = (), **bounds: int) -> Journal:
    return Journal(lambda: 1e9, lambda: secrets, lambda: 7, test_keys=lambda: test_keys, **bounds)


def opened(journal: Journal, number: int = 1, key: str = "open-sesame", now: float = 0.0) -> Party:
    party = journal.connection(number, "hamsa")
    opening = events.Opening("/ws", {"api_key": key}, {"host": f"localhost:{number}"}, f"127.0.0.1:{50_000 + number}")
    journal.step(party, opening, [Accept()], now)
    journal.step(party, events.Opened(), [Send("info", text_message("hi"))], now)
    return party


def ask(journal: Journal, party: Party, text: str = '{"type":"tts"}', now: float = 0.0) -> None:
    reply = Reply(Request(party.messages + 1, "tts", now), ACK, [CHUNK], END)
    journal.step(party, events.Text(text), [reply], now)


def test_talk_is_recorded_in_order_with_numbers_and_both_clocks() -> None:
    journal = make()
    ask(journal, opened(journal), now=2.5)
    found = journal.entries()
    assert [entry.event or entry.kind for entry in found] == [
        "handshake_request",
        "handshake_answer",
        "info",
        "tts",
        "ack",
        "chunk",
        "end",
    ]
    assert [entry.sequence for entry in found] == [entry.position for entry in found] == [1, 2, 3, 4, 5, 6, 7]
    assert [entry.request for entry in found] == [None, None, None, 1, 1, 1, 1]
    assert (found[-1].time, found[-1].real) == (2.5, 1e9)
    assert journal.position == 7


def test_step_in_which_nothing_went_over_the_wire_is_not_recorded() -> None:
    journal = make()
    party = journal.connection(1, None)
    for event in (events.Opened(), events.Blocked(), events.Writable(), events.Shutdown(), None):
        journal.step(party, event, [], 0)
    assert journal.position == 0


def test_actions_that_change_afterwards_are_recorded_as_they_were() -> None:
    journal = make()
    actions = [Close(1000, "")]
    journal.step(journal.connection(1, None), None, actions, 0)
    actions.clear()
    assert [entry.kind for entry in journal.entries()] == ["close"]


def test_messages_of_a_client_are_numbered_as_its_requests() -> None:
    journal = make()
    party = opened(journal)
    ask(journal, party)
    journal.step(party, events.Pinged(b""), [], 0)
    journal.step(party, events.Binary(b"a"), [], 0)
    journal.step(party, events.Text("b"), [], 0)
    assert [entry.request for entry in journal.entries(kind="message") if entry.direction == "to_server"] == [1, 2, 3]


def test_note_stands_among_the_entries_of_its_connection() -> None:
    journal = make()
    party = opened(journal)
    journal.note(1.0, 1, "error", "#1.2 no", {"request": 2, "why": "so"})
    [note] = journal.entries(kind="note")
    assert (note.connection, note.sequence, note.request, note.provider) == (1, 4, 2, "hamsa")
    journal.note(1.0, 99, "error", "#99 no", {})
    journal.note(1.0, None, "http", "GET /", {})
    assert [(entry.connection, entry.sequence) for entry in journal.entries(kind="note")] == [
        (1, 4),
        (99, 1),
        (None, 1),
    ]
    assert party.numbering.taken == 4


def test_http_exchange_is_recorded_as_it_leaves() -> None:
    journal = make()
    exchange = journal.http_request(HttpRequest("GET", "/a", number=journal.next_exchange()), 1.0, "hamsa")
    other = journal.http_request(HttpRequest("GET", "/b", number=journal.next_exchange()), 1.0)
    exchange.sent(b"too early")
    exchange.answered(200, {"Content-Type": "text/plain"}, 2.0)
    exchange.sent(b"he")
    assert [entry.event for entry in journal.entries(kind="http_answer")] == ["unfinished"]
    exchange.sent(b"llo")
    exchange.ended()
    other.answered(404, {}, 3.0)
    other.ended()
    found = journal.entries()
    assert [(entry.kind, entry.request, entry.sequence) for entry in found] == [
        ("http_request", 1, 1),
        ("http_request", 2, 2),
        ("http_answer", 1, 3),
        ("http_answer", 2, 4),
    ]
    assert (found[2].text, found[2].event, found[2].provider) == ("hello", None, "hamsa")


def test_note_on_a_request_of_plain_http_stands_with_its_exchange() -> None:
    journal = make()
    journal.http_request(HttpRequest("GET", "/a", number=1), 1.0, "hamsa")
    exchange = journal.http_request(HttpRequest("GET", "/b", {"api_key": "open-sesame"}, number=2), 1.0, "hamsa")
    exchange.answered(401, {}, 1.0)
    journal.note(1.0, None, "http", "GET /b: 401, no open-sesame", {"request": 2, "status": 401})
    note = journal.entries(kind="note", request=2)[0]
    assert (note.provider, note.request, note.sequence, note.text) == ("hamsa", 2, 4, "GET /b: 401, no ***")
    assert note.data == {"status": 401}
    assert [entry.kind for entry in journal.entries(request=2)] == ["http_request", "http_answer", "note"]


def test_test_keys_are_hidden_only_where_keys_stand() -> None:
    journal = make(["my-own-key"], ["hamsa-test-key"])
    party = opened(journal, key="hamsa-test-key")
    journal.note(1.0, 1, "close", "not known: unknown-key; test keys: hamsa-test-key; my-own-key", {})
    journal.step(party, None, [Send("error", text_message("hamsa-test-key, my-own-key"))], 1.0)
    note, sent = journal.entries()[-2:]
    assert note.text == "not known: unknown-key; test keys: hamsa-test-key; ***"
    assert sent.text == "hamsa-test-key, ***"
    assert journal.audio(1, sent.sequence) == b"hamsa-test-key, ***"
    assert journal.entries()[0].query == {"api_key": "***"}


def test_body_that_leaves_after_its_entry_was_dropped_is_not_held() -> None:
    journal = make(entries=1)
    exchange = journal.http_request(HttpRequest("GET", "/a"), 0)
    exchange.answered(200, {}, 0)
    journal.note(0, None, "http", "a", {})
    exchange.sent(b"a" * HEAVY)
    assert [entry.kind for entry in journal.entries()] == ["note"]


def test_entries_can_be_chosen() -> None:
    journal = make()
    for number in (1, 2):
        party = opened(journal, number)
        ask(journal, party)
        ask(journal, party)
    assert [entry.position for entry in journal.entries(after=20)] == [21, 22]
    assert {entry.connection for entry in journal.entries(connection=2)} == {2}
    assert [entry.position for entry in journal.entries(event="ack")] == [5, 9, 16, 20]
    assert [entry.position for entry in journal.entries(event="ack", after=5, connection=1)] == [9]
    assert [entry.position for entry in journal.entries(event="ack", request=2)] == [9, 20]
    assert [entry.position for entry in journal.entries(kind="message", limit=2)] == [3, 4]
    assert [entry.position for entry in journal.entries(after=5, limit=2)] == [6, 7], "in the middle of a record"
    assert journal.entries(limit=0) == journal.entries(after=journal.position) == []


def test_bytes_are_given_while_they_are_held() -> None:
    journal = make(nbytes=HEAVY * 2, entries=4)
    party = journal.connection(1, None)
    for byte in (b"\1", b"\2", b"\3"):
        journal.step(party, None, [Send("chunk", binary_message(byte * HEAVY))], 0)
    assert journal.audio(1, 3) == b"\3" * HEAVY
    with pytest.raises(KeyError, match="entry 1 of connection 1 has no bytes, or no longer"):
        journal.audio(1, 1)
    assert journal.entries(connection=1)[0].size == HEAVY
    with pytest.raises(KeyError, match="no entry 9 of connection 1; it was dropped, or has not been there yet"):
        journal.audio(1, 9)
    with pytest.raises(KeyError, match="no entry 1 of plain HTTP"):
        journal.audio(None, 1)


def test_full_journal_drops_the_oldest_and_says_how_many() -> None:
    journal = make(entries=5)
    party = opened(journal)
    ask(journal, party)
    assert journal.dropped == 2
    assert [entry.sequence for entry in journal.entries()] == [3, 4, 5, 6, 7]
    assert json.loads(next(journal.export()))["dropped"] == 2


def test_cleared_journal_is_empty_and_its_numbers_go_on() -> None:
    journal = make()
    party = opened(journal)
    journal.clear()
    assert journal.entries() == []
    ask(journal, party)
    assert [(entry.position, entry.sequence) for entry in journal.entries(event="tts")] == [(4, 4)]


def test_observer_is_told_of_every_record_until_it_goes() -> None:
    journal = make()
    told: list[int] = []
    stop = journal.observe(lambda: told.append(journal.position))
    opened(journal)
    assert len(journal._observers) == 1
    stop()
    opened(journal, 2)
    assert told == [2, 3]


def test_export_is_a_transcript_that_can_be_read() -> None:
    journal = make()
    ask(journal, opened(journal))
    journal.note(0, None, "http", "GET /", {"status": 404})
    transcript = read_transcript(journal.export())
    assert list(transcript.entries) == journal.entries()
    header = transcript.header
    assert (header.vantage, header.providers, header.seed, header.canonical) == ("server", ("hamsa",), 7, False)


def test_canonical_export_of_equal_runs_is_equal_whoever_connects_first() -> None:
    def run(order: Iterable[int], start: float) -> str:
        journal = make()
        parties = {number: opened(journal, number, now=start) for number in order}
        for number, party in parties.items():
            ask(journal, party, json.dumps({"type": "tts", "n": number % 2}), now=start + 0.1)
        for party in parties.values():
            journal.step(party, events.PeerClosed(1000, ""), [], start + 0.2)
        return "".join(journal.export(canonical=True))

    assert run([1, 2, 3, 4], 0.0) == run([4, 2, 1, 3], 12.3456789)
    assert read_transcript(run([1, 2], 0.0).splitlines()).header.canonical


KEYS = ["hamsa-test-key", "s3cr3t/with+signs==", 'quo"ted-key', "ключ-секрет"]


@pytest.mark.parametrize("canonical", [False, True])
@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("key", KEYS)
def test_no_export_holds_a_key(key: str, known: bool, canonical: bool) -> None:
    journal = make([key] if known else [])
    party = journal.connection(1, None)
    headers = {"x-api-key": key, "authorization": f"Token {key}", "cookie": f"k={key}", "referer": f"/?api_key={key}"}
    headers["sec-websocket-protocol"] = f"hamsa, {key}"
    journal.step(party, events.Opening(f"/ws/{key}", {"api_key": key, "token": key}, headers), [Accept()], 0)
    journal.step(party, events.Text(json.dumps({"type": key, "api_key": key, "more": [f"my {key}"]})), [], 0)
    journal.step(party, events.Text(json.dumps({"type": "tts", "a": key}, ensure_ascii=False)), [], 0)
    journal.step(party, events.Text(f"{key} " * 5000), [Send("error", text_message(f"bad key {key}"))], 0)
    journal.step(party, events.PeerClosed(1000, key), [Close(4001, key)], 0)
    journal.note(0, 1, "error", f"#1 bad key {key}", {"why": f"the key {key}"})
    exchange = journal.http_request(HttpRequest("POST", f"/{key}", {}, headers, f'"{key}"'.encode()), 0)
    exchange.answered(200, {"Content-Type": "text/plain", "Set-Cookie": key}, 0)
    exchange.sent(f"hello {key}".encode())
    exported = "".join(journal.export(canonical=canonical))
    plain = json.dumps(exported, ensure_ascii=False) + exported + json.dumps(exported)
    for form in (key, json.dumps(key)[1:-1], json.dumps(key, ensure_ascii=False)[1:-1]):
        assert form not in plain
    assert key.encode() not in journal.audio(1, 5)
