"""The JSON report: by its published schema, read back as it was written, and refused in one sentence otherwise."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

from hamsa_conformance.report import json_report
from hamsa_conformance.report.content import report_of
from hamsa_conformance.report.json_report import SCHEMA, NoReport, from_json, text_of, to_json
from hamsa_conformance.result import Result
from hamsa_conformance.verdict import Verdict
from hamsa_kit.client_session import ClientSession
from hamsa_kit.transcript import Entry
from hamsa_schemas import default_catalogue
from tests.conformance.report.sample import sample_cases, sample_run
from tests.conformance.report.wire import KEY

REPORT = report_of(sample_run(), sample_cases(), [KEY])
CONTENT: dict[str, Any] = json.loads("".join(text_of(to_json(REPORT))))
VALIDATOR = default_catalogue().schemas.validator(SCHEMA)


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    content: dict[str, Any] = deepcopy(CONTENT)
    change(content)
    return content


def paths(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The place of every field of every object, but for those whose names are free."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield (*at, name)
            if name not in ("facts", "sections", "observations", "measured", "transcript"):
                yield from paths(each, (*at, name))
    elif isinstance(value, list) and value:
        yield from paths(value[0], (*at, 0))


def test_report_fits_its_schema() -> None:
    assert [error.message for error in VALIDATOR.iter_errors(CONTENT)] == []
    assert default_catalogue().schemas.compiled(SCHEMA)(CONTENT)


def test_report_is_read_back_as_it_was_written() -> None:
    assert from_json(CONTENT) == REPORT


def test_report_of_no_case_is_read_back() -> None:
    report = report_of(sample_run(results=()), {}, [])
    content = json.loads("".join(text_of(to_json(report))))
    assert from_json(content) == report
    assert content["verdict"] is None
    assert content["summary"]["sections"] == {}


def test_summary_counts_the_cases() -> None:
    assert CONTENT["verdict"] == "FAIL"
    assert CONTENT["summary"]["all"] == {
        "FAIL": 3,
        "INCONCLUSIVE": 1,
        "NON-STRICT": 1,
        "PASS": 5,
        "INFO": 2,
        "SKIPPED": 2,
    }
    assert CONTENT["summary"]["sections"]["hamsa.auth"]["SKIPPED"] == 2
    assert CONTENT["cost"]["spent"]["characters"] == sum(case["spent"]["characters"] for case in CONTENT["cases"])


def test_file_has_a_line_for_each_case_and_arabic_as_it_is() -> None:
    lines = "".join(text_of(CONTENT)).splitlines()
    of_cases = [line for line in lines if line.startswith('{"slug": ')]
    assert len(of_cases) == len(CONTENT["cases"])
    assert any("مرحباً بكم" in line for line in of_cases)


def test_number_that_json_cannot_hold_is_not_written() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        list(text_of({"seconds": float("nan"), "cases": []}))


def test_every_field_of_the_schema_is_required_and_no_other_is_allowed() -> None:
    case = next(index for index, each in enumerate(CONTENT["cases"]) if each["sounds"] and each["findings"])
    content = changed(lambda content: content.update(cases=[content["cases"][case]]))
    for path in paths(content):
        without, beside = deepcopy(content), deepcopy(content)
        for copy in (without, beside):
            place = copy
            for part in path[:-1]:
                place = place[part]
            if copy is without:
                del place[path[-1]]
            else:
                place["more"] = 1
        assert not VALIDATOR.is_valid(without), path
        assert not VALIDATOR.is_valid(beside), path


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ([], "not a report: it has no tool"),
        ({"version": 1}, "not a report: it has no tool"),
        ({"tool": "x"}, "not a report: it has no tool"),
        ({"tool": {"name": "other"}}, "not a report: it does not say that hamsa-conformance wrote it"),
        (changed(lambda content: content.update(version=2)), "a report of version 2; this reads version 1"),
        (changed(lambda content: content.pop("version")), "a report of version None"),
        (changed(lambda content: content.pop("seed")), "not a report: seed is missing"),
        (changed(lambda content: content["cases"][0].update(kind="odd")), r"not a report: cases\[0\]\.kind"),
        (changed(lambda content: content["cases"][0]["transcript"][0].update(kind="odd")), r"transcript\[0\]"),
        (changed(lambda content: content["cases"][0].update(sluk="x")), "did you mean 'slug'"),
    ],
)
def test_what_is_no_report_is_refused_in_a_sentence(content: Any, says: str) -> None:
    with pytest.raises(NoReport, match=says) as refused:
        from_json(content)
    assert "\n" not in str(refused.value)


def test_report_on_which_the_validator_gives_up_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def give_up(content: Any) -> bool:
        raise ValueError("Recursion limit reached")

    monkeypatch.setattr(json_report, "_is_valid", lambda: give_up)
    with pytest.raises(NoReport, match="Recursion limit"):
        from_json(CONTENT)


def entries_of_a_session() -> list[Entry]:
    """What the client session writes when everything happens that it knows."""
    entries: list[Entry] = []
    client = ClientSession("ws://127.0.0.1:1/v1?api_key=k", record=entries.append)
    server = ServerProtocol()

    def exchange() -> None:
        for data in client.data_to_send():
            server.receive_data(data or b"")
        for event in server.events_received():
            if isinstance(event, Request):
                server.send_response(server.accept(event))
        client.receive(b"".join(server.data_to_send()), 0.0)

    client.open(0.0)
    exchange()
    client.send_text('{"type": "tts"}', 0.0)
    client.send_binary(b"\0\1", 0.0)
    client.ping(b"", 0.0)
    client.send_frames([Frame(Opcode.TEXT, b"a")], 0.0)
    server.send_text(b"{}")
    server.send_binary(b"\0")
    server.send_ping(b"x")
    exchange()
    client.close(1000, "", 0.0)
    exchange()
    client.receive_end(0.0)
    return entries


def test_what_the_client_session_records_can_be_reported() -> None:
    (slug,) = [slug for slug in sample_cases() if slug.endswith("ack_first")]
    result = Result(slug=slug, verdict=Verdict.PASS, transcript=tuple(entries_of_a_session()))
    report = report_of(sample_run(results=(result,)), sample_cases(), [])
    assert {entry.kind for entry in report.cases[0].result.transcript} >= {"message", "ping", "pong", "raw", "close"}
    assert from_json(json.loads("".join(text_of(to_json(report))))) == report
