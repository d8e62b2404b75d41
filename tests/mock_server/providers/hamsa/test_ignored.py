"""What is told of fields and parameters that are ignored."""

import json
from typing import Any

import pytest

from hamsa_mock.core.actions import Why
from hamsa_mock.providers.hamsa.ignored import FEW, NAME_CHARACTERS, ignored

KNOWN = frozenset({"text", "sampleRate"})


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"foo": 1}, 'ignored: "foo"'),
        ({"samplerate": "8k", "text": "a"}, 'ignored: "samplerate" (did you mean "sampleRate"?)'),
        ({"SAMPLE_RATE": "8k"}, 'ignored: "SAMPLE_RATE" (did you mean "sampleRate"?)'),
        ({"b": 1, "a": 2}, 'ignored: "b", "a"'),
        ({'x"\n#2 forged\u202e\ud800': 1}, 'ignored: "x\\"\\n#2 forged\\u202e\\ud800"'),
        ({"ب" * (NAME_CHARACTERS + 1): 1}, f"ignored: {json.dumps('ب' * NAME_CHARACTERS + '...')}"),
        (dict.fromkeys("abcdef", 1), 'ignored: "a", "b", "c", "d", "e" and 1 more'),
        (dict.fromkeys("abcde"[:FEW], 1), 'ignored: "a", "b", "c", "d", "e"'),
    ],
)
def test_names_that_are_not_known_are_told(sent: dict[str, Any], words: str) -> None:
    assert ignored(sent, KNOWN) == [Why(words)]


def test_nothing_is_told_where_all_is_known() -> None:
    assert ignored({}, KNOWN) == ignored({"text": "a"}, KNOWN) == []


def test_note_can_say_where_the_names_stood() -> None:
    assert ignored({"page": "1"}, frozenset(), "ignored in the query") == [Why('ignored in the query: "page"')]
