"""`hamsa-mock say` and `hamsa-mock hear`, against a running mock."""

import subprocess
import sys
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest

from hamsa_mock import MockServer
from tests.mock_server.command import SECONDS_TO_START

pytestmark = pytest.mark.slow

SENTENCE = "مرحبا بكم في همسة"


@pytest.fixture
def mock() -> Iterator[MockServer]:
    with MockServer(profile="instant") as mock:
        yield mock


def command(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "hamsa_mock", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=SECONDS_TO_START,
        check=False,
    )


def test_what_is_said_is_heard(mock: MockServer, tmp_path: Path) -> None:
    file = tmp_path / "hello.wav"
    said = command("say", SENTENCE, "-o", str(file), "--dialect", "ksa", "--url", mock.ws_url)
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.startswith(f"{file}: ")
    with wave.open(str(file)) as wav:
        assert (wav.getframerate(), wav.getnchannels(), wav.getsampwidth()) == (16_000, 1, 2)
        assert wav.getnframes() > 16_000
    heard = command("hear", str(file), "--url", mock.ws_url)
    assert (heard.returncode, heard.stdout, heard.stderr) == (0, f"{SENTENCE}\n", "")


def test_mock_and_key_are_taken_from_the_environment(
    mock: MockServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HAMSA_WS_URL", mock.ws_url)
    monkeypatch.setenv("HAMSA_API_KEY", "hamsa-test-no-funds")
    ended = command("say", "a", "-o", str(tmp_path / "a.wav"))
    assert ended.returncode == 3
    assert ended.stderr.count("\n") == 1
    assert not (tmp_path / "a.wav").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("say", "a", "-o", "{tmp}/a.wav", "--key", "wrong"), 3, "API key is invalid or expired"),
        (("say", "a", "-o", "{tmp}/a.wav", "--speaker", ""), 3, "Invalid payload for message type: tts"),
        (("say", "a", "-o", "{tmp}/missing/a.wav"), 3, "cannot write"),
        (("hear", "{tmp}/missing.wav"), 3, "cannot read"),
        (("hear", "{tmp}"), 2, "is a directory"),
        (("say", "a", "-o", "{tmp}/a.wav", "--url", "http://127.0.0.1:1/"), 2, "begins with ws:// or wss://"),
        (("say", "a", "-o", "{tmp}/a.wav", "--url", "ws://127.0.0.1:9/"), 3, "no mock answers at ws://127.0.0.1:9/"),
        (("say", "a", "-o", "{tmp}/a.wav", "--url", "wss://api.tryhamsa.com/"), 2, "speaks to mocks only"),
        (("say", "a"), 2, "Missing option '-o'"),
    ],
)
def test_mistake_is_one_line(
    mock: MockServer, tmp_path: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    given = [argument.format(tmp=tmp_path) for argument in arguments]
    url = [] if "--url" in given else ["--url", mock.ws_url]
    ended = command(*given, *url)
    assert ended.returncode == code
    assert words in ended.stderr
    assert (ended.stdout, ended.stderr.count("\n")) == ("", 1)


def test_recording_that_is_none_is_refused_by_the_mock(mock: MockServer, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("hello")
    ended = command("hear", str(file), "--url", mock.ws_url)
    assert (ended.returncode, ended.stderr) == (3, "hamsa-mock: Only WAV files are supported\n")
