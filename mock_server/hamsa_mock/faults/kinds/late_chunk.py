"""Audio behind the end of its answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from hamsa_mock.core.actions import Send, Single
from hamsa_mock.core.messages import binary_message
from hamsa_mock.faults.fault import Chances, Element, Fault, Place
from hamsa_mock.faults.parameters import parameter


@dataclass(frozen=True)
class LateChunk(Fault):
    summary = "A chunk of silence follows the `end` of its answer."
    example = "late_chunk(640)"
    events = ("end",)
    places = ("after",)

    bytes: int = parameter(640, "Size of the chunk.", 1, 1_000_000)

    def script(self, action: Single, place: Place, chance: Chances) -> Sequence[Element]:
        request = action.request if isinstance(action, Send) else None
        return [action, Send("chunk", binary_message(b"\0" * self.bytes), request)]
