"""A config file that makes another mock what a running one is."""

from pathlib import Path
from typing import Any

from hamsa_mock.config.applying import apply_config
from hamsa_mock.config.file import Config, load_config
from hamsa_mock.config.writing import written_config
from hamsa_mock.core.clock import Clock
from hamsa_mock.core.world import World
from hamsa_mock.mock import Mock
from hamsa_schemas import load_behaviours
from hamsa_schemas.refusal import Place

WAV = "UklGRigAAABXQVZFZm10IBAAAAABAAEAgD4AAAB9AAACABAAZGF0YQQAAAAAAAEA"
TRICKY = ["no", "1e3", "09", "a: b # c", "\u2028\x85\x7f\ufeff\x00\n\t", "😀 نعم", '"quoted"', "- x", "{", "~", ""]


def new_mock(profile: str = "instant", seed: int = 0, **changes: Any) -> Mock:
    slugs = {f"hamsa.tts.{name}": value for name, value in changes.items()}
    return Mock(World(Clock(lambda: 0), load_behaviours(profile, slugs), seed))


def read_back(folder: Path, text: str) -> Config:
    (folder / "mock.yaml").write_text(text, encoding="utf-8")
    return load_config(folder / "mock.yaml")


def put(mock: Mock, name: str, *entries: dict[str, Any]) -> None:
    [resource] = [resource for resource in mock.providers[0].resources if resource.name == name]
    resource.put([*entries])


def state(mock: Mock) -> list[list[Any]]:
    return [resource.read() for resource in mock.providers[0].resources]


def test_what_is_written_makes_another_mock_the_same(tmp_path: Path) -> None:
    mock = new_mock(seed=7, truncation="never", chunk_gap=0.25)
    put(mock, "users", {"id": "maha"})
    put(mock, "projects", {"id": "shop", "user": "maha", "wallet": 10, "balance": -2})
    put(mock, "keys", {"key": "hamsa-test-shop", "project": "shop"})
    put(mock, "transcripts", {"sequence": TRICKY}, {"hash": "0123456789ab", "text": "1"})
    put(mock, "audio", {"pattern": "^\\d+ ريال", "base64": WAV})
    config = read_back(tmp_path, written_config(mock, {}))
    assert config.settings == {
        ("profile",): "instant",
        ("seed",): 7,
        ("clock", "freeze"): False,
        ("clock", "scale"): 1,
    }
    assert config.behaviours == {"hamsa.tts.chunk_gap": 0.25, "hamsa.tts.truncation": "never"}
    other = new_mock()
    apply_config(config, other)
    assert state(other) == state(mock)


def test_clock_is_written_as_it_runs(tmp_path: Path) -> None:
    mock = new_mock()
    mock.world.clock.run(3)
    mock.world.clock.freeze()
    settings = read_back(tmp_path, written_config(mock, {})).settings
    assert (settings["clock", "freeze"], settings["clock", "scale"]) == (True, 3)


def test_settings_that_the_caller_knows_are_written_too(tmp_path: Path) -> None:
    given: dict[Place, Any] = {("port",): 8765, ("faults",): ["drop after ack"], ("tls", "enabled"): True}
    settings = read_back(tmp_path, written_config(new_mock(), given)).settings
    assert {place: settings[place] for place in given} == given


def test_profile_says_what_is_not_written(tmp_path: Path) -> None:
    assert read_back(tmp_path, written_config(new_mock("observed-2026-02"), {})).behaviours == {}


def test_secrets_are_left_out_and_this_is_said(tmp_path: Path) -> None:
    mock = new_mock()
    put(mock, "keys", {"key": "sk_live_0"}, {"key": "sk_live_1"})
    put(mock, "transcripts", {"key": "sk_live_0", "sequence": ["a"]})
    text = written_config(mock, {})
    assert "sk_live" not in text
    assert "  # keys: 2 more, left out because of secrets\n  keys:\n" in text
    assert "  # transcripts: 1 more, left out because of secrets\n" in text
    assert len(read_back(tmp_path, text).providers["hamsa"]["keys"]) == 10
