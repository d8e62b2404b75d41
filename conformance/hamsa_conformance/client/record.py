"""What one attempt at a case finds, observes, measures and sends."""

from collections.abc import Mapping
from math import isfinite

from hamsa_conformance.client.error_words import is_of_another_error
from hamsa_conformance.judgement import CannotTell, unmet
from hamsa_conformance.result import Axis, Finding, Sound
from hamsa_conformance.verdict import Verdict
from hamsa_kit.transcript import Entry
from hamsa_schemas import BehaviourValue, Facts, load_facts

FLOOD_ENTRIES = 200
"""So many entries of a transcript are kept where a server floods a connection."""


class Record:
    """Collects it, by the words and numbers of the documents, which are its `facts`."""

    def __init__(self) -> None:
        self.facts: Facts = load_facts("hamsa")
        self.findings: list[Finding] = []
        self.observations: dict[str, BehaviourValue] = {}
        self.measured: dict[str, list[float]] = {}
        self.transcript: list[Entry] = []
        self.sounds: list[Sound] = []

    def wording(self, actual: str, expected: str, what: str) -> None:
        """Other words than those of the documents are not strict; the case goes on."""
        if actual != expected:
            self.not_strict(f"the words of {what}: {expected}", actual)

    def error_words(self, actual: str, *right: str, documented: bool = True) -> None:
        """Judge the words of an error: errors have no codes, so that a client can tell them apart by nothing else.

        `documented`: False where a document has these words, but not for this mistake; then others are not strict,
        unless they are those of another error. Errors: Unmet; CannotTell at the key's limit of requests.
        """
        if actual in right:
            return
        self.stop_at_limit(actual)
        if documented or is_of_another_error(self.facts, actual):
            unmet(f"the error {right[0]}", actual)
        self.wording(actual, right[0], "the error")

    def stop_at_limit(self, error: str | None) -> None:
        """Errors: CannotTell where the words of an error are that the key's limit of requests was reached."""
        if error == self.facts.text("text.rate_limit_exceeded"):
            raise CannotTell("the key's limit of requests was reached")

    def not_strict(self, expected: str, actual: str, axis: Axis = "messages") -> None:
        """Something that a client can hardly mind; the case goes on."""
        finding = Finding(axis=axis, verdict=Verdict.NON_STRICT, expected=expected, actual=actual)
        self.findings.append(finding)

    def observe(self, slug: str, value: BehaviourValue) -> None:
        """A behaviour looks like this."""
        self.observations[slug] = value

    def measure(self, name: str, *numbers: float) -> None:
        """Numbers for the fits of a profile: seconds, bytes, or a share. Errors: ValueError for what is no number."""
        if not all(isfinite(number) for number in numbers):
            raise ValueError(f"{name}: {numbers} are not all numbers")
        self.measured.setdefault(name, []).extend(numbers)

    def measure_all(self, numbers: Mapping[str, list[float]]) -> None:
        """Numbers by name. Errors: as of `measure`."""
        for name, values in numbers.items():
            self.measure(name, *values)

    def forget_flood(self) -> None:
        """Of a flood the begin says enough."""
        del self.transcript[FLOOD_ENTRIES:]

    def goes_on_in(self, other: "Record") -> None:
        """What another record collects from now on stands in this one too. Its numbers do not: they are of another
        clock."""
        other.findings, other.observations = self.findings, self.observations
        other.transcript, other.sounds = self.transcript, self.sounds
