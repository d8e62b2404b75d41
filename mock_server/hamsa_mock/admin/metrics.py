"""Figures in the text format of Prometheus."""

from collections.abc import Iterator, Sequence

from hamsa_mock.admin.controls import Controls
from hamsa_mock.admin.endpoints import Call, Content, Endpoint

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def metrics_endpoints(controls: Controls) -> Sequence[Endpoint]:
    """The one endpoint."""

    async def read(call: Call) -> object:
        return Content("".join(f"{line}\n" for line in _lines(controls)).encode(), MEDIA_TYPE)

    return [Endpoint("GET", "/metrics", "Read figures", read, answer="Figures for Prometheus.", media_type=MEDIA_TYPE)]


def _lines(controls: Controls) -> Iterator[str]:
    mock, hub = controls.mock, controls.hub
    yield from _metric("hamsa_mock_connections_open", "gauge", "WebSocket connections that are open.", len(hub))
    yield from _metric("hamsa_mock_clock_seconds", "gauge", "Reading of the mock's clock.", mock.world.clock.now())
    yield from _metric(
        "hamsa_mock_journal_dropped_total", "counter", "Entries that fell out of the journal.", mock.journal.dropped
    )
    name = "hamsa_mock_events_total"
    yield from _head(name, "counter", "What the console tells, by kind.")
    for event, count in sorted(mock.told.items()):
        yield f'{name}{{event="{event}"}} {count}'
    name = "hamsa_mock_lateness_seconds"
    yield from _head(name, "histogram", "Real time between when something was due and when the mock did it.")
    lateness = hub.alarm.lateness
    for bound, count in lateness.buckets():
        yield f'{name}_bucket{{le="{_number(bound)}"}} {count}'
    yield f"{name}_sum {lateness.sum}"
    yield f"{name}_count {lateness.count}"


def _metric(name: str, kind: str, meaning: str, value: float) -> Iterator[str]:
    yield from _head(name, kind, meaning)
    yield f"{name} {value}"


def _head(name: str, kind: str, meaning: str) -> Iterator[str]:
    yield f"# HELP {name} {meaning}"
    yield f"# TYPE {name} {kind}"


def _number(bound: float) -> str:
    return "+Inf" if bound == float("inf") else f"{bound:g}"
