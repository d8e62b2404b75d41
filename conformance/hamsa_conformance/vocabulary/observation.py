"""How a case is made that records what a behaviour looks like, and the steps that such cases share."""

from collections.abc import Callable, Iterable
from typing import Never

from hamsa_conformance.case import Case, Need, case
from hamsa_conformance.client.answer import Answer
from hamsa_conformance.client.connection import Connection
from hamsa_conformance.client.requests import SENTENCE
from hamsa_conformance.client.server import Server
from hamsa_conformance.judgement import CannotTell, unmet
from hamsa_conformance.vocabulary.fitting import fitted_seconds
from hamsa_kit.audio_formats import PCM_16000_16
from hamsa_schemas import BehaviourEntry, Choice, load_behaviours
from hamsa_schemas.errors import nearest

TRIES = 4
"""So often a sentence is asked for until its answer is not cut short. Each costs as much as the first."""


def observing(
    slug: str,
    *more: str,
    needs: tuple[Need, ...] = (),
    characters: int = 0,
    seconds: float = 0.0,
    does: str | None = None,
) -> Callable[[Callable[[Server], None]], Case]:
    """Make a case of a function that observes a behaviour, and perhaps more of them. It is called after the first, as
    `hamsa.observed.tts_overlap` after `hamsa.tts.overlap`. Raises UnknownBehaviour."""
    entries = [load_behaviours().entry(name) for name in (slug, *more)]
    provider, section, name = slug.split(".")
    return case(
        f"{provider}.observed.{section}_{name}",
        title=entries[0].summary.rstrip("."),
        expects=" ".join(f"What the server shows of {entry.slug} is recorded: {_choices(entry)}." for entry in entries),
        statements=tuple(dict.fromkeys(id for entry in entries for id in entry.statements)),
        kind="observe",
        basis=entries[0].basis,
        needs=needs,
        characters=characters,
        seconds=seconds,
        does=does,
    )


def unlike(slug: str, seen: object) -> Never:
    """What was seen is none of the options. Errors: Unmet, always."""
    unmet(f"{slug}: {_choices(load_behaviours().entry(slug))}", seen)


def observe_seconds(server: Server, slug: str, seen: Iterable[float]) -> None:
    """A behaviour takes about so long."""
    server.observe(slug, fitted_seconds(seen, exact=server.is_steered))


def observe_refusal(server: Server, slug: str, answer: Answer, words: dict[str, str], else_: str) -> None:
    """A request was answered with an error that stands for an option, or spoken. `words`: the names of the facts with
    the texts of errors, by option; `else_`: the option that is no error. Errors: Unmet for another error."""
    if answer.error is None:
        server.observe(slug, else_)
        return
    options = {server.facts.text(fact): option for option, fact in words.items()}
    option = options.get(answer.error) or options.get(nearest(answer.error, options) or "")
    if option is None:
        unlike(slug, f"the error {answer.error!r}")
    server.observe(slug, option)


def speak_whole(client: Connection, text: str = SENTENCE, **payload: object) -> Answer:
    """Have something spoken, again where the answer is cut short, because the next one often is not. It may be an
    error. Errors: CannotTell where every answer is cut."""
    for _ in range(TRIES):
        answer = client.answer(client.ask(text, **payload), judges_cut=True)
        if not answer.is_truncated:
            return answer
    raise CannotTell(f"{TRIES} answers in a row were cut short")


def speech(client: Connection) -> bytes:
    """Samples of 16 kHz PCM with speech that the server itself has made. Errors: CannotTell."""
    answer = speak_whole(client)
    if answer.error is not None or answer.format != PCM_16000_16:
        raise CannotTell(f"there is no speech to send: the error {answer.error!r}")
    return answer.samples[: len(answer.samples) // 2 * 2]


def _choices(entry: BehaviourEntry) -> str:
    return " or ".join(entry.options) if isinstance(entry, Choice) else entry.allowed
