"""The records of the journal, the newest of them, within bounds."""

from collections import deque
from collections.abc import Iterator

from hamsa_mock.core.records import Party, Record, Subject, can_lighten, nbytes_of


class Ring:
    """Holds at most so many entries, and records that together hold at most so many bytes.

    Where it is too many bytes the oldest audio goes first, and when there is none left to go, the oldest records.
    """

    def __init__(self, most_entries: int, most_nbytes: int) -> None:
        self.position = 0
        """Of the newest entry; 0: there was none. Positions count entries from 1 and are never used again."""
        self.dropped = 0
        """Entries that fell out since the ring was cleared."""
        self.entries = 0
        self.nbytes = 0
        self._most_entries = most_entries
        self._most_nbytes = most_nbytes
        self._records: deque[Record] = deque()
        self._heavy: deque[Record] = deque()  # those of them that can be made lighter

    def __iter__(self) -> Iterator[Record]:
        return iter(self._records)

    def __reversed__(self) -> Iterator[Record]:
        return reversed(self._records)

    def append(self, party: Party, subject: Subject, count: int, time: float, real: float) -> Record:
        """Keep something that makes `count` entries."""
        record = Record(party, self.position + 1, party.numbering.take(count), count, 0, time, real, subject)
        self._records.append(record)
        self.position += count
        self.entries += count
        nbytes = nbytes_of(subject)
        if can_lighten(subject, nbytes):
            self._heavy.append(record)
        self.grow(record, nbytes)
        return record

    def grow(self, record: Record, nbytes: int) -> None:
        """A record that is still held holds so many bytes more."""
        record.nbytes += nbytes
        self.nbytes += nbytes
        while self._heavy and self.nbytes > self._most_nbytes:
            self._lighten(self._heavy.popleft())
        while self.entries > self._most_entries or self.nbytes > self._most_nbytes:
            self.dropped += self._drop_oldest()

    def clear(self) -> None:
        """Forget everything; positions go on."""
        while self._records:
            self._drop_oldest()
        self.dropped = 0

    def _lighten(self, record: Record) -> None:
        assert can_lighten(record.subject, record.nbytes)
        record.subject.lighten()
        nbytes = nbytes_of(record.subject)
        self.nbytes -= record.nbytes - nbytes
        record.nbytes = nbytes

    def _drop_oldest(self) -> int:
        """How many entries that were."""
        oldest = self._records.popleft()
        if self._heavy and self._heavy[0] is oldest:
            self._heavy.popleft()
        oldest.held = False
        self.entries -= oldest.count
        self.nbytes -= oldest.nbytes
        return oldest.count
