"""Nothing more comes."""

from collections.abc import Sequence
from dataclasses import dataclass

from hamsa_mock.faults.fault import Element, Insertion, Later, Mute
from hamsa_mock.faults.parameters import parameter


@dataclass(frozen=True)
class Stall(Insertion):
    summary = "The connection stays open and nothing more comes, no pong either; or all of it comes later."
    example = "stall after chunk 2"

    seconds: float = parameter(0.0, "Seconds until everything goes on; 0: it never does.", 0, 86400)

    def inserted(self) -> Sequence[Element]:
        return [Later(self.seconds, everything=True)] if self.seconds else [Mute()]
