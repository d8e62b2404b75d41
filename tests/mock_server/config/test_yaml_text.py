"""YAML, read strictly, with a line for every value."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamsa_mock.config.yaml_text import MAX_DEPTH, BadYaml, read_yaml


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("# nothing\n", None),
        ("a:\nb: ~\nc: null", {"a": None, "b": None, "c": None}),
        ("[true, True, false, FALSE]", [True, True, False, False]),
        ("[0, 8765, -3, +4, 010]", [0, 8765, -3, 4, 10]),
        ("[1.5, -.5, 1e3, 2., 1_000]", [1.5, -0.5, 1000.0, 2.0, "1_000"]),
        (
            "[no, on, yes, 12:30, 2026-02-01, 0x10, .nan, <<]",
            ["no", "on", "yes", "12:30", "2026-02-01", "0x10", ".nan", "<<"],
        ),
        ("['123', \"null\", !!str 5, !!int 5]", ["123", "null", "5", 5]),
        ("a: &x [1]\nb: *x", {"a": [1], "b": [1]}),
        ("a: |\n  one\n  two\n", {"a": "one\ntwo\n"}),
        ("\ufeffa: نعم 😀", {"a": "نعم 😀"}),
        (f"[{'9' * 30}]", [1e30]),
    ],
)
def test_value_is_what_people_read(text: str, value: Any) -> None:
    found = read_yaml(text).value
    assert found == value
    assert json.dumps(found) == json.dumps(value), "1 and True are not the same"


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(10**17), 10**17)
        | st.floats(-1e300, 1e300)
        | st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E) | st.sampled_from("نعم😀")),
        lambda inner: st.lists(inner) | st.dictionaries(st.text("abc é", min_size=1), inner),
        max_leaves=20,
    )
)
def test_json_is_read_as_what_it_means(value: Any) -> None:
    assert read_yaml(json.dumps(value, ensure_ascii=False)).value == value


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: 2\na: 3", 3, "'a' stands twice in one mapping"),
        ("a:\n  - {b: 1, b: 2}", 2, "'b' stands twice in one mapping"),
        ("a: 1\n7: 2", 2, "a name that is no text; put it in quotes"),
        ("a: 1\n? [b]\n: 2", 2, "a name that is no text; put it in quotes"),
        ("a: 1\nb: !!timestamp 2026-02-01", 2, "the tag 'tag:yaml.org,2002:timestamp' has no meaning here"),
        ("a: !!python/name:os.system", 1, "the tag 'tag:yaml.org,2002:python/name:os.system' has no meaning here"),
        ("\na: !thing {b: 1}", 2, "the tag '!thing' has no meaning here"),
        ("a: !!set {b, c}", 1, "the tag 'tag:yaml.org,2002:set' has no meaning here"),
        ("a: !!int nine", 1, "'nine' is no int"),
        ("a: 1e999", 1, "'1e999' is too big a number"),
        ("a: !!float .inf", 1, "'.inf' is no float"),
        ('a: "\\ud83d"', 1, "half a character: a lone surrogate"),
        ("a: 1\nb: [1, 2", 2, "not YAML: expected ',' or ']', but got '<stream end>'"),
        ("a: 1\nb: c: d", 2, "not YAML: mapping values are not allowed here"),
        ("a: *nobody", 1, "not YAML: found undefined alias 'nobody'"),
        ("a: 1\n--- \nb: 2", 2, "not YAML: but found another document"),
        ("a: 1\nb: \x07", 2, "the character U+0007 is not allowed in YAML"),
        (f"{'[' * (MAX_DEPTH + 1)}{']' * (MAX_DEPTH + 1)}", 1, f"more than {MAX_DEPTH} levels"),
        (f"{'[' * 5000}", None, f"more than {MAX_DEPTH} levels"),
        ("a: &x [1, *x]", 1, f"more than {MAX_DEPTH} levels"),
    ],
)
def test_what_json_cannot_mean_is_refused_with_its_line(text: str, line: int | None, words: str) -> None:
    with pytest.raises(BadYaml) as caught:
        read_yaml(text)
    assert str(caught.value).startswith(words)
    assert caught.value.line == line


def test_deepest_nesting_is_read() -> None:
    assert read_yaml("[" * MAX_DEPTH + "]" * MAX_DEPTH).value


def test_aliases_of_aliases_are_read_once_each() -> None:
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40))]
    value = read_yaml("\n".join(lines)).value
    assert value["a39"][0] is value["a39"][1]


DOCUMENT = """\
# a comment
port: 1
hamsa:
  keys:
    - {key: a}
    - key: b
      limits: real
"""


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ((), 1),
        (("port",), 2),
        (("hamsa",), 3),
        (("hamsa", "keys"), 4),
        (("hamsa", "keys", 0), 5),
        (("hamsa", "keys", 0, "key"), 5),
        (("hamsa", "keys", 1), 6),
        (("hamsa", "keys", 1, "limits"), 7),
        (("hamsa", "keys", 1, "project"), 6),
        (("hamsa", "keys", 2), 4),
        (("hamsa", "keys", "x"), 4),
        (("port", "x"), 2),
        (("nothing",), 1),
    ],
)
def test_line_is_that_of_the_name_or_of_what_leads_to_it(place: tuple[str | int, ...], line: int) -> None:
    assert read_yaml(DOCUMENT).line_of(place) == line


def test_every_place_of_nothing_is_its_first_line() -> None:
    assert read_yaml("").line_of(("port",)) == 1
