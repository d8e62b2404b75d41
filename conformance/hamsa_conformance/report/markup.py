"""Texts in HTML and SVG. What a server sent is shown as it is, and changes nothing of the page."""

import html
import re

from hamsa_conformance.verdict import Verdict

_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
"""Controls, and characters that have no shape or put others in another order."""


def escaped(text: str, most: int | None = None) -> str:
    """The text for an element or a quoted attribute; invisible characters are shown as escapes, such as \\u202e.

    `most`: of a longer text only so many characters are shown, and it is said how many there are.
    """
    return html.escape(visible(text if most is None else shortened(text, most)))


def shortened(text: str, most: int) -> str:
    """So many characters of a longer text, and how many there are."""
    return text if len(text) <= most else f"{text[:most]}… ({len(text):,} characters in all)"


def visible(text: str) -> str:
    """The text with escapes in place of invisible characters, by which a server could make something else appear."""
    return _INVISIBLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def in_a_line(text: str, most: int) -> str:
    """The same with one space for all white space, and cut without a word."""
    line = " ".join(text[: 4 * most].split())
    return escaped(line if len(line) <= most and len(text) <= 4 * most else f"{line[:most]}…")


def css_class(verdict: Verdict) -> str:
    """The class of what has this verdict."""
    return verdict.lower()


def chip(verdict: Verdict, label: str = "") -> str:
    """A verdict as a small coloured word. `label`: stands in front of it."""
    prefix = f"{escaped(label)} " if label else ""
    return f'<span class="chip {css_class(verdict)}">{prefix}{verdict}</span>'


def scrolling(label: str, content: str) -> str:
    """A part that may be wider than the page, which the keyboard can scroll."""
    return f'<div class="scroll" tabindex="0" role="group" aria-label="{label}">{content}</div>'


def plural(number: int, noun: str, nouns: str | None = None) -> str:
    """Such as `1 case`, `2,000 cases`. `nouns`: where it is not the noun and an s."""
    return f"{number:,} {noun if number == 1 else nouns or noun + 's'}"


def number(value: float) -> str:
    """With up to six digits that say something; whole numbers with all of theirs."""
    return f"{int(value):,}" if value == int(value) else f"{value:,.6g}"
