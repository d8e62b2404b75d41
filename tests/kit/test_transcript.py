"""Entries and headers as JSON."""

from hashlib import blake2b

from hamsa_kit.transcript import Entry, Header, digest, entry_of, start_digest


def test_entry_leaves_out_what_does_not_apply() -> None:
    entry = Entry(kind="lost", time=1.5, connection=3, sequence=7)
    assert entry.json() == {"kind": "lost", "time": 1.5, "connection": 3, "sequence": 7}


def test_entry_of_plain_http_says_that_it_has_no_connection() -> None:
    assert Entry(kind="note", time=0, sequence=1, event="http").json()["connection"] is None


def test_entry_keeps_values_that_are_empty_and_yet_mean_something() -> None:
    entry = Entry(kind="close", time=0, connection=1, sequence=1, size=0, code=0, reason="", text="")
    assert entry.json().items() >= {"size": 0, "code": 0, "reason": "", "text": ""}.items()


def test_entry_comes_back_from_its_json() -> None:
    entry = Entry(kind="message", time=0, connection=1, sequence=1, text="a", redacted=("text",), data={"a": 1})
    assert entry_of(entry.json()) == entry
    assert entry_of(Entry(kind="lost", time=0, sequence=1).json()) == Entry(kind="lost", time=0, sequence=1)


def test_header_leaves_out_a_seed_that_nobody_knows() -> None:
    assert Header(vantage="client").json() == {
        "version": 1,
        "vantage": "client",
        "providers": (),
        "canonical": False,
        "dropped": 0,
        "redacted": (),
    }
    assert Header(vantage="server", seed=0).json()["seed"] == 0


def test_hash_is_blake2b_of_128_bits_whole_or_in_pieces() -> None:
    expected = blake2b(b"abcdef", digest_size=16).hexdigest()
    assert digest(b"abcdef") == start_digest([b"abc", b"def"]).hexdigest() == expected
