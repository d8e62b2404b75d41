"""Audio at the pace of its playing."""

from collections.abc import Sequence
from dataclasses import dataclass

from hamsa_kit.audio_formats import PCM_8000_16, PCM_16000_16, ULAW_8000_8
from hamsa_mock.core.actions import Send, Single
from hamsa_mock.faults.fault import Chances, Element, Fault, Gap, Place
from hamsa_mock.faults.parameters import parameter

FORMATS = {format.name: format for format in (PCM_16000_16, PCM_8000_16, ULAW_8000_8)}


@dataclass(frozen=True)
class Pace(Fault):
    summary = "Behind a chunk comes nothing of an answer until the chunk could have been played."
    example = "pace(20, burst=2) after chunk"
    events = ("chunk",)
    places = ("after",)

    factor: float = parameter(1.0, "How many seconds of audio come in a second: below 1 a player starves.", 0.001, 1000)
    burst: int = parameter(
        1, "So many chunks come at once, and then nothing until all of them could have been played.", 1, 1000
    )

    def script(self, action: Single, place: Place, chance: Chances) -> Sequence[Element]:
        if not isinstance(action, Send) or action.request is None:
            return [action]  # an earlier fault has made bytes of it
        format = FORMATS.get(str(action.request.details.get("format")), PCM_16000_16)
        seconds = format.seconds(action.message.nbytes) / self.factor
        return [action, Gap(seconds, gathered=action.ordinal % self.burst != 0)]
