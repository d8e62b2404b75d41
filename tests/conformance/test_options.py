"""Servers that do one thing otherwise, as a source has it: no required case fails but where a document contradicts.

Each option of each behaviour that is chosen is tried with the cases that are about it: those which rest on the same
statements, and those of the sections that meet it.
"""

from collections.abc import Mapping

import pytest

from hamsa_conformance.case import Case
from hamsa_conformance.running.finding_cases import fits, load_cases
from hamsa_conformance.running.judging import judge
from hamsa_conformance.verdict import Verdict
from hamsa_mock import MockServer
from hamsa_schemas import load_behaviours
from hamsa_schemas.behaviours import Choice
from tests.conformance.bench import bench_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "auth": ("hamsa.auth", "hamsa.closes", "hamsa.connecting"),
    "error": ("hamsa.errors", "hamsa.messages"),
    "keepalive": ("hamsa.keepalive",),
    "limit": ("hamsa.errors",),
    "rest": ("hamsa.rest", "hamsa.preload"),
    "stt": ("hamsa.stt", "hamsa.tts.with_transcripts", "hamsa.rest.transcript"),
    "tts": ("hamsa.tts", "hamsa.audio.whole", "hamsa.rest.speech[tts]", "hamsa.rest.cloned_voice[tts]"),
    "websocket": ("hamsa.connecting",),
}
"""Where behaviours show, by their area."""

MORE_OF_THE_SAME = ("hamsa.tts.text", "hamsa.tts.text_of_2000", "hamsa.tts.tenth_request", "hamsa.tts.default")
"""It takes longer than the rest of its section and shows no more of a behaviour unless it rests on its statements."""

CUT_SHORT = "hamsa.tts.truncat"
"""Answers that are cut short are asked for again and again, until a case cannot tell."""

AGAINST: Mapping[tuple[str, str], str] = {
    **{("hamsa.stt.answer", form): "API-15" for form in ("response", "transcription", "transcript", "stt_response")},
    ("hamsa.tts.foreign_voice", "aborted"): "API-30",
}
"""The options against a document, by which statement: somebody has seen them, and they are wrong all the same."""

CHOICES = {slug: entry for slug in load_behaviours() if isinstance(entry := load_behaviours().entry(slug), Choice)}
OPTIONS = [(slug, option) for slug, entry in CHOICES.items() for option in entry.options if option != entry.default]


def cases_about(slug: str) -> list[Case]:
    """The required cases that a behaviour may move."""
    sections, statements = SECTIONS[slug.split(".")[1]], set(CHOICES[slug].statements)
    return [
        case
        for case in load_cases()
        if case.kind == "required"
        and (
            statements & set(case.statements)
            or (_is_in(case, sections) and not _is_in(case, MORE_OF_THE_SAME) and not slug.startswith(CUT_SHORT))
        )
    ]


def _is_in(case: Case, choices: tuple[str, ...]) -> bool:
    return any(fits(case.slug, choice) for choice in choices)


def failing(slug: str, option: str) -> list[Case]:
    """The cases that say of a mock with this option that it is wrong."""
    with MockServer(behaviours={slug: option}) as mock, bench_of(mock) as bench:
        return [case for case in cases_about(slug) if judge(case, bench.server).verdict is Verdict.FAIL]


@pytest.mark.parametrize(("slug", "option"), [chosen for chosen in OPTIONS if chosen not in AGAINST])
def test_option_that_no_document_contradicts_fails_no_required_case(slug: str, option: str) -> None:
    assert [case.slug for case in failing(slug, option)] == []


@pytest.mark.parametrize(("slug", "option"), AGAINST)
def test_option_against_a_document_fails_the_cases_that_rest_on_it_alone(slug: str, option: str) -> None:
    found = failing(slug, option)
    assert found
    assert [case.slug for case in found if AGAINST[slug, option] not in case.statements] == []


def test_every_exception_is_an_option_of_what_a_document_has() -> None:
    assert set(AGAINST) <= set(OPTIONS)
    assert {CHOICES[slug].basis for slug, _ in AGAINST} == {"documented"}


def test_every_choice_has_cases_that_are_about_it() -> None:
    assert [slug for slug in CHOICES if not cases_about(slug)] == []
