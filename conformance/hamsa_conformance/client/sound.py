"""The shape of audio, for reports."""

from array import array
from functools import lru_cache

from hamsa_conformance.result import Sound
from hamsa_kit.audio_formats import FULL_SCALE, AudioFormat, ulaw_decode

MOST_PEAKS = 200


def sound_of(audio: bytes, format: AudioFormat, connection: int | None, request: int | None) -> Sound:
    """The peaks of samples in a format of the services."""
    return Sound(
        connection=connection,
        request=request,
        format=format.name,
        nbytes=len(audio),
        seconds=round(format.seconds(len(audio)), 3),
        peaks=_peaks(audio, format.encoding == "ulaw"),
    )


@lru_cache(maxsize=32)
def _peaks(audio: bytes, is_ulaw: bool) -> tuple[float, ...]:
    """Remembered, because a mock that is reset says the same again and again."""
    pcm = ulaw_decode(audio) if is_ulaw else audio[: len(audio) // 2 * 2]
    samples = array("h", pcm)
    if samples.itemsize != 2 or array("H", b"\1\0")[0] != 1:
        samples.byteswap()
    step = max(-(-len(samples) // MOST_PEAKS), 1)
    parts = (samples[start : start + step] for start in range(0, len(samples), step))
    return tuple(round(max(max(part), -min(part)) / FULL_SCALE, 3) for part in parts)
