"""One request for speech after the other: messages, times, audio."""

import pytest

from hamsa_kit.audio_formats import PCM_16000_16, read_wav
from hamsa_mock.core.actions import Request, Send
from hamsa_mock.providers.hamsa.accounts import OWN_VOICE
from hamsa_mock.providers.hamsa.answers import STEP_BYTES
from tests.mock_server.providers.hamsa.virtual import (
    SENTENCE,
    VirtualHamsa,
    audio_of,
    connected,
    error_of,
    json_of,
    name_of,
    names,
    text_of,
)


@pytest.mark.statement("WST-5", "WST-6", "WST-7")
def test_request_is_answered_by_ack_chunks_and_end_with_the_whole_audio() -> None:
    answer = connected().ask()
    assert names(answer) == ["ack", *["chunk"] * (len(answer) - 2), "end"]
    assert json_of(answer[0]) == {
        "type": "ack",
        "payload": {"message": "Real time text to speach connection establesh"},
    }
    assert json_of(answer[-1]) == {"type": "end", "payload": {"message": "End of TTS stream"}}
    assert text_of(audio_of(answer)) == SENTENCE
    assert 80_000 <= len(audio_of(answer)) <= 400_000


def test_every_part_of_an_answer_says_which_request_it_belongs_to() -> None:
    client = connected()
    client.ask()
    answer = [single for single in client.ask() if isinstance(single, Send)]
    requests = {single.request for single in answer}
    assert len(requests) == 1
    (request,) = requests
    assert isinstance(request, Request)
    assert (request.number, request.type) == (2, "tts")
    assert request.details["characters"] == len(SENTENCE)
    assert request.details["speaker"] == "Majd"
    assert request.details["format"] == "PCM_16000_16"
    ordinals = [single.ordinal for single in answer if single.event == "chunk"]
    assert ordinals == list(range(1, len(ordinals) + 1))


def test_first_audio_and_each_chunk_wait_as_the_behaviours_say() -> None:
    hamsa = VirtualHamsa("documented", {"hamsa.tts.first_audio_delay": 0.5, "hamsa.tts.chunk_gap": 0.25})
    hamsa.advance(10)
    client = hamsa.connect()
    assert names(client.ask()) == ["ack"]
    assert client.session.deadline == 10.5
    hamsa.advance(20)
    times = [at for at, single in client.sent if name_of(single) == "chunk"]
    assert times == [10.5 + 0.25 * index for index in range(len(times))]
    assert len(times) >= 5
    assert (client.sent[-1][0], name_of(client.all[-1])) == (times[-1], "end")
    assert text_of(audio_of(client.all)) == SENTENCE


@pytest.mark.statement("FAQ-9")
@pytest.mark.parametrize("characters", [51, 89])
def test_sentence_takes_3_to_5_seconds_as_measured_and_only_a_new_connection_takes_more(characters: int) -> None:
    hamsa = VirtualHamsa("observed-2026-02", {"hamsa.tts.truncation": "never"})
    client = hamsa.connect()
    for begun in (10, 20):
        hamsa.advance(begun - hamsa.now)
        client.ask((SENTENCE * 3)[:characters])
    hamsa.advance(10)
    assert client.sent[0][0] == 1.2
    ended = [at for at, single in client.sent if name_of(single) == "end"]
    assert len(ended) == 2
    assert all(3 <= at - begun <= 5 for begun, at in zip((10, 20), ended, strict=True))


def test_chunks_that_are_overdue_leave_together() -> None:
    client = connected("documented")
    client.ask()
    late = client.record(client.session.tick(10))
    assert name_of(late[-1]) == "end"
    assert text_of(audio_of(late)) == SENTENCE


def test_tick_before_anything_is_due_orders_nothing() -> None:
    client = connected("documented")
    client.ask()
    assert client.session.tick(0.1) == []
    assert client.session.deadline == 0.3


def test_long_answer_is_ordered_in_steps_so_that_others_are_served_between() -> None:
    hamsa = VirtualHamsa()
    client = hamsa.connect()
    text = "ب" * 2000
    first = client.ask(text)
    assert len(audio_of(first)) < STEP_BYTES + 64_000
    assert client.session.deadline == 0
    hamsa.advance(0)
    assert text_of(audio_of(client.all)) == text
    assert name_of(client.all[-1]) == "end"


@pytest.mark.statement("FAQ-6")
def test_connection_is_idle_again_after_its_last_answer() -> None:
    client = connected()
    client.ask()
    assert client.session.deadline == 30, "the next ping"
    assert names(client.ask())[-1] == "end"


def test_same_request_gets_the_same_audio_and_another_one_another() -> None:
    first, second = connected(), connected()
    assert audio_of(first.ask()) == audio_of(second.ask())
    assert audio_of(first.ask()) != audio_of(first.ask(speaker="Salma"))


@pytest.mark.parametrize("form", ["streaming", "exact"])
def test_audio_with_a_header_can_be_read_as_wav(form: str) -> None:
    answer = connected(tts__audio_header=form).ask()
    format, samples = read_wav(audio_of(answer))
    assert format == PCM_16000_16
    assert text_of(samples) == SENTENCE


def test_long_text_is_refused_cut_or_spoken_as_the_behaviour_says() -> None:
    text = "ب" * 2001
    assert error_of(connected().ask(text)) == "Invalid payload for message type: tts"
    for choice, length in (("cut", 2000), ("speak", 2001)):
        hamsa = VirtualHamsa(changes={"hamsa.tts.long_text": choice})
        client = hamsa.connect()
        client.ask(text)
        hamsa.advance(0)
        assert text_of(audio_of(client.all)) == text[:length]


@pytest.mark.statement("PRE-8")
def test_custom_voice_makes_its_first_request_wait_and_the_next_one_not() -> None:
    hamsa = VirtualHamsa(changes={"hamsa.tts.voice_loading": 3})
    client = hamsa.connect()
    assert names(client.ask(speaker=OWN_VOICE)) == ["ack"]
    assert client.session.deadline == 3
    hamsa.advance(3)
    assert names(client.ask(speaker=OWN_VOICE))[-1] == "end"
