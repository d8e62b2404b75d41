"""Several connections of one World: limits of a key, the story of the 640 bytes, the test keys, money."""

import pytest

from hamsa_kit.audio_formats import PCM_16000_16
from hamsa_kit.proof import read_proof
from hamsa_mock.core import events
from hamsa_mock.core.actions import Close, Send, Single
from hamsa_mock.providers.hamsa.accounts import Accounts, Key, Project, User, ready_made_accounts
from tests.mock_server.providers.hamsa.virtual import (
    KEY,
    SENTENCE,
    VirtualClient,
    VirtualHamsa,
    audio_of,
    error_of,
    json_of,
    name_of,
    names,
    sizes,
    text_of,
)

TOO_MANY = "Rate limit exceeded for this API key"
BROKE = "Insufficient funds in wallet"
HOUR = 3600
NEVER = {"hamsa.tts.truncation": "never"}


def notes(single: Single) -> list[str]:
    """What the request of an answer's part notes."""
    assert isinstance(single, Send)
    assert single.request is not None
    return [note.words for note in single.request.notes]


def is_served(answer: list[Single]) -> bool:
    """Whether a request got audio; otherwise it got the error of too many requests and nothing else."""
    if name_of(answer[0]) == "ack":
        return True
    assert error_of(answer) == TOO_MANY
    return False


# Requests of a key


@pytest.mark.statement("API-31", "API-32")
def test_101st_request_of_a_key_in_a_minute_is_refused_on_whichever_connection_it_comes() -> None:
    hamsa = VirtualHamsa(changes=NEVER)
    first, second = hamsa.connect(), hamsa.connect(address="192.0.2.2")
    other = hamsa.connect("hamsa-test-truncated")
    assert all(is_served(client.ask("ب")) for _ in range(50) for client in (first, second))
    assert not is_served(first.ask("ب"))
    assert not is_served(second.ask("ب"))
    assert is_served(other.ask("ب")), "another key has a window of its own"
    hamsa.advance(59.999)
    assert not is_served(first.ask("ب"))
    hamsa.advance(0.001)
    assert is_served(second.ask("ب"))
    assert not first.ended


def test_window_slides_and_refused_requests_do_not_count() -> None:
    hamsa = VirtualHamsa(changes=NEVER | {"hamsa.limit.requests": 2})
    first, second = hamsa.connect(), hamsa.connect()
    served: list[bool] = []
    for at, client in [(0, first), (30, second), (45, first), (59, second), (60, first), (60, second), (90, second)]:
        hamsa.advance(at - hamsa.now)
        served.append(is_served(client.ask("ب")))
    assert served == [True, True, False, False, True, False, True]


def test_requests_of_the_unlimited_key_are_never_refused_and_say_so() -> None:
    hamsa = VirtualHamsa()
    clients = [hamsa.connect("hamsa-test-unlimited") for _ in range(30)]
    answers = [client.ask("ب" * 8) for _ in range(4) for client in clients]
    assert all(is_served(answer) for answer in answers)
    assert all(len(audio_of(answer)) > 10_000 for answer in answers), "nor is any of them cut short"
    noted = [number for number, answer in enumerate(answers) if "not enforced" in " ".join(notes(answer[0]))]
    assert noted == list(range(100, 120))
    uncut = [number for number, answer in enumerate(answers) if "cuts nothing short" in " ".join(notes(answer[0]))]
    assert uncut == list(range(5, 30)), "the first answers of the connections above the limit"


# New connections: the story of FAQ-1 to FAQ-5


