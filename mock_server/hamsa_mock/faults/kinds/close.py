"""A close frame."""

from collections.abc import Sequence
from dataclasses import dataclass

from hamsa_mock.core.actions import Close, Why
from hamsa_mock.faults.errors import WrongFault
from hamsa_mock.faults.fault import CONNECTION, Element, Insertion
from hamsa_mock.faults.parameters import parameter

REASON_BYTES = 123
"""What a close frame has room for (RFC 6455, 5.5)."""


@dataclass(frozen=True)
class CloseFault(Insertion):
    summary = "The connection is closed with a code; what would come behind it does not."
    events = tuple(event for event in CONNECTION if event != "accept")
    example = 'close(4003, "Insufficient funds in wallet") after chunk 3'

    code: int = parameter(1011, "Close code, also one that must not be sent (RFC 6455, 7.4); 0: none.", 0, 65535)
    reason: str = parameter("", f"Reason, at most {REASON_BYTES} bytes of UTF-8; without a code there is none.")

    def __post_init__(self) -> None:
        nbytes = len(self.reason.encode())
        if nbytes > REASON_BYTES:
            raise WrongFault(f"close: reason has {nbytes} bytes; allowed: at most {REASON_BYTES}")

    def inserted(self) -> Sequence[Element]:
        return [Close(self.code, self.reason, Why("a fault"))]
