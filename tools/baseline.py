"""Make the report of the mock that is shipped, with which `hamsa-conformance diff baseline NEW` compares.

`.venv/bin/python -m tools.baseline`, from the top of the repository, judges a mock of its own by all cases and writes
`conformance/hamsa_conformance/report/baseline.json`. It is to be renewed when cases were added, renamed or removed.

Exit codes: 0 written; otherwise those of `hamsa-conformance server`, and nothing is written.
"""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hamsa_conformance.report import reading
from hamsa_conformance.report.content import Report
from hamsa_conformance.report.json_report import text_of, to_json
from hamsa_conformance.report.reading import BASELINE_FILE, baseline_of, read_report
from hamsa_conformance.report.writing import write

PLACE = Path(reading.__file__).with_name(BASELINE_FILE)


def text_of_baseline(report: Report) -> str:
    """What is shipped of a report of the mock. Its port was chance."""
    target = replace(report.run.target, url="the mock of this release")
    return "".join(text_of(to_json(baseline_of(replace(report, run=replace(report.run, target=target))))))


def main() -> int:
    """Write the file."""
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "hamsa_conformance", "server", "--report-dir", folder]
        code = subprocess.run(command, check=False).returncode
        if code == 0:
            print(f"written: {write(PLACE, text_of_baseline(read_report(str(Path(folder) / 'report.json'))))}")
    return code


if __name__ == "__main__":
    sys.exit(main())