@pytest.mark.statement("FAQ-1")
def test_client_that_opens_a_connection_per_request_gets_640_bytes_on_the_6th() -> None:
    hamsa = VirtualHamsa("documented")
    clients: list[VirtualClient] = []
    for _ in range(6):
        client = hamsa.connect()
        client.ask()
        hamsa.advance(5)
        client.receive(events.PeerClosed(1000, ""))
        clients.append(client)
    nbytes = [sizes(client.all)[0] for client in clients]
    assert all(size > 10_000 for size in nbytes[:5])
    assert nbytes[5] == 640
    assert names(clients[5].since(2)) == ["ack", "chunk", "end"], "the usual end, and no error (FAQ-1)"
    assert notes(clients[5].all[-1]) == ["640 bytes: 6th new connection of this key in 60 s"]
    proof = read_proof(audio_of(clients[5].all), PCM_16000_16)
    assert not proof.whole
    assert proof.answers, "even so it says whose audio it is"


def busy(hamsa: VirtualHamsa, connections: int, key: str = KEY) -> None:
    """Open and close so many connections at once."""
    for _ in range(connections):
        hamsa.connect(key).receive(events.PeerClosed(1000, ""))


@pytest.mark.statement("FAQ-5")
def test_retry_on_the_same_connection_is_whole() -> None:
    hamsa = VirtualHamsa("documented")
    busy(hamsa, 5)
    client = hamsa.connect()
    for pause in (1, 2, 4, 1):
        client.ask()
        hamsa.advance(pause)
    assert sizes(client.all)[0] == 640
    assert all(size > 80_000 for size in sizes(client.all)[1:])


@pytest.mark.statement("FAQ-4")
@pytest.mark.parametrize(("waited", "whole"), [(30, False), (59.999, False), (60, True), (120, True)])
def test_waiting_clears_it(waited: float, whole: bool) -> None:
    hamsa = VirtualHamsa()
    busy(hamsa, 6)
    hamsa.advance(waited)
    assert (sizes(hamsa.connect().ask())[0] > 80_000) is whole


@pytest.mark.statement("FAQ-2")
def test_reused_connection_always_gets_whole_audio() -> None:
    hamsa = VirtualHamsa()
    client = hamsa.connect()
    for _ in range(20):
        busy(hamsa, 2)
        assert sizes(client.ask())[0] > 80_000


@pytest.mark.statement("FAQ-3")
@pytest.mark.parametrize(("address", "cut"), [("192.0.2.1", True), ("192.0.2.2", False)])
def test_first_request_of_another_key_from_a_busy_address_is_cut_too(address: str, cut: bool) -> None:
    hamsa = VirtualHamsa()
    busy(hamsa, 20)
    other = hamsa.connect("hamsa-test-nearly-broke", address)
    assert (sizes(other.ask()) == [640]) is cut
    words = ["640 bytes: 21st new connection of the address 192.0.2.1 in 60 s"]
    assert notes(other.all[-1]) == (words if cut else [])


def test_connections_that_are_refused_do_not_count() -> None:
    hamsa = VirtualHamsa()
    for _ in range(30):
        hamsa.connect("wrong")
    assert sizes(hamsa.connect().ask())[0] > 80_000


def test_clients_without_an_address_are_counted_as_one() -> None:
    hamsa = VirtualHamsa(changes={"hamsa.limit.connections_per_address": 0})
    client = VirtualClient(hamsa)
    client.receive(events.Opening("/v1/realtime/ws", {"api_key": KEY}, peer="an unknown address"))
    client.ask()
    assert notes(client.all[-1]) == ["640 bytes: 1st new connection of the address an unknown address in 60 s"]


# Every test key reaches its state


@pytest.mark.statement("API-16", "API-17", "API-18", "API-19", "API-21", "API-22", "API-23", "API-24", "API-25")
@pytest.mark.parametrize(
    ("key", "text", "code"),
    [
        (None, "Missing API key in headers or query parameters", 4001),
        ("nobody's", "API key is invalid or expired", 4001),
        ("hamsa-test-expired", "API key is invalid or expired", 4001),
        ("hamsa-test-inactive-user", "User account is inactive or not found", 4001),
        ("hamsa-test-inactive-project", "Project is inactive or not found", 4001),
        ("hamsa-test-no-funds", BROKE, 4003),
        ("hamsa-test-internal-error", "Internal authentication error", 4500),
    ],
)
def test_key_that_may_not_connect_gets_its_error_and_its_close_code(key: str | None, text: str, code: int) -> None:
    _, error, close = VirtualHamsa().connect(key).all
    assert json_of(error) == {"type": "error", "payload": {"message": text}}
    assert isinstance(close, Close)
    assert (close.code, close.reason) == (code, text)


