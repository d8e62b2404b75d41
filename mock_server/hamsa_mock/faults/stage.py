"""The stage that applies faults to a connection. While none is armed it looks at nothing."""

from collections.abc import Callable, Sequence
from typing import TypeGuard

from hamsa_mock.core import events
from hamsa_mock.core.actions import Abort, Accept, Action, Raw, Reply, Send, Single
from hamsa_mock.core.chance import Chance
from hamsa_mock.faults.board import Armed, FaultBoard
from hamsa_mock.faults.fault import COUNTED, MESSAGES, Element, Fault, Gap, Hold, Later, Mute, event_of, request_of
from hamsa_mock.faults.lanes import ENDS, Lanes, lane_of
from hamsa_mock.faults.telling import fault_line
from hamsa_mock.stages.request_log import LogLine

HELD_BYTES = 256 * 1024
"""When so much of messages is held, the session is to make nothing more."""

CLIENT_ENDS = events.PeerClosed | events.Failed | events.Lost


class FaultStage:
    """Holds, changes, adds and drops actions of one connection, as the faults of a board say."""

    def __init__(self, connection: int, board: FaultBoard, tell: Callable[[LogLine], None]) -> None:
        """`connection`: its number."""
        self._connection = connection
        self._board = board
        self._tell = tell
        self._lanes = Lanes()
        self._calm = False
        """Whether the connection is open, and no fault has left anything to look after."""
        self._open = False
        self._mute = False
        self._ended = False
        self._key: str | None = None
        self._nth: dict[Armed, int] = {}
        self._chances: dict[Armed, Chance] = {}

    @property
    def deadline(self) -> float | None:
        return None if self._calm else self._lanes.deadline

    @property
    def full(self) -> bool:
        return not self._calm and self._lanes.nbytes > HELD_BYTES

    def step(self, event: events.Event | None, actions: list[Action], now: float) -> list[Action]:
        """Let pass what no fault holds back."""
        if self._calm and not self._board.active:
            return actions
        if isinstance(event, CLIENT_ENDS):
            self._end()
        elif isinstance(event, events.Shutdown):
            self._give_up()
        out: list[Action] = []
        self._release(out, now)
        for action in actions:
            for single in action.sends() if isinstance(action, Reply) else (action,):
                self._take(single, now)
                self._release(out, now)
        self._calm = self._open and not (self._ended or self._mute) and self._lanes.idle
        return out

    def _take(self, action: Single, now: float) -> None:
        """Do with an action what the faults say."""
        if self._ended or (self._mute and not isinstance(action, Abort)):
            return
        if isinstance(action, Accept):
            self._meet(action)
        lane = lane_of(action)
        for element in self._script(action, now):
            match element:
                case Hold():
                    self._lanes.hold(element)
                case Later() | Gap():
                    self._lanes.wait(element, lane, now)
                case _:
                    self._lanes.put(element, lane, now)

    def _release(self, out: list[Action], now: float) -> None:
        for action in self._lanes.due(now):
            if isinstance(action, Mute):
                self._mute = True
            else:
                out.append(action)
                self._ended = isinstance(action, ENDS)

    def _end(self) -> None:
        """The client has ended the connection: what is held can go nowhere."""
        self._lanes.clear()
        self._ended = True

    def _give_up(self) -> None:
        """The mock stops: no fault keeps it from saying so."""
        self._lanes.clear()
        self._mute = False

    # Which faults, and what they make of an action.

    def _meet(self, accept: Accept) -> None:
        self._open = True
        self._key = accept.key
        for armed in self._board.active:
            when = armed.spec.when
            if when.connection is not None and when.key in (None, self._key):
                self._nth[armed] = armed.next_match()

    def _script(self, action: Single, now: float) -> Sequence[Element]:
        event = event_of(action)
        script: list[Element] = [action]
        if event is None:
            return script
        for armed in self._board.active:
            if (
                isinstance(armed.fault, Fault)
                and self._matches(armed, event, action)
                and self._draws(armed, action, now)
            ):
                script = [
                    made
                    for element in script
                    for made in (self._made(armed, armed.fault, element) if _is_same(element, action) else [element])
                ]
        return script

    def _made(self, armed: Armed, fault: Fault, element: Single) -> Sequence[Element]:
        return fault.script(element, armed.spec.place, self._chance(armed))

    def _matches(self, armed: Armed, event: str, action: Single) -> bool:
        spec, when = armed.spec, armed.spec.when
        if spec.event != event and not (spec.event == "message" and event in MESSAGES):
            return False
        if spec.ordinal is not None and spec.ordinal != _ordinal_of(action):
            return False
        if when.key is not None and when.key != self._key:
            return False
        if when.connection is not None and when.connection != self._nth.get(armed):
            return False
        return when.fits(request_of(action))

    def _draws(self, armed: Armed, action: Single, now: float) -> bool:
        """Whether chance lets the fault be applied."""
        applied = self._chance(armed)() < armed.spec.probability
        if applied:
            self._board.applies(armed)
        else:
            armed.bypassed += 1
        request = request_of(action)
        self._tell(fault_line(armed, applied, now, self._connection, None if request is None else request.number))
        return applied

    def _chance(self, armed: Armed) -> Chance:
        if armed not in self._chances:
            self._chances[armed] = armed.chance(self._connection)
        return self._chances[armed]


def _is_same(element: Element, action: Single) -> TypeGuard[Single]:
    """Whether an element of a script is still the action, or what another fault has made of it."""
    if element is action:
        return True
    if not isinstance(element, Send | Raw) or not isinstance(action, Send | Raw):
        return False
    return (element.event, element.request, element.ordinal) == (action.event, action.request, action.ordinal)


def _ordinal_of(action: Single) -> int | None:
    return action.ordinal if isinstance(action, Send | Raw) and action.event == COUNTED else None
