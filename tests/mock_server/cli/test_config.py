"""`hamsa-mock config`: is a file right, and where does each setting come from."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from hamsa_mock.cli.config import config_command
from hamsa_mock.cli.serve import serve_command
from hamsa_mock.config.file import ConfigError
from hamsa_schemas import load_behaviours
from tests.mock_server.command import run_to_end

pytestmark = pytest.mark.slow

FILE = """\
port: 0
profile: instant
behaviours:
  hamsa.tts.truncation: never
  hamsa.tts.overlap: aborted
clock:
  freeze: true
tls: {enabled: true, names: [a.test, b.test]}
hamsa:
  users: [{id: maha}]
  keys:
    - {key: my-own-key}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mock.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_good_file_is_said_to_be_so_with_what_it_sets(file: Path) -> None:
    ended = run_to_end("config", "check", str(file))
    sets = "port, profile, clock.freeze, tls.enabled, tls.names, behaviours (2), hamsa.users (1), hamsa.keys (1)"
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, f"{file}: ok; sets {sets}\n", "")


def test_empty_file_sets_nothing(tmp_path: Path) -> None:
    (tmp_path / "mock.yaml").write_text("", encoding="utf-8")
    checked = CliRunner().invoke(config_command, ["check", str(tmp_path / "mock.yaml")])
    assert checked.output == f"{tmp_path / 'mock.yaml'}: ok; sets nothing\n"


def test_bad_file_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    (tmp_path / "mock.yaml").write_text("hamsa:\n  keys:\n    - {key: my-own-key, project: shop}\n", encoding="utf-8")
    ended = run_to_end("config", "check", str(tmp_path / "mock.yaml"))
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith(
        f"hamsa-mock: {tmp_path / 'mock.yaml'}:3: hamsa.keys: the key of 10 characters names"
    )
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('\nfaults: ["close(4003) after chunk 3", dorp]', r":2: faults\[1\]: .*did you mean"),
        ("hamsa: {keys: [{key_env: NO_SUCH_KEY}]}", ":1: .*NO_SUCH_KEY is not set"),
        ("hamsa: {audio: [{text: a, file: none.wav}]}", r":1: .*cannot read none\.wav"),
    ],
)
def test_what_only_the_mock_can_judge_is_checked_too(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "mock.yaml").write_text(text, encoding="utf-8")
    checked = CliRunner().invoke(config_command, ["check", str(tmp_path / "mock.yaml")])
    assert isinstance(checked.exception, ConfigError)
    with pytest.raises(ConfigError, match=words):
        raise checked.exception


def shown(*arguments: str, **environment: str) -> dict[str, tuple[str, str]]:
    """Value and origin of each setting."""
    ended = CliRunner().invoke(config_command, ["show", *arguments], env=environment, catch_exceptions=False)
    assert ended.exit_code == 0, ended.output
    rows = [line.split("  ", maxsplit=1) for line in ended.output.splitlines()]
    columns = [(name, *(part.strip() for part in rest.strip().rsplit("  ", maxsplit=1))) for name, rest in rows]
    return {name: (value, origin) for name, value, origin in columns}


def test_every_setting_is_shown_with_where_it_comes_from(file: Path) -> None:
    rows = shown(
        "--config",
        str(file),
        "--seed",
        "4",
        "--set",
        "hamsa.tts.overlap=queue",
        HAMSA_MOCK_LOOP="asyncio",
        HAMSA_MOCK_PORT="7",
    )
    assert rows["host"] == ("loopback", "default")
    assert rows["port"] == ("7", "environment HAMSA_MOCK_PORT")
    assert rows["profile"] == ("instant", f"{file}:2")
    assert rows["seed"] == ("4", "flag --seed")
    assert rows["loop"] == ("asyncio", "environment HAMSA_MOCK_LOOP")
    assert rows["clock.freeze"] == ("true", f"{file}:7")
    assert rows["clock.scale"] == ("1", "default")
    assert rows["tls.names"] == ("a.test, b.test", f"{file}:8")
    assert rows["tls.enabled"] == ("true", f"{file}:8")
    assert rows["tls.cert"] == ("-", "default")
    assert rows["ready_file"] == ("-", "default")
    assert rows["hamsa.tts.truncation"] == ("never", f"{file}:4")
    assert rows["hamsa.tts.overlap"] == ("queue", "flag --set")
    assert rows["hamsa.tts.chunk_gap"] == ("0", "profile instant")
    assert rows["hamsa.auth.failure"] == ("error_then_close", "default")
    assert rows["hamsa.users"] == ("entries: 1", f"{file}:10")
    assert rows["hamsa.keys"] == ("entries: 1", f"{file}:11")
    assert "my-own-key" not in str(rows)


def test_without_a_file_everything_is_a_default_or_from_outside() -> None:
    rows = shown(HAMSA_MOCK_SET="hamsa.tts.truncation=never")
    assert rows["port"] == ("8765", "default")
    assert rows["hamsa.tts.truncation"] == ("never", "environment HAMSA_MOCK_SET")
    assert load_behaviours().keys() <= rows.keys()


def test_flags_of_serve_are_those_of_show() -> None:
    show = config_command.commands["show"]
    assert show.params == serve_command.params
