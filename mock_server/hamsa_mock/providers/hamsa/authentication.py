"""Who may connect: the key of an upgrade request and what is wrong with it."""

from collections.abc import Collection
from dataclasses import dataclass

from hamsa_mock.core.actions import Why
from hamsa_mock.core.events import Opening
from hamsa_schemas import Facts


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a client is refused: the documented text, the close code, and the words for the console."""

    text: str
    code: int
    why: Why


def refusal(opening: Opening, keys: Collection[str], facts: Facts) -> Refusal | None:
    """What is wrong with the key of an upgrade request; None: it is accepted.

    The key comes as header `X-Api-Key` (WST-3) or as query parameter `api_key` (WST-2). Where both are there
    the header is taken (assumed). An empty key is a missing key (assumed). Close code: API-17.
    """
    header = facts.text("auth.header")
    parameter = facts.text("auth.query_parameter")
    key = opening.headers.get(header.lower()) or opening.query.get(parameter)
    code = facts.code("close.authentication_failed")
    if not key:
        words = f"no key in header {header} or query parameter {parameter}"
        if "authorization" in opening.headers:
            words += "; the WebSocket does not read the Authorization header"
        return Refusal(facts.text("text.missing_key"), code, Why(words, "hamsa.auth.failure"))
    if key not in keys:
        words = f"the key ({len(key)} characters) is unknown; this mock knows {', '.join(keys)}"
        return Refusal(facts.text("text.unknown_key"), code, Why(words, "hamsa.auth.failure"))
    return None
