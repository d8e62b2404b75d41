"""Let schemathesis compare the mock's REST routes with their OpenAPI document.

`.venv/bin/python -m tools.contract [OPTIONS...]`, from the top of the repository, makes `.venv-contract` when it is
missing or stale, starts the mock, and hands its arguments to `schemathesis run`. schemathesis has an environment of its
own, because it pins the validator that the mock uses too.

Exit codes: schemathesis's (0 no findings, 1 some); 3 could not run.
"""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hamsa_mock import MockServer
from hamsa_schemas.data_files import package_data
from tools import bootstrap
from tools.bootstrap import COULD_NOT_RUN, ROOT, Environment

DOCUMENT = "openapi/hamsa.json"
KEY = "hamsa-test-unlimited"
SCHEMATHESIS = "schemathesis==4.32.5"
DEFAULTS = ["--max-examples", "50", "--seed", "1", "--no-color"]


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


def main(arguments: list[str]) -> int:
    environment = contract_environment()
    try:
        bootstrap.ensure(environment)
    except (bootstrap.CannotBootstrapError, OSError) as error:
        print(error, file=sys.stderr)
        return COULD_NOT_RUN
    with TemporaryDirectory() as folder, MockServer(profile="instant") as mock:
        file = Path(folder) / "openapi.json"
        file.write_text(json.dumps(bundled()), encoding="utf-8")
        command = [str(environment.folder / "bin" / "schemathesis"), "run", str(file), "--url", mock.http_url]
        command += ["--header", f"Authorization: Token {KEY}", *DEFAULTS, *arguments]
        return subprocess.call(command, cwd=folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
