"""A recording in one of the formats in which the service speaks."""

import struct
from itertools import accumulate

from hamsa_kit.audio_formats import AudioFormat, ulaw_encode
from hamsa_mock.audio.decoding import Recording


def to_format(recording: Recording, format: AudioFormat) -> bytes:
    """The samples of a recording in the rate and the encoding of `format`, without a header.

    16-bit samples that have the rate already are returned as they are.
    """
    pcm = _resample(recording.samples, recording.sample_rate, format.sample_rate)
    return ulaw_encode(pcm) if format.encoding == "ulaw" else pcm


def _resample(pcm: bytes, from_rate: int, to_rate: int) -> bytes:
    """Each sample is the mean of the input over a window around its time.

    Going down the window is as long as the sample, a simple low-pass: 4 dB less at the highest frequency that is
    left. Going up it is as long as one of the input, which is linear interpolation. The first and the last
    sample go on beyond the ends.
    """
    if from_rate == to_rate or not pcm:
        return pcm
    samples: tuple[int, ...] = struct.unpack(f"<{len(pcm) // 2}h", pcm)
    step = from_rate / to_rate
    window = max(1.0, step)
    # One more in front, and at the end enough for the last window.
    padded = (samples[0], *samples, *samples[-1:] * (int(window) + 2))
    sums = list(accumulate(padded, initial=0))

    def sum_until(position: float) -> float:
        whole = int(position)
        return sums[whole] + (position - whole) * padded[whole]

    start = 1 + (step - window) / 2
    starts = [start + place * step for place in range(max(1, round(len(samples) / step)))]
    means = [round((sum_until(start + window) - sum_until(start)) / window) for start in starts]
    return struct.pack(f"<{len(means)}h", *means)
