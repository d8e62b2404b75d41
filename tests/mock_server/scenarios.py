"""Scenarios that show what a behaviour changes: how they are registered, and how what went over the wire is shown."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeAlias

from hamsa_mock import MockServer
from hamsa_mock.core.actions import Close, Reject, Send, Single
from hamsa_schemas import BehaviourValue
from tests.mock_server.providers.hamsa.rest_client import Answered, VirtualRest
from tests.mock_server.providers.hamsa.virtual import name_of

Changes: TypeAlias = Mapping[str, BehaviourValue]
Transcript: TypeAlias = list[str]


@dataclass(frozen=True)
class Scenario:
    """What is played with a behaviour at an option, chosen from the start or while the mock runs; what then went over
    the wire. `values`: of a number.
    """

    play: Callable[[Changes, Changes], Transcript]
    values: tuple[float, ...]


SCENARIOS: dict[str, Scenario] = {}


def in_virtual_time(
    slug: str, *values: float, given: Changes | None = None
) -> Callable[[Callable[[VirtualRest], list[Answered] | None]], None]:
    """Register a scenario without sockets. What it returns are answers over REST."""

    def register(play: Callable[[VirtualRest], list[Answered] | None]) -> None:
        def transcript(from_start: Changes, while_running: Changes) -> Transcript:
            stage = VirtualRest("instant", {**(given or {}), **from_start})
            stage.hamsa.world.behaviours.change(while_running)
            answers = play(stage) or []
            clients = enumerate(stage.hamsa.clients, 1)
            lines = [f"#{number} {at:g} {shown(single)}" for number, client in clients for at, single in client.sent]
            return lines + [line for answer in answers for line in shown_over_http(answer)]

        SCENARIOS[slug] = Scenario(transcript, values)

    return register


def over_sockets(slug: str, *values: float) -> Callable[[Callable[[MockServer], Transcript]], None]:
    """Register a scenario for a running mock."""

    def register(play: Callable[[MockServer], Transcript]) -> None:
        def transcript(from_start: Changes, while_running: Changes) -> Transcript:
            with MockServer(profile="instant", behaviours=from_start) as mock:
                mock.behaviours.update(while_running)
                return play(mock)

        SCENARIOS[slug] = Scenario(transcript, values)

    return register


def shown(single: Single) -> str:
    """Name, size and a hash of what was sent."""
    match single:
        case Send():
            payload = single.message.payload
        case Close():
            payload = single.reason.encode()
        case Reject():
            payload = single.body
        case _:
            payload = b""
    return f"{name_of(single)} {len(payload)} {digest(payload)}"


def shown_over_http(answered: Answered) -> Iterator[str]:
    answer = answered.answer
    yield f"HTTP {answer.status} after {answer.delay:g}, gap {answer.gap:g}, {sorted(answer.headers.items())}"
    for piece in answered.pieces:
        yield f"{len(piece)} {digest(piece)}"


def digest(payload: bytes) -> str:
    return blake2b(payload, digest_size=4).hexdigest()
