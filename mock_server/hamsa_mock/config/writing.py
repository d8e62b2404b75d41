"""Writes a config file that makes another mock what a running one is now.

The text is YAML, every value in it is JSON, which no reader of YAML takes for anything else.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from hamsa_mock.config.file import SECTIONS
from hamsa_mock.core.resources import Resource
from hamsa_mock.mock import Mock
from hamsa_schemas import load_behaviours
from hamsa_schemas.refusal import Place

HEAD = """\
# What this mock is now, for `hamsa-mock serve --config FILE`.
# Secrets are left out. Ready-made entries that were removed are there again in a mock that reads this.
"""

_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""What JSON allows in a text and YAML does not, or takes for the end of a line."""


def written_config(mock: Mock, settings: Mapping[Place, Any]) -> str:
    """The present behaviours, seed, clock and resources of a mock. `settings`: what else there is to say, by place,
    such as `("port",)` or `("tls", "enabled")`.
    """
    world = mock.world
    settings = {
        **settings,
        ("profile",): world.behaviours.profile,
        ("seed",): world.seed,
        ("clock", "freeze"): world.clock.frozen,
        ("clock", "scale"): world.clock.scale,
    }
    usual = load_behaviours(world.behaviours.profile)
    changed = {slug: value for slug, value in world.behaviours.items() if value != usual[slug]}
    lines = [HEAD.rstrip(), *_settings(settings)]
    if changed:
        lines += ["behaviours:", *(f"  {slug}: {_json(value)}" for slug, value in changed.items())]
    for provider in mock.providers:
        lines += [f"{provider.name}:", *(line for resource in provider.resources for line in _entries(resource))]
    return "\n".join(lines) + "\n"


def _settings(settings: Mapping[Place, Any]) -> Iterator[str]:
    yield from (f"{place[0]}: {_json(value)}" for place, value in settings.items() if len(place) == 1)
    for section in SECTIONS:
        inner = {place[1]: value for place, value in settings.items() if len(place) == 2 and place[0] == section}
        if inner:
            yield f"{section}:"
            yield from (f"  {name}: {_json(value)}" for name, value in inner.items())


def _entries(resource: Resource) -> Iterator[str]:
    hidden = resource.hidden()
    if hidden:
        yield f"  # {resource.name}: {hidden} more, left out because of secrets"
    entries = resource.read()
    yield f"  {resource.name}:{'' if entries else ' []'}"
    yield from (f"    - {_json(entry)}" for entry in entries)


def _json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
