"""How the command ends when something happens that nobody has thought of."""

import pytest

from hamsa_conformance.cli import main as module
from hamsa_conformance.cli.main import main
from hamsa_kit.exit_codes import ExitCode

KEY = "5ca1ab1e-0000-4000-8000-00000000beef"


@pytest.mark.parametrize("error", [RecursionError("too deep"), KeyError("keys"), RuntimeError("a\nb")])
def test_what_nobody_has_thought_of_is_one_line_that_says_where(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(arguments: object) -> int:
        raise error

    monkeypatch.setattr(module, "run", fails)
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == ExitCode.COULD_NOT_RUN
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(f"hamsa-conformance: a defect of the suite: {type(error).__name__}: ")
    assert "(test_main.py, line " in line


def test_what_nobody_has_thought_of_shows_no_key(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(arguments: object) -> int:
        raise RuntimeError(f"no account has {KEY}, or {KEY[:9]}")

    monkeypatch.setenv("HAMSA_API_KEY", KEY)
    monkeypatch.setattr(module, "run", fails)
    with pytest.raises(SystemExit):
        main([])
    assert "no account has ***, or *** (" in capsys.readouterr().err