@pytest.mark.parametrize("key", ready_made_accounts().test_keys)
def test_every_other_test_key_connects(key: str) -> None:
    refused = {"expired", "inactive-user", "inactive-project", "no-funds", "internal-error"}
    client = VirtualHamsa().connect(key)
    assert client.ended is (key.removeprefix("hamsa-test-") in refused)


def test_rate_limited_key_is_refused_from_its_first_request_on_and_stays_connected() -> None:
    client = VirtualHamsa().connect("hamsa-test-rate-limited")
    assert [error_of(client.ask()) for _ in range(3)] == [TOO_MANY] * 3
    assert not client.ended


def test_truncated_key_gets_640_bytes_as_the_first_answer_of_each_connection() -> None:
    hamsa = VirtualHamsa(changes=NEVER)
    for _ in range(3):
        client = hamsa.connect("hamsa-test-truncated")
        assert names(client.ask()) == ["ack", "chunk", "end"]
        assert sizes(client.all) == [640]
        assert all(sizes(client.ask())[0] > 80_000 for _ in range(3))


# Money


@pytest.mark.statement("API-18", "API-25")
def test_nearly_broke_key_gets_one_whole_answer_and_then_4003() -> None:
    client = VirtualHamsa().connect("hamsa-test-nearly-broke")
    assert read_proof(audio_of(client.ask()), PCM_16000_16).text == SENTENCE
    error, close = client.ask()
    assert json_of(error)["payload"]["message"] == BROKE
    assert isinstance(close, Close)
    assert (close.code, close.reason) == (4003, BROKE)


def test_broke_project_is_refused_on_all_its_connections_and_at_new_ones() -> None:
    hamsa = VirtualHamsa("documented")
    first, second = (hamsa.connect("hamsa-test-nearly-broke") for _ in range(2))
    first.ask()
    hamsa.advance(5)
    assert not second.ended, "an idle connection is not closed for money"
    assert names(second.ask()) == ["error", "close 4003"]
    assert names(hamsa.connect("hamsa-test-nearly-broke").all) == ["accept", "error", "close 4003"]


