"""What sounds when: a text, and the time it takes, as a row of syllables and pauses.

Characters share the time by weight. Two at a time are a cell, which holds one syllable: both characters spoken, or
one of them beside a pause, which gives it a third of its time. What sounds in a cell depends on nothing outside of
it, so that any part of a long text can be laid out by itself.
"""

from array import array
from bisect import bisect_right
from itertools import accumulate, repeat
from typing import Final
from zlib import crc32

from hamsa_mock.audio.syllables import Syllable, SyllableBank

_CELL: Final = 2  # characters
_SOUND: Final = 4  # the weight of all characters that are not named below
_SPACE: Final = 3
_COMMA: Final = 8
_STOP: Final = 12
_PAUSES: Final = {
    **dict.fromkeys(" \t\r\u00a0", _SPACE),
    **dict.fromkeys(",;:،؛", _COMMA),
    **dict.fromkeys(".!?…؟۔\n", _STOP),
}


class Rhythm:
    """The syllables of one text, spoken by one voice in a given number of blocks."""

    def __init__(self, text: str, blocks: int, bank: SyllableBank, speaker: str) -> None:
        """Which of the bank's voices speaks depends on the speaker's name only."""
        text = text or " "
        filler = len(text) % _CELL  # fills the last cell, and takes no time
        # The weight of all characters before each one, and at the end the weight of all.
        weights = array("L", accumulate(map(_PAUSES.get, text, repeat(_SOUND)), initial=0))
        self._weights = weights + weights[-1:] * filler
        self._text = text + " " * filler
        self._blocks = blocks
        self._silence = bank.silence
        self._lengths = bank.lengths
        self._syllables = bank.voices[crc32(speaker.encode()) % len(bank.voices)]

    def base(self, first: int, count: int) -> list[bytes]:
        """The blocks from `first` on, without the proof. `first + count` is at most the number of blocks."""
        start = self._cell_of(first)
        end = self._cell_of(first + count - 1) + _CELL
        total = self._weights[-1]
        # The blocks with which the characters begin.
        starts = [-(-weight * self._blocks // total) for weight in self._weights[start : end + 1]]
        base: list[bytes] = []
        for place in range(0, end - start, _CELL):
            base += self._cell(self._text[start + place : start + place + _CELL], *starts[place : place + _CELL + 1])
        return base[first - starts[0] :][:count]

    def _cell_of(self, block: int) -> int:
        """The first character of the cell to which a block belongs."""
        character = bisect_right(self._weights, block * self._weights[-1] // self._blocks) - 1
        return character - character % _CELL

    def _cell(self, characters: str, start: int, middle: int, end: int) -> list[bytes]:
        """The blocks of a cell, whose second character begins with the block `middle`."""
        pause_first, pause_second = characters[0] in _PAUSES, characters[1] in _PAUSES
        pause = (middle - start) * pause_first + (end - middle) * pause_second
        sound = end - start - pause
        syllable = self._syllable(characters, sound + pause // 3) if sound else ()
        rest = [self._silence] * (end - start - len(syllable))
        return [*rest, *syllable] if pause_first else [*syllable, *rest]

    def _syllable(self, characters: str, room: int) -> Syllable:
        """The syllable for these characters, of at most so many blocks; an empty one where none is so short."""
        fitting = bisect_right(self._lengths, room)
        if not fitting:
            return ()
        choice = crc32(characters.encode())
        # The longest, but one time in four the next shorter: an even beat does not sound like speech.
        shorter = fitting == len(self._lengths) and choice % 4 == 0
        syllables = self._syllables[self._lengths[fitting - 1 - shorter]]
        return syllables[choice // 4 % len(syllables)]
