"""Tries a case at a server, as often as it takes, and says what came of it."""

import time
from collections.abc import Callable
from dataclasses import replace

from hamsa_conformance.case import Case, Cost
from hamsa_conformance.client.connection import Connection
from hamsa_conformance.client.server import Server
from hamsa_conformance.client.socket_stream import CannotConnect
from hamsa_conformance.judgement import CannotTell, NotTried, Unmet
from hamsa_conformance.result import Finding, Result
from hamsa_conformance.running.pointing import place_of_finding
from hamsa_conformance.verdict import Verdict, gravest

PAUSES = (1.0, 2.0, 4.0)
"""Seconds before each further attempt (FAQ-5)."""

CLOSING_SECONDS = 2.0
"""So long a server has to finish the closing handshake."""


def judge(case: Case, make_server: Callable[[], Server], pauses: tuple[float, ...] = PAUSES) -> Result:
    """The result of a case. `make_server`: the server as it is at the begin of an attempt; NotTried where there may be
    none."""
    begin = time.monotonic()
    result = _attempt(case, make_server())
    for number, pause in enumerate(pauses, 2):
        if result.verdict is not Verdict.INCONCLUSIVE:
            break
        try:
            server = make_server()
        except NotTried as error:
            result = replace(result, reason=f"{result.reason}; {error}")
            break
        server.wait(pause)
        again = _attempt(case, server)
        result = _joined(result, again, number)
        if again.verdict is Verdict.SKIPPED:  # the budget ended in the middle of it
            result = replace(result, verdict=Verdict.INCONCLUSIVE)
            break
    return replace(result, seconds=round(time.monotonic() - begin, 4))


def _joined(earlier: Result, later: Result, attempts: int) -> Result:
    """The later result, with what all attempts took, and what was measured in all: answers that were cut short must not
    be lost with theirs."""
    names = {**earlier.measured, **later.measured}
    return replace(
        later,
        attempts=attempts,
        requests=earlier.requests + later.requests,
        connections=earlier.connections + later.connections,
        spent=earlier.spent + later.spent,
        measured={name: (*earlier.measured.get(name, ()), *later.measured.get(name, ())) for name in names},
    )


def skipped(case: Case, reason: str) -> Result:
    """The result of a case that is not tried."""
    return Result(slug=case.slug, verdict=Verdict.SKIPPED, reason=reason, attempts=0)


def _attempt(case: Case, server: Server) -> Result:
    meter = server.meter
    before = meter.connections, meter.requests, meter.spent
    reason: str | None = None
    verdict: Verdict | None = None
    try:
        try:
            case.run(server)
        except Unmet as error:
            found = Finding(
                axis=error.axis,
                verdict=Verdict.FAIL if case.kind == "required" else Verdict.NON_STRICT,
                expected=error.expected,
                actual=error.actual,
                position=place_of_finding(server),
            )
            server.findings.append(found)
        except NotTried as error:
            verdict, reason = Verdict.SKIPPED, str(error)
        except (CannotTell, CannotConnect, TimeoutError) as error:
            verdict, reason = Verdict.INCONCLUSIVE, str(error)
        closes = [_close(server, connection) for connection in server.connections]
    finally:
        for connection in server.connections:
            connection.release()
    messages, close = _by_axis(case, server, verdict, gravest(close for close in closes if close is not None))
    return Result(
        slug=case.slug,
        verdict=verdict or _overall(case, messages, close),
        messages=messages,
        close=close,
        reason=reason,
        findings=tuple(server.findings),
        observations=dict(server.observations),
        measured={name: tuple(numbers) for name, numbers in server.measured.items()},
        transcript=tuple(server.transcript),
        sounds=tuple(server.sounds),
        connections=meter.connections - before[0],
        requests=meter.requests - before[1],
        spent=_difference(meter.spent, before[2]),
    )


def _by_axis(
    case: Case, server: Server, verdict: Verdict | None, closing: Verdict | None
) -> tuple[Verdict | None, Verdict | None]:
    """What was judged of the messages, and of the closes."""
    if verdict is not None:
        return None, None
    worst = {
        axis: gravest(finding.verdict for finding in server.findings if finding.axis == axis)
        for axis in ("messages", "close")
    }
    good = Verdict.INFO if case.kind == "observe" else Verdict.PASS
    return worst["messages"] or good, worst["close"] or closing


def _overall(case: Case, messages: Verdict | None, close: Verdict | None) -> Verdict:
    if case.kind == "observe":
        return Verdict.INFO
    worst = gravest(verdict for verdict in (messages, close) if verdict is not None)
    assert worst is not None, "the messages have a verdict"
    return worst


def _close(server: Server, connection: Connection) -> Verdict | None:
    """End a connection as RFC 6455, 7.1.2 has it, and judge how the server does. None: nothing to judge."""
    if not connection.was_accepted or connection.was_dropped:
        return None
    try:
        if connection.closed is None and connection.is_open:
            connection.close()
        has_ended = connection.ended is not None or connection.wait_for_end(CLOSING_SECONDS)
    except OSError as error:  # TimeoutError where the server does not read what it is sent
        return _unclean(server, "a closing handshake", str(error))
    if not has_ended:
        return _unclean(server, "the TCP connection ends after the closing handshake", "it stays open")
    if connection.closed is None:
        how = "a reset" if connection.was_reset else "the end of the connection"
        return _unclean(server, "a close frame", how)
    return Verdict.PASS


def _unclean(server: Server, expected: str, actual: str) -> Verdict:
    finding = Finding(axis="close", verdict=Verdict.NON_STRICT, expected=expected, actual=actual)
    server.findings.append(finding)
    return Verdict.NON_STRICT


def _difference(after: Cost, before: Cost) -> Cost:
    return Cost(characters=after.characters - before.characters, seconds=round(after.seconds - before.seconds, 3))
