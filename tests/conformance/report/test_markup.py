"""Texts in HTML: what a server sends is shown and changes nothing."""

import pytest

from hamsa_conformance.report.markup import chip, css_class, escaped, in_a_line, number, plural, scrolling, visible
from hamsa_conformance.verdict import Verdict


def test_markup_in_a_text_is_text() -> None:
    assert (
        escaped("</script><a href='x' title=\"y\">&")
        == "&lt;/script&gt;&lt;a href=&#x27;x&#x27; title=&quot;y&quot;&gt;&amp;"
    )


@pytest.mark.parametrize(
    "character",
    [
        "\x00",
        "\x1b",
        "\r",
        "\x7f",
        "\x85",
        "\u061c",
        "\u200b",
        "\u200f",
        "\u202a",
        "\u202e",
        "\u2028",
        "\u2066",
        "\u2069",
        "\ufeff",
    ],
)
def test_character_that_nobody_sees_is_shown_as_an_escape(character: str) -> None:
    assert visible(f"a{character}b") == f"a\\u{ord(character):04x}b"
    assert escaped(f"<{character}") == f"&lt;\\u{ord(character):04x}"


def test_arabic_and_joiners_are_left_as_they_are() -> None:
    text = "می\u200cخواهم\tمرحباً\n😀"
    assert escaped(text) == text


def test_long_text_is_cut_and_says_how_long_it_is() -> None:
    assert escaped("x" * 1_000_000, 10) == "xxxxxxxxxx… (1,000,000 characters in all)"
    assert escaped("x" * 10, 10) == "x" * 10


def test_text_in_a_line_has_no_line_ends_and_is_cut() -> None:
    assert in_a_line(' {\n  "a":\t1 }', 20) == "{ &quot;a&quot;: 1 }"
    assert in_a_line("x" * 21, 20) == "x" * 20 + "…"
    assert in_a_line("x" * 20, 20) == "x" * 20
    assert in_a_line("x" + " " * 500 + "y", 20) == "x…"


def test_chip_has_the_colour_of_its_verdict() -> None:
    assert css_class(Verdict.NON_STRICT) == "non-strict"
    assert chip(Verdict.FAIL) == '<span class="chip fail">FAIL</span>'
    assert chip(Verdict.PASS, "close") == '<span class="chip pass">close PASS</span>'


def test_numbers_are_written_for_people() -> None:
    assert [number(value) for value in (0, 0.0, 12_345, 60.0, 0.02, 1 / 3)] == [
        "0",
        "0",
        "12,345",
        "60",
        "0.02",
        "0.333333",
    ]
    assert [plural(count, "case") for count in (0, 1, 2_000)] == ["0 cases", "1 case", "2,000 cases"]
    assert [plural(count, "entry", "entries") for count in (1, 2)] == ["1 entry", "2 entries"]


def test_wide_part_can_be_scrolled_by_the_keyboard() -> None:
    assert scrolling("A table", "<b>") == '<div class="scroll" tabindex="0" role="group" aria-label="A table"><b></div>'
