"""Messages that are wrong, the errors that they get, and that all else goes on."""

import json
from collections.abc import Mapping
from typing import Any

from hamsa_conformance.case import Case, Kind, case, family
from hamsa_conformance.cases.hamsa.messages import SERVER_TYPES, WORDS
from hamsa_conformance.client.answer import Answer
from hamsa_conformance.client.requests import SENTENCE, present, stt, tts
from hamsa_conformance.client.server import Server
from hamsa_conformance.judgement import CannotTell, require
from hamsa_conformance.vocabulary.going_on import goes_on, nothing_behind_error
from hamsa_conformance.vocabulary.speech import require_refusal, require_whole
from hamsa_kit.client_events import TextMessage
from hamsa_kit.client_session import message_type
from hamsa_schemas import load_facts

REQUEST = tts(WORDS)
FACTS = load_facts("hamsa")
MALFORMED = FACTS.text("text.malformed_message")
INVALID_TTS, INVALID_STT = FACTS.text("text.invalid_tts"), FACTS.text("text.invalid_stt")

DOCUMENTED = ("empty_object", "no_type", "no_payload", "payload_beside_type")
"""The malformed messages for which the documents have words; those of others may differ."""


def _unsupported(type: str) -> str:
    return FACTS.text("text.unsupported_type", type=type)


def _malformed(
    name: str, what: str, message: object, words: tuple[str, ...] = (MALFORMED,), kind: Kind = "required"
) -> Case:
    @case(
        f"hamsa.errors.malformed[{name}]",
        title=f"A malformed message: {what}",
        expects="The server answers with an error message; that it closes the connection then is not strict.",
        statements=("API-5", "API-16", "API-26", "WST-8"),
        kind=kind,
        characters=len(WORDS),
    )
    def malformed(server: Server) -> None:
        client = server.connect()
        client.send(message)
        client.expect_error(*words, documented=name in DOCUMENTED)
        goes_on(server, client)

    return malformed


malformed = (
    _malformed("not_json", "a text that is no JSON", WORDS),
    _malformed("empty", "an empty text", ""),
    _malformed("cut_off", "JSON without its last character", json.dumps(REQUEST)[:-1]),
    _malformed("array", "a JSON array", ["tts", REQUEST["payload"]]),
    _malformed("json_text", "a JSON string", '"tts"'),
    _malformed("json_null", "JSON's null", "null"),
    _malformed("empty_object", "an object with nothing in it", {}),
    _malformed("no_type", "a payload without a type", {"payload": REQUEST["payload"]}),
    _malformed("no_payload", "a type without a payload", {"type": "tts"}),
    _malformed(
        "payload_beside_type",
        "the fields of the payload beside the type",
        {"type": "tts", **REQUEST["payload"]},
        (MALFORMED, INVALID_TTS),
    ),
    _malformed("type_is_number", "a number as type", {"type": 5, "payload": {}}, (MALFORMED, _unsupported("5"))),
    _malformed("type_is_empty", "an empty type", {"type": "", "payload": {}}, (MALFORMED, _unsupported(""))),
    _malformed("payload_is_null", "null as payload", {"type": "tts", "payload": None}, (MALFORMED, INVALID_TTS)),
    _malformed("payload_is_text", "a text as payload", {"type": "tts", "payload": WORDS}, (INVALID_TTS, MALFORMED)),
    _malformed("payload_is_list", "a list as payload", {"type": "stt", "payload": [0.1]}, (INVALID_STT, MALFORMED)),
    _malformed("binary", "a request in a binary message", json.dumps(REQUEST).encode(), kind="optimal"),
)


def _unknown_type(name: str, type: str) -> Case:
    @case(
        f"hamsa.errors.unknown_type[{name}]",
        title=f"A message of a type that does not exist: {name.replace('_', ' ')}",
        expects="The server answers with an error that names the type.",
        statements=("API-16", "API-27"),
        characters=len(WORDS),
    )
    def unknown_type(server: Server) -> None:
        client = server.connect()
        client.send({**REQUEST, "type": type})
        told = client.expect_error(_unsupported(type))
        require(type in told, f"the type {type!r} in the words of the error", told)

    return unknown_type


unknown_type = family(
    {
        "a_word": "speak",
        "capitals": "TTS",
        "one_character_more": "tts2",
        "arabic": "كلام",
        "quotes_and_backslash": 'say "hi" \\n',
        "placeholders": "{type} %s [type] $1",
    },
    _unknown_type,
)


