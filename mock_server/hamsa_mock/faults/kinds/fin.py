"""The end of the TCP connection without a close frame."""

from collections.abc import Sequence
from dataclasses import dataclass

from hamsa_mock.core.actions import Fin
from hamsa_mock.faults.fault import Element, Insertion


@dataclass(frozen=True)
class FinFault(Insertion):
    summary = "The TCP connection ends (FIN) without a close frame, behind all that was sent before."
    example = "fin after chunk 2"

    def inserted(self) -> Sequence[Element]:
        return [Fin()]
