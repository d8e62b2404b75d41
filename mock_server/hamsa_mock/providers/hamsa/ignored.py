"""What of a request is ignored, told by name and never by value.

Of a name that comes twice in one JSON object only the last value is parsed, so that cannot be told.
"""

import json
from collections.abc import Mapping, Set

from hamsa_mock.core.actions import Why

FEW = 5
"""So many names are told of one place."""

NAME_CHARACTERS = 40
"""Of a longer name so much is told."""


def ignored(sent: Mapping[str, object], known: Set[str], what: str = "ignored") -> list[Why]:
    """A note on the names in `sent` that are not known, with the nearest right one where one is near; none if there is
    nothing to tell. `what` begins it.
    """
    if sent.keys() <= known:
        return []
    unknown = [name for name in sent if name not in known]
    shown = ", ".join(_shown(name, known) for name in unknown[:FEW])
    more = len(unknown) - FEW
    return [Why(f"{what}: {shown}" + (f" and {more} more" if more > 0 else ""))]


def _shown(name: str, known: Set[str]) -> str:
    from difflib import get_close_matches  # 10 ms to import, needed for what is ignored only

    cut = name if len(name) <= NAME_CHARACTERS else name[:NAME_CHARACTERS] + "..."
    by_lower = {right.lower(): right for right in known}
    near = get_close_matches(cut.lower(), by_lower, n=1)
    return json.dumps(cut) + (f' (did you mean "{by_lower[near[0]]}"?)' if near else "")
