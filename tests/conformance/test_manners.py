"""How the suite behaves towards servers that are not its own: what it tries, and what it may not blame them for."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from hamsa_conformance.case import Case
from hamsa_conformance.running.finding_cases import load_cases, select
from hamsa_conformance.running.judging import judge
from hamsa_conformance.verdict import Verdict
from hamsa_mock import MockServer
from hamsa_mock.providers.hamsa.authentication import Doorkeeper
from tests.conformance.bench import bench_of

CALLERS = select(load_cases(), ("hamsa.auth", "hamsa.closes", "hamsa.connecting", "hamsa.preload", "hamsa.rest"))
TURNED_AWAY = {"hamsa.auth.turned_away[unknown]", "hamsa.preload.unauthorized[an_unknown_key]"}
"""What cannot be judged without a wrong key, once over the WebSocket and once over REST."""


@contextmanager
def judged_keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The keys that mocks have judged in this process, and did not know."""
    unknown: list[str] = []
    original = Doorkeeper.judge_key

    def judge_key(self: Any, sent: str) -> Any:
        if sent and sent not in self._accounts.keys:
            unknown.append(sent)
        return original(self, sent)

    with monkeypatch.context() as patch:
        patch.setattr(Doorkeeper, "judge_key", judge_key)
        yield unknown


def wrong_keys(cases: Iterable[Case], monkeypatch: pytest.MonkeyPatch) -> tuple[dict[str, list[str]], str]:
    """The wrong keys that each case has tried, where it has, and the right one."""
    tried: dict[str, list[str]] = {}
    with judged_keys(monkeypatch) as unknown, MockServer(profile="instant") as mock, bench_of(mock) as bench:
        for case in cases:
            unknown.clear()
            judge(case, bench.server)
            if unknown:
                tried[case.slug] = list(unknown)
        return tried, mock.client.key


@pytest.mark.slow
def test_no_more_than_two_wrong_keys_are_tried_unless_that_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    harmless = [case for case in CALLERS if not {"mock", "intrusive"} & set(case.needs)]
    tried, _ = wrong_keys(harmless, monkeypatch)
    assert tried.keys() == TURNED_AWAY
    assert [len(keys) for keys in tried.values()] == [1, 1]


def test_wrong_key_tells_no_more_than_a_piece_of_the_right_one_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports hide the right one wherever it stands whole."""
    tried, key = wrong_keys(select(load_cases(), ("hamsa.auth.similar_key",)), monkeypatch)
    assert len(tried) == 2
    sent = [value.replace(key, "") for values in tried.values() for value in values]
    assert [value for value in sent if key[: len(key) // 2] in value] == []


@pytest.mark.parametrize("name", ["wallet_runs_out", "wallet_of_all_connections"])
def test_wallet_that_holds_more_than_was_said_is_no_fault(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    [case] = select(load_cases(), (f"hamsa.auth.{name}",))
    with MockServer(profile="instant") as mock, bench_of(mock) as steered:
        rich = steered.endpoint.credentials.get("key", "unlimited")
        monkeypatch.setenv("HAMSA_KEY_NEARLY_BROKE", rich)
        mock.client.clock.unfreeze()
        with bench_of(mock, steered=False, timeout=1.0) as bench:
            result = judge(case, bench.server)
    assert result.verdict is Verdict.SKIPPED
    assert "pays for more than 3 sentences" in str(result.reason)
