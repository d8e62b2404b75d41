"""The clock: read it, advance, freeze or scale it."""

from collections.abc import Sequence

from hamsa_mock.admin.controls import Controls
from hamsa_mock.admin.endpoints import Call, Endpoint, Refused, object_of
from hamsa_mock.shell.steering import StillBusy, WrongTime

NEXT = "next"

BODY = {
    **object_of(
        {
            "advance": {
                "description": "Seconds to move on; next: to the next deadline, whatever waits for it.",
                "anyOf": [{"type": "number", "minimum": 0}, {"const": NEXT}],
            },
            "scale": {
                "description": "Seconds of the mock in a second of real time.",
                "type": "number",
                "exclusiveMinimum": 0,
            },
            "freeze": {"description": "Whether the clock stands still.", "type": "boolean"},
        }
    ),
    "minProperties": 1,
    "maxProperties": 1,
}


def clock_endpoints(controls: Controls) -> Sequence[Endpoint]:
    """Reading and steering."""
    clock, steering = controls.mock.world.clock, controls.hub.steering

    async def read(call: Call) -> object:
        deadline = controls.mock.world.scheduler.next_deadline()
        return {"now": clock.now(), "scale": clock.scale, "frozen": clock.frozen, "next_deadline": deadline}

    async def steer(call: Call) -> object:
        try:
            match call.body:
                case {"advance": "next"}:
                    await steering.advance_to_next_deadline()
                case {"advance": seconds}:
                    await steering.advance(seconds)
                case {"scale": factor}:
                    steering.scale(factor)
                case {"freeze": True}:
                    steering.freeze()
                case _:
                    steering.unfreeze()
        except WrongTime as error:
            raise Refused(400, str(error)) from error
        except StillBusy as error:
            raise Refused(503, str(error)) from error
        return await read(call)

    answer = "The clock: now and the next deadline in seconds since the mock's start, the scale, and if it is frozen."
    return [
        Endpoint("GET", "/clock", "Read the clock", read, answer=answer),
        Endpoint(
            "POST",
            "/clock",
            "Advance, scale or freeze the clock; answers when all that fell due is written",
            steer,
            BODY,
            answer=answer,
        ),
    ]
