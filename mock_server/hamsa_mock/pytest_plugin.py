"""The pytest plugin: fixtures `hamsa_mock` and `hamsa_mock_session`, marker `hamsa`, and two settings.

pytest imports this module in every suite of an environment in which the mock is installed. So it imports nothing else
until a test asks for the mock, and changes nothing until then.
"""

from collections.abc import Generator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from hamsa_kit.mock_client import MockClient
    from hamsa_mock.testing.process_mock import ProcessMock

ENV_SETTING = "hamsa_mock_env"
FORBID_SETTING = "hamsa_forbid_live"
MARKER = "hamsa(profile=..., behaviours={...}, faults=[...], seed=...): how the mock of a test behaves"

_process_mock = pytest.StashKey["ProcessMock"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini(ENV_SETTING, "Set HAMSA_WS_URL and the like before modules are collected.", "bool", default=False)
    parser.addini(FORBID_SETTING, "Fail tests that reach for a vendor's host.", "bool", default=False)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Before any module of the suite is imported."""
    if early_config.getini(ENV_SETTING):
        _mock_of(early_config).set_environment()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", MARKER)
    if config.getini(FORBID_SETTING):
        from hamsa_mock.testing.live_guard import LiveGuardPlugin

        config.pluginmanager.register(LiveGuardPlugin(), "hamsa-live-guard")


def pytest_unconfigure(config: pytest.Config) -> None:
    if _process_mock in config.stash:
        config.stash[_process_mock].stop()


@pytest.fixture(scope="session")
def hamsa_mock_session(pytestconfig: pytest.Config) -> "MockClient":
    """The mock of this pytest process, started when it is first asked for. Nothing is reset between tests."""
    return _mock_of(pytestconfig).client


@pytest.fixture
def hamsa_mock(
    hamsa_mock_session: "MockClient", request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> "MockClient":
    """The mock as it was at its start, but for what the test's marker `hamsa` says: `ws_url`, `http_url`, `key`, and
    `clock`, `faults`, `journal`, `behaviours`, `connections` to steer it. The environment names it meanwhile.
    """
    from hamsa_mock.testing.marker import wishes_of

    wishes = wishes_of(request.node)
    for name, value in _mock_of(request.config).environment().items():
        monkeypatch.setenv(name, value)
    hamsa_mock_session.reset(close_connections=True)
    wishes.apply(hamsa_mock_session)
    return hamsa_mock_session


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> "Generator[None, pytest.TestReport, pytest.TestReport]":
    report = yield
    if report.failed and {"hamsa_mock", "hamsa_mock_session"} & set(getattr(item, "fixturenames", ())):
        from hamsa_mock.testing.failure_report import journal_tail

        report.sections.append(("what the Hamsa mock saw", journal_tail(_mock_of(item.config).client)))
    return report


def _mock_of(config: pytest.Config) -> "ProcessMock":
    if _process_mock not in config.stash:
        from hamsa_mock.testing.process_mock import ProcessMock

        config.stash[_process_mock] = ProcessMock()
    return config.stash[_process_mock]
