"""Scripted transcripts and scripted audio as users read and change them."""

import re
from base64 import b64decode, b64encode
from typing import Any

import pytest

from hamsa_kit.audio_formats import PCM_8000_16, PCM_16000_16, ULAW_8000_8, read_wav, wav_bytes
from hamsa_mock.audio.scripted import ScriptedAudio
from hamsa_mock.core.resources import BadResource
from hamsa_mock.providers.hamsa.accounts import Key, ready_made_accounts
from hamsa_mock.providers.hamsa.hearing import UNREAD_SENTENCE, Scripts, Transcripts
from hamsa_mock.providers.hamsa.script_resources import audio_resource, transcripts_resource
from hamsa_schemas import default_catalogue

KEY = "hamsa-test-key"
SECRET = "sk_live"
HASH, OTHER_HASH = "0123456789ab", "ba9876543210"


class Scripted:
    """Transcripts and the resource over them."""

    def __init__(self, *entries: dict[str, Any]) -> None:
        self.transcripts = Transcripts()
        accounts = ready_made_accounts()
        accounts.put(keys=[Key(SECRET, accounts.keys[KEY].project)])
        self.resource = transcripts_resource(self.transcripts, accounts)
        self.resource.put([*entries])

    @property
    def scripts(self) -> Scripts:
        return self.transcripts.scripts


EVERYTHING: list[dict[str, Any]] = [
    {"hash": HASH, "text": "1"},
    {"sequence": ["2", "3"]},
    {"key": KEY, "sequence": ["4"]},
    {"unread": "5"},
]


def test_every_kind_of_script_is_put_and_read() -> None:
    scripted = Scripted(*EVERYTHING)
    assert scripted.scripts == Scripts({HASH: "1"}, ("2", "3"), {KEY: ("4",)}, "5")
    assert scripted.resource.read() == EVERYTHING
    assert default_catalogue().schemas.compiled(scripted.resource.schema)(EVERYTHING)


def test_nothing_but_the_usual_sentence_is_scripted_at_first() -> None:
    assert Scripted().resource.read() == [{"unread": UNREAD_SENTENCE}]


def test_script_of_the_same_id_is_replaced_and_the_others_stay() -> None:
    scripted = Scripted(*EVERYTHING)
    scripted.resource.put([{"sequence": ["6"]}, {"key": KEY, "sequence": []}, {"hash": OTHER_HASH, "text": "7"}])
    assert scripted.scripts == Scripts({HASH: "1", OTHER_HASH: "7"}, ("6",), {}, "5")


def test_sequences_of_secret_keys_are_not_shown() -> None:
    scripted = Scripted({"key_env": "SHOP", "key": SECRET, "sequence": ["1"]}, {"key": KEY, "sequence": ["2"]})
    assert scripted.scripts.by_key == {SECRET: ("1",), KEY: ("2",)}
    assert scripted.resource.read() == [{"key": KEY, "sequence": ["2"]}, {"unread": UNREAD_SENTENCE}]
    assert scripted.resource.hidden() == 1


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("hamsa-test-kye", "there is no key hamsa-test-kye; did you mean 'hamsa-test-key'? known: "),
        ("sk_other", "there is no key of 8 characters; known: "),
    ],
)
def test_sequence_of_an_unknown_key_is_refused_and_nothing_put(key: str, words: str) -> None:
    scripted = Scripted()
    with pytest.raises(BadResource) as caught:
        scripted.resource.put([{"unread": "1"}, {"key": key, "sequence": ["2"]}])
    assert str(caught.value).startswith(f"transcripts[1]: {words}")
    assert SECRET not in str(caught.value)
    assert caught.value.place == (1,)
    assert scripted.scripts == Scripts()


@pytest.mark.parametrize(
    ("id", "left"),
    [
        (HASH, Scripts({}, ("2", "3"), {KEY: ("4",)}, "5")),
        ("sequence", Scripts({HASH: "1"}, (), {KEY: ("4",)}, "5")),
        (KEY, Scripts({HASH: "1"}, ("2", "3"), {}, "5")),
        ("unread", Scripts({HASH: "1"}, ("2", "3"), {KEY: ("4",)}, UNREAD_SENTENCE)),
    ],
)
def test_script_is_removed_by_its_id(id: str, left: Scripts) -> None:
    scripted = Scripted(*EVERYTHING)
    scripted.resource.remove(id)
    assert scripted.scripts == left


