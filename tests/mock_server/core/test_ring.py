"""The bounds of the ring."""

from hypothesis import given
from hypothesis import strategies as st

from hamsa_mock.core.actions import Request, Send
from hamsa_mock.core.messages import binary_message
from hamsa_mock.core.records import HEAVY, HttpAnswered, Note, Numbering, Party, Record, Step, nbytes_of
from hamsa_mock.core.ring import Ring

ASKED = Request(1, "tts", 0)


def party() -> Party:
    return Party(1, None, Numbering())


def audio(nbytes: int, chunks: int = 1) -> Step:
    return Step(None, None, [Send("chunk", binary_message(b"a" * nbytes), ASKED, place) for place in range(chunks)])


def append(ring: Ring, who: Party, step: Step) -> Record:
    return ring.append(who, step, len(step.actions), 0, 0)


def test_oldest_records_go_first_and_are_counted() -> None:
    ring, who = Ring(3, 1000), party()
    records = [append(ring, who, audio(10, count)) for count in (2, 1, 1)]
    assert list(ring) == records[1:]
    assert list(reversed(ring)) == records[:0:-1]
    assert (ring.dropped, ring.entries, ring.nbytes, ring.position) == (2, 2, 20, 4)
    assert [record.held for record in records] == [False, True, True]
    assert [record.position for record in records] == [1, 3, 4]


def test_sequences_stay_right_for_what_was_dropped() -> None:
    ring, who, other = Ring(1, 1000), party(), party()
    assert [append(ring, each, audio(1, 2 - 1)).sequence for each in (who, who, other, who)] == [1, 2, 1, 3]


def test_audio_goes_before_entries_do() -> None:
    ring, who = Ring(100, 2 * HEAVY), party()
    records = [append(ring, who, audio(HEAVY)) for _ in range(4)]
    assert (ring.dropped, ring.entries, ring.nbytes) == (0, 4, 2 * HEAVY)
    assert [record.nbytes for record in records] == [0, 0, HEAVY, HEAVY]


def test_entries_go_where_there_is_no_audio_left_to_go() -> None:
    ring, who = Ring(100, 100), party()
    small = append(ring, who, audio(50))
    large = append(ring, who, audio(HEAVY))
    assert (ring.dropped, ring.nbytes, large.nbytes) == (0, 50, 0)
    append(ring, who, audio(60))
    assert not small.held
    assert (ring.dropped, ring.entries, ring.nbytes) == (1, 2, 60)


def test_record_larger_than_the_ring_does_not_stay() -> None:
    ring = Ring(2, 1000)
    assert not append(ring, party(), audio(1, 3)).held
    assert (ring.dropped, ring.entries, ring.nbytes) == (3, 0, 0)


def test_answer_grows_while_it_leaves_and_stays_within_the_bounds() -> None:
    ring, answered = Ring(10, 100), HttpAnswered(200, {})
    record = ring.append(party(), answered, 1, 0, 0)
    for _ in range(5):
        ring.grow(record, answered.sent(b"a" * 40))
    assert record.held
    assert (answered.nbytes, ring.nbytes) == (200, 0)


def test_cleared_ring_is_empty_and_goes_on_counting_positions() -> None:
    ring, who = Ring(2, 10 * HEAVY), party()
    records = [append(ring, who, audio(HEAVY)) for _ in range(3)]
    ring.clear()
    assert list(ring) == []
    assert (ring.dropped, ring.entries, ring.nbytes, ring.position) == (0, 0, 0, 3)
    assert not any(record.held for record in records)
    assert append(ring, who, audio(1)).position == 4


STEPS = st.builds(audio, st.sampled_from([0, 10, HEAVY, 3 * HEAVY]), st.integers(1, 5))
NOTES = st.builds(Note, st.just("a"), st.text(max_size=200), st.just({}))


@given(st.lists(STEPS | NOTES, max_size=40), st.integers(1, 30), st.integers(0, 8 * HEAVY))
def test_bounds_hold_whatever_comes(subjects: list[Step | Note], entries: int, nbytes: int) -> None:
    ring, who = Ring(entries, nbytes), party()
    for subject in subjects:
        count = len(subject.actions) if isinstance(subject, Step) else 1
        ring.append(who, subject, count, 0, 0)
        held = list(ring)
        assert ring.entries == sum(record.count for record in held) <= entries
        assert ring.nbytes == sum(nbytes_of(record.subject) for record in held) <= nbytes
        assert ring.dropped + ring.entries == ring.position
        assert all(record.held for record in held)
