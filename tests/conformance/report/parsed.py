"""Pages of runs, parsed."""

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from hamsa_conformance.report.content import report_of
from hamsa_conformance.report.html import html_page
from hamsa_conformance.result import Result
from hamsa_conformance.verdict import Verdict
from tests.conformance.report.sample import sample_cases, sample_run
from tests.conformance.report.wire import KEY

CASES = sample_cases()
VOID = {"meta", "input", "path", "rect", "circle"}


class Page(HTMLParser):
    """A page: its elements in order, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.elements: list[tuple[str, Mapping[str, str | None]]] = []
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag, f"{tag} closes something else"

    def handle_data(self, data: str) -> None:
        inside = self._open[-1] if self._open else ""
        {"script": self.scripts, "style": self.styles}.get(inside, self.texts).append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def of(self, tag: str, **attributes: str) -> list[Mapping[str, str | None]]:
        wanted = {("class" if name == "class_" else name): value for name, value in attributes.items()}
        return [found for name, found in self.elements if name == tag and wanted.items() <= found.items()]


def page(**changes: Any) -> Page:
    return Page(html_page(report_of(sample_run(**changes), CASES, [KEY])))


def page_of(*results: Result, **changes: Any) -> Page:
    """A page with these results, each of the case whose slug it has."""
    return page(results=results, **changes)


def result(slug: str = "hamsa.tts.ack_first", verdict: Verdict = Verdict.PASS, **fields: Any) -> Result:
    return Result(slug=slug, verdict=verdict, **fields)
