"""Connections: see them, close them, send on them."""

import base64
import binascii
from collections.abc import Sequence

from hamsa_mock.admin.controls import Controls
from hamsa_mock.admin.endpoints import Call, Endpoint, Refused, object_of
from hamsa_mock.core.actions import Action, Close, Send, Why
from hamsa_mock.core.messages import Message, binary_message, text_message

WHY = Why("ordered over the admin API")
REASON_BYTES = 123
"""RFC 6455, 5.5: a control frame has at most 125 bytes, two of which are the code."""

CLOSE = object_of(
    {
        "code": {"description": "The close code (RFC 6455, 7.4).", "type": "integer", "minimum": 1000, "maximum": 4999},
        "reason": {"description": "At most 123 bytes of UTF-8.", "type": "string"},
    }
)
SEND = {
    **object_of(
        {
            "text": {"description": "A text message.", "type": "string"},
            "base64": {"description": "A binary message in base64.", "type": "string"},
        }
    ),
    "minProperties": 1,
    "maxProperties": 1,
}
NOT_SENT = (1004, 1005, 1006, 1015)
"""Codes that never stand in a close frame (RFC 6455, 7.4.1)."""


def connection_endpoints(controls: Controls) -> Sequence[Endpoint]:
    """Reading, closing, sending."""
    hub = controls.hub

    async def read(call: Call) -> object:
        return {"connections": [member.describe() for member in hub.members]}

    async def close(call: Call) -> object:
        body = call.body or {}
        code, reason = body.get("code", 1000), body.get("reason", "")
        if code in NOT_SENT or 1016 <= code < 3000:
            raise Refused(400, f"{code} is no code that a close frame can carry (RFC 6455, 7.4)")
        if len(reason.encode()) > REASON_BYTES:
            raise Refused(400, f"the reason has {len(reason.encode())} bytes; at most {REASON_BYTES} are allowed")
        _order(call, Close(code, reason, WHY))
        return None

    async def send(call: Call) -> object:
        _order(call, Send("message", _message(call.body)))
        return None

    async def drop(call: Call) -> object:
        await hub.drop_all()
        return None

    def _order(call: Call, action: Action) -> None:
        number = call.path["number"]
        for member in hub.members:
            if str(member.number) == number:
                if not member.order(action):
                    raise Refused(409, f"connection {number} is not open any more")
                return
        raise Refused(404, f"there is no connection {number}; open: {_numbers()}")

    def _numbers() -> str:
        return ", ".join(str(member.number) for member in hub.members) or "none"

    return [
        Endpoint("GET", "/connections", "List the open connections", read, answer="The connections, the oldest first."),
        Endpoint("DELETE", "/connections", "Drop all connections, without a close frame", drop, media_type=None),
        Endpoint(
            "POST",
            "/connections/{number}/close",
            "Begin the closing handshake",
            close,
            CLOSE,
            optional=True,
            media_type=None,
        ),
        Endpoint("POST", "/connections/{number}/send", "Send a message nobody asked for", send, SEND, media_type=None),
    ]


def _message(body: dict[str, str]) -> Message:
    if "text" in body:
        return text_message(body["text"])
    try:
        return binary_message(base64.b64decode(body["base64"], validate=True))
    except binascii.Error as error:
        raise Refused(400, f"base64: {error}") from error
