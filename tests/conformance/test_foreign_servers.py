"""Servers that others might have written, each with another library: right ones are not blamed, and each of the typical
mistakes is found by the cases that are about it.

Each run is that of the command, at a server in a process of its own.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from hamsa_conformance.verdict import Verdict
from hamsa_kit.exit_codes import ExitCode
from tests.conformance.foreign import aiohttp_server, starlette_server
from tests.conformance.foreign.running import ENVIRONMENT, FOLDER, command, running
from tests.tools.leftout import leave_out

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

NODE_MODULES = Path(__file__).parents[1] / "peers" / "node" / "node_modules"
FAIL, NON_STRICT, PASS, SKIPPED = Verdict.FAIL, Verdict.NON_STRICT, Verdict.PASS, Verdict.SKIPPED
UNHURRIED = ("--connections-per-minute", "100000", "--requests-per-minute", "100000")


def server(name: str, mistake: str | None = None) -> Sequence[str]:
    """What starts a server."""
    if name != "ws":
        return command(name, mistake)
    node = shutil.which("node")
    if node is None or not (NODE_MODULES / "ws").is_dir():
        leave_out("the server in Node", "install npm (Debian, Ubuntu: apt install nodejs npm), then `make peers`")
    return command(name, mistake, node=node)


def run_command(origin: str, folder: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    """A run of the command at a server that need not be spared."""
    target = ["--target", f"{origin}/v1/realtime/ws", "--report-dir", str(folder), "--intrusive"]
    return subprocess.run(
        [sys.executable, "-m", "hamsa_conformance", "server", *target, *UNHURRIED, *options],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, **ENVIRONMENT},
        check=False,
    )


def judge(start: Sequence[str], folder: Path, *options: str) -> tuple[int, dict[str, Any]]:
    """Exit code and report of a run at a server."""
    with running(start) as origin:
        ended = run_command(origin, folder, *options)
    assert ended.stderr == ""
    report: dict[str, Any] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return ended.returncode, report


def verdicts(report: dict[str, Any]) -> dict[str, str]:
    """The verdict of each case."""
    return {case["slug"]: case["verdict"] for case in report["cases"]}


@pytest.mark.parametrize(
    ("name", "others_do"),
    [
        # aiohttp takes frames without a mask, which RFC 6455, 5.1 forbids.
        ("aiohttp", {"hamsa.robustness.breach[unmasked]"}),
        ("starlette", set[str]()),
        ("ws", set[str]()),
    ],
)
def test_right_server_fails_only_where_its_library_breaks_the_rfc(
    name: str, others_do: set[str], tmp_path: Path
) -> None:
    """`observe` cases cannot fail and wait long. The server in Node has no REST routes."""
    left_out = ["hamsa.observed", *(["hamsa.rest", "hamsa.preload"] if name == "ws" else [])]
    options = [word for slug in left_out for word in ("--exclude", slug)]
    code, report = judge(server(name), tmp_path, "--timeout", "1", *options)
    found = verdicts(report)
    assert {slug for slug, verdict in found.items() if verdict == FAIL} == others_do
    assert [slug for slug, verdict in found.items() if verdict == Verdict.INCONCLUSIVE] == []
    assert sum(verdict == Verdict.PASS for verdict in found.values()) > len(found) / 2
    assert code == (ExitCode.FINDINGS if others_do else ExitCode.PASS)


FOUND: Mapping[tuple[str, str], Mapping[str, Verdict]] = {
    ("aiohttp", "json-transcript"): {"hamsa.stt.plain_text": FAIL},
    ("aiohttp", "ack-spelled-right"): {"hamsa.tts.ack_first": NON_STRICT, "hamsa.tts.end_last": PASS},
    ("aiohttp", "refused-with-403"): {"hamsa.auth.turned_away[unknown]": SKIPPED},
    ("aiohttp", "close-1008"): {"hamsa.auth.turned_away[unknown]": FAIL},
    ("aiohttp", "end-before-last-chunk"): {"hamsa.tts.nothing_after_end": FAIL, "hamsa.tts.ack_first": PASS},
    ("aiohttp", "closes-after-answer"): {"hamsa.tts.one_after_the_other": FAIL, "hamsa.tts.ack_first": PASS},
    ("aiohttp", "bearer-only"): {"hamsa.preload.succeeds": FAIL, "hamsa.rest.speech[tts]": FAIL},
    ("aiohttp", "voice_id"): {"hamsa.preload.succeeds": FAIL, "hamsa.rest.speech[tts]": PASS},
    ("aiohttp", "errors-as-text"): {"hamsa.rest.error_form": NON_STRICT},
    ("aiohttp", "no-end"): {
        "hamsa.tts.ack_first": FAIL,
        "hamsa.tts.audio_between": FAIL,
        "hamsa.tts.end_last": FAIL,
        "hamsa.stt.base64": FAIL,
        "hamsa.messages.form[end]": FAIL,
        "hamsa.messages.form[info]": PASS,
    },
    ("aiohttp", "silent"): {
        "hamsa.tts.ack_first": FAIL,
        "hamsa.tts.audio_between": FAIL,
        "hamsa.tts.end_last": FAIL,
        "hamsa.stt.base64": FAIL,
        "hamsa.messages.form[ack]": FAIL,
        "hamsa.messages.form[info]": PASS,
        "hamsa.connecting.info_first": PASS,
    },
    ("starlette", "error-as-string"): {"hamsa.messages.form[error]": FAIL, "hamsa.messages.form[ack]": PASS},
    ("starlette", "payload-missing"): {"hamsa.messages.form[info]": FAIL},
    ("starlette", "closes-at-limit"): {"hamsa.limits.error": FAIL},
    ("starlette", "key-only-in-query"): {
        "hamsa.connecting.key_by[query]": PASS,
        "hamsa.connecting.key_by[header]": FAIL,
    },
    ("starlette", "crashes-on-non-json"): {
        "hamsa.errors.malformed[not_json]": FAIL,
        "hamsa.errors.malformed[no_type]": PASS,
    },
    ("starlette", "mulaw-ignored"): {"hamsa.audio.mulaw": FAIL, "hamsa.tts.ack_first": PASS},
    ("starlette", "no-info"): {"hamsa.connecting.info_first": FAIL},
    ("starlette", "bytes-counted"): {"hamsa.tts.text_of_2000": FAIL, "hamsa.tts.ack_first": PASS},
    ("starlette", "404-as-200"): {"hamsa.preload.not_found[nobody]": FAIL, "hamsa.preload.succeeds": PASS},
    ("ws", "json-as-binary"): {"hamsa.connecting.info_first": FAIL},
    ("ws", "base64-audio"): {"hamsa.tts.audio_between": FAIL},
    ("ws", "unknown-type-ignored"): {
        "hamsa.errors.unknown_type[a_word]": FAIL,
        "hamsa.errors.malformed[no_type]": PASS,
        "hamsa.generated.unknown_types": FAIL,
    },
    ("ws", "utf16-counted"): {"hamsa.tts.characters_not_units": NON_STRICT, "hamsa.tts.text_of_2000": PASS},
    ("ws", "unclean-close"): {"hamsa.auth.turned_away[unknown]": FAIL},
    ("ws", "ends-early"): {"hamsa.tts.audio_between": FAIL},
    ("ws", "error-ends-connection"): {
        "hamsa.errors.goes_on_after[unknown_type]": NON_STRICT,
        "hamsa.generated.sequences": FAIL,
    },
    ("ws", "type-not-named"): {
        "hamsa.errors.unknown_type[a_word]": FAIL,
        "hamsa.generated.unknown_types": FAIL,
        "hamsa.generated.malformed": PASS,
    },
}


@pytest.mark.parametrize(("name", "mistake"), FOUND)
def test_mistake_is_found_by_the_cases_that_are_about_it(name: str, mistake: str, tmp_path: Path) -> None:
    expected = FOUND[name, mistake]
    chosen = [word for slug in expected for word in ("--only", slug)]
    code, report = judge(server(name, mistake), tmp_path, "--timeout", "1", *chosen)
    assert verdicts(report) == expected
    if FAIL in expected.values():
        assert code == ExitCode.FINDINGS
    else:
        assert code == (ExitCode.COULD_NOT_RUN if set(expected.values()) == {SKIPPED} else ExitCode.PASS)


def test_every_mistake_of_every_server_is_tried() -> None:
    """Below is what becomes of the one that is not in the table."""
    known = {("aiohttp", name) for name in aiohttp_server.MISTAKES}
    known |= {("starlette", name) for name in starlette_server.MISTAKES}
    in_node = re.search(
        r"const MISTAKES = \{(.*?)\};", (FOLDER / "ws_server.mjs").read_text(encoding="utf-8"), re.DOTALL
    )
    assert in_node is not None
    known |= {("ws", name) for name in re.findall(r'"([^"]+)":', in_node[1])}
    assert known - FOUND.keys() == {("starlette", "key-only-in-header")}


def test_server_that_takes_the_key_in_the_header_alone_cannot_be_judged(tmp_path: Path) -> None:
    """The suite gives its keys in the query, as most clients do, and says what became of the key."""
    with running(server("starlette", "key-only-in-header")) as origin:
        ended = run_command(origin, tmp_path)
    assert ended.returncode == ExitCode.COULD_NOT_RUN
    assert "HAMSA_API_KEY is refused" in ended.stderr
    assert "Missing API key" in ended.stderr


def test_generated_messages_show_the_plainest_one_that_fails_and_the_seed(tmp_path: Path) -> None:
    slug = "hamsa.generated.malformed"
    _, report = judge(server("starlette", "crashes-on-non-json"), tmp_path, "--only", slug, "--seed", "5")
    [case] = report["cases"]
    assert case["verdict"] == FAIL
    assert re.fullmatch(r'a close with 1011; sent was "." \(seed 5\)', case["findings"][0]["actual"])
