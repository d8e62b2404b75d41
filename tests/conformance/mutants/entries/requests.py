"""Right requests that are refused, and wrong ones that are not."""

import json
from typing import Any

from hamsa_conformance.verdict import Verdict
from hamsa_mock.core.actions import Why
from hamsa_mock.providers.hamsa.admission import Admission, Served
from hamsa_mock.providers.hamsa.requests import RequestReader
from hamsa_schemas import MalformedJson, load_voices, parse
from tests.conformance.mutants.mutant import Change, chosen, mutant, replaced
from tests.conformance.mutants.wire import closing, each


def _speech(change: Any) -> Change:
    """A request for speech is taken for another one. `change` gets its fields, and gives others, or None: it is
    refused."""

    def apply(original: Any) -> Any:
        def read_tts(self: Any, request: Any, fields: Any, characters: int) -> Any:
            changed = change(dict(fields)) if isinstance(fields, dict) else fields
            if changed is None:
                return self._invalid(Why("refused by mistake"))
            return original(self, {**request, "payload": changed}, changed, characters)

        return read_tts

    return replaced(RequestReader, "_read_tts", apply)


def _needs(name: str) -> Change:
    return _speech(lambda fields: fields if name in fields else None)


def _defaults(name: str, value: Any) -> Change:
    return _speech(lambda fields: {name: value, **fields})


def _coerced(name: str, coerce: Any) -> Change:
    return _speech(lambda fields: {**fields, name: coerce(fields[name])} if name in fields else fields)


def _known_fields(fields: dict[str, Any]) -> dict[str, Any] | None:
    return fields if fields.keys() <= {"text", "speaker", "dialect", "languageId"} else None


def _message(change: Any) -> Change:
    """A message that is a JSON object is taken for another one."""

    def apply(original: Any) -> Any:
        def read(self: Any, text: str) -> Any:
            try:
                message = parse(text)
            except MalformedJson:
                return original(self, text)
            return original(
                self, json.dumps(change(dict(message)), ensure_ascii=False) if isinstance(message, dict) else text
            )

        return read

    return replaced(RequestReader, "read", apply)


def _payload_beside(message: dict[str, Any]) -> dict[str, Any]:
    return {"payload": {name: value for name, value in message.items() if name != "type"}, **message}


def _typed(message: dict[str, Any]) -> dict[str, Any]:
    return {"type": "tts", **message}


def _any_case(message: dict[str, Any]) -> dict[str, Any]:
    type = message.get("type")
    return {**message, "type": type.lower()} if isinstance(type, str) else message


def _unknown_as_malformed(original: Any) -> Any:
    return lambda self, name: self._malformed("an unknown type")


def _malformed_as_invalid(original: Any) -> Any:
    return lambda self, words: self._invalid(Why(words))


def _on_words(words: bytes, instead: Any) -> Change:
    """Other things are done for an error with these words."""
    return each("error", lambda error: instead(error) if words in error.message.payload else [error])  # type: ignore[union-attr]


def _custom(judge: Any) -> Change:
    """What becomes of a voice by its id. `judge` gets the usual way and the request."""

    def apply(original: Any) -> Any:
        return lambda self, tts, key, now: judge(lambda: original(self, tts, key, now), self, tts)

    return replaced(Admission, "_admit_custom", apply)


def _foreign_served(usual: Any, admission: Any, tts: Any) -> Any:
    return Served(tts, 0, ()) if tts.speaker.lower() in admission._accounts.voices else usual()


def _none_served(usual: Any, admission: Any, tts: Any) -> Any:
    return admission._refuse("hamsa.tts.foreign_voice", "no cloned voice is served")


def _builtin(refuses: Any) -> Change:
    """Some built-in voices are refused."""

    def apply(original: Any) -> Any:
        def admit(self: Any, tts: Any, key: Any, busy: bool, now: float) -> Any:
            if refuses(tts.speaker):
                return self._refuse("hamsa.tts.foreign_voice", "the voice is not served")
            return original(self, tts, key, busy, now)

        return admit

    return replaced(Admission, "admit", apply)


NAMED = frozenset({"text", "speaker", "dialect", "languageId", "mulaw"})
BUILT_IN = frozenset(load_voices("hamsa").by_name)

