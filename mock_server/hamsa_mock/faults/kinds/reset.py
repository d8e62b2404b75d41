"""A reset of the TCP connection."""

from collections.abc import Sequence
from dataclasses import dataclass

from hamsa_mock.core.actions import Reset
from hamsa_mock.faults.fault import Element, Insertion
from hamsa_mock.faults.parameters import parameter


@dataclass(frozen=True)
class ResetFault(Insertion):
    summary = "The TCP connection is reset (RST). What has not reached the client yet is lost."
    example = "reset(drained=true) after chunk 2"

    drained: bool = parameter(False, "Whether the reset waits until everything sent before has arrived.")

    def inserted(self) -> Sequence[Element]:
        return [Reset(self.drained)]
