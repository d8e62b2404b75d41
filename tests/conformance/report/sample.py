"""A run as the suite makes them, with every verdict, both axes, Arabic, audio, and a long transcript."""

from collections.abc import Iterator
from typing import Any

from hamsa_conformance.case import Case, Cost, case
from hamsa_conformance.result import Finding, Result, Run, Target
from hamsa_conformance.verdict import Verdict
from hamsa_kit.transcript import digest
from tests.conformance.report.wire import KEY, SENTENCE, Wire, sound

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\u202e]]>\x00\x1b[31m&amp;"
LONG = "س" * 1_000_000


def fail(expected: str, actual: str, position: int | None = None, **fields: Any) -> Finding:
    return Finding(
        **{"axis": "messages", "verdict": Verdict.FAIL, **fields}, expected=expected, actual=actual, position=position
    )


def _case(slug: str, title: str, expects: str, *statements: str, **fields: Any) -> Case:
    return case(slug, title=title, expects=expects, statements=statements, **fields)(lambda server: None)


def _results() -> Iterator[tuple[Case, Result]]:
    spoken = Cost(characters=len(SENTENCE))
    yield _passed(
        "hamsa.connect.greeting",
        "Who has connected is greeted",
        "An info message comes first.",
        "API-2",
        transcript=Wire().greeted().closed().done(),
        connections=1,
        seconds=0.012,
    )
    yield _passed(
        "hamsa.connect.header",
        "The key may be given as a header",
        "A connection with X-Api-Key is greeted.",
        "WST-3",
        transcript=Wire().greeted().closed().done(),
        connections=1,
        seconds=0.011,
    )
    made = _case(
        "hamsa.connect.compression", "Compression may be offered", "The offer is accepted or left out.", kind="observe"
    )
    yield _tried(
        made,
        Verdict.INFO,
        messages=Verdict.INFO,
        close=Verdict.PASS,
        seconds=0.02,
        connections=1,
        observations={"hamsa.websocket.compression": "refused"},
        transcript=Wire().greeted().closed().done(),
    )

    made = _case(
        "hamsa.auth.no_key",
        "A client without a key is refused",
        "An error names both places of the key; then the connection is closed with 4001.",
        "API-17",
        "API-21",
    )
    wire = Wire().opened().says("to_client", {"type": "error", "payload": {"message": "Unauthorized"}})
    yield _tried(
        made,
        Verdict.FAIL,
        messages=Verdict.NON_STRICT,
        close=Verdict.FAIL,
        seconds=0.431,
        connections=1,
        findings=(
            fail(
                "the words of the error: API key is required. Provide it as api_key or X-Api-Key",
                "Unauthorized",
                verdict=Verdict.NON_STRICT,
            ),
            fail("close code 4001", "close code 1008 with the reason 'policy violation'", 4, axis="close"),
        ),
        transcript=wire.closed(1008, "to_client", "policy violation").done(),
    )
    made = _case(
        "hamsa.auth.expired_key",
        "A client with an expired key is refused",
        "An error says that the key is not valid; then the connection is closed with 4001.",
        "API-17",
        "API-22",
        needs=("key:expired",),
    )
    yield _tried(
        made,
        Verdict.SKIPPED,
        attempts=0,
        reason="no expired key: set HAMSA_KEY_EXPIRED to try this",
    )
    made = _case(
        "hamsa.auth.wrong_keys",
        "Wrong keys again and again",
        "Each of 20 wrong keys is refused with 4001.",
        "API-17",
        needs=("intrusive",),
        does="Sends 20 wrong keys within a second from one address.",
    )
    yield made, Result(slug=made.slug, verdict=Verdict.SKIPPED, attempts=0, reason="only with --intrusive")

    yield _passed(
        "hamsa.tts.ack_first",
        "The first message of an answer is ack",
        "A text message of the type ack comes before any audio.",
        "WST-5",
        transcript=Wire().greeted().asked().spoke(6).closed().done(),
        connections=1,
        requests=1,
        spent=spoken,
        sounds=(sound(3.6),),
        seconds=0.021,
        measured={"hamsa.tts.first_audio_delay": (0.212, 0.198, 0.241, 0.205, 0.33, 0.219)},
    )
    made = _case(
        "hamsa.tts.whole_audio",
        "The binary messages joined are the whole of the audio",
        "All chunks come between ack and end, and together they last as long as the text.",
        "WST-6",
        "WST-7",
        characters=400,
    )
    yield _tried(
        made,
        Verdict.FAIL,
        messages=Verdict.FAIL,
        close=Verdict.PASS,
        seconds=1.204,
        connections=2,
        requests=2,
        spent=Cost(characters=2 * len(SENTENCE)),
        findings=(fail("audio of 60 to 120 ms a character", "9.6 s of audio for 53 characters, and «نعم» in it", 57),),
        transcript=Wire().greeted().asked().spoke(48).asked("نعم").spoke(40, 0.031).closed().done(),
        sounds=(sound(9.6), sound(4.1, 2)),
    )
    made = _case(
        "hamsa.tts.end_wording", "The end has its fixed text", "The text of end is that of the documents.", "WST-7"
    )
    yield _tried(
        made,
        Verdict.NON_STRICT,
        messages=Verdict.NON_STRICT,
        close=Verdict.PASS,
        seconds=0.034,
        connections=1,
        requests=1,
        spent=spoken,
        sounds=(sound(3.6),),
        findings=(fail("the words of end: Generation completed", "Speech generated", verdict=Verdict.NON_STRICT),),
        transcript=Wire().greeted().asked().spoke(5).closed().done(),
    )
    made = _case(
        "hamsa.tts.overlap",
        "Two requests at the same time",
        "What happens is recorded.",
        kind="observe",
        characters=120,
    )
    yield _tried(
        made,
        Verdict.INFO,
        messages=Verdict.INFO,
        close=Verdict.PASS,
        seconds=0.09,
        connections=1,
        requests=2,
        spent=Cost(characters=110),
        sounds=(sound(3.6), sound(2.2, 2, "ULAW_8000_8")),
        observations={"hamsa.tts.overlap": "interleave", "hamsa.tts.chunk_gap": 0.02},
        measured={"hamsa.tts.chunk_gap": tuple(0.02 + at % 7 / 4000 for at in range(24))},
        transcript=Wire().greeted().asked().asked("نعم").spoke(4).closed().done(),
    )
    made = _case(
        "hamsa.tts.long_text",
        "A text of 2000 characters is spoken",
        "It is spoken to its end.",
        "API-6",
        characters=2000,
    )
    yield _tried(
        made,
        Verdict.INCONCLUSIVE,
        attempts=4,
        seconds=12.91,
        connections=4,
        requests=4,
        spent=Cost(characters=8000),
        reason="the answer was cut short in each of 4 attempts (640 bytes of audio)",
        transcript=Wire().greeted().asked().spoke(1, 8.4).closed().done(),
    )

    made = _case(
        "hamsa.errors.unknown_type",
        "A message of an unknown type gets an error",
        "An error names the type; the connection stays open.",
        "API-27",
    )
    wire = Wire().greeted().says("to_server", {"type": HOSTILE, "payload": {}})
    wire.says("to_client", {"type": "error", "payload": {"message": HOSTILE}})
    yield _tried(
        made,
        Verdict.FAIL,
        messages=Verdict.FAIL,
        close=None,
        seconds=0.3,
        connections=1,
        requests=1,
        findings=(fail("an error that names the type", HOSTILE, 5), fail("a short error", LONG, 5)),
        transcript=wire.says("to_client", LONG).done(),
    )
    yield _passed(
        "hamsa.rest.preload",
        "A custom voice is preloaded",
        "A POST with the key gets 200 and a fixed message.",
        "PRE-1",
        "PRE-3",
        needs=("voice:custom",),
        seconds=0.008,
        requests=1,
        transcript=Wire(None)
        .note(
            "http_request",
            "to_server",
            method="POST",
            path="/v2/tts/voices/custom/preload",
            request=1,
            headers={"authorization": f"Token {KEY}"},
            text='{"voiceId": "b0a9"}',
        )
        .note("http_answer", "to_client", 0.006, status=200, request=1, text='{"success": true, "data": []}')
        .done(),
    )
    yield _passed(
        "hamsa.keepalive.ping",
        "The server sends a ping every 30 seconds",
        "A ping comes after 30 seconds.",
        "API-4",
        needs=("slow",),
        connections=1,
        seconds=0.01,
        transcript=Wire()
        .greeted()
        .note("ping", "to_client", 30, size=0, hash=digest(b""))
        .note("pong", "to_server", size=0, hash=digest(b""))
        .opened(2)
        .closed()
        .done(),
    )


def _tried(case: Case, verdict: Verdict, **fields: Any) -> tuple[Case, Result]:
    return case, Result(slug=case.slug, verdict=verdict, **fields)


def _passed(
    slug: str, title: str, expects: str, *statements: str, needs: tuple[Any, ...] = (), **fields: Any
) -> tuple[Case, Result]:
    made = _case(slug, title, expects, *statements, needs=needs)
    close = None if slug.startswith("hamsa.rest") else Verdict.PASS
    return made, Result(slug=slug, verdict=Verdict.PASS, messages=Verdict.PASS, close=close, **fields)


def sample_run(**changes: Any) -> Run:
    """`changes`: other fields."""
    values: dict[str, Any] = {
        "provider": "hamsa",
        "target": Target(
            url=f"wss://staging.example.com/v1/realtime/ws?api_key={KEY}",
            is_mock=False,
            facts={"server": "uvicorn", "address": "203.0.113.7", "TLS": "1.3", "ميناء": "٨٧٦٥"},
        ),
        "started": "2026-11-21T16:02:11Z",
        "seconds": 15.244,
        "seed": 7,
        "strict": False,
        "options": ("--exclude hamsa.limit", "--budget-chars 9000"),
        "estimated": Cost(characters=9_600, seconds=30.0),
        "results": tuple(result for _, result in _results()),
    }
    return Run(**{**values, **changes})


def sample_cases() -> dict[str, Case]:
    """The cases of the run by slug."""
    return {case.slug: case for case, _ in _results()}
