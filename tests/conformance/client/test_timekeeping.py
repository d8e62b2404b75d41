"""Time as it passes for cases."""

import base64
import time

import pytest

from hamsa_conformance.client.server import Server
from hamsa_conformance.client.timekeeping import RealTime, Waker


def test_real_time_passes_by_itself() -> None:
    clock = RealTime()
    begin = clock.now()
    assert not clock.wait(begin + 0.02, [])
    clock.skip(0.02, [])
    assert clock.now() >= begin + 0.04


def test_wait_ends_when_something_arrives() -> None:
    with Waker() as waker:
        begin = time.monotonic()
        waker.wake(None)
        assert RealTime().wait(begin + 60, [waker])
        assert not RealTime().wait(time.monotonic(), [waker]), "it was taken in"


def test_wait_goes_on_behind_what_only_tls_needs() -> None:
    class Ticketed(Waker):
        """What can be read is nothing at first."""

        pumps = 0

        def pump(self) -> bool:
            self.pumps += 1
            return self.pumps > 3 and super().pump()

    with Ticketed() as stream:
        stream.wake(None)
        assert RealTime().wait(time.monotonic() + 60, [stream])


def test_stream_that_has_ended_is_not_waited_for() -> None:
    class Ended:
        def fileno(self) -> int:
            return -1

        def pump(self) -> bool:
            raise AssertionError("it has ended")

    assert not RealTime().wait(time.monotonic(), [Ended()])


def test_call_does_its_work_and_raises_what_it_raises() -> None:
    done: list[str] = []
    RealTime().call(lambda: done.append("work"), [])
    assert done == ["work"]
    with pytest.raises(OSError, match="no"):
        RealTime().call(lambda: (_ for _ in ()).throw(OSError("no")), [])


def test_clock_of_the_mock_stands_still_but_for_waits(server: Server) -> None:
    begin = server.now()
    time.sleep(0.01)
    assert server.mock.clock.now() == begin
    server.wait(100)
    assert server.now() == server.mock.clock.now() == begin + 100


def test_wait_goes_from_deadline_to_deadline(server: Server) -> None:
    client = server.connect()
    begin = server.now()
    assert server.wait_until(begin + 1000)
    assert [ping.at for ping in client.pings] == [begin + 30]
    assert server.now() == begin + 30


def test_request_over_http_takes_the_time_of_the_mocks_clock(server: Server) -> None:
    server.mock.behaviours["hamsa.stt.delay"] = 3
    wav = server.rest("POST", "/v1/realtime/tts", {"text": "مرحبا", "speaker": "Majd"}).body
    body = {"audioBase64": base64.b64encode(wav).decode()}
    answer = server.rest("POST", "/v1/realtime/stt", body)
    assert answer.status == 200
    assert answer.ended_after == pytest.approx(3)


def test_waker_gives_its_sockets_back() -> None:
    with Waker() as waker:
        number = waker.fileno()
    assert waker.fileno() == -1 != number
