"""What is left of an entry that may be shown."""

from hypothesis import given

from hamsa_kit.redaction import HIDDEN, Redactor
from hamsa_kit.transcript import TEXT_CHARACTERS, Entry, digest
from hamsa_kit.transcript_redaction import redacted
from tests.kit.transcripts import entries

KEY = "open-sesame"


def test_entry_without_secrets_stays_as_it_is() -> None:
    entry = Entry(kind="message", time=0, connection=1, sequence=1, direction="to_server", text="hello", type="tts")
    assert redacted(entry, Redactor([KEY])) == entry


def test_fields_in_which_something_was_hidden_are_named() -> None:
    entry = Entry(
        kind="handshake_request",
        time=0,
        connection=1,
        sequence=1,
        path=f"/ws/{KEY}",
        query={"api_key": "abc", "text": "x"},
        headers={"cookie": "a", "user-agent": f"me {KEY}"},
        text=f"say {KEY}",
        reason=KEY,
        event=KEY,
        data={"why": f"the key {KEY}", "number": 5},
    )
    shown = redacted(entry, Redactor([KEY]))
    assert KEY not in repr(shown)
    assert shown.query == {"api_key": HIDDEN, "text": "x"}
    assert shown.data == {"why": f"the key {HIDDEN}", "number": 5}
    assert sorted(shown.redacted) == [
        "data.why",
        "event",
        "headers.cookie",
        "headers.user-agent",
        "path",
        "query.api_key",
        "reason",
        "text",
    ]


def test_long_text_is_cut_after_its_secrets_are_hidden_and_told_by_size_and_hash() -> None:
    text = "ا" * (TEXT_CHARACTERS - 3) + KEY + "b"
    shown = redacted(Entry(kind="message", time=0, sequence=1, text=text), Redactor([KEY]))
    whole = text.replace(KEY, HIDDEN).encode()
    assert shown.text == "ا" * (TEXT_CHARACTERS - 3) + HIDDEN
    assert (shown.size, shown.hash) == (len(whole), digest(whole))


@given(entries())
def test_entry_that_was_redacted_is_not_changed_again(entry: Entry) -> None:
    redactor = Redactor([KEY])
    once = redacted(entry, redactor)
    assert redacted(once, redactor) == once
