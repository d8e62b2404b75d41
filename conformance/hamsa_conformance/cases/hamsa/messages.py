"""The JSON messages of the server: whether they have the documented form, by the schemas that publish it."""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from hamsa_conformance.case import Case, case
from hamsa_conformance.client.server import Server
from hamsa_conformance.judgement import require, unmet
from hamsa_conformance.vocabulary.completeness import speak_to_the_end
from hamsa_kit.client_events import BinaryMessage, TextMessage
from hamsa_kit.client_session import message_type
from hamsa_schemas import default_catalogue

SERVER_TYPES = ("info", "ack", "end", "error", "response")
"""The documented types that are not for clients to send (API-5)."""

TYPES = ("tts", "stt", *SERVER_TYPES)
"""All that the documents name (API-5)."""

WORDS = "مرحبا بكم"

Provoke: TypeAlias = Callable[[Server], list[TextMessage | BinaryMessage]]
"""Has the server send messages, of which some are of the type that is judged."""


def _greeting(server: Server) -> list[TextMessage | BinaryMessage]:
    return [server.connect(greeting=False).receive(what="a greeting")]


def _error(server: Server) -> list[TextMessage | BinaryMessage]:
    client = server.connect()
    client.send("")
    return [client.receive(what="an error")]


def _speech(server: Server) -> list[TextMessage | BinaryMessage]:
    return speak_to_the_end(server.connect(), WORDS).messages


FORMS: Mapping[str, tuple[tuple[str, ...], Provoke, int]] = {
    "info": (("API-2", "API-5"), _greeting, 0),
    "ack": (("WST-5", "API-5"), _speech, len(WORDS)),
    "end": (("WST-7", "API-5"), _speech, len(WORDS)),
    "error": (("API-16", "API-5"), _error, 0),
}
"""What their form rests on, what brings them about, and how many characters that costs."""


def _form(type: str, statements: tuple[str, ...], provoke: Provoke, characters: int) -> Case:
    @case(
        f"hamsa.messages.form[{type}]",
        title=f"The form of {type} messages",
        expects=f"The server sends {type} as an object with its type, and a payload with a message for people;"
        " further fields are not strict.",
        statements=statements,
        characters=characters,
    )
    def form(server: Server) -> None:
        found = [content for content in _contents(provoke(server)) if content["type"] == type]
        require(bool(found), f"a message of type {type}", "none")
        schema = default_catalogue().message("hamsa", "server", type)
        for content in found:
            wrong = schema.explain(content)
            if wrong is not None and wrong.keyword == "additionalProperties":
                server.not_strict("no further fields", wrong.text)
            elif wrong is not None:
                unmet(f"the documented form of {type}", f"{wrong.text}: {json.dumps(content, ensure_ascii=False)}")

    return form


form = tuple(_form(type, *how) for type, how in FORMS.items())


def _contents(messages: list[TextMessage | BinaryMessage]) -> list[dict[str, Any]]:
    """The JSON of the text messages. Errors: Unmet where one is no JSON with a type."""
    texts = [message.text for message in messages if isinstance(message, TextMessage)]
    for text in texts:
        require(message_type(text) is not None, "JSON with a type", text[:200])
    return [json.loads(text) for text in texts]
