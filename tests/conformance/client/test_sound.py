"""The shape of audio."""

import struct

from hamsa_conformance.client.sound import MOST_PEAKS, sound_of
from hamsa_kit.audio_formats import PCM_16000_16, ULAW_8000_8, ulaw_encode


def pcm(*samples: int) -> bytes:
    return struct.pack(f"<{len(samples)}h", *samples)


def test_peaks_are_the_loudest_samples_of_equal_parts() -> None:
    sound = sound_of(pcm(0, 16384, -32768, 0), PCM_16000_16, 1, 2)
    assert sound.peaks == (0, 0.5, 1, 0)
    assert (sound.connection, sound.request, sound.nbytes, sound.format) == (1, 2, 8, "PCM_16000_16")


def test_long_audio_has_no_more_peaks_than_are_shown() -> None:
    sound = sound_of(pcm(*range(1001)), PCM_16000_16, None, None)
    assert len(sound.peaks) <= MOST_PEAKS
    assert sound.peaks[-1] == round(1000 / 32768, 3)


def test_mu_law_is_decoded() -> None:
    sound = sound_of(ulaw_encode(pcm(0, 16000)), ULAW_8000_8, None, None)
    assert sound.peaks[0] == 0
    assert 0.47 < sound.peaks[1] < 0.5


def test_half_a_sample_is_left_out_and_nothing_has_no_peaks() -> None:
    assert sound_of(b"\0\0\1", PCM_16000_16, None, None).peaks == (0,)
    assert sound_of(b"", PCM_16000_16, None, None).peaks == ()
