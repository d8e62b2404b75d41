"""`--config FILE`: flags, then the environment, then the file, then the defaults."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from websockets.sync.client import connect

from hamsa_mock.cli.config_option import FILE_ONLY, PARAMETERS, config_option
from hamsa_mock.cli.serve import serve_command
from hamsa_mock.config.file import Config
from hamsa_schemas import default_catalogue
from hamsa_schemas.refusal import Place
from tests.mock_server.command import run_to_end, running_mock


def places(schema: dict[str, Any], place: Place = ()) -> Iterator[Place]:
    """The places of all single settings that the schema of the file describes."""
    for name, inner in schema["properties"].items():
        if "properties" in inner and name != "hamsa":
            yield from places(inner, (*place, name))
        elif name not in ("$schema", "behaviours", "hamsa"):
            yield *place, name


def test_every_setting_of_the_file_reaches_the_mock() -> None:
    schema = default_catalogue().schemas["meta/config.schema.json"]
    assert {*places(schema)} == PARAMETERS.keys() | FILE_ONLY.keys()
    assert set(PARAMETERS.values()) <= {parameter.name for parameter in serve_command.params}


@click.command()
@config_option
@click.option("--seed", default=0, envvar="HAMSA_MOCK_SEED")
@click.option("--quiet", is_flag=True)
@click.option("--fault", "faults", multiple=True)
def command(config: Config | None, **values: Any) -> None:
    click.echo(json.dumps(values))


@pytest.mark.parametrize(
    ("arguments", "variable", "seed"),
    [([], "2", 2), (["--seed", "3"], "2", 3), ([], None, 1), (["--seed", "0"], None, 0)],
)
def test_flag_goes_before_environment_and_that_before_the_file(
    arguments: list[str], variable: str | None, seed: int, tmp_path: Path
) -> None:
    (tmp_path / "mock.yaml").write_text("seed: 1\nquiet: true\nfaults: [drop, reset]\n", encoding="utf-8")
    given = ["--config", str(tmp_path / "mock.yaml"), *arguments]
    result = CliRunner().invoke(command, given, env={"HAMSA_MOCK_SEED": variable})
    assert json.loads(result.output) == {"seed": seed, "quiet": True, "faults": ["drop", "reset"]}


def test_file_can_be_named_by_the_environment(tmp_path: Path) -> None:
    (tmp_path / "mock.yaml").write_text("seed: 1", encoding="utf-8")
    result = CliRunner().invoke(command, env={"HAMSA_MOCK_CONFIG": str(tmp_path / "mock.yaml")})
    assert json.loads(result.output)["seed"] == 1


def test_without_a_file_the_defaults_hold() -> None:
    assert json.loads(CliRunner().invoke(command).output) == {"seed": 0, "quiet": False, "faults": []}


def test_served_mock_has_what_the_file_says(tmp_path: Path) -> None:
    (tmp_path / "mock.yaml").write_text(
        """\
profile: instant
log_format: json
behaviours: {hamsa.auth.failure: close_only}
hamsa:
  keys: [{key: my-own-key}, {key: hamsa-test-mine}]
  transcripts: [{unread: ماذا؟}]
""",
        encoding="utf-8",
    )
    with running_mock("--config", str(tmp_path / "mock.yaml")) as mock:
        assert "hamsa-test-mine" in mock.ready["keys"]
        with connect(f"{mock.ready['ws_url']}?api_key=my-own-key") as connection:
            assert json.loads(connection.recv())["type"] == "info"
        _, output = mock.end(signal.SIGTERM)
    assert json.loads(output.splitlines()[0])["profile"] == "instant"
    assert "my-own-key" not in output


def test_mistake_in_the_file_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    (tmp_path / "mock.yaml").write_text("port: 0\nprofil: instant\n", encoding="utf-8")
    ended = run_to_end("serve", "--config", str(tmp_path / "mock.yaml"))
    words = "there is no 'profil'; did you mean 'profile'?"
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith(f"hamsa-mock: {tmp_path / 'mock.yaml'}:2: {words}")
    assert len(ended.stderr.splitlines()) == 1
