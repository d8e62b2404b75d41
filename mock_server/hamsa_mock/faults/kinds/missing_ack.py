"""An answer without its acknowledgement."""

from dataclasses import dataclass

from hamsa_mock.faults.kinds.drop import Drop


@dataclass(frozen=True)
class MissingAck(Drop):
    summary = "The answer begins with its audio: its `ack` does not come."
    example = "missing_ack"
    events = ("ack",)
