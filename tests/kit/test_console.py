"""What commands print."""

import io
import os
import sys

import pytest

from hamsa_kit.console import complain, open_missing_streams


def test_complaint_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    complain("hamsa-mock", "no such port")
    assert capsys.readouterr().err == "hamsa-mock: no such port\n"


def test_complaint_that_cannot_be_written_is_no_reason_to_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.StringIO):
        def write(self, text: str, /) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(sys, "stderr", Full())
    complain("hamsa-mock", "no such port")


def test_missing_streams_are_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    open_missing_streams()
    with sys.stdout as stream:
        assert stream.name == os.devnull


def test_complaint_that_the_console_cannot_show_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    buffer = io.BytesIO()
    stream = io.TextIOWrapper(buffer, encoding="cp1252")
    monkeypatch.setattr(sys, "stderr", stream)
    complain("hamsa-mock", "no such voice: صوت")
    stream.flush()
    assert buffer.getvalue().startswith(b"hamsa-mock: no such voice: \\u0635")
