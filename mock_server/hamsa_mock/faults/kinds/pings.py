"""Pings between messages."""

from collections.abc import Sequence
from dataclasses import dataclass

from hamsa_mock.core.actions import Ping
from hamsa_mock.faults.errors import WrongFault
from hamsa_mock.faults.fault import MESSAGES, Element, Insertion
from hamsa_mock.faults.parameters import parameter

PAYLOAD_BYTES = 125
"""What a control frame has room for (RFC 6455, 5.5)."""


@dataclass(frozen=True)
class Pings(Insertion):
    summary = "Pings stand between the messages, which clients must answer (RFC 6455, 5.5.2)."
    example = 'pings(2, "are you there") before chunk'
    events = MESSAGES
    places = ("before", "after")

    count: int = parameter(1, "How many at each place.", 1, 1000)
    payload: str = parameter("", f"Payload of each, at most {PAYLOAD_BYTES} bytes of UTF-8.")

    def __post_init__(self) -> None:
        nbytes = len(self.payload.encode())
        if nbytes > PAYLOAD_BYTES:
            raise WrongFault(f"pings: payload has {nbytes} bytes; allowed: at most {PAYLOAD_BYTES}")

    def inserted(self) -> Sequence[Element]:
        return [Ping(self.payload.encode())] * self.count
