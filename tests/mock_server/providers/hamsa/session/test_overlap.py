"""Requests that come while others are being answered."""

import pytest

from hamsa_mock.core import events
from hamsa_mock.core.actions import Send
from hamsa_mock.providers.hamsa.accounts import OWN_VOICE
from tests.mock_server.providers.hamsa.virtual import (
    SENTENCE,
    UNLIMITED,
    VirtualHamsa,
    audio_of,
    error_of,
    names,
    text_of,
)


def test_requests_sent_at_once_are_answered_in_their_order() -> None:
    hamsa = VirtualHamsa("documented")
    client = hamsa.connect()
    texts = [f"{SENTENCE} {number}" for number in range(4)]
    for text in texts:
        client.ask(text)
    hamsa.advance(25)
    answers = client.since(2)
    assert [name for name in names(answers) if name != "chunk"] == ["ack", "end"] * 4
    for text in texts:
        end = names(answers).index("end") + 1
        assert text_of(audio_of(answers[:end])) == text
        answers = answers[end:]


@pytest.mark.statement("PRE-8", "PRE-9")
def test_requests_for_a_voice_that_is_loading_wait_for_it_once() -> None:
    hamsa = VirtualHamsa("documented")
    client = hamsa.connect()
    for _ in range(3):
        client.ask(speaker=OWN_VOICE)
    hamsa.advance(30)
    chunks = [(at, single) for at, single in client.sent if isinstance(single, Send) and single.event == "chunk"]
    first, second, third = (at for at, single in chunks if isinstance(single, Send) and single.ordinal == 1)
    ends = [at for at, single in client.sent if isinstance(single, Send) and single.event == "end"]
    assert first == pytest.approx(3.3)
    assert [second, third] == pytest.approx([ends[0] + 0.3, ends[1] + 0.3])


def test_requests_at_once_take_turns_where_the_behaviour_says_so() -> None:
    hamsa = VirtualHamsa("documented", {"hamsa.tts.overlap": "interleave"})
    client = hamsa.connect()
    texts = [f"{SENTENCE} {number}" for number in range(3)]
    for text in texts:
        client.ask(text)
    assert names(client.since(2)) == ["ack"] * 3
    hamsa.advance(5)
    for number, text in enumerate(texts, 1):
        parts = [single for single in client.all if isinstance(single, Send) and single.request is not None]
        own = [single for single in parts if single.request is not None and single.request.number == number]
        assert names(own) == ["ack", *["chunk"] * (len(own) - 2), "end"]
        assert text_of(audio_of(own)) == text
    chunks = [single for single in client.all if isinstance(single, Send) and single.event == "chunk"]
    order = [single.request.number for single in chunks[:6] if single.request is not None]
    assert order == [1, 2, 3, 1, 2, 3]


def test_request_beside_another_one_is_aborted_where_the_behaviour_says_so() -> None:
    hamsa = VirtualHamsa("documented", {"hamsa.tts.overlap": "aborted"})
    client = hamsa.connect()
    client.ask()
    assert error_of(client.ask()) == "TTS stream error: aborted"
    hamsa.advance(5)
    assert names(client.all).count("end") == 1
    assert names(client.ask()) == ["ack"]


def test_small_answers_in_a_row_are_split_into_steps_too() -> None:
    hamsa = VirtualHamsa()
    client = hamsa.connect(UNLIMITED)
    client.receive(events.Blocked())
    for number in range(20):
        client.ask(f"{SENTENCE} {number}")
    first = client.receive(events.Writable())
    assert 0 < names(first).count("end") < 20
    hamsa.advance(0)
    assert names(client.all).count("end") == 20
