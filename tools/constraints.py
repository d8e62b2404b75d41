"""Resolve all versions anew and write constraints.txt: `python3 -m tools.constraints`, or `make constraints`.

One resolution serves every supported Python and operating system, so it names packages that only some of them
install. It covers the dependencies, all extras, the groups of development, the build backend and pip. The
resolver is uv, installed into a temporary folder.
"""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.bootstrap import OLDEST_PYTHON, ROOT, Environment, make_empty, read_pyproject, run

HEADER = """\
# The exact version of everything that make installs or an extra would install. Nothing else pins:
# pyproject.toml gives ranges. Renew this file with `make constraints`, then run `make check test`.
"""


def resolve(folder: Path) -> str:
    """Lines `name==version` or `name==version ; marker`, sorted by name.

    `folder`: an existing one for temporary files.
    """
    resolver = Environment(folder / "venv", constraints="", requirements=["uv"])
    run([*make_empty(resolver), *resolver.requirements])
    build_tools = folder / "build_tools.in"
    build_tools.write_text("\n".join(["pip", *read_pyproject()["build-system"]["requires"]]), encoding="utf-8")
    command = [
        *(str(resolver.python.with_name("uv")), "pip", "compile", "--quiet"),
        *("--universal", "--python-version", ".".join(map(str, OLDEST_PYTHON))),
        *("--fork-strategy", "fewest"),  # a version of each package that all supported Pythons can install
        *("--all-extras", "--group", "dev"),
        *("--no-header", "--no-annotate"),
        *("pyproject.toml", str(build_tools)),
    ]
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def main() -> None:
    with TemporaryDirectory() as folder:
        (ROOT / "constraints.txt").write_text(HEADER + resolve(Path(folder)), encoding="utf-8")


if __name__ == "__main__":
    main()
