"""Requests for speech: which fields, voices and texts are taken, and what is the default."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hamsa_conformance.case import Case, Kind, Need, case, family
from hamsa_conformance.cases.hamsa.preload import preload
from hamsa_conformance.client.requests import DIALECT, SENTENCE, tts
from hamsa_conformance.client.server import Server
from hamsa_conformance.judgement import require
from hamsa_conformance.vocabulary.speech import require_refusal, require_whole

TEXTS = {
    "diacritics": "السَّلامُ عَلَيْكُمْ وَرَحْمَةُ اللهِ وَبَرَكاتُهُ",
    "digits": "رقم الطلب ٤٥٦ والمبلغ 1234.50 ريال سعودي",
    "latin": "مرحبا بك في Hamsa API للصوت العربي اليوم",
    "emoji": "أهلا وسهلا بكم في همسة 😀👍🏽 كيف الحال اليوم؟",
    "newlines": "السطر الأول من هذا النص\r\n\tوالسطر الثاني من النص",
    "quotes": 'قال: "أهلا وسهلا بك" \\ ثم ابتسم وقال {مرحبا}',
    "one word": "نعم",
}
ENGLISH = "Hello and welcome, how can I help you today?"

MOST = 2000
"""Characters of a text, at most (API-6)."""

LONGEST = (f"{SENTENCE} " * MOST)[: MOST - 1] + "."

VOICES: Mapping[str, Mapping[str, Any]] = {
    "Amjad": {"speaker": "Amjad", "dialect": "pls"},
    "Mariam": {"speaker": "Mariam", "dialect": "egy"},
    "dialect modern": {"dialect": "modern"},
}

_CHARACTERS = len(SENTENCE)


def _default(name: str, left_out: tuple[str, ...]) -> Case:
    kind: Kind = "optimal" if "dialect" in left_out else "required"
    by_field = {"languageId": "API-7", "mulaw": "API-8", "dialect": "API-28"}

    @case(
        f"hamsa.tts.default[{name.replace(' ', '_')}]",
        title=f"A request that leaves {name} out",
        expects=f"The server speaks a request without {name} as it does one with the default.",
        statements=tuple(by_field[field] for field in left_out),
        kind=kind,
        characters=2 * _CHARACTERS,
    )
    def default(server: Server) -> None:
        server.hurry()
        client = server.connect()
        given = client.speak()
        nothing: dict[str, Any] = dict.fromkeys(left_out)
        short = client.speak(**nothing)
        require_whole(short)
        times = len(short.audio) / len(given.audio)
        require(0.5 <= times <= 2, "about as much audio as with the default given", f"{times:.2f} times as much")
        if server.is_steered and "dialect" not in left_out:
            require(short.audio == given.audio, "the audio of a request with the default given", "other audio")

    return default


defaults = family(
    {
        "languageId": ("languageId",),
        "mulaw": ("mulaw",),
        "both": ("languageId", "mulaw"),
        "dialect": ("dialect",),
    },
    _default,
)


@case(
    "hamsa.tts.language",
    title="A text in another language",
    expects="The server speaks English, where languageId and voice are of English.",
    statements=("API-7",),
    kind="optimal",
    characters=len(ENGLISH),
)
def language(server: Server) -> None:
    require_whole(server.connect().speak(ENGLISH, languageId="en", speaker="Emma", dialect="en"))


def _text(name: str, text: str) -> Case:
    @case(
        f"hamsa.tts.text[{name.replace(' ', '_')}]",
        title=f"A text with {name}" if name != "one word" else "A text of one word",
        expects="The server speaks the text.",
        statements=("WST-4", "WST-6"),
        characters=len(text),
    )
    def spoken(server: Server) -> None:
        require_whole(server.connect().speak(text))

    return spoken


texts = family(TEXTS, _text)


@case(
    "hamsa.tts.text_of_2000",
    title="The longest text that is allowed",
    expects="The server speaks a text of 2000 characters, which in UTF-8 are more bytes than that.",
    statements=("API-6",),
    characters=MOST,
)
def text_of_2000(server: Server) -> None:
    server.hurry()
    require_whole(server.connect().speak(LONGEST))


@case(
    "hamsa.tts.text_of_2001",
    title="A text that is one character too long",
    expects="The server answers with an error, or speaks the first 2000 characters; to speak them all is not strict.",
    statements=("API-6", "API-28"),
    characters=MOST + 1,
)
def text_of_2001(server: Server) -> None:
    server.hurry()
    client = server.connect()
    answer = client.answer(client.ask(LONGEST + "."), judges_cut=True)
    client.stop_at_limit(answer)
    if answer.error is not None:
        return
    client.stop_if_cut(answer)
    if answer.is_whole:
        server.not_strict(f"no more than {MOST} characters", "speech of all of them")
    else:
        require_whole(replace(answer, text=LONGEST))


@case(
    "hamsa.tts.characters_not_units",
    title="How the characters of a text are counted",
    expects="The server counts an emoji as one character, though it has two units of UTF-16 and four bytes of UTF-8.",
    statements=("API-6",),
    kind="optimal",
    characters=MOST,
)
def characters_not_units(server: Server) -> None:
    server.hurry()
    require_whole(server.connect().speak(LONGEST[:-2] + "😀."))


def _voice(name: str, fields: Mapping[str, Any]) -> Case:
    @case(
        f"hamsa.tts.voice[{name.replace(' ', '_')}]",
        title=f"Speech with the built-in voice {name}" if "speaker" in fields else "Speech in the dialect modern",
        expects="The server speaks.",
        statements=("WST-9",) if "speaker" in fields else ("API-9",),
        kind="optimal" if "speaker" in fields else "required",  # the names are from lists that others have published
        basis="observed" if "speaker" in fields else "documented",
        characters=_CHARACTERS,
    )
    def voice(server: Server) -> None:
        require_whole(server.connect().speak(**fields))

    return voice


voices = family(VOICES, _voice)


@case(
    "hamsa.tts.custom_voice",
    title="Speech with a cloned voice",
    expects="The server speaks with a cloned voice, which is named by its UUID; that it must have been preloaded is not"
    " strict.",
    statements=("WST-9", "PRE-8"),
    needs=("voice:custom",),
    characters=2 * _CHARACTERS,
)
def custom_voice(server: Server) -> None:
    client, voice = server.connect(), server.voice("custom")
    answer = client.answer(client.ask(speaker=voice), judges_cut=True)
    client.stop_at_limit(answer)
    if answer.error is not None:
        server.not_strict("speech with a voice that was not preloaded", f"the error {answer.error!r}")
        preload(server, {"voiceId": voice})
        answer = client.speak(speaker=voice)
    client.stop_if_cut(answer)
    require_whole(answer)


@case(
    "hamsa.tts.custom_voice_in_capitals",
    title="A UUID in capital letters",
    expects="The server knows a cloned voice by its UUID in capital letters too (RFC 9562, 4).",
    statements=("WST-9",),
    kind="optimal",
    needs=("voice:custom",),
    characters=_CHARACTERS,
)
def custom_voice_in_capitals(server: Server) -> None:
    require_whole(server.connect().speak(speaker=server.voice("custom").upper()))


@case(
    "hamsa.tts.voices_differ",
    title="Two voices",
    expects="The server speaks the same text differently with two voices.",
    statements=("WST-9",),
    kind="optimal",
    basis="observed",
    characters=2 * _CHARACTERS,
)
def voices_differ(server: Server) -> None:
    client = server.connect()
    one, other = (client.speak(speaker=speaker, dialect="pls") for speaker in ("Amjad", "Layan"))
    require(one.audio != other.audio, "other audio with another voice", "the same bytes")


def _stranger(name: str, id: str | None) -> Case:
    needs: tuple[Need, ...] = () if id else ("voice:foreign",)

    @case(
        f"hamsa.tts.voice_not_owned[{name.replace(' ', '_')}]",
        title=f"The voice of {name}",
        expects="The server refuses a voice that is not the client's with the documented error.",
        statements=("API-30", "WST-8"),
        kind="optimal" if id else "required",
        needs=needs,
        characters=_CHARACTERS,
    )
    def stranger(server: Server) -> None:
        client = server.connect()
        error = require_refusal(server, client, client.ask(speaker=id or server.voice("foreign")))
        server.error_words(error, server.facts.text("text.voice_not_owned"))

    return stranger


voice_not_owned = family({"somebody else": None, "nobody": "00000000-0000-4000-8000-0000000000ff"}, _stranger)


def _more(name: str, message: Mapping[str, Any]) -> Case:
    @case(
        f"hamsa.tts.more_fields[{name.replace(' ', '_')}]",
        title=f"Fields that no document names: {name}",
        expects="The server speaks, and minds neither fields that it does not know nor the order of those it does.",
        statements=("WST-4",),
        kind="optimal",
        characters=_CHARACTERS,
    )
    def more(server: Server) -> None:
        client = server.connect()
        answer = client.answer(client.ask_as(message))
        require(answer.error is None, "audio and end", f"the error {answer.error!r}")
        require_whole(answer)

    return more


more_fields = family(
    {
        "in the payload": tts(voiceSettings={"speed": 1.0}, requestId="r-1"),
        "at the top": {**tts(), "id": "r-1", "meta": {"tags": ["a", "b"]}},
        "at both places": {**tts(), "dialect": DIALECT, "languageId": "ar", "mulaw": False},
        "in another order": {"payload": dict(reversed(tts()["payload"].items())), "type": "tts"},
    },
    _more,
)
