"""Transcripts: scripted, of the mock's own audio, of silence, of what cannot be read."""

import base64
import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamsa_kit.audio_formats import PCM_8000_16, PCM_16000_16, ULAW_8000_8, AudioFormat, wav_bytes
from hamsa_mock.audio.decoding import Recording, decode_base64, decode_floats, decode_wav
from hamsa_mock.audio.voice import Answer, Voice
from hamsa_mock.config.file import config_of
from hamsa_mock.config.yaml_text import read_yaml
from hamsa_mock.providers.hamsa.hearing import UNREAD_SENTENCE, Heard, Kind, Scripts, Transcripts, content_hash
from tests.mock_server.audio.wav_files import ALAW, LOSSLESS, PCM, ULAW, pcm16, samples_of, wav_file

DOCUMENTATION = Path(__file__).parents[4] / "docs" / "hearing.md"
SENTENCE = "مرحبا بك في خدمة همسة، كيف أستطيع أن أساعدك اليوم؟"
TRAPS = ["123", "true", "null", '"quoted"', '{"type": "end"}', "[THINKING]", "", "  "]


def speak(text: str = SENTENCE, format: AudioFormat = PCM_16000_16) -> Answer:
    return Voice(7).speak(text, "Majd", "msa", "ar", format)


def audio_of(answer: Answer) -> bytes:
    return b"".join(answer.chunk(place) for place in range(len(answer.chunk_sizes)))


def recording(pcm: bytes, rate: int = 16000) -> Recording:
    return Recording(pcm, rate, "WAV", "16-bit PCM", 1)


def noise(seed: int, seconds: float = 1.0, peak: int = 8000) -> Recording:
    """Something foreign that is not silent."""
    chance = random.Random(seed)
    return recording(pcm16(*(chance.randrange(-peak, peak) for _ in range(round(16000 * seconds)))))


SPOKEN = audio_of(speak())
SAMPLES = samples_of(SPOKEN)
FOREIGN = noise(1)


def hear(pcm: bytes, rate: int = 16000) -> Heard:
    return Transcripts().hear(recording(pcm, rate))


# The mock's own audio.


@pytest.mark.parametrize("text", ["ن", "نعم.", SENTENCE, SENTENCE * 20, "123", "null"])
@pytest.mark.parametrize("format", [PCM_16000_16, PCM_8000_16, ULAW_8000_8])
def test_mock_hears_what_it_has_said_in_every_format(text: str, format: AudioFormat) -> None:
    """Request and answer of a voice loop, without a model."""
    heard = Transcripts().hear(decode_wav(wav_bytes(format, audio_of(speak(text, format)))))
    assert (heard.text, heard.kind, heard.score) == (text, "own", 1.0)
    assert heard.why == "the mock's own audio, whole"


@pytest.mark.parametrize("write", LOSSLESS.values(), ids=LOSSLESS)
def test_mock_hears_itself_out_of_every_lossless_wav(write: Callable[[Sequence[int], int], bytes]) -> None:
    heard = Transcripts().hear(decode_wav(write(SAMPLES, 16000)))
    assert (heard.text, heard.kind, heard.score) == (SENTENCE, "own", 1.0)


def test_mock_hears_itself_after_base64() -> None:
    text = base64.b64encode(wav_bytes(PCM_16000_16, SPOKEN)).decode()
    assert Transcripts().hear(decode_wav(decode_base64(text))).text == SENTENCE


@pytest.mark.parametrize("digits", [None, 4])
@pytest.mark.parametrize("divisor", [32768, 32767])
@pytest.mark.parametrize("format", [PCM_16000_16, PCM_8000_16, ULAW_8000_8])
def test_mock_hears_itself_in_a_list_of_floats(format: AudioFormat, divisor: int, digits: int | None) -> None:
    decoded = decode_wav(wav_bytes(format, audio_of(speak(format=format))))
    floats = [sample / divisor for sample in samples_of(decoded.samples)]
    if digits is not None:
        floats = [round(sample, digits) for sample in floats]
    heard = Transcripts().hear(decode_floats(floats, format.sample_rate))
    assert (heard.text, heard.kind, heard.score) == (SENTENCE, "own", 1.0)


def test_mock_hears_itself_in_one_channel_beside_silence() -> None:
    frames = pcm16(*(sample for one in SAMPLES for sample in (0, one)))
    assert Transcripts().hear(decode_wav(wav_file(PCM, 16, frames, channels=2))).text == SENTENCE


@pytest.mark.parametrize("padding", [100, 16000, 160000])
def test_mock_hears_itself_between_silences(padding: int) -> None:
    heard = hear(bytes(2 * padding) + SPOKEN + bytes(2 * padding))
    assert (heard.text, heard.kind, heard.score) == (SENTENCE, "own", 1.0)
    assert re.fullmatch(r"the mock's own audio, (\d+) of \1 blocks", heard.why)


