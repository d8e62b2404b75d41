"""Messages of another form."""

import json

from tests.conformance.mutants.mutant import mutant
from tests.conformance.mutants.wire import content, payload, turned

MUTANTS = (
    mutant("messages.info_binary", "The info message is a binary one.", "API-2", turned("info")),
    mutant(
        "messages.info_plain",
        "The info message is a bare text.",
        "API-2",
        content("info", lambda it: it["payload"]["message"]),
    ),
    mutant("messages.ack_binary", "The ack message is a binary one.", "WST-5", turned("ack")),
    mutant("messages.end_binary", "The end message is a binary one.", "WST-7", turned("end")),
    mutant("messages.error_binary", "Error messages are binary ones.", "API-16", turned("error")),
    mutant("messages.transcript_binary", "Transcripts are binary messages.", "API-15", turned("transcript")),
    mutant("messages.chunk_text", "Audio comes as text, in hexadecimal digits.", "WST-6", turned("chunk")),
    mutant(
        "messages.types_in_capitals",
        "The types of messages are written in capitals.",
        "API-5",
        content("info", lambda it: {**it, "type": "INFO"}),
        content("ack", lambda it: {**it, "type": "ACK"}),
        content("end", lambda it: {**it, "type": "END"}),
        content("error", lambda it: {**it, "type": "ERROR"}),
    ),
    mutant(
        "messages.type_renamed",
        "The type of a message has another name.",
        "API-5",
        content("ack", lambda it: {"event": it["type"], "payload": it["payload"]}),
    ),
    mutant(
        "messages.in_a_list",
        "Messages come in a list.",
        "API-5",
        content("ack", lambda it: [it]),
        content("end", lambda it: [it]),
    ),
    mutant(
        "messages.two_values",
        "A message has a second JSON value behind it.",
        "API-5",
        payload("end", lambda data: data + b"\n{}"),
    ),
    mutant(
        "messages.error_other_type",
        "Errors have the type failure.",
        "API-16",
        content("error", lambda it: {**it, "type": "failure"}),
    ),
    mutant(
        "messages.error_without_message",
        "Errors have an empty payload.",
        "API-16",
        content("error", lambda it: {"type": "error", "payload": {}}),
    ),
    mutant(
        "messages.error_without_payload",
        "The words of an error stand beside its type.",
        "API-16",
        content("error", lambda it: {"type": "error", "message": it["payload"]["message"]}),
    ),
    mutant(
        "messages.error_in_parts",
        "The words of an error are an object.",
        "API-16",
        content("error", lambda it: {"type": "error", "payload": {"message": {"text": it["payload"]["message"]}}}),
    ),
    mutant(
        "messages.error_empty",
        "The words of an error are empty.",
        "API-16",
        content("error", lambda it: {"type": "error", "payload": {"message": ""}}),
    ),
    mutant(
        "messages.transcript_json",
        "A transcript is a message of the type response.",
        "API-15",
        payload(
            "transcript", lambda data: json.dumps({"type": "response", "payload": {"text": data.decode()}}).encode()
        ),
    ),
    mutant(
        "messages.transcript_quoted",
        "A transcript is a JSON string.",
        "API-15",
        payload("transcript", lambda data: json.dumps(data.decode()).encode()),
    ),
    mutant(
        "messages.transcript_line",
        "A transcript has a line end behind it.",
        "API-15",
        payload("transcript", lambda data: data + b"\n"),
    ),
    mutant(
        "messages.transcript_utf16",
        "A transcript is UTF-16.",
        "API-15",
        payload("transcript", lambda data: data.decode().encode("utf-16")),
    ),
)
