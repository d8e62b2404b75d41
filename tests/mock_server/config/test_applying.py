"""What a config holds for the providers, in a new mock."""

from pathlib import Path
from typing import Any

import pytest

from hamsa_kit.audio_formats import PCM_16000_16, wav_bytes
from hamsa_mock.config.applying import apply_config
from hamsa_mock.config.file import ConfigError, config_of, load_config
from hamsa_mock.core.clock import Clock
from hamsa_mock.core.world import World
from hamsa_mock.mock import Mock
from hamsa_schemas import load_behaviours

WAV = wav_bytes(PCM_16000_16, bytes(range(250)) * 64)


def new_mock() -> Mock:
    return Mock(World(Clock(lambda: 0), load_behaviours("instant")))


def entries(mock: Mock, name: str) -> list[Any]:
    [found] = [resource.read() for resource in mock.providers[0].resources if resource.name == name]
    return found


def test_entries_are_there_and_a_reset_returns_to_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_KEY", "hamsa-test-shop")
    mock = new_mock()
    config = config_of(
        {
            "hamsa": {
                "transcripts": [{"key_env": "SHOP_KEY", "sequence": ["a"]}],
                "keys": [{"key_env": "SHOP_KEY", "project": "shop"}],
                "projects": [{"id": "shop", "wallet": 10, "balance": 3}],
            }
        }
    )
    apply_config(config, mock)
    start = [resource.read() for resource in mock.providers[0].resources]
    assert entries(mock, "transcripts")[0] == {"key": "hamsa-test-shop", "sequence": ["a"]}
    assert entries(mock, "projects")[-1]["balance"] == 3
    for resource in mock.providers[0].resources:
        resource.put([{"unread": "x"}] if resource.name == "transcripts" else [])
    mock.providers[0].resources[2].remove("hamsa-test-shop")
    mock.reset()
    assert [resource.read() for resource in mock.providers[0].resources] == start


def test_file_of_an_entry_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(WAV)
    (tmp_path / "mock.yaml").write_text("hamsa: {audio: [{text: a, file: a.wav}]}", encoding="utf-8")
    mock = new_mock()
    apply_config(load_config(tmp_path / "mock.yaml"), mock)
    assert entries(mock, "audio") == [{"text": "a", "file": str(tmp_path / "a.wav")}]


@pytest.mark.parametrize(
    ("clock", "frozen", "scale"),
    [
        ({"freeze": True, "scale": 2}, True, 2),
        ({"scale": 0.5}, False, 0.5),
        ({"freeze": False}, False, 1),
        ({}, False, 1),
    ],
)
def test_clock_runs_as_the_config_says(clock: dict[str, Any], frozen: bool, scale: float) -> None:
    mock = new_mock()
    apply_config(config_of({"clock": clock}), mock)
    assert (mock.world.clock.frozen, mock.world.clock.scale) == (frozen, scale)


def test_config_without_entries_changes_nothing() -> None:
    mock = new_mock()
    before = entries(mock, "keys")
    apply_config(config_of({"port": 1}), mock)
    assert entries(mock, "keys") == before


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (
            "hamsa:\n  keys:\n    - {key: a}\n    - {key: b, project: shp}\n  projects: [{id: shop}]",
            4,
            "hamsa.keys: the key of 1 characters names the project 'shp', which does not exist; did you mean 'shop'?",
        ),
        ("hamsa:\n  audio:\n    - {text: a, file: no.wav}", 3, "hamsa.audio[0].file: cannot read no.wav: No such file"),
        (
            "hamsa:\n  keys:\n    - key_env: NO_SUCH_KEY",
            3,
            "hamsa.keys[0].key_env: the environment variable NO_SUCH_KEY",
        ),
        (
            "\nhamsa: {transcripts: [{key: hamsa-test-k, sequence: []}]}",
            2,
            "hamsa.transcripts[0]: there is no key hamsa",
        ),
    ],
)
def test_entry_that_cannot_be_taken_is_told_with_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    (tmp_path / "mock.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        apply_config(load_config(tmp_path / "mock.yaml"), new_mock())
    assert str(caught.value).startswith(f"{tmp_path / 'mock.yaml'}:{line}: {words}")