def test_script_that_is_not_there_cannot_be_removed() -> None:
    scripted = Scripted(*EVERYTHING, {"key": SECRET, "sequence": ["1"]})
    text = "nothing is scripted for this hash or key; did you mean '0123456789ab'? known: "
    with pytest.raises(BadResource, match=f"^{re.escape(text)}") as caught:
        scripted.resource.remove("0123456789aa")
    assert SECRET not in str(caught.value)
    assert len(scripted.resource.read()) == 4


def test_transcripts_go_back_to_what_was_kept() -> None:
    scripted = Scripted(*EVERYTHING)
    scripted.resource.keep()
    scripted.resource.put([{"unread": "6"}])
    scripted.resource.reset()
    assert scripted.resource.read() == EVERYTHING


# Audio

WAV = wav_bytes(PCM_16000_16, bytes(range(200)) * 16)


def given(**entry: str) -> dict[str, Any]:
    """An entry with its audio, as it is handed to the resource."""
    if "file" in entry:
        return {**entry, "content": WAV}
    return {**entry, "base64": b64encode(WAV).decode()}


@pytest.mark.parametrize("entry", [given(text="نعم"), given(text="نعم", file="/a.wav"), given(pattern="^نع")])
def test_audio_is_played_for_its_text(entry: dict[str, Any]) -> None:
    audio = ScriptedAudio()
    audio_resource(audio).put([entry])
    answer = audio.answer("نعم", PCM_16000_16)
    assert answer is not None
    assert b"".join(answer.chunk(place) for place in range(len(answer.chunk_sizes))) == WAV[44:]
    assert audio.answer("لا", PCM_16000_16) is None


def test_audio_is_read_with_its_file_or_its_samples() -> None:
    resource = audio_resource(ScriptedAudio())
    resource.put([given(text="a", file="/a.wav"), given(pattern="^b")])
    first, second = resource.read()
    assert first == {"text": "a", "file": "/a.wav"}
    assert {*second} == {"pattern", "base64"}
    assert b64decode(second["base64"]) == WAV
    assert default_catalogue().schemas.compiled(resource.schema)([first, second])
    assert resource.hidden() == 0


@pytest.mark.parametrize("format", [PCM_8000_16, ULAW_8000_8])
def test_audio_that_is_read_can_be_put_again(format: Any) -> None:
    audio = ScriptedAudio()
    resource = audio_resource(audio)
    wav = wav_bytes(format, bytes(range(200)) * 16)
    resource.put([{"text": "a", "base64": b64encode(wav).decode()}])
    before, shown = audio.answer("a", format), resource.read()
    resource.put(shown)
    after = audio.answer("a", format)
    assert before is not None
    assert after is not None
    assert after.key == before.key
    assert resource.read() == shown
    assert read_wav(b64decode(shown[0]["base64"]))[0].sample_rate == 8000


@pytest.mark.parametrize(
    ("entry", "text", "field"),
    [
        ({"text": "a", "base64": "%"}, "audio[1].base64: not base64: ", "base64"),
        ({"text": "a", "base64": "SUQzBA=="}, "audio[1].base64: not a WAV file: MP3", "base64"),
        ({"text": "a", "file": "/a.mp3", "content": b"ID3"}, "audio[1].file: /a.mp3: not a WAV file: MP3", "file"),
        (given(pattern="(a"), "audio[1].pattern is no regular expression: missing )", "pattern"),
        (given(pattern="a{99999999999}"), "audio[1].pattern is no regular expression: the repetition", "pattern"),
    ],
)
def test_audio_that_cannot_be_played_is_refused_and_nothing_put(entry: Any, text: str, field: str) -> None:
    audio = ScriptedAudio()
    with pytest.raises(BadResource) as caught:
        audio_resource(audio).put([given(text="good"), entry])
    assert str(caught.value).startswith(text)
    assert caught.value.place == (1, field)
    assert audio.rules == ()


def test_audio_is_removed_by_its_text_or_pattern() -> None:
    audio = ScriptedAudio()
    resource = audio_resource(audio)
    resource.put([given(text="one"), given(pattern="^two")])
    resource.remove("^two")
    assert [rule.text for rule in audio.rules] == ["one"]
    with pytest.raises(BadResource, match=r"^no audio is scripted for the text or pattern 'on'; did you mean 'one'\?"):
        resource.remove("on")


def test_audio_goes_back_to_what_was_kept() -> None:
    resource = audio_resource(ScriptedAudio())
    resource.put([given(text="one", file="/a.wav")])
    resource.keep()
    resource.put([given(text="two", file="/a.wav")])
    resource.reset()
    assert resource.read() == [{"text": "one", "file": "/a.wav"}]
