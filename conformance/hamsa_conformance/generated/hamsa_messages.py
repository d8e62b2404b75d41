"""Messages to Hamsa's realtime WebSocket of which the documents say what they get.

The schemas also hold what is only assumed, such as that an empty text is refused, or known from clients alone, such as
`sampleRate`. Such messages are not made here: a server may do with them what it likes.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from hamsa_conformance.client.requests import DIALECT, SPEAKER
from hamsa_conformance.generated.bounds import LONGEST, LONGEST_SEQUENCE, SHORTEST
from hamsa_conformance.generated.resolved import Place
from hamsa_conformance.generated.valid import Given, texts, valid
from hamsa_conformance.generated.wrong import Flaw, flaws

TTS = "hamsa/client/tts.schema.json"
STT = "hamsa/client/stt.schema.json"

Gets: TypeAlias = Literal["speech", "refusal"]
"""The whole answer to a speech request; or an error, behind which the connection is as good as before."""

Fault: TypeAlias = tuple[str, Place]
"""A keyword, and the place at which it is broken."""

_PAYLOAD = ("payload",)
_GIVEN: Given = {
    ("payload", "text"): texts(SHORTEST, LONGEST),
    ("payload", "speaker"): st.just(SPEAKER),
    ("payload", "dialect"): st.just(DIALECT),
    ("payload", "languageId"): st.just("ar"),
    ("payload", "language"): st.sampled_from(["ar", "en"]),
    ("payload", "audioBase64"): st.just("UklGRiQAAABXQVZFZm10IBAAAAABAAEAgD4AAAB9AAACABAAZGF0YQAAAAA="),
}
_DOCUMENTED = {
    "tts": {"text", "speaker", "dialect", "languageId", "mulaw"},
    "stt": {"audioBase64", "language", "isEosEnabled", "eosThreshold"},
}

# The documents know one error for a payload that is no good (API-28, API-29). It is certain where a message cannot be
# answered: what is to be spoken, by whom, or what is to be heard is missing or no text.
_UNANSWERABLE: dict[str, Collection[Fault]] = {
    TTS: {
        ("type", _PAYLOAD),
        ("required", _PAYLOAD),
        ("type", ("payload", "text")),
        ("type", ("payload", "speaker")),
    },
    STT: {
        ("type", _PAYLOAD),
        ("anyOf", _PAYLOAD),
        ("type", ("payload", "audioBase64")),
    },
}
# Where an option is no good the message can be answered all the same, as if it were not there.
_ANSWERABLE: dict[str, Collection[Fault]] = {
    TTS: {
        ("type", ("payload", "dialect")),
        ("type", ("payload", "languageId")),
        ("type", ("payload", "mulaw")),
    },
    STT: {
        ("type", ("payload", "language")),
        ("type", ("payload", "isEosEnabled")),
        ("type", ("payload", "eosThreshold")),
        ("minimum", ("payload", "eosThreshold")),
        ("maximum", ("payload", "eosThreshold")),
    },
}
_ENVELOPE: Collection[Fault] = {("type", ()), ("required", ())}
_TYPES = {"tts", "stt", "response", "error", "info", "ack", "end"}
_LONGEST_CUT = 30


@dataclass(frozen=True, slots=True)
class Step:
    """One message of a sequence, and what it must get."""

    message: Any
    gets: Gets


def speech_requests() -> SearchStrategy[dict[str, Any]]:
    """Requests that must be answered with speech (WST-4): short, and without fields that no document names."""
    return valid(TTS, _GIVEN).map(_documented)


def transcript_options() -> SearchStrategy[dict[str, Any]]:
    """Payloads of requests for a transcript (API-12 to API-14), without the audio."""
    return valid(STT, _GIVEN).map(lambda message: _without_audio(_documented(message)["payload"]))


def unanswerable(path: str) -> SearchStrategy[Any]:
    """Messages with the schema of this path whose payload cannot be answered: they must get an error."""
    return _with_fault(path, _UNANSWERABLE[path])


def with_a_wrong_option(path: str) -> SearchStrategy[Any]:
    """Messages of which a field is wrong that need not be there."""
    return _with_fault(path, _ANSWERABLE[path])


def malformed() -> SearchStrategy[Any]:
    """Messages that lack type or payload, or are no objects (API-26); a text is sent as it is, and is no JSON."""
    cut_off = st.builds(_cut, valid(TTS, _GIVEN), st.sampled_from(range(_LONGEST_CUT)))
    return _with_fault(TTS, _ENVELOPE) | _with_fault(STT, _ENVELOPE) | cut_off


def of_unknown_type() -> SearchStrategy[dict[str, Any]]:
    """Messages of a type that no document names (API-27)."""
    return st.builds(lambda message, type: message | {"type": type}, valid(TTS, _GIVEN), _unknown_types())


def sequences() -> SearchStrategy[list[Step]]:
    """3 to 12 messages over one connection, right and wrong ones in any order; the last is a right one."""
    right = speech_requests().map(lambda message: Step(message, "speech"))
    wrong = st.one_of(unanswerable(TTS), unanswerable(STT), malformed(), of_unknown_type())
    step = right | wrong.map(lambda message: Step(message, "refusal"))
    return st.builds(
        lambda steps, last: [*steps, last], st.lists(step, min_size=2, max_size=LONGEST_SEQUENCE - 1), right
    )


def _documented(message: dict[str, Any]) -> dict[str, Any]:
    """Without fields that only clients are known to send. The dialect is kept in: whether it may be left out is not
    said."""
    names = _DOCUMENTED[message["type"]]
    payload = {name: value for name, value in message["payload"].items() if name in names}
    return message | {"payload": payload if message["type"] == "stt" else {"dialect": DIALECT} | payload}


def _without_audio(payload: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in payload.items() if name != "audioBase64"}


def _with_fault(path: str, faults: Collection[Fault]) -> SearchStrategy[Any]:
    chosen: list[Flaw] = [flaw for flaw in flaws(path, _GIVEN) if (flaw.keyword, flaw.place) in faults]
    return st.one_of([flaw.messages.map(lambda wrong: wrong.message) for flaw in chosen])


def _cut(message: Any, at: int) -> str:
    """The beginning of its JSON, which is none."""
    text = json.dumps(message, ensure_ascii=False)
    return text[: 1 + at % (len(text) - 1)]


def _unknown_types() -> SearchStrategy[str]:
    letters = st.sampled_from("kamtsx")
    words = st.lists(letters, min_size=1, max_size=8).map("".join)
    return words.filter(lambda word: word not in _TYPES)
