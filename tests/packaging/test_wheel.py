"""The wheel and the source distribution: what they hold, and that the wheel works where nothing else is."""

import json
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tools.bootstrap import ROOT, read_pyproject

pytestmark = pytest.mark.slow

PYPROJECT = read_pyproject()
PROJECT = PYPROJECT["project"]
PACKAGES = PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
# A user's script: it connects, and prints the first message.
CLIENT = """
import sys
from websockets.sync.client import connect
with connect(sys.argv[1], additional_headers={"X-Api-Key": "hamsa-test-key"}) as websocket:
    print(websocket.recv(timeout=30))
"""


def build(project: Path, folder: Path, *targets: str) -> None:
    """Build `project` into `folder`, by the build backend of this environment."""
    options = [option for target in targets for option in ("--target", target)]
    command = [sys.executable, "-m", "hatchling", "build", *options, "--directory", str(folder)]
    subprocess.run(command, cwd=project, check=True, capture_output=True)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the source distribution."""
    folder = tmp_path_factory.mktemp("dist")
    build(ROOT, folder, "wheel", "sdist")
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (path,) = built.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def sdist(built: Path) -> Path:
    (path,) = built.glob("*.tar.gz")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of a new environment that holds the wheel and its base dependencies."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "--quiet"]
    constraints = str(ROOT / "constraints.txt")
    subprocess.run([*pip, "install", "--constraint", constraints, str(wheel)], cwd=folder, check=True)
    return folder / "bin"


def files_of_packages() -> set[str]:
    """What the source tree holds for a wheel: `hamsa_kit/proof.py` and so on, code and data."""
    found: set[str] = set()
    for package in map(Path, PACKAGES):
        paths = (path for path in (ROOT / package).rglob("*") if path.is_file())
        found.update(str(path.relative_to(ROOT / package.parent)) for path in paths)
    return {name for name in found if "__pycache__" not in name}


def names_in_wheel(wheel: Path) -> set[str]:
    """The files of a wheel, without those that describe it."""
    names = zipfile.ZipFile(wheel).namelist()
    return {name for name in names if ".dist-info/" not in name}


def run_installed(bin_folder: Path, folder: Path, *command: str) -> str:
    """Run a command of the new environment away from the repository. Returns what it prints."""
    line = [str(bin_folder / command[0]), *command[1:]]
    run = subprocess.run(line, cwd=folder, env=plain_settings(), capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    return run.stdout


def plain_settings() -> dict[str, str]:
    """The variables of this process without those by which Python or the mock would find this repository."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "HAMSA", "VIRTUAL_ENV"))}


def test_wheel_holds_every_file_of_the_packages_and_nothing_else(wheel: Path) -> None:
    assert names_in_wheel(wheel) == files_of_packages()


def test_wheel_holds_schemas_as_data_and_types(wheel: Path) -> None:
    names = names_in_wheel(wheel)
    assert any(name.startswith("hamsa_schemas/") and name.endswith(".json") for name in names)
    assert {f"{Path(package).name}/py.typed" for package in PACKAGES} <= names


def test_wheel_carries_the_licence_and_the_commands(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    info = next(name.split("/")[0] for name in archive.namelist() if ".dist-info/" in name)
    assert archive.read(f"{info}/licenses/LICENSE") == (ROOT / "LICENSE").read_bytes()
    commands = archive.read(f"{info}/entry_points.txt").decode()
    assert all(f"{name} = {target}" in commands for name, target in PROJECT["scripts"].items())


def test_sdist_holds_the_packages_without_tests_and_builds_the_same_wheel(sdist: Path, tmp_path: Path) -> None:
    # Not by tarfile: Python 3.11.2 has no filters for it, and Python 3.12 warns where there is none.
    subprocess.run(["tar", "-xf", str(sdist)], cwd=tmp_path, check=True)
    (project,) = tmp_path.iterdir()
    top = {path.name for path in project.iterdir() if path.is_file() and not path.name.startswith(".")}
    assert top == {"CHANGELOG.md", "LICENSE", "PKG-INFO", "README.md", "pyproject.toml"}
    assert {path.name for path in project.iterdir() if path.is_dir()} == {Path(p).parts[0] for p in PACKAGES}
    build(project, tmp_path, "wheel")
    (wheel,) = tmp_path.glob("*.whl")
    assert names_in_wheel(wheel) == files_of_packages()


def test_installed_command_tells_its_version_and_its_usage(installed: Path, tmp_path: Path) -> None:
    assert PROJECT["version"] in run_installed(installed, tmp_path, "hamsa-mock", "--version")
    assert "serve" in run_installed(installed, tmp_path, "python", "-m", "hamsa_mock", "--help")


def test_installed_environment_has_base_dependencies_only(installed: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--python", str(installed / "python")]
    listed = subprocess.run([*pip, "list", "--format=json"], check=True, capture_output=True).stdout
    names = {package["name"] for package in json.loads(listed)}
    assert PROJECT["name"] in names
    assert not names & {"pytest", "hypothesis", "locust", "trustme", "python-socketio", "mypy"}


def test_installed_mock_serves_a_client_and_stops_when_told(installed: Path, tmp_path: Path) -> None:
    ready_file = tmp_path / "ready.json"
    serve = [str(installed / "hamsa-mock"), "serve", "--port", "0", "--ready-file", str(ready_file)]
    with subprocess.Popen(
        serve, cwd=tmp_path, env=plain_settings(), stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as mock:
        try:
            assert mock.stdout is not None
            assert any(ready_file.exists() for _ in mock.stdout), "the mock ended without being ready"
            ready = json.loads(ready_file.read_text(encoding="utf-8"))
            assert ready["pid"] == mock.pid
            answer = run_installed(installed, tmp_path, "python", "-c", CLIENT, ready["ws_url"])
            mock.send_signal(signal.SIGTERM)
            mock.communicate(timeout=30)
        finally:
            mock.kill()
    assert json.loads(answer) == {
        "type": "info",
        "payload": {"message": "Connected to realtime WebSocket server"},
    }
    assert mock.returncode == 0