MUTANTS = (
    mutant(
        "requests.whole_payload_refused",
        "A request for speech with all its fields is refused.",
        "WST-4",
        _speech(_known_fields),
    ),
    mutant(
        "requests.dialect_needed",
        "A request without a dialect is refused.",
        "API-28",
        _needs("dialect"),
        verdict=Verdict.NON_STRICT,
    ),
    mutant("requests.language_needed", "A request without a language is refused.", "API-7", _needs("languageId")),
    mutant("requests.mulaw_needed", "A request without mulaw is refused.", "API-8", _needs("mulaw")),
    mutant(
        "requests.only_arabic",
        "A text in another language than ar is refused.",
        "API-7",
        _speech(lambda fields: fields if fields.get("languageId", "ar") == "ar" else None),
        verdict=Verdict.NON_STRICT,
    ),
    mutant(
        "requests.modern_refused",
        "The dialect modern is refused.",
        "API-9",
        _speech(lambda fields: None if fields.get("dialect") == "modern" else fields),
    ),
    mutant("requests.text_optional", "A request without a text is answered.", "API-28", _defaults("text", "...")),
    mutant(
        "requests.speaker_optional", "A request without a speaker is answered.", "API-28", _defaults("speaker", "Amjad")
    ),
    mutant("requests.text_of_any_type", "A text may be a number or a list.", "API-28", _coerced("text", str)),
    mutant("requests.speaker_of_any_type", "A speaker may be a number.", "API-28", _coerced("speaker", str)),
    mutant(
        "requests.mulaw_of_any_type",
        "What is not empty counts as mulaw.",
        "API-28",
        _coerced("mulaw", bool),
        verdict=Verdict.NON_STRICT,
    ),
    mutant(
        "requests.payload_optional",
        "The fields of a payload may stand beside the type.",
        "API-26",
        _message(_payload_beside),
    ),
    mutant(
        "requests.type_optional", "A message without a type counts as a request for speech.", "API-26", _message(_typed)
    ),
    mutant(
        "requests.malformed_as_invalid",
        "A malformed message gets the error of a wrong request for speech.",
        "API-26",
        replaced(RequestReader, "_malformed", _malformed_as_invalid),
    ),
    mutant(
        "requests.malformed_closes",
        "A malformed message closes the connection.",
        "API-26",
        _on_words(b"missing type", lambda error: [error, closing(1007)]),
        verdict=Verdict.NON_STRICT,
    ),
    mutant(
        "requests.malformed_unanswered",
        "A malformed message gets nothing.",
        "API-26",
        _on_words(b"missing type", lambda error: []),
    ),
    mutant("requests.type_in_any_case", "The type TTS counts as tts.", "API-27", _message(_any_case)),
    mutant(
        "requests.unknown_as_malformed",
        "A message of an unknown type gets the error of a malformed one.",
        "API-27",
        replaced(RequestReader, "_unsupported", _unknown_as_malformed),
    ),
    mutant(
        "requests.unknown_unanswered",
        "A message of an unknown type gets nothing.",
        "API-27",
        _on_words(b"Unsupported", lambda error: []),
    ),
    mutant(
        "requests.invalid_unanswered",
        "A wrong request for speech gets nothing.",
        "API-28",
        _on_words(b"type: tts", lambda error: []),
    ),
    mutant(
        "requests.invalid_closes",
        "A wrong request for speech closes the connection.",
        "API-28",
        _on_words(b"type: tts", lambda error: [error, closing(1008)]),
        verdict=Verdict.NON_STRICT,
    ),
    mutant(
        "requests.invalid_stt_unanswered",
        "A wrong request for a transcript gets nothing.",
        "API-29",
        _on_words(b"type: stt", lambda error: []),
    ),
    mutant("requests.foreign_voice", "The voice of somebody else may be used.", "API-30", _custom(_foreign_served)),
    mutant("requests.no_cloned_voice", "A client's own cloned voice is refused.", "WST-9", _custom(_none_served)),
    mutant(
        "requests.no_built_in_voice",
        "Built-in voices are refused.",
        "WST-9",
        _builtin(lambda speaker: speaker in BUILT_IN),
        verdict=Verdict.NON_STRICT,
    ),
    mutant(
        "requests.half_of_voices",
        "Some built-in voices are refused.",
        "WST-9",
        _builtin(lambda speaker: speaker in BUILT_IN and speaker > "K"),
        verdict=Verdict.NON_STRICT,
    ),
    mutant(
        "requests.custom_needs_preload",
        "A cloned voice that was not preloaded is refused.",
        "PRE-8",
        chosen("hamsa.tts.unpreloaded_voice", "aborted"),
        verdict=Verdict.NON_STRICT,
    ),
    mutant(
        "requests.fields_unknown",
        "A request for speech with a field that no document names is refused.",
        "WST-4",
        _speech(lambda fields: fields if fields.keys() <= NAMED else None),
        verdict=Verdict.NON_STRICT,
    ),
)
