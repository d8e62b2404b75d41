"""Messages that are missing, too many, or not in their turn."""

from collections.abc import Iterable

from hamsa_mock.core.actions import Action, Send, Single
from hamsa_mock.core.events import Event
from hamsa_mock.faults.fault import event_of, request_of
from tests.conformance.mutants.mutant import mutant
from tests.conformance.mutants.wire import Steps, closing, dropped, each, followed, message, steps, twice


def _late_info() -> Steps:
    held: list[Single] = []

    def step(event: Event | None, actions: list[Single]) -> Iterable[Action]:
        for action in actions:
            if event_of(action) == "info":
                held.append(action)
            else:
                yield action
                if isinstance(action, Send):
                    yield from held
                    held.clear()

    return step


def _ack_behind_first_chunk() -> Steps:
    held: list[Single] = []

    def step(event: Event | None, actions: list[Single]) -> Iterable[Action]:
        for action in actions:
            if event_of(action) == "ack":
                held.append(action)
            else:
                yield action
                if event_of(action) == "chunk":
                    yield from held
                    held.clear()

    return step


def _end_in_front_of_last_chunk(event: Event | None, actions: list[Single]) -> Iterable[Action]:
    ends = [action for action in actions if event_of(action) == "end"]
    for action in actions:
        if ends and event_of(action) == "chunk":
            yield from ends
            ends.clear()
        if event_of(action) != "end":
            yield action


def _end_of_next_answer() -> Steps:
    """The end comes when the next request does."""
    held: list[Single] = []

    def step(event: Event | None, actions: list[Single]) -> Iterable[Action]:
        for action in actions:
            if event_of(action) == "ack":
                yield from held
                held.clear()
            if event_of(action) == "end":
                held.append(action)
            else:
                yield action

    return step


def _answers_one(event: Event | None, actions: list[Single]) -> Iterable[Action]:
    for action in actions:
        request = request_of(action)
        if request is None or request.number == 1:
            yield action


def _one_kind(event: Event | None, actions: list[Single]) -> Iterable[Action]:
    """A recording gets its answer as the first request of a connection only."""
    for action in actions:
        request = request_of(action)
        if event_of(action) == "transcript" and request is not None and request.number > 1:
            yield message("error", "Unsupported message type: stt")
        else:
            yield action


def _ack_for_each_chunk(chunk: Single) -> Iterable[Single]:
    return [message("ack"), chunk] if isinstance(chunk, Send) and chunk.ordinal > 1 else [chunk]


def _end_in_front_of_audio(ack: Single) -> Iterable[Single]:
    return [ack, message("end", "End of TTS stream")]


MUTANTS = (
    mutant("order.no_info", "A client that has connected is not greeted.", "API-2", dropped("info")),
    mutant("order.info_twice", "A client that has connected is greeted twice.", "API-2", twice("info")),
    mutant(
        "order.info_late",
        "A client is greeted behind the first message of its first answer.",
        "API-2",
        steps(_late_info),
    ),
    mutant("order.no_ack", "An answer begins with audio.", "WST-5", dropped("ack")),
    mutant("order.ack_twice", "An answer begins with ack twice.", "WST-5", twice("ack")),
    mutant("order.ack_late", "The ack comes behind the first chunk.", "WST-5", steps(_ack_behind_first_chunk)),
    mutant(
        "order.ack_each_chunk", "Every chunk has an ack in front of it.", "WST-5", each("chunk", _ack_for_each_chunk)
    ),
    mutant("order.no_end", "An answer ends with audio.", "WST-7", dropped("end")),
    mutant("order.end_twice", "An answer ends with end twice.", "WST-7", twice("end")),
    mutant(
        "order.end_before_last_chunk",
        "The end comes in front of the last chunk.",
        "WST-7",
        steps(lambda: _end_in_front_of_last_chunk),
    ),
    mutant(
        "order.end_before_audio",
        "The end comes in front of the audio, and behind it too.",
        "WST-7",
        each("ack", _end_in_front_of_audio),
    ),
    mutant("order.end_late", "The end comes when the next answer begins.", "WST-7", steps(_end_of_next_answer)),
    mutant("order.no_error", "A request that fails gets nothing.", "WST-8", dropped("error")),
    mutant("order.error_twice", "A request that fails gets its error twice.", "WST-8", twice("error")),
    mutant(
        "order.error_closes",
        "An error closes the connection.",
        "API-1",
        followed("error", closing(1011)),
    ),
    mutant(
        "order.end_closes",
        "The connection is closed behind the end of an answer.",
        "FAQ-6",
        followed("end", closing(1000)),
    ),
    mutant(
        "order.transcript_closes",
        "The connection is closed behind a transcript.",
        "API-1",
        followed("transcript", closing(1000)),
    ),
    mutant(
        "order.one_answer",
        "Only the first request of a connection is answered.",
        "API-1",
        steps(lambda: _answers_one),
    ),
    mutant(
        "order.one_kind",
        "A recording is refused behind another request.",
        "API-1",
        steps(lambda: _one_kind),
    ),
    mutant(
        "order.progress",
        "Messages of a type that does not exist come between the chunks.",
        "API-5",
        followed("chunk", message("progress")),
    ),
    mutant(
        "order.transcript_with_end",
        "A transcript has an end behind it.",
        "API-15",
        followed("transcript", message("end", "End of STT stream")),
    ),
    mutant("order.transcript_twice", "A transcript is sent twice.", "API-15", twice("transcript")),
    mutant("order.no_transcript", "A recording gets nothing.", "API-15", dropped("transcript")),
    mutant(
        "order.transcript_with_ack",
        "A transcript has an ack in front of it.",
        "API-15",
        each("transcript", lambda action: [message("ack"), action]),
    ),
)
