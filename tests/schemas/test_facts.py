"""Facts: reading, filling in and replacing them; and the facts of Hamsa that ship with the package."""

import json
from pathlib import Path
from typing import Any

import pytest

from hamsa_schemas.errors import UnknownFact
from hamsa_schemas.facts import Fact, Facts, FactValue, load_facts

FACTS = Facts(
    {
        "text.hello": Fact("hello", "documented", "a page", ("API-1",), "seen"),
        "text.refused": Fact("{who} refused {what}, {who}", "documented", "a page"),
        "close.bye": Fact(4001, "documented", "a page"),
        "limit.seconds": Fact(0.5, "observed", "a page, 2026-02"),
        "limit.bytes": Fact(640, "assumed", "a guess"),
    }
)


def test_facts_are_a_mapping() -> None:
    assert list(FACTS) == ["text.hello", "text.refused", "close.bye", "limit.seconds", "limit.bytes"]
    assert len(FACTS) == 5
    assert FACTS["text.hello"].statements == ("API-1",)
    assert FACTS["text.hello"].note == "seen"
    assert "text.hello" in FACTS
    assert "text.helo" not in FACTS
    assert FACTS.get("text.helo") is None


def test_facts_do_not_follow_the_mapping_they_came_from() -> None:
    source = dict(FACTS)
    facts = Facts(source)
    source.clear()
    assert facts == FACTS


@pytest.mark.parametrize("read", [Facts.__getitem__, Facts.text, Facts.code, Facts.number])
def test_unknown_fact_is_an_error_with_the_nearest_slug(read: Any) -> None:
    with pytest.raises(UnknownFact, match=r"^no fact 'text\.helo'; did you mean 'text\.hello'\?"):
        read(FACTS, "text.helo")


def test_text_is_filled_in() -> None:
    assert FACTS.text("text.hello") == "hello"
    assert FACTS.text("text.refused", who="A", what="{who}") == "A refused {who}, A"


@pytest.mark.parametrize("fill", [{}, {"who": "A"}, {"who": "A", "what": "B", "why": "C"}])
def test_text_needs_exactly_its_placeholders(fill: dict[str, str]) -> None:
    with pytest.raises(TypeError, match=r"^fact text\.refused has the placeholders \['what', 'who'\], but \["):
        FACTS.text("text.refused", **fill)


def test_text_without_placeholders_takes_nothing() -> None:
    with pytest.raises(TypeError, match=r"\[\], but \['who'\] were given"):
        FACTS.text("text.hello", who="A")


def test_code_and_number_are_read() -> None:
    assert FACTS.code("close.bye") == 4001
    assert FACTS.number("limit.seconds") == 0.5
    assert FACTS.number("limit.bytes") == 640


def test_fact_of_another_kind_is_a_type_error() -> None:
    with pytest.raises(TypeError, match=r"^fact close\.bye is the number 4001, not a text$"):
        FACTS.text("close.bye")
    with pytest.raises(TypeError, match=r"^fact text\.hello is the text 'hello', not a number$"):
        FACTS.number("text.hello")
    for slug in ("text.hello", "limit.seconds", "limit.bytes"):
        with pytest.raises(TypeError, match=rf"^fact {slug} is .*, not a close code$"):
            FACTS.code(slug)


def test_replaced_facts_are_new_and_assumed() -> None:
    changed = FACTS.replaced({"text.hello": "good day", "limit.bytes": 1.5})
    assert changed.text("text.hello") == "good day"
    assert changed.number("limit.bytes") == 1.5
    assert changed["text.hello"] == Fact("good day", "assumed", "Set for this run.", ("API-1",))
    assert changed["close.bye"] is FACTS["close.bye"]
    assert FACTS.text("text.hello") == "hello"


def test_unknown_fact_cannot_be_replaced() -> None:
    with pytest.raises(UnknownFact, match=r"did you mean 'text\.hello'"):
        FACTS.replaced({"text.helo": "x"})


@pytest.mark.parametrize(
    ("slug", "value"), [("text.hello", 1), ("limit.bytes", "640"), ("limit.bytes", True), ("text.hello", False)]
)
def test_fact_cannot_change_its_kind(slug: str, value: FactValue) -> None:
    with pytest.raises(TypeError, match=rf"^fact {slug} is .* and cannot become {value!r}$"):
        FACTS.replaced({slug: value})


