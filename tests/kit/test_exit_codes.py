"""The exit codes."""

from hamsa_kit.exit_codes import ExitCode


def test_exit_codes_are_those_that_every_command_documents() -> None:
    assert {code.name: code.value for code in ExitCode} == {"PASS": 0, "FINDINGS": 1, "USAGE": 2, "COULD_NOT_RUN": 3}
