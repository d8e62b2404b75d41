"""What a case is: a small function that tries one thing at a server, and what it says about itself."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

from hamsa_schemas import load_statements
from hamsa_schemas.facts import Basis

if TYPE_CHECKING:
    from hamsa_conformance.client.server import Server

Value = TypeVar("Value")

Kind: TypeAlias = Literal["required", "optimal", "observe"]
"""`required`: a server that does otherwise is wrong. `optimal`: it is not, but its users are better off. `observe`:
nothing says what is right; what is seen is recorded."""

Need: TypeAlias = Literal[
    "mock",
    "slow",
    "intrusive",
    "key:expired",
    "key:inactive-user",
    "key:inactive-project",
    "key:no-funds",
    "key:nearly-broke",
    "key:internal-error",
    "key:rate-limited",
    "voice:custom",
    "voice:foreign",
]
"""`mock`: a server that can be steered. `slow`: with `--slow`, or a server whose clock can be moved. `intrusive`: with
`--intrusive`, or a mock. `key:…`, `voice:…`: one of this kind, which a mock has ready-made and others take from the
environment."""

_SLUG = re.compile(r"[a-z]+\.[a-z]+\.[a-z0-9_]+(\[[^\[\]]+\])?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a case takes from an account, at most: characters to be spoken, seconds of audio to be heard."""

    characters: int = 0
    seconds: float = 0.0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(characters=self.characters + other.characters, seconds=self.seconds + other.seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case. `slug`: stable, `provider.section.name`, with the parameter in brackets where there is a family.

    `title`: what it is about; `expects`: what the server has to do. `statements`: the ids of what it rests on, whose
    words are its quotation. `does`: of an intrusive case, what it does to the service. `takes`: what it costs.
    """

    slug: str
    title: str
    expects: str
    statements: tuple[str, ...]
    kind: Kind
    basis: Basis
    needs: tuple[Need, ...]
    takes: Cost
    does: str | None
    run: Callable[["Server"], None] = field(repr=False, compare=False)

    @property
    def provider(self) -> str:
        """Whose protocol it judges."""
        return self.slug.split(".")[0]

    @property
    def section(self) -> str:
        """The part of the protocol, such as `hamsa.tts`."""
        return ".".join(self.slug.split(".")[:2])

    @property
    def quotation(self) -> Mapping[str, str]:
        """What the statements say, by id."""
        says = load_statements(self.provider)
        return {id: says[id].says for id in self.statements}


def case(
    slug: str,
    *,
    title: str,
    expects: str,
    statements: tuple[str, ...] = (),
    kind: Kind = "required",
    basis: Basis | None = None,
    needs: tuple[Need, ...] = (),
    characters: int = 0,
    seconds: float = 0.0,
    does: str | None = None,
) -> Callable[[Callable[["Server"], None]], Case]:
    """Make a case of a function.

    `basis`: that of its statements unless given, else `assumed`. Raises ValueError for what no case may look like:
    a malformed slug, an unknown statement, an intrusive case that does not say what it does.
    """

    def decorate(run: Callable[["Server"], None]) -> Case:
        if not _SLUG.fullmatch(slug):
            raise ValueError(f"{slug!r} is no slug of a case; one looks like hamsa.tts.ack_first")
        if ("intrusive" in needs) is (does is None):
            raise ValueError(f"{slug}: an intrusive case says what it does, and only such a one")
        return Case(
            slug=slug,
            title=title,
            expects=expects,
            statements=statements,
            kind=kind,
            basis=basis or _basis(slug, statements),
            needs=needs,
            takes=Cost(characters=characters, seconds=seconds),
            does=does,
            run=run,
        )

    return decorate


def family(values: Mapping[str, Value], make: Callable[[str, Value], Case]) -> tuple[Case, ...]:
    """The cases of a family: one for each value, by the name that stands in its slug."""
    return tuple(make(name, value) for name, value in values.items())


def _basis(slug: str, statements: tuple[str, ...]) -> Basis:
    known = load_statements(slug.split(".")[0])
    unknown = [id for id in statements if id not in known]
    if unknown:
        raise ValueError(f"{slug}: no statement {', '.join(unknown)}")
    bases = {known[id].basis for id in statements}
    if not bases:
        return "assumed"
    return "documented" if "documented" in bases else "observed"