def test_facts_load_from_any_folder(tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    entry = {"value": 1, "basis": "assumed", "source": "a guess", "statements": []}
    content = {"facts": {"limit.calls": entry}}
    (tmp_path / "acme" / "facts.json").write_text(json.dumps(content), encoding="utf-8")
    assert dict(load_facts("acme", tmp_path)) == {"limit.calls": Fact(1, "assumed", "a guess")}


def test_provider_without_facts_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_facts("acme", tmp_path)


@pytest.mark.parametrize(
    ("slug", "text"),
    [
        ("endpoint.realtime", "/v1/realtime/ws"),
        ("auth.query_parameter", "api_key"),
        ("endpoint.preload", "/v2/tts/voices/custom/preload"),
        ("endpoint.tts", "/v1/realtime/tts"),
        ("endpoint.tts_stream", "/v1/realtime/tts-stream"),
        ("endpoint.stt", "/v1/realtime/stt"),
        ("auth.header", "X-Api-Key"),
        ("auth.rest_header", "Authorization"),
        ("auth.rest_scheme", "Token"),
        ("text.info", "Connected to realtime WebSocket server"),
        ("text.ack", "Real time text to speach connection establesh"),
        ("text.end", "End of TTS stream"),
        ("text.preloaded", "Custom voice have been preloaded successfully"),
        ("text.missing_key", "Missing API key in headers or query parameters"),
        ("text.unknown_key", "API key is invalid or expired"),
        ("text.inactive_user", "User account is inactive or not found"),
        ("text.inactive_project", "Project is inactive or not found"),
        ("text.insufficient_funds", "Insufficient funds in wallet"),
        ("text.malformed_message", "Invalid message format: missing type or payload"),
        ("text.invalid_tts", "Invalid payload for message type: tts"),
        ("text.invalid_stt", "Invalid payload for message type: stt"),
        ("text.voice_not_owned", "Voice not owned by user"),
        ("text.rate_limit_exceeded", "Rate limit exceeded for this API key"),
    ],
)
def test_hamsa_uses_the_documented_text(slug: str, text: str) -> None:
    facts = load_facts()
    assert facts.text(slug) == text
    assert facts[slug].basis == "documented"


def test_hamsa_names_the_type_that_it_does_not_support() -> None:
    assert load_facts().text("text.unsupported_type", type="speak") == "Unsupported message type: speak"


def test_hamsa_uses_the_documented_close_codes() -> None:
    facts = load_facts()
    slugs = [slug for slug in facts if slug.startswith("close.") and facts[slug].basis == "documented"]
    assert {slug: facts.code(slug) for slug in slugs} == {
        "close.inactivity": 1000,
        "close.shutting_down": 1001,
        "close.authentication_failed": 4001,
        "close.insufficient_funds": 4003,
        "close.internal_authentication_error": 4500,
    }


def test_close_of_a_client_that_does_not_answer_pings_is_assumed() -> None:
    facts = load_facts()
    assert (facts.code("close.pong_timeout"), facts.text("reason.pong_timeout")) == (1011, "keepalive ping timeout")
    assert {facts[f"{kind}.pong_timeout"].basis for kind in ("close", "reason")} == {"assumed"}


@pytest.mark.parametrize(
    ("slug", "status", "statement"),
    [
        ("status.ok", 200, "PRE-3"),
        ("status.bad_request", 400, "PRE-4"),
        ("status.unauthorized", 401, "PRE-5"),
        ("status.not_found", 404, "PRE-6"),
        ("status.internal_error", 500, "PRE-7"),
    ],
)
def test_hamsa_uses_the_documented_statuses(slug: str, status: int, statement: str) -> None:
    facts = load_facts()
    assert facts.number(slug) == status
    assert (facts[slug].basis, facts[slug].statements) == ("documented", (statement,))


def test_hamsa_calls_no_wording_of_a_rest_error_documented() -> None:
    """The documentation gives meanings of statuses; the bodies are known from clients only."""
    facts = load_facts()
    assert {facts[slug].basis for slug in facts if slug.startswith("rest.")} == {"assumed"}


def test_close_reasons_fit_into_a_close_frame() -> None:
    """RFC 6455: a control frame carries 125 bytes, two of which are the code."""
    facts = load_facts()
    for slug in facts:
        if slug.startswith(("reason.", "text.missing_key", "text.unknown_key", "text.insufficient_funds")):
            assert len(facts.text(slug).encode()) <= 123
