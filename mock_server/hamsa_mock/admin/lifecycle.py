"""Health, reset and the end of the mock."""

from collections.abc import Sequence

from hamsa_mock.admin.controls import Controls
from hamsa_mock.admin.endpoints import Call, Endpoint, object_of

RESET = object_of(
    {
        "close_connections": {
            "description": "Whether open connections are dropped first; they stay open otherwise.",
            "type": "boolean",
        }
    }
)


def lifecycle_endpoints(controls: Controls) -> Sequence[Endpoint]:
    """What is asked and ordered of the mock as a whole."""

    async def health(call: Call) -> object:
        return {"status": "ok"}

    async def info(call: Call) -> object:
        return controls.addresses.ready()

    async def reset(call: Call) -> object:
        if call.body and call.body.get("close_connections"):
            await controls.hub.drop_all()
        controls.hub.reset()
        return None

    async def shut_down(call: Call) -> object:
        controls.stop()
        return None

    alive = "The mock is alive and takes connections."
    return [
        Endpoint("GET", "/health", "Ask whether the mock is alive", health, answer=alive),
        Endpoint("GET", "/ready", "Ask whether the mock takes connections", health, answer=alive),
        Endpoint("GET", "/info", "Read URLs and keys", info, answer="What the ready file holds."),
        Endpoint(
            "POST",
            "/reset",
            "Forget limits, wallets, preloads, journal and faults, and all that was changed since the start; the clock"
            " runs in real time again, and connections stay open",
            reset,
            RESET,
            optional=True,
            media_type=None,
            silent=True,
        ),
        Endpoint("POST", "/shutdown", "End the mock, as Ctrl-C does", shut_down, media_type=None),
    ]
