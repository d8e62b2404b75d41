"""Applies faults to REST answers."""

from collections.abc import Callable

from hamsa_kit.redaction import keys_in
from hamsa_mock.core.http import HttpAnswer, HttpRequest
from hamsa_mock.faults.board import Armed, FaultBoard
from hamsa_mock.faults.fault import HttpFault
from hamsa_mock.faults.telling import fault_line
from hamsa_mock.stages.request_log import LogLine

NO_ANSWER = HttpAnswer(200)
"""What a fault begins with that stands instead of a request."""


class HttpFaults:
    """The faults of one mock's board, as far as they are of REST."""

    def __init__(self, board: FaultBoard, tell: Callable[[LogLine], None]) -> None:
        self._board = board
        self._tell = tell

    def instead_of_request(self, request: HttpRequest, now: float) -> HttpAnswer | None:
        """The answer of faults that keep the mock from doing what is asked; None: there are none."""
        return self._apply("request", request, None, now)

    def answer(self, request: HttpRequest, answer: HttpAnswer, now: float) -> HttpAnswer:
        """What faults make of an answer."""
        return self._apply("answer", request, answer, now) or answer

    def _apply(self, event: str, request: HttpRequest, answer: HttpAnswer | None, now: float) -> HttpAnswer | None:
        for armed in self._board.active:
            fault = armed.fault
            if (
                isinstance(fault, HttpFault)
                and armed.spec.event == event
                and self._matches(armed, request, answer)
                and self._draws(armed, request, now)
            ):
                answer = fault.answer(NO_ANSWER if answer is None else answer)
        return answer

    def _matches(self, armed: Armed, request: HttpRequest, answer: HttpAnswer | None) -> bool:
        when = armed.spec.when
        if when.key is not None and when.key not in keys_in(request.headers):
            return False
        asked = None if answer is None else answer.request
        if not when.fits_content(asked):
            return False
        return when.request is None or when.request == armed.next_match()

    def _draws(self, armed: Armed, request: HttpRequest, now: float) -> bool:
        applied = armed.rest_chance() < armed.spec.probability
        if applied:
            self._board.applies(armed)
        else:
            armed.bypassed += 1
        self._tell(fault_line(armed, applied, now, None, request.number))
        return applied
