"""Faults: what is armed, arming, disarming."""

from collections.abc import Sequence

from hamsa_mock.admin.controls import Controls
from hamsa_mock.admin.endpoints import Call, Endpoint, Refused, whole_number
from hamsa_mock.faults.errors import UnknownFault, WrongFault
from hamsa_mock.faults.registry import kinds

FAULT = {
    "description": "A fault as --fault takes it, such as close(4003) after chunk 3; or the same as an object.",
    "anyOf": [
        {"type": "string"},
        {"$ref": "https://hamsa-harness.example/schemas/meta/fault.schema.json"},
    ],
}


def fault_endpoints(controls: Controls) -> Sequence[Endpoint]:
    """Reading and changing."""
    board = controls.mock.faults

    async def read(call: Call) -> object:
        return {"faults": [armed.as_json() for armed in board.list()]}

    async def arm(call: Call) -> object:
        try:
            return board.arm(call.body).as_json()
        except WrongFault as error:
            raise Refused(400, str(error)) from error

    async def disarm(call: Call) -> object:
        try:
            board.disarm(whole_number("id", call.path["id"]))
        except UnknownFault as error:
            raise Refused(404, str(error)) from error
        return None

    async def clear(call: Call) -> object:
        board.clear()
        return None

    async def list_kinds(call: Call) -> object:
        return {name: {"summary": kind.summary, "example": kind.example} for name, kind in sorted(kinds().items())}

    return [
        Endpoint(
            "GET", "/faults", "List the armed faults", read, answer="Each with its id, and how often it was applied."
        ),
        Endpoint("POST", "/faults", "Arm a fault", arm, FAULT, answer="The fault with its id."),
        Endpoint("DELETE", "/faults", "Disarm all faults", clear, media_type=None),
        Endpoint("DELETE", "/faults/{id}", "Disarm a fault", disarm, media_type=None),
        Endpoint(
            "GET", "/fault-kinds", "List what can be armed", list_kinds, answer="Summary and example of each kind."
        ),
    ]
