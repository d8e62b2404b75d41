"""How the log tells of faults."""

from hamsa_mock.faults.board import Armed
from hamsa_mock.stages.request_log import LogLine
from hamsa_mock.stages.wording import LogData


def fault_line(armed: Armed, applied: bool, now: float, connection: int | None, request: int | None) -> LogLine:
    """A fault was applied, or chance let the event go by."""
    spec = armed.spec
    at = f"{spec.place} {spec.event}" + ("" if spec.ordinal is None else f" {spec.ordinal}")
    name = "" if connection is None else f"#{connection}" + ("" if request is None else f".{request}") + " "
    verb = "applied" if applied else "bypassed by chance"
    data: LogData = {"fault": armed.id, "kind": spec.kind, "at": at, "spec": spec.as_text()}
    if request is not None:
        data["request"] = request
    event = "fault" if applied else "fault bypassed"
    return LogLine(now, connection, event, f"{name}fault {armed.id} {verb}: {spec.as_text()}", data)
