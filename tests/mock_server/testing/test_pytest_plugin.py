"""The pytest plugin, in suites of its own."""

import pytest

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.slow

CLIENT = """
import json
from websockets.sync.client import connect

def ask(mock, **changes):
    with connect(f"{mock.ws_url}?api_key={mock.key}") as client:
        client.recv()
        client.send(json.dumps({"type": "tts", "payload": {"text": "salam", "speaker": "Majd", **changes}}))
        messages = []
        while True:
            messages.append(client.recv(10))
            if isinstance(messages[-1], str) and json.loads(messages[-1])["type"] in ("end", "error"):
                return messages
"""


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A suite with the small client in a module, run without the plugins that this suite uses."""
    for name in ("HAMSA_MOCK_URL", "HAMSA_WS_URL", "HAMSA_BASE_URL", "HAMSA_API_KEY", "PYTEST_ADDOPTS"):
        monkeypatch.delenv(name, raising=False)
    pytester.makepyfile(client=CLIENT)
    return pytester


def run(suite: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return suite.runpytest_subprocess("-p", "no:randomly", "-p", "no:cacheprovider", *arguments)


def test_suite_gets_a_mock_that_is_new_for_each_test(suite: pytest.Pytester) -> None:
    suite.makepyfile(
        """
        import os
        from client import ask

        urls = set()

        def test_first(hamsa_mock):
            urls.add((hamsa_mock.ws_url, hamsa_mock.key))
            assert os.environ["HAMSA_WS_URL"] == hamsa_mock.ws_url
            assert os.environ["HAMSA_BASE_URL"] == hamsa_mock.http_url
            assert os.environ["HAMSA_API_KEY"] == hamsa_mock.key
            hamsa_mock.behaviours["hamsa.tts.truncation"] = "first_answer"
            hamsa_mock.faults.arm("drop instead of ack")
            assert len(ask(hamsa_mock)) == 2  # 640 bytes and the end
            assert hamsa_mock.journal.verify(event="tts", exactly=1)

        def test_second(hamsa_mock):
            assert urls == {(hamsa_mock.ws_url, hamsa_mock.key)}, "constant for the process"
            assert hamsa_mock.behaviours["hamsa.tts.truncation"] != "first_answer"
            assert hamsa_mock.faults.armed() == []
            assert hamsa_mock.journal.entries() == []
            assert len(ask(hamsa_mock)) > 2

        def test_third():
            assert "HAMSA_WS_URL" not in os.environ
        """
    )
    run(suite).assert_outcomes(passed=3)


def test_marker_says_how_the_mock_behaves(suite: pytest.Pytester) -> None:
    suite.makepyfile(
        """
        import pytest
        from client import ask

        pytestmark = pytest.mark.hamsa(seed=7)

        @pytest.mark.hamsa(
            profile="documented",
            behaviours={"hamsa.tts.first_audio_delay": 0.0, "hamsa.tts.chunk_gap": 0},
            faults=["drop instead of end when request=2"],
        )
        def test_it(hamsa_mock):
            assert hamsa_mock.behaviours["hamsa.stt.delay"] > 0
            assert hamsa_mock.behaviours["hamsa.tts.chunk_gap"] == 0
            assert len(hamsa_mock.faults.armed()) == 1
            ask(hamsa_mock)
        """
    )
    run(suite).assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("marker", "words"),
    [
        ("hamsa('instant')", "takes names only"),
        ("hamsa(profil='instant')", "did you mean 'profile'?"),
        ("hamsa(profile='instand')", "did you mean 'instant'?"),
        ("hamsa(behaviours={'hamsa.tts.truncation': 'neverr'})", "did you mean 'never'?"),
        ("hamsa(faults=['clothe(4003)'])", "did you mean 'close'?"),
    ],
)
def test_mistake_in_a_marker_is_one_line_with_the_right_name(suite: pytest.Pytester, marker: str, words: str) -> None:
    suite.makepyfile(
        f"""
        import pytest

        @pytest.mark.{marker}
        def test_it(hamsa_mock):
            pass
        """
    )
    result = run(suite)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"*@pytest.mark.hamsa*{words}*"])


def test_clock_moves_in_sync_and_async_tests(suite: pytest.Pytester) -> None:
    suite.makeini("[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function")
    suite.makepyfile(
        """
        import pytest
        import websockets
        from websockets.sync.client import connect

        def test_sync(hamsa_mock):
            with connect(f"{hamsa_mock.ws_url}?api_key={hamsa_mock.key}") as client:
                client.recv()
                hamsa_mock.clock.advance(3600)
                with pytest.raises(websockets.ConnectionClosedOK):
                    client.recv(5)

        async def test_async(hamsa_mock):
            async with websockets.connect(f"{hamsa_mock.ws_url}?api_key={hamsa_mock.key}") as client:
                await client.recv()
                hamsa_mock.clock.advance(3600)
                with pytest.raises(websockets.ConnectionClosedOK):
                    await client.recv()
        """
    )
    run(suite).assert_outcomes(passed=2)


def test_failed_test_shows_what_the_mock_saw(suite: pytest.Pytester) -> None:
    suite.makepyfile(
        """
        from client import ask

        def test_it(hamsa_mock):
            assert len(ask(hamsa_mock, speaker="")) == 7
        """
    )
    result = run(suite)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*what the Hamsa mock saw*", "*#1*GET /v1/realtime/ws*", "*#1.1*error*"])
    assert "hamsa-test-key" not in result.stdout.str()


def test_environment_names_the_mock_before_modules_are_imported(suite: pytest.Pytester) -> None:
    suite.makeini("[pytest]\nhamsa_mock_env = true")
    suite.makeconftest("import os\nURL = os.environ['HAMSA_WS_URL']")
    suite.makepyfile(
        """
        import os

        URL = os.environ["HAMSA_WS_URL"]

        def test_it(hamsa_mock):
            assert URL == hamsa_mock.ws_url

        def test_without_the_fixture():
            assert os.environ["HAMSA_WS_URL"] == URL
        """
    )
    run(suite).assert_outcomes(passed=2)


def test_each_worker_of_xdist_has_a_mock_of_its_own(suite: pytest.Pytester) -> None:
    suite.makepyfile(
        """
        import os
        import pytest

        @pytest.mark.parametrize("number", range(8))
        def test_it(hamsa_mock, number, record_property, tmp_path_factory):
            place = tmp_path_factory.getbasetemp().parent / os.environ["PYTEST_XDIST_WORKER"]
            place.write_text(hamsa_mock.ws_url)
        """
    )
    result = run(suite, "-n", "2", f"--basetemp={suite.path / 'base'}")
    result.assert_outcomes(passed=8)
    urls = {path.read_text() for path in (suite.path / "base").glob("gw*") if path.is_file()}
    assert len(urls) == 2


def test_running_mock_is_driven_where_the_environment_names_one(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hamsa_mock import MockServer

    suite.makepyfile(
        """
        import os
        from client import ask

        def test_it(hamsa_mock):
            assert hamsa_mock.http_url == os.environ["HAMSA_MOCK_URL"]
            hamsa_mock.behaviours["hamsa.tts.truncation"] = "first_answer"
            assert len(ask(hamsa_mock)) == 3
        """
    )
    with MockServer(profile="instant") as mock:
        monkeypatch.setenv("HAMSA_MOCK_URL", mock.http_url)
        run(suite).assert_outcomes(passed=1)
        assert mock.client.journal.verify(event="tts", exactly=1)


def test_missing_mock_that_the_environment_names_ends_the_run(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite.makepyfile("def test_it(hamsa_mock): pass")
    monkeypatch.setenv("HAMSA_MOCK_URL", "http://127.0.0.1:9")
    result = run(suite)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "HAMSA_MOCK_URL=http://127.0.0.1:9: no mock answers" in result.stdout.str() + result.stderr.str()


def test_test_that_reaches_for_a_vendor_fails_with_the_line_that_did_it(suite: pytest.Pytester) -> None:
    suite.makeini("[pytest]\nhamsa_forbid_live = true")
    suite.makepyfile(
        """
        import asyncio
        import pytest
        import socket
        import threading

        def reach():
            try:
                socket.getaddrinfo("api.tryhamsa.com", 443)
            except Exception:
                pass

        def test_in_the_open():
            socket.create_connection(("api.tryhamsa.com", 443))

        def test_swallowed():
            reach()

        def test_in_a_thread():
            thread = threading.Thread(target=reach)
            thread.start()
            thread.join()

        def test_harmless():
            socket.getaddrinfo("127.0.0.1", 80)

        @pytest.fixture
        def late():
            yield
            reach()

        def test_in_a_fixture(late):
            pass

        async def connect():
            try:
                await asyncio.open_connection("api.tryhamsa.com", 443)
            except Exception:
                pass

        def test_with_asyncio():
            asyncio.run(connect())
        """
    )
    result = run(suite)
    result.assert_outcomes(passed=2, failed=4, errors=1)
    place = "*reached for api.tryhamsa.com*test_test_that*.py"
    result.stdout.fnmatch_lines_random(
        [f"{place}:8: socket.getaddrinfo*", f"{place}:*: await asyncio.open_connection*"]
    )


def test_suite_that_does_not_use_the_mock_imports_nothing_of_it(suite: pytest.Pytester) -> None:
    suite.makepyfile(
        """
        import sys

        def test_it():
            loaded = [name for name in sys.modules if name.startswith(("hamsa_", "websockets", "uvicorn", "starlette"))]
            assert set(loaded) == {"hamsa_mock", "hamsa_mock.pytest_plugin"}
        """
    )
    run(suite).assert_outcomes(passed=1)
