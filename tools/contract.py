"""Let schemathesis compare the mock's REST routes with their OpenAPI document.

`.venv/bin/python -m tools.contract [OPTIONS...]`, from the top of the repository, makes `.venv-contract` when it is
missing or stale, starts the mock, and hands its arguments to `schemathesis run`: `--max-examples 1000 --seed 7` looks
longer and elsewhere. schemathesis has an environment of its own, because it pins the validator that the mock uses too.

Exit codes: schemathesis's (0 no findings, 1 some); 3 could not run.
"""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from hamsa_mock import MockServer
from hamsa_schemas.data_files import package_data
from tools import bootstrap
from tools.bootstrap import COULD_NOT_RUN, ROOT, Environment

DOCUMENT = "openapi/hamsa.json"
KEY = "hamsa-test-unlimited"
SCHEMATHESIS = "schemathesis==4.32.5"

BEHAVIOURS = {"hamsa.stt.containers": "any"}
"""A schema can say what Base64 is, and not what a WAV file is: so whatever is Base64 is taken for a recording."""

OPTIONS = ["--max-examples", "200", "--seed", "1", "--no-color", "--output-sanitize", "false"]
"""Some 3,000 requests in half a minute, the same ones each time. The key may be shown: it is a test key."""


def contract_environment() -> Environment:
    """`.venv-contract`: schemathesis alone."""
    return Environment(folder=ROOT / ".venv-contract", constraints="", requirements=[SCHEMATHESIS])


def bundled() -> dict[str, Any]:
    """The document with every schema file in the place of the reference to it: schemathesis has no other way to the
    files, whose `$id` is an address that does not resolve."""
    document: dict[str, Any] = _read(DOCUMENT)
    return document


def _read(path: str) -> Any:
    folder, _, _ = path.rpartition("/")
    return _inlined(json.loads(package_data().joinpath(path).read_text(encoding="utf-8")), folder)


def _inlined(node: Any, folder: str) -> Any:
    if isinstance(node, list):
        return [_inlined(inner, folder) for inner in node]
    if not isinstance(node, dict):
        return node
    reference = node.get("$ref", "#")
    if reference.startswith("#"):
        return {name: _inlined(inner, folder) for name, inner in node.items() if name not in ("$id", "$schema")}
    beside = {name: inner for name, inner in node.items() if name != "$ref"}
    return {**_read(_joined(folder, reference)), **_inlined(beside, folder)}


def _joined(folder: str, reference: str) -> str:
    parts = folder.split("/")
    for part in reference.split("/"):
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def contract_command(environment: Environment, document: Path, url: str, arguments: list[str]) -> list[str]:
    """`schemathesis run`; of an option that `arguments` give too, theirs counts."""
    run = [str(environment.folder / "bin" / "schemathesis"), "run", str(document), "--url", url]
    return [*run, "--header", f"Authorization: Token {KEY}", *OPTIONS, *arguments]


def mock_command(url: str) -> str:
    """What a user types to have the mock again that was tested at this URL."""
    chosen = [f"--set {slug}={value}" for slug, value in BEHAVIOURS.items()]
    return " ".join([".venv/bin/hamsa-mock serve", f"--port {urlsplit(url).port}", "--profile instant", *chosen])


def main(arguments: list[str]) -> int:
    environment = contract_environment()
    try:
        bootstrap.ensure(environment)
    except (bootstrap.CannotBootstrapError, OSError) as error:
        print(error, file=sys.stderr)
        return COULD_NOT_RUN
    with TemporaryDirectory() as folder, MockServer(profile="instant", behaviours=BEHAVIOURS) as mock:
        file = Path(folder) / "openapi.json"
        file.write_text(json.dumps(bundled()), encoding="utf-8")
        url = mock.http_url
        code = subprocess.call(contract_command(environment, file, url, arguments), cwd=folder)
    if code == 0:
        print("The REST routes do what their OpenAPI document says.")
    else:
        print("The REST routes and their OpenAPI document disagree, or schemathesis could not run: see above.")
        print(f"The mock for the curl commands above: {mock_command(url)}")
        print("What a finding means: .venv-contract/bin/st explain ID. `st replay` finds nothing: no files are kept.")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
