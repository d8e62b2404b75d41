"""A session that refuses its upgrade."""

import json

from hamsa_mock.core.actions import Reject, Why
from hamsa_mock.core.events import Lost, Opening
from hamsa_mock.core.refusing import RefusingSession


def test_upgrade_is_refused_with_a_json_error() -> None:
    session = RefusingSession(405, "GET only", {"Allow": "GET"})
    (reject,) = session.receive(Opening("/"), 0)
    assert isinstance(reject, Reject)
    assert reject.status == 405
    assert json.loads(reject.body) == {"code": 405, "message": "GET only"}
    assert reject.headers == {"Content-Type": "application/json", "Allow": "GET"}
    assert reject.why == Why("GET only")


def test_what_follows_a_refusal_means_nothing() -> None:
    session = RefusingSession(404, "nothing here", {})
    session.receive(Opening("/"), 0)
    assert session.receive(Lost(), 1) == []
    assert session.tick(2) == []
    assert session.deadline is None
    assert session.request is None
