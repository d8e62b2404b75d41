"""The colours of the HTML page."""

import re
from collections.abc import Mapping

import pytest

from hamsa_conformance.report.markup import css_class
from hamsa_conformance.verdict import Verdict
from tests.conformance.report.parsed import page


def luminance(colour: str) -> float:
    """Of a colour such as #fff or #12ab9f, by WCAG 2.2."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def too_faint(colours: Mapping[str, str], pairs: list[tuple[str, str]], least: float) -> list[tuple[str, str]]:
    return [(one, other) for one, other in pairs if contrast(colours[one], colours[other]) < least]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_texts_and_lines_can_be_told_from_what_lies_behind_them(scheme: int) -> None:
    """4.5 to 1 for texts, 3 to 1 for what is drawn (WCAG 2.2, 1.4.3 and 1.4.11)."""
    roots = re.findall(r":root \{(.*?)\}", page().styles[0], re.DOTALL)
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", roots[scheme]))
    tones = [css_class(verdict) for verdict in Verdict]
    grounds = ("ground", "card", "code", "fail-wash")
    texts = [(text, ground) for text in ("ink", "soft") for ground in grounds]
    texts += [("link", "card"), ("ink", "inconclusive-wash"), ("ink", "skipped-wash")]
    texts += [(tone, ground) for tone in tones for ground in ("card", f"{tone}-wash")]
    assert too_faint(colours, texts, 4.5) == []
    lines = [(line, "card") for line in ("fail-bar", "info-bar", "pass-bar", "soft")]
    assert too_faint(colours, [*lines, ("info-bar", "code"), ("link", "code")], 3) == []