@case(
    "hamsa.errors.types_of_the_server",
    title="A client sends messages of the types that are the server's",
    expects="The server answers each with an error that names the type.",
    statements=("API-5", "API-27"),
    kind="optimal",
)
def types_of_the_server(server: Server) -> None:
    client = server.connect()
    for type in SERVER_TYPES:
        client.send({"type": type, "payload": {"message": "x"}})
        client.expect_error(_unsupported(type))


def _unspeakable(name: str, what: str, change: Mapping[str, Any], kind: Kind = "required") -> Case:
    @case(
        f"hamsa.errors.unspeakable[{name}]",
        title=f"A request for speech with {what}",
        expects="The server answers with the error of a wrong payload, and with no audio.",
        statements=("API-28", "WST-8"),
        kind=kind,
        characters=len(WORDS),
    )
    def unspeakable(server: Server) -> None:
        client = server.connect()
        client.send({"type": "tts", "payload": present({**REQUEST["payload"], **change})})
        server.error_words(require_refusal(server, client, Answer(WORDS, server.now())), INVALID_TTS)

    return unspeakable


unspeakable = (
    _unspeakable("no_text", "no text", {"text": None}),
    _unspeakable("text_is_number", "a number as text", {"text": 5}),
    _unspeakable("text_is_list", "a list as text", {"text": [WORDS]}),
    _unspeakable("no_speaker", "no speaker", {"speaker": None}),
    _unspeakable("speaker_is_number", "a number as speaker", {"speaker": 5}),
    _unspeakable("nothing_in_it", "an empty payload", dict.fromkeys(REQUEST["payload"])),
    _unspeakable("text_is_empty", "an empty text", {"text": ""}, "optimal"),
    _unspeakable("dialect_is_number", "a number as dialect", {"dialect": 5}, "optimal"),
    _unspeakable("language_is_list", "a list as languageId", {"languageId": ["ar"]}, "optimal"),
    _unspeakable("mulaw_is_text", "a text as mulaw", {"mulaw": "yes"}, "optimal"),
)


@case(
    "hamsa.errors.once",
    title="What comes behind an error",
    expects="The server sends one error for one wrong message, and no message behind it.",
    statements=("API-16", "WST-8"),
)
def once(server: Server) -> None:
    client = server.connect()
    client.send({"type": "tts"})
    client.expect_error(MALFORMED)
    nothing_behind_error(server, client)


@case(
    "hamsa.errors.in_order",
    title="Three wrong messages at once",
    expects="The server answers them in their order: a client has nothing else to tell which error is whose.",
    statements=("API-16",),
    kind="optimal",
)
def in_order(server: Server) -> None:
    client = server.connect()
    for type in ("first", "second", "third"):
        client.send({"type": type, "payload": {}})
    for type in ("first", "second", "third"):
        client.expect_error(_unsupported(type))


def _goes_on(name: str, message: object) -> Case:
    @case(
        f"hamsa.errors.goes_on_after[{name}]",
        title=f"A right request behind a wrong message: {name.replace('_', ' ')}",
        expects="The server answers the wrong one with an error and speaks the right one, over the same connection;"
        " that it closes the connection behind the error is not strict.",
        statements=("API-1", "WST-8"),
        characters=2 * len(WORDS),
    )
    def right_request(server: Server) -> None:
        client = server.connect()
        client.send(message)
        client.expect("error")
        if not goes_on(server, client):
            return
        asked = client.answer(client.ask(WORDS))
        require(asked.error is None and "chunk" in asked.types, "audio and end", ", ".join(asked.types))

    return right_request


goes_on_after = family(
    {
        "not_json": WORDS,
        "unknown_type": {"type": "speak", "payload": {}},
        "speech_without_a_text": {"type": "tts", "payload": {"speaker": REQUEST["payload"]["speaker"]}},
        "transcript_without_a_recording": stt(),
    },
    _goes_on,
)


@case(
    "hamsa.errors.within_an_answer",
    title="A wrong message while an answer is under way",
    expects="The server answers it with an error, at once or when its turn comes, and sends all of the audio.",
    statements=("API-1", "WST-6", "WST-8"),
    characters=len(SENTENCE),
)
def within_an_answer(server: Server) -> None:
    client = server.connect()
    asked = client.ask()
    coming = client.answers()
    asked.messages.append(next(coming))
    client.stop_at_limit(asked)
    client.send(WORDS)
    errors = 0
    while not errors or asked.types[-1] != "end":
        message = next(coming)
        if isinstance(message, TextMessage) and message_type(message.text) == "error":
            errors += 1
        else:
            asked.messages.append(message)
    if asked.is_truncated:
        raise CannotTell(f"an answer was cut short: {len(asked.audio)} bytes")
    require_whole(asked)
    require(errors == 1, "one error", f"{errors} errors")
