"""What precedes the samples of an answer."""

import pytest

from hamsa_conformance.vocabulary.wav_form import first_bytes, header_form
from hamsa_kit.audio_formats import PCM_16000_16, ULAW_8000_8, AudioFormat, wav_bytes, wav_header

SAMPLES = b"\1\2" * 50


@pytest.mark.parametrize("format", [PCM_16000_16, ULAW_8000_8])
def test_forms_of_headers_are_told_apart(format: AudioFormat) -> None:
    assert header_form(SAMPLES) == "none"
    assert header_form(wav_header(format, None) + SAMPLES) == "streaming"
    assert header_form(wav_header(format, len(SAMPLES)) + SAMPLES) == "exact"


def test_padding_belongs_to_an_exact_file() -> None:
    assert header_form(wav_bytes(ULAW_8000_8, b"abc")) == "exact"
    assert header_form(wav_header(ULAW_8000_8, 3) + b"abc") == "exact"


def test_header_with_other_sizes_is_neither() -> None:
    assert header_form(wav_header(PCM_16000_16, 10) + SAMPLES) is None
    assert header_form(wav_header(PCM_16000_16, 10)[:30]) is None


def test_first_bytes_are_shown() -> None:
    assert first_bytes(b"RIFF") == "4 bytes that begin with 52 49 46 46"
