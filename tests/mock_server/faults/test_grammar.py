"""The text form of a fault."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamsa_mock.faults.errors import WrongFault
from hamsa_mock.faults.grammar import MAX_CHARACTERS, parse_fault
from hamsa_mock.faults.parameters import Value, text_of
from hamsa_mock.faults.spec import judged


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("drop", {"kind": "drop"}),
        ("  drop  ", {"kind": "drop"}),
        ("close()", {"kind": "close", "parameters": {}}),
        ("close(4003)", {"kind": "close", "parameters": {"code": 4003}}),
        ('close( 4003 , "no, money")', {"kind": "close", "parameters": {"code": 4003, "reason": "no, money"}}),
        ("close(reason=bye)", {"kind": "close", "parameters": {"reason": "bye"}}),
        ("delay(.5, jitter=1e-1)", {"kind": "delay", "parameters": {"seconds": 0.5, "jitter": 0.1}}),
        ("fragment(3, true)", {"kind": "fragment", "parameters": {"parts": 3, "pings": True}}),
        ("reset(drained=false)", {"kind": "reset", "parameters": {"drained": False}}),
        (r'close(1000, "a\"b\\c")', {"kind": "close", "parameters": {"code": 1000, "reason": 'a"b\\c'}}),
        ("drop instead of ack", {"kind": "drop", "place": "instead of", "event": "ack"}),
        ("fin after chunk 3", {"kind": "fin", "place": "after", "event": "chunk", "ordinal": 3}),
        (
            'fin before end when key=k speaker=17 text="مرحبا بكم" connection=2 request=1',
            {
                "kind": "fin",
                "place": "before",
                "event": "end",
                "when": {"key": "k", "speaker": "17", "text": "مرحبا بكم", "connection": 2, "request": 1},
            },
        ),
        ("fin with probability 0.25 times 2", {"kind": "fin", "probability": 0.25, "times": 2}),
        (
            "fin times 2 when connection=1 after ack",
            {"kind": "fin", "times": 2, "when": {"connection": 1}, "place": "after", "event": "ack"},
        ),
    ],
)
def test_text_form_is_read(text: str, content: dict[str, Any]) -> None:
    assert parse_fault(text) == content


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the fault ends where the name of a fault is expected"),
        ("clsoe(4003)", "no fault 'clsoe'; did you mean 'close'?"),
        ("close(", "the fault ends where a parameter or ) is expected"),
        ("close(4003", "the fault ends where ) is expected"),
        ("close(4003 4004)", ") is expected where '4004' stands"),
        ("close(code=", "the fault ends where a value behind code= is expected"),
        ("close(4003, code=4001)", "close: code is given twice"),
        ("close(1, a, b)", "close has 2 parameters: code, reason; 'b' is too many"),
        ("drop(1)", "drop has no parameters; '1' is too many"),
        ('close(4003, "no', "a quotation mark without its partner in the fault "),
        ("fin aftr chunk", "'aftr' is not understood; did you mean 'after'?"),
        ("fin after", "the fault ends where an event behind after is expected"),
        ("fin instead", "the fault ends where of is expected"),
        ("fin instead chunk", "of is expected where 'chunk' stands"),
        ("fin after ack before end", "the place of a fault is given twice"),
        ("fin when", "when needs a condition behind it, such as when connection=2"),
        ("fin when connection", "when needs a condition behind it, such as when connection=2"),
        ("fin when connection=", "the fault ends where a value behind connection= is expected"),
        ("fin when key=a key=b", "when key is given twice"),
        ("fin with luck", "probability is expected where 'luck' stands"),
        ("fin with probability", "the fault ends where a number behind with probability is expected"),
        ("fin with probability often", "'often' is not a number behind with probability"),
        ("fin times true", "'true' is not a number behind times"),
        ("fin times 1 times 2", "the times of a fault is given twice"),
        ("x" * (MAX_CHARACTERS + 1), "a fault is at most 10000 characters long"),
    ],
)
def test_what_is_no_text_form_is_refused_in_one_line(text: str, words: str) -> None:
    with pytest.raises(WrongFault) as refused:
        parse_fault(text)
    assert str(refused.value).startswith(words)
    assert "\n" not in str(refused.value)


@given(st.text(max_size=60))
def test_any_text_is_a_fault_or_refused(text: str) -> None:
    with suppress(WrongFault):
        assert judged(parse_fault(f"close(4003){text}")).kind == "close"


@given(st.one_of(st.text(max_size=30), st.booleans(), st.integers(-(10**17), 10**17)))
def test_value_that_is_written_is_read_again(value: Value) -> None:
    assert parse_fault(f"close(reason={text_of(value)})")["parameters"] == {"reason": value}


def test_text_form_of_a_fault_is_read_as_the_same_fault() -> None:
    text = 'close(code=4003, reason="a \\"b\\"") after chunk 3 when speaker="Majd" connection=2'
    text += " with probability 0.5 times 4"
    spec = judged(parse_fault(text))
    assert spec.as_text() == text
    assert judged(spec.as_json()) == spec
