"""A profile for the mock from what a run has seen: `hamsa-mock serve --profile FILE` then behaves like the target did.

Where several cases have seen the same behaviour, this counts:

- times (`hamsa.auth.connect_delay` and its like): the median of all that was measured in any case;
- `hamsa.tts.truncated_bytes`: the size that most cut answers have;
- truncation: the share of all answers of the run that were cut short, where answers that are not the first of their
  connection were; else what tells first answers from others (`truncation_of`). All attempts at all cases count, because
  each has its own chance and says as much as any other, and together they are more than one case can ask for;
- everything else: what most cases observed, of as many the one observed last.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from hamsa_conformance.client.measuring import (
    CHUNK_GAP,
    CONNECT_DELAY,
    CUT_IS_SILENT,
    FIRST_AUDIO_DELAY,
    FIRST_IS_CUT,
    LATER_IS_CUT,
    STT_DELAY,
    TRUNCATED_BYTES,
)
from hamsa_conformance.report.writing import write
from hamsa_conformance.result import Run
from hamsa_conformance.vocabulary.fitting import fitted_seconds
from hamsa_schemas import BehaviourValue, load_behaviours

SUFFIX = ".json"
"""By which the mock tells a file from the name of a profile."""

TRUNCATION, PROBABILITY = "hamsa.tts.truncation", "hamsa.tts.truncation_probability"
TRUNCATED_AUDIO = "hamsa.tts.truncated_audio"

TIMES = (CONNECT_DELAY, FIRST_AUDIO_DELAY, CHUNK_GAP, STT_DELAY)

LEAST_ANSWERS = 3
"""Of fewer first answers it is not said that all are cut short."""

DOUBT = 0.05
"""What would happen by chance more often than this proves nothing."""


class BadProfilePath(ValueError):
    """A file that the mock would not take for a profile, or a place where none is written."""


class NothingSeen(Exception):
    """A run has seen nothing that a profile could say."""


def check_path(path: Path) -> Path:
    """The path, if a profile can have it. Errors: BadProfilePath. To be called before a run, so that it is not for
    nothing."""
    if path.suffix != SUFFIX:
        raise BadProfilePath(f"{path} is no name for a profile: the mock takes files that end with {SUFFIX}")
    if not path.parent.is_dir():
        raise BadProfilePath(f"{path} cannot be written: there is no folder {path.parent}")
    return path


def write_profile(run: Run, path: Path) -> None:
    """Write what a run has seen. Errors: BadProfilePath, CannotWrite; NothingSeen, because a profile of nothing would
    pass for one that says that the target is as the defaults are."""
    check_path(path)
    if not behaviours_of(run):
        raise NothingSeen(f"{path} is not written: the run has seen no behaviour of the server")
    write(path, json.dumps(profile_of(run), indent=2, ensure_ascii=False) + "\n")


def profile_of(run: Run) -> dict[str, Any]:
    """The profile, as `meta/profile.schema.json` has it: what was seen and differs from the defaults.

    Raises WrongValue for what no mock can be set to, such as a delay of weeks.
    """
    seen = load_behaviours("documented", behaviours_of(run))
    defaults = load_behaviours()
    values = {slug: _plain(seen[slug]) for slug in sorted(seen) if seen[slug] != defaults[slug]}
    host = urlsplit(run.target.url).netloc.rpartition("@")[2]
    return {"description": f"As {host} behaved in a run of {run.started}.", "behaviours": values}


def behaviours_of(run: Run) -> dict[str, BehaviourValue]:
    """What is known of the target's behaviours after a run, whether it differs from the defaults or not."""
    measured = _measured(run)
    values: dict[str, BehaviourValue] = {}
    for slug, options in _observed(run).items():
        values[slug] = most_seen(options)
    for slug in TIMES:
        if slug in measured:
            values[slug] = fitted_seconds(measured[slug], exact=run.target.is_mock)
    if TRUNCATED_BYTES in measured:
        values[TRUNCATED_BYTES] = most_seen(measured[TRUNCATED_BYTES])
    if CUT_IS_SILENT in measured:
        values[TRUNCATED_AUDIO] = "silence" if most_seen(measured[CUT_IS_SILENT]) else "beginning"
    firsts, laters = measured.get(FIRST_IS_CUT, ()), measured.get(LATER_IS_CUT, ())
    truncation = truncation_of(firsts, laters)
    if truncation is not None:
        values[TRUNCATION] = truncation
    if truncation == "random":
        values[PROBABILITY] = round(_share((*firsts, *laters)), 2)
    return values


def truncation_of(firsts: Iterable[float], laters: Iterable[float]) -> str | None:
    """When answers are cut short: from those that were the first of their connection and from the others, where 1 is
    a cut one and 0 a whole one. None: that cannot be told; the cause may be there and not have been met.

    That a later answer is cut leaves chance alone. That only first ones are says something where later ones, if they
    were cut as often, would all be whole in `DOUBT` of all runs at most.
    """
    firsts, laters = tuple(firsts), tuple(laters)
    if any(laters):
        return "random"
    if not any(firsts) or (1 - _share(firsts)) ** len(laters) > DOUBT:
        return None
    return "first_answer" if all(firsts) and len(firsts) >= LEAST_ANSWERS else "connections"


def most_seen(values: Iterable[BehaviourValue]) -> BehaviourValue:
    """What was seen most often; of as many, what was seen last."""
    values = list(values)
    counts = Counter(values)
    return max(reversed(values), key=counts.__getitem__)


def _observed(run: Run) -> Mapping[str, list[BehaviourValue]]:
    found: defaultdict[str, list[BehaviourValue]] = defaultdict(list)
    for result in run.results:
        for slug, value in result.observations.items():
            found[slug].append(value)
    return found


def _measured(run: Run) -> Mapping[str, list[float]]:
    found: defaultdict[str, list[float]] = defaultdict(list)
    for result in run.results:
        for name, numbers in result.measured.items():
            found[name] += numbers
    return {name: numbers for name, numbers in found.items() if numbers}


def _share(flags: Iterable[float]) -> float:
    flags = list(flags)
    return sum(flags) / len(flags)


def _plain(value: BehaviourValue) -> BehaviourValue:
    """Whole numbers without a fraction."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
