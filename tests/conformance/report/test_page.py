"""The HTML page in a browser, from a file: accessible, usable by the keyboard and without JavaScript, and silent."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hamsa_conformance.report.content import report_of
from hamsa_conformance.report.html import html_page
from hamsa_conformance.report.writing import write
from tests.conformance.report.devtools import OpenPage, open_browser
from tests.conformance.report.sample import sample_cases, sample_run
from tests.conformance.report.wire import KEY
from tests.peers.browser import find_browser
from tests.peers.conftest import NODE_FOLDER
from tests.tools.leftout import leave_out

pytestmark = pytest.mark.slow

AXE = NODE_FOLDER / "node_modules" / "axe-core" / "axe.min.js"
SHOWN = "[...document.querySelectorAll('details.case')].filter(each => each.checkVisibility()).map(each => each.id)"
OPENED = "[...document.querySelectorAll('details.case[open]')].map(each => each.id)"
TOLD = "document.querySelector('form.tools output').value"
FAILED = ["hamsa.auth.no_key", "hamsa.tts.whole_audio", "hamsa.errors.unknown_type"]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = html_page(report_of(sample_run(), sample_cases(), [KEY]))
    return write(tmp_path_factory.mktemp("report") / "report.html", page)


@pytest.fixture
def page(tmp_path: Path) -> Iterator[OpenPage]:
    found = find_browser()
    if found is None:
        leave_out("the browser", "install Chromium (Debian: apt install chromium), so that it is on the PATH")
    with open_browser(found, tmp_path) as opened:
        yield opened


def search(page: OpenPage, words: str) -> None:
    page.press("/")
    for character in words:
        page.press(character)


FINDINGS = """axe.run().then(({ violations, incomplete }) =>
  [...violations, ...incomplete.filter(each => each.id !== "color-contrast")]
    .map(each => [each.id, each.nodes.map(node => node.html)]))"""
"""What axe-core finds, and what it asks people to judge. It cannot tell what lies behind a text of a drawing; test_html
judges the colours of all texts."""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1200, 390])
def test_axe_finds_nothing(page: OpenPage, file: Path, dark: bool, width: int) -> None:
    """Neither on the page as it opens, nor with everything open."""
    if not AXE.is_file():
        leave_out("axe-core", "install npm (Debian, Ubuntu: apt install nodejs npm), then `make peers`")
    page.load(file, dark=dark, width=width)
    page.value(f"{AXE.read_text(encoding='utf-8')}; null")
    assert page.value(FINDINGS) == []
    page.value("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert page.value(FINDINGS) == []


def test_page_asks_for_nothing_and_complains_of_nothing(page: OpenPage, file: Path) -> None:
    page.load(file)
    assert page.requested == [file.as_uri()]
    assert page.value("document.querySelectorAll('script').length") == 1
    assert page.complaints == []


def test_page_is_never_wider_than_the_screen(page: OpenPage, file: Path) -> None:
    for width in (320, 390, 760, 1200):
        page.load(file, width=width)
        page.value("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert page.value("document.documentElement.scrollWidth <= innerWidth"), width


def test_search_shows_the_cases_that_hold_all_words(page: OpenPage, file: Path) -> None:
    page.load(file)
    assert page.value(TOLD) == "14 cases"
    search(page, "1008 POLICY")
    assert page.value(SHOWN) == ["hamsa.auth.no_key"]
    assert page.value(TOLD) == "1 of 14 cases"
    assert page.value("document.querySelectorAll('main > section:not([hidden])').length") == 1
    search(page, "x")
    assert page.value(SHOWN) == []
    assert page.value("document.querySelector('p.none').checkVisibility()")
    page.press("Escape")
    assert len(page.value(SHOWN)) == 14


def test_verdicts_can_be_hidden_by_the_keyboard(page: OpenPage, file: Path) -> None:
    page.load(file)
    boxes = page.value("document.querySelectorAll('form.tools input[type=checkbox]').length")
    page.press("/")
    for _ in range(2):
        page.press("Tab")
    for _ in range(boxes - 1):
        page.press("Tab")
        page.press(" ")
    assert page.value(SHOWN) == [slug for slug in sample_cases() if slug == "hamsa.auth.expired_key" or "wrong" in slug]


def test_all_shown_cases_open_and_close_by_a_button(page: OpenPage, file: Path) -> None:
    page.load(file)
    search(page, "close 1008")
    page.press("Tab")
    page.press("Enter")
    assert page.value(OPENED) == ["hamsa.auth.no_key"]
    page.press("Tab")
    page.press("Enter")
    assert page.value(OPENED) == []


def test_case_opens_by_the_keyboard(page: OpenPage, file: Path) -> None:
    page.load(file)
    page.value("document.querySelector('details.case summary').focus()")
    page.press("Enter")
    assert page.value(OPENED) == ["hamsa.connect.greeting"]


def test_link_to_a_case_opens_it_even_where_a_filter_hides_it(page: OpenPage, file: Path) -> None:
    page.load(file, fragment="hamsa.tts.whole_audio")
    assert page.value(OPENED) == ["hamsa.tts.whole_audio"]
    box = "document.getElementById('hamsa.tts.whole_audio').getBoundingClientRect()"
    assert page.value(f"document.querySelector('form.tools').offsetHeight <= {box}.top && {box}.top < innerHeight / 2")
    search(page, "keepalive")
    page.value("location.hash = 'hamsa.auth.no_key'; new Promise(done => setTimeout(done))")
    assert page.value(OPENED) == ["hamsa.auth.no_key", "hamsa.tts.whole_audio"]
    assert len(page.value(SHOWN)) == 14
    page.value("location.hash = 'nowhere'; new Promise(done => setTimeout(done))")


def test_without_javascript_every_case_is_there_and_opens(page: OpenPage, file: Path) -> None:
    page.load(file, scripts=False)
    assert page.is_drawn("details.case summary") == 14
    assert page.is_drawn("form.tools") == 0
    assert page.is_drawn("noscript p") == 1


def test_print_opens_what_did_not_pass_and_closes_it_again(page: OpenPage, file: Path) -> None:
    page.load(file)
    page.value("dispatchEvent(new Event('beforeprint'))")
    assert page.value(OPENED) == [*FAILED[:2], "hamsa.tts.long_text", FAILED[2]]
    page.value("dispatchEvent(new Event('afterprint'))")
    assert page.value(OPENED) == []
