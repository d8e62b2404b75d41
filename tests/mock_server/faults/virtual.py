"""A connection with faults, without sockets. Times are seconds of the World's clock."""

from collections.abc import Iterator

from hamsa_mock.core import events
from hamsa_mock.core.actions import Accept, Action, Close, Raw, Reply, Request, Send, Single
from hamsa_mock.core.messages import Message, binary_message, text_message
from hamsa_mock.faults.board import FaultBoard
from hamsa_mock.faults.stage import FaultStage
from hamsa_mock.stages.request_log import LogLine

ACK = text_message('{"type":"ack","payload":{"message":"yes"}}')
END = text_message('{"type":"end","payload":{"message":"done"}}')
CHUNKS = [binary_message(bytes([number]) * 6400) for number in (1, 2, 3)]
KEY = "hamsa-test-key"


def request(number: int = 1, speaker: str = "Majd", text: str = "مرحبا بكم") -> Request:
    """A request for speech."""
    return Request(number, "tts", 0, {"speaker": speaker, "format": "PCM_16000_16"}, text=text)


def answer(asked: Request | None = None) -> Reply:
    """The whole answer to it."""
    return Reply(asked or request(), ACK, CHUNKS, END)


class VirtualConnection:
    """What leaves of one connection, and when. It is open, unless it is yet to be opened."""

    def __init__(self, *faults: str, number: int = 1, board: FaultBoard | None = None, key: str | None = KEY) -> None:
        self.board = board or FaultBoard(lambda: 0)
        self.lines: list[LogLine] = []
        self.stage = FaultStage(number, self.board, self.lines.append)
        self.sent: list[tuple[float, Single]] = []
        self.now = 0.0
        self.step(Accept(key), event=events.Opening("/"))
        self.sent.clear()
        for fault in faults:
            self.board.arm(fault)

    def step(self, *actions: Action, event: events.Event | None = None) -> list[str]:
        """Let the session order something; what leaves at once."""
        singles = list(_singles(self.stage.step(event, list(actions), self.now)))
        self.sent += [(self.now, single) for single in singles]
        return [name_of(single) for single in singles]

    def wait(self, seconds: float) -> list[str]:
        """Let time pass; what leaves meanwhile."""
        until, before = self.now + seconds, len(self.sent)
        while (deadline := self.stage.deadline) is not None and deadline <= until:
            assert deadline > self.now, "a stage that is woken for nothing would be so for ever"
            self.now = deadline
            self.step()
        self.now = until
        return [name_of(single) for _, single in self.sent[before:]]

    @property
    def names(self) -> list[str]:
        """The names of all that has left."""
        return [name_of(single) for _, single in self.sent]

    @property
    def times(self) -> list[str]:
        """The same with the times."""
        return [f"{at:g} {name_of(single)}" for at, single in self.sent]

    @property
    def singles(self) -> list[Single]:
        """All that has left."""
        return [single for _, single in self.sent]


def played(fault: str, *actions: Action) -> VirtualConnection:
    """A connection on which all of an answer, or what else is given, was ordered at once; and then an hour passed."""
    connection = VirtualConnection(fault)
    connection.step(*(actions or [answer()]))
    connection.wait(3600)
    return connection


def messages(connection: VirtualConnection) -> list[Message]:
    """The messages that have left."""
    return [single.message for single in connection.singles if isinstance(single, Send)]


def name_of(single: Single) -> str:
    """A short name."""
    match single:
        case Send() | Raw():
            name = f"{single.event} {single.ordinal}" if single.event == "chunk" else single.event
            return name if isinstance(single, Send) else f"raw {name}"
        case Close():
            return f"close {single.code}"
        case _:
            return type(single).__name__.lower()


def _singles(actions: list[Action]) -> Iterator[Single]:
    for action in actions:
        if isinstance(action, Reply):
            yield from action.sends()
        else:
            yield action