def test_close_for_money_drops_the_answers_under_way_and_charges_what_was_sent() -> None:
    hamsa = VirtualHamsa(changes={"hamsa.tts.chunk_gap": 1})
    first, second = (hamsa.connect("hamsa-test-nearly-broke") for _ in range(2))
    ack, *_ = second.ask()
    hamsa.advance(1)
    assert names(first.ask("ب")) == ["ack", "chunk", "end"], "which empties the wallet"
    assert names(second.ask()) == ["error", "close 4003"]
    assert isinstance(ack, Send)
    assert ack.request is not None
    assert ack.request.details["charged"] == -(-len(audio_of(second.all)) // 32_000)
    assert second.session.deadline is None


@pytest.mark.parametrize("form", ["error_then_close", "close_only"])
def test_request_whose_turn_comes_when_the_wallet_is_empty_is_closed_with_4003(form: str) -> None:
    hamsa = VirtualHamsa("documented", {"hamsa.auth.failure": form})
    client = hamsa.connect("hamsa-test-nearly-broke")
    for _ in range(4):
        assert not client.ended
        client.ask()
    hamsa.advance(20)
    assert text_of(audio_of(client.all)) == SENTENCE, "what was under way is not interrupted"
    answered = [name for name in names(client.since(2)) if name != "chunk"]
    assert answered == ["ack", "end", *(["error"] if form == "error_then_close" else []), "close 4003"]
    error, close = client.all[-2:]
    assert isinstance(close, Close)
    assert close.why is not None
    assert close.why.behaviour is None, "most of its options mean nothing in an open connection"
    if form == "error_then_close":
        assert isinstance(error, Send)
        assert (error.request and error.request.number, error.why) == (2, close.why)
    assert client.session.deadline is None


def test_answer_that_waits_while_another_connection_empties_the_wallet_is_not_given() -> None:
    hamsa = VirtualHamsa("documented")
    first, second = (hamsa.connect("hamsa-test-nearly-broke") for _ in range(2))
    second.ask(SENTENCE * 3)
    second.ask()
    first.ask("ب")
    hamsa.advance(30)
    assert [name for name in names(second.since(2)) if name != "chunk"] == ["ack", "end", "error", "close 4003"]
    assert text_of(audio_of(second.all)) == SENTENCE * 3
    assert not first.ended, "an idle connection is not closed for money"


def test_answer_held_back_by_the_client_is_judged_when_it_reads_again() -> None:
    hamsa = VirtualHamsa()
    first, second = (hamsa.connect("hamsa-test-nearly-broke") for _ in range(2))
    second.receive(events.Blocked())
    assert second.ask() == []
    first.ask()
    assert not second.ended
    assert names(second.receive(events.Writable())) == ["error", "close 4003"]


def balance(hamsa: VirtualHamsa, key: str) -> float:
    accounts = hamsa.service.accounts
    return hamsa.service.wallets.balance(accounts.project_of(accounts.keys[key]))


@pytest.mark.parametrize(("fields", "rate"), [({}, 32_000), ({"sampleRate": "8k"}, 16_000), ({"mulaw": True}, 8_000)])
def test_wallet_is_charged_whole_seconds_rounded_up_in_every_format(fields: dict[str, object], rate: int) -> None:
    hamsa = VirtualHamsa()
    client = hamsa.connect("hamsa-test-nearly-broke")
    nbytes = sizes(client.ask(SENTENCE * 2, **fields))[0]
    assert balance(hamsa, "hamsa-test-nearly-broke") == 1 - -(-nbytes // rate)


def test_refused_requests_cost_nothing() -> None:
    hamsa = VirtualHamsa(changes={"hamsa.limit.requests": 0})
    client = hamsa.connect("hamsa-test-nearly-broke")
    client.ask()
    client.send("not json")
    assert balance(hamsa, "hamsa-test-nearly-broke") == 1


@pytest.mark.parametrize("event", [events.Lost(), events.Shutdown(), events.PeerClosed(1000, "")])
def test_answer_that_a_disconnect_cuts_is_charged_as_far_as_it_was_sent(event: events.Event) -> None:
    hamsa = VirtualHamsa(changes={"hamsa.tts.chunk_gap": 1})
    client = hamsa.connect("hamsa-test-nearly-broke")
    client.ask(SENTENCE * 3)
    hamsa.advance(2)
    sent = len(audio_of(client.all))
    assert balance(hamsa, "hamsa-test-nearly-broke") == 1, "nothing is charged before the end"
    client.receive(event)
    assert balance(hamsa, "hamsa-test-nearly-broke") == 1 - -(-sent // 32_000)


def test_all_keys_of_a_project_are_charged_to_its_wallet() -> None:
    accounts = Accounts([User("maha")], [Project("shop", "maha", wallet=2)], [Key("a", "shop"), Key("b", "shop")], [])
    hamsa = VirtualHamsa(accounts=accounts)
    first, second = hamsa.connect("a"), hamsa.connect("b")
    assert all(is_served(client.ask("ب")) for client in (first, second))
    assert (balance(hamsa, "a"), balance(hamsa, "b")) == (0, 0)
    assert names(second.ask()) == ["error", "close 4003"]
