"""What every answer tells of a server besides what is judged: times and sizes, under the slugs of the behaviours that
they are fitted to, and how many answers are cut short."""

from itertools import pairwise

from hamsa_conformance.client.answer import SENTENCE_CHARACTERS, Answer

CONNECT_DELAY = "hamsa.auth.connect_delay"
FIRST_AUDIO_DELAY = "hamsa.tts.first_audio_delay"
CHUNK_GAP = "hamsa.tts.chunk_gap"
TRUNCATED_BYTES = "hamsa.tts.truncated_bytes"
STT_DELAY = "hamsa.stt.delay"

FIRST_IS_CUT = "hamsa.tts.first_answer_is_cut"
"""1 for a first answer of a connection that is cut short, 0 for a whole one."""
LATER_IS_CUT = "hamsa.tts.later_answer_is_cut"
"""The same for all other answers."""
CUT_IS_SILENT = "hamsa.tts.cut_answer_is_silent"
"""1 for an answer that is cut short to silence, 0 for one with sound."""

_SILENT_BYTES = (b"\0", b"\xff")
"""Silence in PCM and in mu-law."""


def numbers_of(answer: Answer, is_first: bool, is_timed: bool = True) -> dict[str, list[float]]:
    """The numbers of one answer, by name. Times are in seconds. An error has none. `is_timed`: its times mean
    something."""
    if answer.error is not None:
        return {}
    numbers: dict[str, list[float]] = {}
    times = answer.chunk_times if is_timed else []
    if times and answer.types[0] == "ack":
        numbers[FIRST_AUDIO_DELAY] = [times[0] - answer.times[0]]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    if gaps:
        numbers[CHUNK_GAP] = gaps
    if len(answer.text) >= SENTENCE_CHARACTERS:
        numbers |= _of_cutting(answer, FIRST_IS_CUT if is_first else LATER_IS_CUT)
    return numbers


def _of_cutting(answer: Answer, flag: str) -> dict[str, list[float]]:
    if not answer.is_truncated:
        return {flag: [0.0]}
    numbers = {flag: [1.0], TRUNCATED_BYTES: [float(len(answer.audio))]}
    if answer.samples:
        numbers[CUT_IS_SILENT] = [float(is_silent(answer.samples))]
    return numbers


def is_silent(samples: bytes) -> bool:
    """Whether samples of PCM or mu-law are nothing but silence."""
    return any(not samples.strip(silence) for silence in _SILENT_BYTES)
