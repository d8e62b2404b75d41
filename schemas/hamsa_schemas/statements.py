"""What the documents about a provider say, statement by statement: what facts, behaviours and schemas cite by id."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias

from hamsa_schemas.data_files import package_data, read
from hamsa_schemas.facts import Basis

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

__all__ = ["Kind", "Statement", "load_statements"]

Kind: TypeAlias = Literal["rule", "advice"]
"""`rule`: something that a server does. `advice`: something that the authors of clients should do."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a document, in other words than the document's own.

    `basis` and `source` are those of its document. `unchecked`: of advice, why nothing of it can be checked at a
    server.
    """

    id: str
    kind: Kind
    says: str
    basis: Basis
    source: str
    unchecked: str | None = None


def load_statements(provider: str = "hamsa", root: "Traversable | None" = None) -> Mapping[str, Statement]:
    """Return the statements about a provider by id, such as API-6, from `<root>/<provider>/statements.json`.

    `root` is the package's data unless given. Raises FileNotFoundError when the provider has no statements, and
    KeyError for one whose document is not listed.
    """
    content = read((root or package_data()) / provider / "statements.json")
    documents = content["documents"]
    return MappingProxyType(
        {
            id: Statement(id=id, **entry, **documents[id.partition("-")[0]])
            for id, entry in content["statements"].items()
        }
    )
