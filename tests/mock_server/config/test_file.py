"""The config file: what it sets, where, and what is wrong with it."""

from pathlib import Path
from typing import Any

import pytest

from hamsa_mock.config.file import Config, ConfigError, config_of, load_config

EVERYTHING = """\
$schema: somewhere
host: 0.0.0.0
port: 0
profile: mine.json
behaviours:
  hamsa.tts.truncation: never
  hamsa.tts.chunk_gap: 0.5
clock: {freeze: true, scale: 2}
faults: ["drop after ack"]
tls:
  enabled: true
  names: [api.tryhamsa.com]
  cert: tls/cert.pem
hamsa:
  keys:
    - key_env: SHOP_KEY
  audio: [{text: a, file: a.wav}]
"""


def written(folder: Path, text: str) -> Config:
    (folder / "mine.json").write_text('{"behaviours": {}}', encoding="utf-8")
    (folder / "mock.yaml").write_text(text, encoding="utf-8")
    return load_config(folder / "mock.yaml")


def test_file_sets_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    config = written(tmp_path, EVERYTHING)
    assert config.settings == {
        ("host",): "0.0.0.0",
        ("port",): 0,
        ("profile",): str(tmp_path / "mine.json"),
        ("clock", "freeze"): True,
        ("clock", "scale"): 2,
        ("faults",): ["drop after ack"],
        ("tls", "enabled"): True,
        ("tls", "names"): ["api.tryhamsa.com"],
        ("tls", "cert"): tmp_path / "tls" / "cert.pem",
    }
    assert config.behaviours == {"hamsa.tts.truncation": "never", "hamsa.tts.chunk_gap": 0.5}
    assert config.providers == {"hamsa": {"keys": [{"key_env": "SHOP_KEY"}], "audio": [{"text": "a", "file": "a.wav"}]}}


def test_tls_that_is_switched_off_sets_nothing_else(tmp_path: Path) -> None:
    config = written(tmp_path, "tls: {names: [a.test], cert: cert.pem, enabled: false}\nclock: {}\n")
    assert config.settings == {("tls", "enabled"): False}


@pytest.mark.parametrize("text", ["", "# nothing\n", "{}"])
def test_empty_file_sets_nothing(tmp_path: Path, text: str) -> None:
    config = written(tmp_path, text)
    assert (config.settings, config.behaviours, config.providers) == ({}, {}, {})


def test_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    assert written(tmp_path, "\ufeffport: 1").settings == {("port",): 1}


def test_place_is_told_with_its_line(tmp_path: Path) -> None:
    config = written(tmp_path, EVERYTHING)
    assert config.where(("behaviours", "hamsa.tts.chunk_gap")) == f"{tmp_path / 'mock.yaml'}:7"
    assert config.where(("hamsa", "keys", 0)) == f"{tmp_path / 'mock.yaml'}:16"


def test_named_files_count_from_the_folder_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"RIFF")
    sources = written(tmp_path, "").sources
    assert sources.read_file("a.wav") == (str(tmp_path / "a.wav"), b"RIFF")
    assert sources.read_file(str(tmp_path / "a.wav")) == (str(tmp_path / "a.wav"), b"RIFF")
    for name in ("b.wav", "a\0.wav"):
        with pytest.raises(OSError, match=r"No such file|null"):
            sources.read_file(name)


