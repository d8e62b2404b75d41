"""Scripted transcripts and scripted audio as resources."""

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from hamsa_kit.audio_formats import AudioFormat, wav_bytes
from hamsa_mock.audio.decoding import decode_base64
from hamsa_mock.audio.scripted import Rule, ScriptedAudio, make_rule
from hamsa_mock.core.resources import BadResource, Resource
from hamsa_mock.providers.hamsa.accounts import Accounts, is_public, shown_key
from hamsa_mock.providers.hamsa.hearing import UNREAD_SENTENCE, Transcripts
from hamsa_schemas.errors import shown, suggestion

V = TypeVar("V")


def transcripts_resource(transcripts: Transcripts, accounts: Accounts) -> Resource:
    """The ids of its entries: a content hash, `sequence`, the key of a sequence, `unread`."""

    def read() -> list[Any]:
        scripts = transcripts.scripts
        return [
            *({"hash": hash, "text": text} for hash, text in scripts.by_hash.items()),
            *([{"sequence": list(scripts.common)}] if scripts.common else []),
            *({"key": key, "sequence": list(texts)} for key, texts in scripts.by_key.items() if is_public(key)),
            {"unread": scripts.unread},
        ]

    def hidden() -> int:
        return sum(not is_public(key) for key in transcripts.scripts.by_key)

    def put(entries: list[Any]) -> None:
        scripts = transcripts.scripts
        for place, entry in enumerate(entries):
            match entry:
                case {"hash": hash, "text": text}:
                    scripts = replace(scripts, by_hash={**scripts.by_hash, hash: text})
                case {"unread": text}:
                    scripts = replace(scripts, unread=text)
                case {"key": key, "sequence": texts}:
                    if key not in accounts.keys:
                        known = suggestion(key, accounts.test_keys)
                        raise BadResource(f"transcripts[{place}]: there is no key {shown_key(key)}; {known}", (place,))
                    scripts = replace(scripts, by_key={**scripts.by_key, key: tuple(texts)})
                case _:
                    scripts = replace(scripts, common=tuple(entry["sequence"]))
        transcripts.become(scripts)

    def remove(id: str) -> None:
        scripts = transcripts.scripts
        if id == "unread":
            scripts = replace(scripts, unread=UNREAD_SENTENCE)
        elif id == "sequence":
            scripts = replace(scripts, common=())
        elif id in scripts.by_hash:
            scripts = replace(scripts, by_hash=_without(scripts.by_hash, id))
        elif id in scripts.by_key:
            scripts = replace(scripts, by_key=_without(scripts.by_key, id))
        else:
            known = ["sequence", "unread", *scripts.by_hash, *filter(is_public, scripts.by_key)]
            raise BadResource(f"nothing is scripted for this hash or key; {suggestion(id, known)}")
        transcripts.become(scripts)

    schema = "hamsa/resources/transcripts.schema.json"
    return Resource("transcripts", schema, read, hidden, put, remove, transcripts.keep, transcripts.reset)


def _without(entries: Mapping[str, V], id: str) -> dict[str, V]:
    return {name: value for name, value in entries.items() if name != id}


def audio_resource(audio: ScriptedAudio) -> Resource:
    """The ids of its entries: their texts and patterns."""

    def read() -> list[Any]:
        return [_show_rule(rule) for rule in audio.rules]

    def put(entries: list[Any]) -> None:
        audio.put([_make_rule(place, entry) for place, entry in enumerate(entries)])

    def remove(id: str) -> None:
        if not audio.remove(id):
            known = suggestion(id, {rule.text for rule in audio.rules})
            raise BadResource(f"no audio is scripted for the text or pattern {shown(id)}; {known}")

    schema = "hamsa/resources/audio.schema.json"
    return Resource("audio", schema, read, lambda: 0, put, remove, audio.keep, audio.reset)


def _show_rule(rule: Rule) -> dict[str, Any]:
    """With the file's path, or the audio as it was understood: one channel of 16-bit samples."""
    what = {"text" if isinstance(rule.what, str) else "pattern": rule.text}
    if rule.file is not None:
        return {**what, "file": rule.file}
    format = AudioFormat("as it was given", "s16le", rule.recording.sample_rate, 2)
    return {**what, "base64": b64encode(wav_bytes(format, rule.recording.samples)).decode()}


def _make_rule(place: int, entry: Mapping[str, Any]) -> Rule:
    what = entry["text"] if "text" in entry else _pattern(place, entry["pattern"])
    file = entry.get("file")
    try:
        return make_rule(what, entry["content"] if file else decode_base64(entry["base64"]), file)
    except ValueError as error:
        name = "base64" if file is None else "file"
        raise BadResource(f"audio[{place}].{name}: {file + ': ' if file else ''}{error}", (place, name)) from error


def _pattern(place: int, pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise BadResource(f"audio[{place}].pattern is no regular expression: {error}", (place, "pattern")) from error
