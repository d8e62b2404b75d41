"""How loud a recording is, where it pauses, and whether its speaker has finished.

The loudness is measured in frames of 20 ms, as the root mean square of the samples around their mean: a direct
current is not heard.
"""

from functools import cached_property
from math import dist, sqrt
from struct import Struct
from typing import Final

from hamsa_kit.proof import Proof
from hamsa_mock.audio.decoding import Recording

FRAME_SECONDS: Final = 0.02
SILENCE_DBFS: Final = -60.0
"""What is never louder is silence. The pauses of the mock's own voice are at -72 dBFS."""
PAUSE_DB: Final = 35.0
"""So far below the loudest frame of a recording is a pause, whatever hums in its background."""
SURE_SECONDS: Final = 1.0
"""After so long a pause it is sure that the speaker has finished."""

_SILENCE_LEVEL: Final = 32768 * 10 ** (SILENCE_DBFS / 20)
_PAUSE_RATIO: Final = 10 ** (-PAUSE_DB / 20)


class Loudness:
    """The levels of a recording, measured when they are first needed."""

    def __init__(self, recording: Recording) -> None:
        self._pcm = recording.samples
        self._rate = recording.sample_rate
        self._samples = len(recording.samples) // 2
        self._frame = max(1, round(FRAME_SECONDS * recording.sample_rate))

    @cached_property
    def levels(self) -> list[float]:
        """The level of each frame, 32768 being full scale. The last frame may be shorter."""
        whole = self._samples // self._frame * self._frame * 2
        levels = [_level(frame) for frame in Struct(f"<{self._frame}h").iter_unpack(self._pcm[:whole])]
        rest = self._pcm[whole:]
        return [*levels, _level(Struct(f"<{len(rest) // 2}h").unpack(rest))] if rest else levels

    @property
    def silent(self) -> bool:
        """No frame is louder than `SILENCE_DBFS`."""
        return max(self.levels, default=0.0) <= _SILENCE_LEVEL

    @property
    def sound_samples(self) -> int:
        """How many samples are in frames that are louder than `SILENCE_DBFS`, each frame taken for a whole one."""
        return sum(level > _SILENCE_LEVEL for level in self.levels) * self._frame

    @property
    def trailing_silence(self) -> float:
        """Seconds behind the last frame that is neither silent nor a pause."""
        threshold = max(_SILENCE_LEVEL, max(self.levels, default=0.0) * _PAUSE_RATIO)
        behind = next((place for place, level in enumerate(reversed(self.levels)) if level > threshold), None)
        sounding = 0 if behind is None else (len(self.levels) - behind) * self._frame
        return max(0, self._samples - sounding) / self._rate


def _level(frame: tuple[int, ...]) -> float:
    mean = sum(frame) / len(frame)
    return dist(frame, (mean,) * len(frame)) / sqrt(len(frame))


def end_of_speech(loudness: Loudness, own: Proof | None) -> float:
    """How sure it is that the speaker has finished, 0.0 to 1.0 (API-13, API-14; assumed).

    `own` is the proof in the mock's own audio: 1.0 where the recording has the last block of the answer that begins
    last, else 0.0, because the sentence goes on. In other audio it is the length of the pause at the end, in
    `SURE_SECONDS`; in silence, 1.0.
    """
    if own is not None:
        answer = own.answers[-1]
        return 1.0 if answer.numbers[-1] == answer.block_count - 1 else 0.0
    return 1.0 if loudness.silent else min(1.0, loudness.trailing_silence / SURE_SECONDS)
