"""Stages for mutants: what they do to the actions of a connection, one action at a time."""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, TypeAlias

from websockets.frames import Opcode

from hamsa_mock.core.actions import Action, Close, Raw, Reply, Send, Single
from hamsa_mock.core.events import Event
from hamsa_mock.core.messages import Message, binary_message, text_message
from hamsa_mock.core.session import Stage
from hamsa_mock.faults.fault import event_of
from tests.conformance.mutants.mutant import Change, stage

Rewrite: TypeAlias = Callable[[Single], Iterable[Single]]
Steps: TypeAlias = Callable[[Event | None, list[Single]], Iterable[Action]]
"""Takes what came in (None: the time has come) and what was ordered; gives what is done."""


class _Rewriting:
    """A stage of one function."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps

    def step(self, event: Event | None, actions: list[Action], now: float) -> list[Action]:
        """What is done instead."""
        return list(self._steps(event, [single for action in actions for single in _singles(action)]))


def steps(make: Callable[[], Steps]) -> Change:
    """What a connection does in each step passes through a function, which `make` makes for each connection."""

    def of_connection() -> Stage:
        return _Rewriting(make())

    return stage(of_connection)


def each(event: str, rewrite: Rewrite) -> Change:
    """Instead of each event of a name, such as `ack` or `chunk`, other things are done."""

    def all_of(_: Event | None, actions: list[Single]) -> Iterable[Action]:
        return [made for action in actions for made in (rewrite(action) if event_of(action) == event else [action])]

    return steps(lambda: all_of)


def dropped(event: str) -> Change:
    """Nothing is sent instead of it."""
    return each(event, lambda action: [])


def twice(event: str) -> Change:
    """It is sent twice."""
    return each(event, lambda action: [action, action])


def followed(event: str, *others: Single) -> Change:
    """Something is done right behind it."""
    return each(event, lambda action: [action, *others])


def payload(event: str, change: Callable[[bytes], bytes]) -> Change:
    """Other bytes are in the message, which stays what it was, text or binary."""
    return each(event, lambda action: [with_payload(action, change)])


def content(event: str, change: Callable[[Any], Any]) -> Change:
    """Other JSON is in the message."""
    return payload(event, lambda data: json.dumps(change(json.loads(data)), ensure_ascii=False).encode())


def turned(event: str) -> Change:
    """A text message is sent as a binary one, and a binary one as text, in hexadecimal digits."""
    return each(event, lambda action: [_turned(action)])


def as_bytes(event: str, change: Callable[[Message], bytes]) -> Change:
    """Bytes are written that need not be a frame."""
    return each(event, lambda action: [_raw(action, change)])


def with_payload(action: Single, change: Callable[[bytes], bytes]) -> Single:
    """The action with another payload."""
    if not isinstance(action, Send):
        return action
    message = action.message
    return replace(action, message=Message(message.opcode, change(message.payload)))


def message(type: str, text: str = "") -> Send:
    """A JSON message that answers nothing."""
    return Send(type, text_message(json.dumps({"type": type, "payload": {"message": text}})))


def closing(code: int) -> Close:
    """A close without a reason."""
    return Close(code, "")


def _singles(action: Action) -> Iterable[Single]:
    return action.sends() if isinstance(action, Reply) else [action]


def _turned(action: Single) -> Single:
    if not isinstance(action, Send):
        return action
    if action.message.opcode is Opcode.TEXT:
        return replace(action, message=binary_message(action.message.payload))
    return replace(action, message=text_message(action.message.payload.hex()))


def _raw(action: Single, change: Callable[[Message], bytes]) -> Single:
    if not isinstance(action, Send):
        return action
    return Raw(change(action.message), action.event, action.request, action.ordinal)