@given(st.integers(640, len(SPOKEN)))
def test_cut_answer_is_heard_as_far_as_it_goes(kept: int) -> None:
    heard = hear(SPOKEN[:kept])
    blocks, all_blocks = kept // 640, len(SPOKEN) // 640
    assert heard.text == SENTENCE[: round(blocks * len(SENTENCE) / all_blocks)]
    assert heard.score == (1.0 if blocks == all_blocks else 0.0)
    if blocks < all_blocks:
        assert heard.why == f"the mock's own audio, {blocks} of {all_blocks} blocks, without its end"


def test_answer_without_its_beginning_is_heard_from_there_on() -> None:
    heard = hear(SPOKEN[len(SPOKEN) // 2 :])
    assert SENTENCE.endswith(heard.text)
    assert abs(len(heard.text) - len(SENTENCE) / 2) <= 1
    assert heard.score == 1.0


def test_long_answer_is_heard_before_all_of_its_text_is_known() -> None:
    """The first second of minutes: too little to tell even how long the text is."""
    text = (SENTENCE * 40)[:2000]
    heard = hear(audio_of(speak(text))[:32000])
    assert text.startswith(heard.text)
    assert len(heard.text) == 11
    assert hear(audio_of(speak(text, PCM_8000_16))[:16000], rate=8000).text == heard.text


def test_640_bytes_are_too_short_for_a_word() -> None:
    heard = hear(SPOKEN[:640])
    assert (heard.text, heard.kind, heard.score) == ("", "own", 0.0)
    padded = hear(SPOKEN[:640] + bytes(32000))
    assert (padded.text, padded.kind, padded.score) == ("", "own", 0.0)


def test_lost_chunk_is_missing_in_the_transcript() -> None:
    answer = speak()
    chunks = [answer.chunk(place) for place in range(len(answer.chunk_sizes))]
    heard = hear(b"".join(chunks[:2] + chunks[3:]))
    kept = len(SENTENCE) * (len(chunks) - 1) / len(chunks)
    assert abs(len(heard.text) - kept) <= 2
    assert SENTENCE.startswith(heard.text[:10])
    assert SENTENCE.endswith(heard.text[-10:])


def test_swapped_and_repeated_audio_is_heard_in_its_order() -> None:
    half = len(SPOKEN) // 1280 * 640
    swapped = hear(SPOKEN[half:] + SPOKEN[:half])
    assert sorted(swapped.text) == sorted(SENTENCE)
    assert swapped.text != SENTENCE
    assert swapped.why.endswith("blocks, not in order, without its end")
    assert hear(SPOKEN + SPOKEN).text == SENTENCE * 2


@pytest.mark.parametrize("block", [*range(12), len(SPOKEN) // 640 - 1])
def test_changed_byte_does_not_change_the_transcript(block: int) -> None:
    changed = bytearray(SPOKEN)
    changed[640 * block + 100] ^= 0x10
    assert hear(bytes(changed)).text == SENTENCE


def test_answers_behind_each_other_are_joined_by_a_space() -> None:
    heard = hear(SPOKEN + audio_of(speak("نعم")))
    assert (heard.text, heard.score) == (f"{SENTENCE} نعم", 1.0)
    assert heard.why == "the mock's own audio, of 2 answers"


def test_own_audio_in_front_of_less_of_other_speech_is_heard() -> None:
    assert hear(SPOKEN + noise(2, 0.5).samples).text == SENTENCE
    assert hear(SPOKEN + bytes(320000) + noise(2, 0.5).samples).text == SENTENCE


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda samples: wav_file(PCM, 16, pcm16(*(sample * 7 // 10 for sample in samples))), id="quieter"),
        pytest.param(lambda samples: wav_file(PCM, 16, pcm16(*samples[::2]), 8000), id="every other sample"),
        pytest.param(lambda samples: wav_file(PCM, 8, bytes((sample >> 8) + 128 for sample in samples)), id="8 bits"),
    ],
)
def test_changed_audio_cannot_be_read(change: Callable[[Sequence[int]], bytes]) -> None:
    assert Transcripts().hear(decode_wav(change(SAMPLES))).kind == "unread"


def test_console_tells_that_own_audio_was_changed() -> None:
    quieter = hear(pcm16(*(sample * 7 // 10 for sample in SAMPLES)))
    assert "the mock's own audio, changed on the way" in quieter.why
    assert quieter.content_hash in quieter.why


# Silence and what cannot be read.


@pytest.mark.parametrize("pcm", [b"", bytes(32000), pcm16(*[7, -9] * 8000)])
def test_silence_has_an_empty_transcript(pcm: bytes) -> None:
    heard = hear(pcm)
    assert (heard.text, heard.kind, heard.score) == ("", "silence", 1.0)
    assert heard.why == f"silence: nothing in {len(pcm) / 32000:.2f} s is louder than -60 dBFS"


def test_speech_that_cannot_be_read_is_one_sentence() -> None:
    heard = Transcripts().hear(FOREIGN)
    assert (heard.text, heard.kind) == (UNREAD_SENTENCE, "unread")
    assert heard.why == f"speech that the mock cannot read: script its transcript under {heard.content_hash}"
    assert re.fullmatch(r"[\u0600-\u06ff ]+", UNREAD_SENTENCE)


def test_sentence_for_unread_speech_can_be_set() -> None:
    assert Transcripts(Scripts(unread="ماذا؟")).hear(FOREIGN).text == "ماذا؟"


def test_pause_at_the_end_is_the_score_of_foreign_speech() -> None:
    assert Transcripts().hear(FOREIGN).score == 0.0
    assert hear(FOREIGN.samples + bytes(16000)).score == pytest.approx(0.5)


def test_mock_never_hears_itself_in_noise() -> None:
    assert {Transcripts().hear(noise(seed, 0.2)).kind for seed in range(20)} == {"unread"}
    assert {hear(noise(seed, 0.2).samples, rate=8000).kind for seed in range(20)} == {"unread"}


# Scripts.


@pytest.mark.parametrize("text", TRAPS)
def test_scripted_transcript_is_never_interpreted(text: str) -> None:
    transcripts = Transcripts(Scripts({content_hash(FOREIGN): text}, (text,)))
    for _ in range(2):
        heard = transcripts.hear(FOREIGN)
        assert (heard.text, heard.kind) == (text, "scripted")
    assert transcripts.hear(noise(2)).text == text
    assert transcripts.hear(noise(2)).kind == "unread"


def test_console_prints_the_hash_under_which_a_transcript_is_scripted() -> None:
    printed = Transcripts().hear(FOREIGN).why.split()[-1]
    heard = Transcripts(Scripts({printed: "نعم"})).hear(FOREIGN)
    assert (heard.text, heard.why) == ("نعم", f"scripted for this audio, {printed}")


def test_script_for_the_audio_comes_before_sequences_and_leaves_them() -> None:
    scripts = Scripts({content_hash(FOREIGN): "of the audio"}, ("common",), {"a": ("of the key",)})
    transcripts = Transcripts(scripts)
    heard = [transcripts.hear(audio, "a") for audio in (FOREIGN, noise(2), FOREIGN, noise(2), noise(2))]
    assert [one.text for one in heard] == ["of the audio", "of the key", "of the audio", "common", UNREAD_SENTENCE]


def test_sequences_are_answered_in_order_by_key_and_then_for_all() -> None:
    transcripts = Transcripts(Scripts(common=("1", "2", "3"), by_key={"a": ("a1", "a2")}))
    heard = [transcripts.hear(FOREIGN, key) for key in ("b", "a", "a", "a", None, "a")]
    assert [one.text for one in heard] == ["1", "a1", "a2", "2", "3", UNREAD_SENTENCE]
    assert heard[0].why == "scripted in the sequence for all keys, 2 left"
    assert heard[1].why == "scripted in the sequence of this key, 1 left"


def test_script_comes_before_own_audio_and_silence() -> None:
    transcripts = Transcripts(Scripts(common=("for own audio", "for silence")))
    heard = [transcripts.hear(recording(pcm)) for pcm in (SPOKEN[:6400], bytes(3200), SPOKEN[:6400], bytes(3200))]
    assert [one.kind for one in heard] == ["scripted", "scripted", "own", "silence"]
    assert [one.text for one in heard[:2]] == ["for own audio", "for silence"]
    assert [one.score for one in heard] == [0.0, 1.0, 0.0, 1.0]


SCRIPTS = Scripts({"0123456789ab": "1"}, ("2", "3"), {"a": ("4",), "b": ("5", "6")}, "7")


def test_scripts_are_what_is_left_of_them() -> None:
    transcripts = Transcripts(SCRIPTS)
    assert transcripts.scripts == SCRIPTS
    for key in (None, "a", "b"):
        transcripts.hear(FOREIGN, key)
    assert transcripts.scripts == Scripts({"0123456789ab": "1"}, ("3",), {"b": ("6",)}, "7")


def test_new_scripts_replace_the_old() -> None:
    transcripts = Transcripts(SCRIPTS)
    transcripts.become(Scripts())
    assert transcripts.scripts == Scripts()
    assert transcripts.hear(FOREIGN, "a").text == UNREAD_SENTENCE


def test_reset_returns_to_the_scripts_that_were_kept() -> None:
    transcripts = Transcripts()
    transcripts.become(SCRIPTS)
    transcripts.keep()
    transcripts.hear(FOREIGN)
    transcripts.become(Scripts(unread="other"))
    transcripts.reset()
    assert transcripts.scripts == SCRIPTS


def test_reset_without_anything_kept_returns_to_the_first_scripts() -> None:
    transcripts = Transcripts(SCRIPTS)
    transcripts.become(Scripts())
    transcripts.reset()
    assert transcripts.scripts == SCRIPTS


def test_scripts_belong_to_one_world() -> None:
    one, other = Transcripts(), Transcripts()
    one.become(SCRIPTS)
    assert other.hear(FOREIGN).text == UNREAD_SENTENCE


# Content hashes.


@pytest.mark.parametrize("write", LOSSLESS.values(), ids=LOSSLESS)
def test_hash_does_not_depend_on_the_wav(write: Callable[[Sequence[int], int], bytes]) -> None:
    decoded = decode_wav(write(samples_of(FOREIGN.samples), 16000))
    assert content_hash(decoded) == content_hash(FOREIGN)


EVERY_SAMPLE = tuple(range(-32768, 32768))


def half_up(sample: float) -> float:
    """Rounds to four decimals as JavaScript's Math.round does: halves go up, Python's go to the even digit."""
    return (sample * 10_000 + 0.5) // 1 / 10_000


@pytest.mark.parametrize(
    "rounded",
    [
        pytest.param(lambda sample: sample, id="not rounded"),
        pytest.param(lambda sample: round(sample, 5), id="five decimals"),
        pytest.param(lambda sample: round(sample, 4), id="four decimals"),
        pytest.param(half_up, id="four decimals, halves up"),
        pytest.param(lambda sample: -half_up(-sample), id="four decimals, halves down"),
    ],
)
def test_hash_does_not_depend_on_floats_and_their_rounding(rounded: Callable[[float], float]) -> None:
    floats = [rounded(sample / 32768) for sample in EVERY_SAMPLE]
    assert content_hash(decode_floats(floats)) == content_hash(recording(pcm16(*EVERY_SAMPLE)))


def test_hash_does_not_depend_on_the_divisor_up_to_half_of_full_scale() -> None:
    samples = range(-16383, 16384)
    floats = [sample / 32767 for sample in samples]
    assert content_hash(decode_floats(floats)) == content_hash(recording(pcm16(*samples)))


def test_hash_does_not_survive_another_divisor_with_rounding() -> None:
    """Documented: what is rounded to four decimals after division by 32767 is other audio."""
    floats = [round(sample / 32767, 4) for sample in EVERY_SAMPLE]
    assert content_hash(decode_floats(floats)) != content_hash(recording(pcm16(*EVERY_SAMPLE)))


@pytest.mark.parametrize("tag", [ULAW, ALAW])
def test_hash_of_a_companded_wav_is_that_of_its_samples(tag: int) -> None:
    decoded = decode_wav(wav_file(tag, 8, bytes(range(256)) * 9, 8000))
    assert content_hash(decoded) == content_hash(recording(decoded.samples, 8000))


def test_hash_is_twelve_hex_digits_and_stays_the_same_in_later_versions() -> None:
    """Users keep hashes in their scripts."""
    assert content_hash(recording(b"")) == "e4fb6db6f33d"
    assert content_hash(recording(pcm16(*range(-3000, 3000, 7)))) == "5e42de382118"


@given(st.lists(st.integers(-32768, 32767), min_size=1, max_size=1500), st.data())
def test_hash_tells_recordings_apart(samples: list[int], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(samples) - 1))
    louder = [*samples]
    louder[place] += 40 if louder[place] < 0 else -40
    hashes = [
        content_hash(recording(pcm16(*samples))),
        content_hash(recording(pcm16(*samples), 8000)),
        content_hash(recording(pcm16(*samples, 0))),
        content_hash(recording(pcm16(*louder))),
    ]
    assert len(set(hashes)) == 4


def test_examples_in_the_documentation_are_valid() -> None:
    page = DOCUMENTATION.read_text(encoding="utf-8")
    examples = [config_of(read_yaml(text).value) for text in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)]
    assert [[*example.providers["hamsa"]] for example in examples] == [["transcripts"], ["audio"]]


def test_documentation_names_every_kind_of_transcript() -> None:
    page = DOCUMENTATION.read_text(encoding="utf-8")
    assert [kind for kind in get_args(Kind) if f"`{kind}`" not in page] == []
    assert UNREAD_SENTENCE in page
