"""The journal: read, export, verify, wait, forget."""

from collections.abc import Sequence
from typing import Any, get_args

from hamsa_kit.transcript import Kind
from hamsa_kit.transcript_query import BadQuery, Judgement, parse_query, verify
from hamsa_mock.admin.controls import Controls
from hamsa_mock.admin.endpoints import Call, Content, Endpoint, Refused, object_of, whole_number
from hamsa_mock.shell.waiting import Waiter
from hamsa_schemas.errors import shown, suggestion

JSON_LINES = "application/jsonl"
WAIT_SECONDS = 60.0
"""So many seconds of real time a request may wait at most."""

NUMBERS = ("after", "connection", "request", "limit")
QUERY = {
    "after": "Only entries behind this position.",
    "connection": "Only entries of this connection.",
    "kind": "Only entries of this kind, such as message.",
    "event": "Only entries of this event, such as chunk.",
    "request": "Only entries of this request.",
    "limit": "At most so many, the oldest.",
}
VERIFY = object_of(
    {
        "query": {"$ref": "https://hamsa-harness.example/schemas/meta/journal_query.schema.json"},
        "timeout": {
            "description": "Seconds of real time to wait for it; without them the answer comes at once.",
            "type": "number",
            "minimum": 0,
            "maximum": WAIT_SECONDS,
        },
    },
    ("query",),
)


def journal_endpoints(controls: Controls) -> Sequence[Endpoint]:
    """All that can be asked of the journal."""
    journal, hub = controls.mock.journal, controls.hub

    async def read(call: Call) -> object:
        wanted: dict[str, Any] = dict(call.query)
        wanted |= {name: whole_number(name, wanted[name]) for name in NUMBERS if name in wanted}
        kind = wanted.get("kind")
        if kind is not None and kind not in get_args(Kind):
            raise Refused(400, f"no kind {shown(kind)}; {suggestion(kind, get_args(Kind))}")
        found = journal.entries(**wanted)
        return {
            "position": journal.position,
            "dropped": journal.dropped,
            "entries": [entry.json() for entry in found],
        }

    async def export(call: Call) -> object:
        asked = call.query.get("canonical", "false")
        if asked not in ("true", "false"):
            raise Refused(400, f"canonical must be true or false, not {shown(asked)}")
        canonical = asked == "true"
        return Content("".join(journal.export(canonical=canonical)).encode(), JSON_LINES)

    async def audio(call: Call) -> object:
        numbers = [whole_number(name, call.path[name]) for name in ("connection", "sequence")]
        try:
            data = journal.audio(numbers[0] or None, numbers[1])
        except KeyError as error:
            raise Refused(404, str(error.args[0])) from error
        return Content(data, "application/octet-stream")

    async def judge(call: Call) -> object:
        try:
            query = parse_query(call.body["query"])
        except BadQuery as error:
            raise Refused(400, str(error)) from error
        timeout = call.body.get("timeout", 0)
        if timeout:
            return _shown(await Waiter(hub, journal).wait(query, timeout))
        return _shown(verify(query, journal.entries(), hub.now()))

    async def forget(call: Call) -> object:
        journal.clear()
        return None

    return [
        Endpoint("GET", "/journal", "Read the journal", read, query=QUERY, answer="Entries, the oldest first."),
        Endpoint(
            "GET",
            "/journal/export",
            "Export the journal as JSON Lines",
            export,
            query={"canonical": "true: without what differs between equal runs."},
            answer="A transcript file.",
            media_type=JSON_LINES,
        ),
        Endpoint(
            "GET",
            "/journal/{connection}/{sequence}/bytes",
            "Read the bytes of an entry; connection 0 stands for HTTP",
            audio,
            answer="Audio, or what else was sent.",
            media_type="application/octet-stream",
        ),
        Endpoint(
            "POST",
            "/verify",
            "Judge what is in the journal, or wait until it can be judged",
            judge,
            VERIFY,
            answer="The verdict, a text, and the positions of what matched.",
            silent=True,
        ),
        Endpoint("POST", "/reset/journal", "Forget the journal", forget, media_type=None, silent=True),
    ]


def _shown(judgement: Judgement) -> object:
    return {"verdict": judgement.verdict, "text": judgement.text, "positions": list(judgement.positions)}
