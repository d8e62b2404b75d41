"""The clock: read it, advance, freeze or scale it."""

from collections.abc import Sequence
from typing import Any

from hamsa_mock.admin.controls import Controls
from hamsa_mock.admin.endpoints import Call, Endpoint, Refused, object_of
from hamsa_mock.shell.steering import Steering, StillBusy, WrongTime
from hamsa_schemas.errors import shown

NEXT = "next"

BODY = object_of(
    {
        "advance": {
            "description": "Seconds to move on; next: to the next deadline, whatever waits for it.",
            "type": ["number", "string"],
        },
        "scale": {"description": "Seconds of the mock in a second of real time.", "type": "number"},
        "freeze": {"description": "Whether the clock stands still.", "type": "boolean"},
    }
)


def clock_endpoints(controls: Controls) -> Sequence[Endpoint]:
    """Reading and steering."""
    clock, steering = controls.mock.world.clock, controls.hub.steering

    async def read(call: Call) -> dict[str, Any]:
        deadline = controls.mock.world.scheduler.next_deadline()
        return {"now": clock.now(), "scale": clock.scale, "frozen": clock.frozen, "next_deadline": deadline}

    async def steer(call: Call) -> object:
        try:
            advanced = await _steer(steering, call.body)
        except WrongTime as error:
            raise Refused(400, str(error)) from error
        except StillBusy as error:
            raise Refused(503, str(error)) from error
        return {**await read(call), "advanced": advanced}

    reading = "now and the next deadline in seconds since the mock's start, the scale, and whether it is frozen"
    return [
        Endpoint("GET", "/clock", "Read the clock", read, answer=f"The clock: {reading}."),
        Endpoint(
            "POST",
            "/clock",
            "Advance, scale or freeze the clock; answers when all that fell due is written",
            steer,
            BODY,
            answer=f"How many seconds it was advanced by; {reading}.",
            tells_body=True,
        ),
    ]


async def _steer(steering: Steering, order: dict[str, Any]) -> float:
    """Carry out an order; by how many seconds the clock was advanced. Raises WrongTime, StillBusy and Refused."""
    if len(order) != 1:
        raise Refused(400, "exactly one of advance, scale and freeze is needed")
    match order:
        case {"advance": str(word)}:
            if word != NEXT:
                raise Refused(400, f"advance is a number of seconds or {NEXT!r}, not {shown(word)}")
            return await steering.advance_to_next_deadline()
        case {"advance": seconds}:
            await steering.advance(seconds)
            return float(seconds)
        case {"scale": factor}:
            steering.scale(factor)
        case {"freeze": True}:
            steering.freeze()
        case _:
            steering.unfreeze()
    return 0.0
