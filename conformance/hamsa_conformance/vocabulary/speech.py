"""What cases ask of speech: that it is whole, that it is refused, and what its samples are like."""

from array import array
from collections import Counter
from collections.abc import Sequence
from operator import mul
from typing import TYPE_CHECKING

from hamsa_conformance.client.answer import Answer
from hamsa_conformance.client.connection import Connection
from hamsa_conformance.judgement import require, unmet
from hamsa_conformance.vocabulary.going_on import nothing_behind_error
from hamsa_kit.audio_formats import AudioFormat, ulaw_decode
from hamsa_kit.client_events import TextMessage
from hamsa_kit.client_session import message_type

if TYPE_CHECKING:
    from hamsa_conformance.client.server import Server

JUDGED_BYTES = 64_000
"""Of long audio so much is looked at."""

_SHADES = 16


def require_whole(answer: Answer) -> None:
    """An answer has ack, audio and end, in this order, and its audio is all that was asked for, as far as it tells.

    Errors: Unmet.
    """
    types = answer.types
    right = types[:1] == ["ack"] and types[-1:] == ["end"] and set(types[1:-1]) == {"chunk"}
    require(right, "ack, audio and end", ", ".join(types))
    require(answer.is_whole is not False, f"the whole audio of {answer.text[:60]!r}", "audio that is not, by its proof")


def require_refusal(server: "Server", client: Connection, asked: Answer) -> str:
    """A request gets an error instead of audio, and then nothing more. The words of the error.

    No document says that no ack comes before it, and no end after it; that the connection ends is not strict. Errors:
    Unmet; CannotTell at the limit.
    """
    answer = client.answer(asked, judges_cut=True)
    client.stop_at_limit(answer)
    if answer.error is None:
        unmet("an error", ", ".join(answer.types))
    require(answer.types in (["error"], ["ack", "error"]), "an error and no audio", ", ".join(answer.types))
    event = client.peek(server.quiet)
    if isinstance(event, TextMessage) and message_type(event.text) == "end":
        client.receive()
    nothing_behind_error(server, client)
    return answer.error


def samples_of(audio: bytes, format: AudioFormat) -> "array[int]":
    """The samples at the begin of audio, as 16-bit numbers; half a sample is left out."""
    begin = audio[:JUDGED_BYTES]
    return _numbers(ulaw_decode(begin) if format.encoding == "ulaw" else begin)


def loudness(samples: Sequence[int]) -> float:
    """The root of the mean square: 0 is silence, 32767 a square wave at full scale, speech some thousands."""
    return (sum(map(mul, samples, samples)) / len(samples)) ** 0.5 if samples else 0.0


def smoothness(samples: Sequence[int]) -> float:
    """How like neighbours are, from -1 to 1: of speech most of the way to 1, of noise 0."""
    power = sum(map(mul, samples, samples))
    return sum(map(mul, samples, samples[1:])) / power if power else 0.0


def with_bytes_swapped(samples: "array[int]") -> "array[int]":
    """The same bytes, taken for samples of the other byte order."""
    swapped = samples[:]
    swapped.byteswap()
    return swapped


def unlikeness_of_places(audio: bytes) -> float:
    """How differently the bytes at even and at odd places are spread, from 0 to 1.

    The two bytes of 16-bit speech differ much, codes of mu-law hardly.
    """
    begin = audio[: min(len(audio), JUDGED_BYTES) // 2 * 2]
    even, odd = (Counter(byte * _SHADES // 256 for byte in begin[place::2]) for place in (0, 1))
    return sum(abs(even[shade] - odd[shade]) for shade in range(_SHADES)) / max(len(begin), 1)


def _numbers(pcm: bytes) -> "array[int]":
    numbers = array("h", pcm[: len(pcm) // 2 * 2])
    if array("H", b"\1\0")[0] != 1:
        numbers.byteswap()
    return numbers
