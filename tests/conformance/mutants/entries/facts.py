"""Other words, codes and paths than the documents have."""

from hamsa_conformance.verdict import Verdict
from hamsa_mock.core.actions import Why
from hamsa_mock.providers.hamsa.requests import RequestReader, WireError
from tests.conformance.mutants.mutant import facts, mutant, replaced

OTHER_WORDS = Verdict.NON_STRICT
"""What differs is for people to read; no client can mind."""


def _unnamed(original: object) -> object:
    return lambda self, name: WireError("Unsupported message type", Why("the type is not named"))


def _misnamed(original: object) -> object:
    return lambda self, name: WireError("Unsupported message type: tts", Why("another type is named"))


MUTANTS = (
    mutant(
        "facts.info_text",
        "The info message says something else.",
        "API-2",
        facts({"text.info": "Connected to the realtime server"}),
        verdict=OTHER_WORDS,
    ),
    mutant(
        "facts.ack_text",
        "The spelling of the ack message is corrected.",
        "WST-5",
        facts({"text.ack": "Real time text to speech connection established"}),
        verdict=OTHER_WORDS,
    ),
    mutant(
        "facts.end_text",
        "The end message says something else.",
        "WST-7",
        facts({"text.end": "Done"}),
        verdict=OTHER_WORDS,
    ),
    mutant(
        "facts.missing_key_text",
        "A client without a key is told that its key is invalid.",
        "API-21",
        facts({"text.missing_key": "API key is invalid or expired"}),
    ),
    mutant(
        "facts.unknown_key_text",
        "A client with an unknown key is told that it gave none.",
        "API-22",
        facts({"text.unknown_key": "Missing API key in headers or query parameters"}),
    ),
    mutant(
        "facts.inactive_user_text",
        "A client of an inactive user is told that its project is inactive.",
        "API-23",
        facts({"text.inactive_user": "Project is inactive or not found"}),
    ),
    mutant(
        "facts.inactive_project_text",
        "A client of an inactive project is told that its user is inactive.",
        "API-24",
        facts({"text.inactive_project": "User account is inactive or not found"}),
    ),
    mutant(
        "facts.no_funds_text",
        "A client without money is told that something went wrong.",
        "API-25",
        facts({"text.insufficient_funds": "Something went wrong"}),
    ),
    mutant(
        "facts.malformed_text",
        "A malformed message gets an error that says nothing.",
        "API-26",
        facts({"text.malformed_message": "Bad request"}),
    ),
    mutant(
        "facts.type_unnamed",
        "The error for an unknown type does not name it.",
        "API-27",
        replaced(RequestReader, "_unsupported", _unnamed),
    ),
    mutant(
        "facts.type_misnamed",
        "The error for an unknown type names another one.",
        "API-27",
        replaced(RequestReader, "_unsupported", _misnamed),
    ),
    mutant(
        "facts.invalid_tts_names_stt",
        "The error for a wrong request for speech names stt.",
        "API-28",
        facts({"text.invalid_tts": "Invalid payload for message type: stt"}),
    ),
    mutant(
        "facts.invalid_stt_names_tts",
        "The error for a wrong request for a transcript names tts.",
        "API-29",
        facts({"text.invalid_stt": "Invalid payload for message type: tts"}),
    ),
    mutant(
        "facts.foreign_voice_text",
        "The error for the voice of somebody else says that the payload is wrong.",
        "API-30",
        facts({"text.voice_not_owned": "Invalid payload for message type: tts"}),
    ),
    mutant(
        "facts.rate_limit_text",
        "The error above the limit of requests says that the server is busy.",
        "API-32",
        facts({"text.rate_limit_exceeded": "Server is busy"}),
    ),
    mutant(
        "facts.preloaded_text",
        "The answer to a preload says something else.",
        "PRE-3",
        facts({"text.preloaded": "OK"}),
        verdict=OTHER_WORDS,
    ),
    mutant("facts.path", "The endpoint has another path.", "WST-1", facts({"endpoint.realtime": "/v2/realtime/ws"})),
    mutant(
        "facts.query_parameter",
        "The key is looked for in a query parameter of another name.",
        "WST-2",
        facts({"auth.query_parameter": "apiKey"}),
    ),
    mutant(
        "facts.key_header",
        "The key is looked for in a header of another name.",
        "WST-3",
        facts({"auth.header": "X-Hamsa-Key"}),
    ),
    mutant(
        "facts.default_language",
        "A text without a language is spoken in English.",
        "API-7",
        facts({"default.language": "en"}),
    ),
    mutant(
        "facts.key_refused_1008",
        "A wrong key gets the close code of a broken rule.",
        "API-17",
        facts({"close.authentication_failed": 1008}),
    ),
    mutant(
        "facts.key_refused_1000",
        "A wrong key gets the close code of a normal end.",
        "API-17",
        facts({"close.authentication_failed": 1000}),
    ),
    mutant(
        "facts.no_funds_4001",
        "An empty wallet gets the close code of a wrong key.",
        "API-18",
        facts({"close.insufficient_funds": 4001}),
    ),
    mutant(
        "facts.internal_error_1011",
        "A key that the service fails to judge gets the close code of RFC 6455 for that.",
        "API-19",
        facts({"close.internal_authentication_error": 1011}),
    ),
    mutant(
        "facts.internal_error_4001",
        "A key that the service fails to judge gets the close code of a wrong one.",
        "API-19",
        facts({"close.internal_authentication_error": 4001}),
    ),
    mutant(
        "facts.inactivity_1001",
        "The close code after inactivity is that of a shutdown.",
        "API-3",
        facts({"close.inactivity": 1001}),
    ),
    mutant(
        "facts.inactivity_4000",
        "The close code after inactivity is one of its own.",
        "API-20",
        facts({"close.inactivity": 4000}),
    ),
    mutant(
        "facts.shutdown_1000",
        "The close code of a shutdown is that of a normal end.",
        "API-20",
        facts({"close.shutting_down": 1000}),
    ),
    mutant("facts.preload_201", "A preload that succeeds gets 201.", "PRE-3", facts({"status.ok": 201})),
    mutant("facts.preload_422", "A preload of a malformed id gets 422.", "PRE-4", facts({"status.bad_request": 422})),
    mutant("facts.preload_403", "A preload with a wrong key gets 403.", "PRE-5", facts({"status.unauthorized": 403})),
    mutant("facts.preload_400", "A preload of no voice gets 400.", "PRE-6", facts({"status.not_found": 400})),
    mutant(
        "facts.preload_503",
        "A preload during which the service fails gets 503.",
        "PRE-7",
        facts({"status.internal_error": 503}),
    ),
)