def test_variables_are_those_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = written(tmp_path, "").sources
    monkeypatch.setenv("SHOP_KEY", "sk_live")
    assert sources.variable("SHOP_KEY") == "sk_live"
    assert sources.variable("NO_SUCH_KEY") is None


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("prot: 1", 1, "there is no 'prot'; did you mean 'port'?"),
        ("port: 1\ntls:\n  name: []", 3, "tls has no 'name'; did you mean 'names'?"),
        ("port: 1\nlog_format: xml", 2, 'log_format must be one of "text", "json"'),
        ("hamsa:\n  keys:\n    - {key: a}\n    - {kye: b}", 4, "hamsa.keys[1] needs at least one of: key, key_env"),
        ("hamsa:\n  keys:\n    - {key: a}\n    - {key: b, limit: real}", 4, "hamsa.keys[1] has no 'limit'; did you"),
        ("hamsa: {transcripts: [{sequence: [123]}]}", 1, "hamsa.transcripts[0].sequence[0] is a number, must be"),
        (
            "behaviours:\n  hamsa.tts.chunk_gap: 1\n  hamsa.tts.truncaton: never",
            3,
            "behaviours: no behaviour 'hamsa.tts.truncaton'; did you mean 'hamsa.tts.truncation'?",
        ),
        (
            "behaviours:\n  hamsa.tts.truncation: nevr",
            2,
            "behaviours: hamsa.tts.truncation cannot be 'nevr'; did you mean 'never'?",
        ),
        ("\nprofile: instnt", 2, "profile: no profile 'instnt'; did you mean 'instant'?"),
        ("\nprofile: other.json", 2, "profile: profile {folder}/other.json: No such file"),
        ("- port", 1, "the file must hold names with values, such as `port: 8765`"),
        ("port", 1, "the file must hold names with values"),
        ("port: 1\nport: 2", 2, "'port' stands twice in one mapping"),
    ],
)
def test_mistake_is_told_with_file_line_and_what_is_right(tmp_path: Path, text: str, line: int, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        written(tmp_path, text)
    assert str(caught.value).startswith(f"{tmp_path / 'mock.yaml'}:{line}: {words.format(folder=tmp_path)}")
    assert "\n" not in str(caught.value)


def test_mistake_without_a_line_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"mock\.yaml: more than 50 levels"):
        written(tmp_path, "[" * 5000)


def test_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^cannot read .*none\.yaml: No such file or directory$"):
        load_config(tmp_path / "none.yaml")
    with pytest.raises(ConfigError, match=r"^cannot read .*: embedded null"):
        load_config("a\0b")
    (tmp_path / "latin.yaml").write_bytes(b"host: \xe9")
    with pytest.raises(ConfigError, match=r"latin\.yaml: not UTF-8$"):
        load_config(tmp_path / "latin.yaml")


# Configs that a program gives


def test_program_gives_a_mapping_a_file_or_nothing(tmp_path: Path) -> None:
    written(tmp_path, "port: 1")
    assert config_of({"port": 1, "faults": ("drop",)}).settings == {("port",): 1, ("faults",): ["drop"]}
    assert config_of(tmp_path / "mock.yaml").settings == {("port",): 1}
    assert config_of(str(tmp_path / "mock.yaml")).settings == {("port",): 1}
    assert config_of(None).settings == {}


def test_files_in_a_mapping_count_from_the_present_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert config_of({"ready_file": "ready.json"}).settings == {("ready_file",): tmp_path / "ready.json"}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"prot": 1}, "config: there is no 'prot'; did you mean 'port'?"),
        ({"port": object()}, "config: not what JSON can hold: "),
        ({"clock": {"scale": float("nan")}}, "config: not what JSON can hold: "),
        ({"clock": {("scale",): 1}}, "config: not what JSON can hold: "),
    ],
)
def test_mistake_in_a_mapping_is_told(values: Any, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        config_of(values)
    assert str(caught.value).startswith(words)


def test_argument_goes_before_the_config_and_that_before_the_default() -> None:
    config = config_of({"port": 1, "clock": {"scale": 2}, "seed": 0})
    assert config.setting(5, 7, "port") == 5
    assert config.setting(0, 7, "port") == 0
    assert config.setting(None, 7, "port") == 1
    assert config.setting(None, 7, "seed") == 0
    assert config.setting(None, 7.0, "clock", "scale") == 2
    assert config.setting(None, "loopback", "host") == "loopback"
