"""Requests for transcripts with a mistake."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from hamsa_conformance.case import Case, Kind, case
from hamsa_conformance.client.server import Server
from hamsa_conformance.vocabulary.going_on import goes_on
from hamsa_kit.audio_formats import PCM_16000_16, pcm16_from_floats, wav_bytes

CLIP = [0.001, 0.0015, -0.002, 0.003]
"""Samples in a request whose mistake lies elsewhere."""

FILE = base64.b64encode(wav_bytes(PCM_16000_16, pcm16_from_floats(CLIP))).decode()
"""The same as a file."""

AUDIO_MISTAKES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "none": ("no audio", {}),
    "null": ("null for the Base64", {"audioBase64": None}),
    "base64_number": ("a number for the Base64", {"audioBase64": 5}),
    "base64_list": ("a list for the Base64", {"audioBase64": [FILE]}),
    "list_text": ("a text for the samples", {"audioList": json.dumps(CLIP)}),
    "list_object": ("an object for the samples", {"audioList": dict(enumerate(CLIP))}),
    "list_of_texts": ("texts among the samples", {"audioList": list(map(str, CLIP))}),
}
THRESHOLD_MISTAKES: Mapping[str, Any] = {"negative": -0.1, "above_1": 1.1, "percent": 30, "text": "0.3", "list": [0.3]}
OTHER_MISTAKES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "language_number": ("a number for the language", {"audioList": CLIP, "language": 5}),
    "eos_text": ("a text for isEosEnabled", {"audioList": CLIP, "isEosEnabled": "true"}),
    "both_forms": ("both forms of audio", {"audioList": CLIP, "audioBase64": FILE}),
    "not_base64": ("what is no Base64", {"audioBase64": "همسة!"}),
    "no_file": ("Base64 of what is no file of audio", {"audioBase64": "aGFtc2E="}),
}


def _refused(name: str, what: str, fields: Mapping[str, Any], statements: tuple[str, ...], kind: Kind) -> Case:
    @case(
        f"hamsa.stt.refused[{name}]",
        title=f"A request for a transcript with {what}",
        expects="The server answers with an error; that it closes the connection then is not strict.",
        statements=statements,
        kind=kind,
        seconds=0.1,
    )
    def refused(server: Server) -> None:
        client = server.connect()
        client.send({"type": "stt", "payload": fields}, seconds=0.1)
        if kind == "required":
            client.expect_error(server.facts.text("text.invalid_stt"))
        else:
            client.expect("error")
        goes_on(server, client)

    return refused


def _with_threshold(value: object) -> Mapping[str, Any]:
    return {"audioList": CLIP, "isEosEnabled": True, "eosThreshold": value}


refused = (
    *(
        _refused(name, what, fields, ("API-11", "API-29"), "required")
        for name, (what, fields) in AUDIO_MISTAKES.items()
    ),
    *(
        _refused(
            f"threshold_{name}",
            f"{json.dumps(value)} for the threshold",
            _with_threshold(value),
            ("API-14", "API-29"),
            "required",
        )
        for name, value in THRESHOLD_MISTAKES.items()
    ),
    *(_refused(name, what, fields, ("API-29", "WST-8"), "optimal") for name, (what, fields) in OTHER_MISTAKES.items()),
)
