"""A pytest plugin: tests that this machine cannot run, and a summary of what was left out and why.

tests/conftest.py loads it: `pytest_plugins = ["tests.tools.leftout"]`. A user's machine may lack Node or a
browser; the tests that need one are then skipped, and the summary names what to install. Where
HAMSA_REQUIRE_ALL=1, as in CI, no test may be skipped for any reason: a skipped test has failed.
"""

import os
from collections import Counter
from collections.abc import Generator
from typing import NoReturn

import pytest

PREFIX = "left out: "


def leave_out(component: str, install: str) -> NoReturn:
    """Skip the calling test, or at module level all tests of the file.

    `component`: what is missing, such as `the Node client`; `install`: the command that installs it.
    """
    pytest.skip(f"{PREFIX}{component}; {install}", allow_module_level=True)


def everything_required() -> bool:
    """Whether a skipped test has failed."""
    return os.environ.get("HAMSA_REQUIRE_ALL") == "1"


def reason_of(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Why a test was skipped, in the words of the test. The report may come from another process of xdist."""
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longreprtext
    return reason.removeprefix("Skipped: ")


def require(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure if everything is required. An expected failure is reported as a skip too."""
    if report.skipped and everything_required() and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which HAMSA_REQUIRE_ALL=1 forbids: {reason_of(report)}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    require(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    require(report)
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reasons = Counter(reason_of(report) for report in terminalreporter.getreports("skipped"))
    left_out = {reason: count for reason, count in reasons.items() if reason.startswith(PREFIX)}
    if left_out:
        terminalreporter.section("left out")
        for reason, count in sorted(left_out.items()):
            terminalreporter.line(f"{reason.removeprefix(PREFIX)} ({count} skipped)")
