"""How the log words reasons and requests. Text from clients is shown as JSON strings, so that it cannot forge lines."""

import json
from collections.abc import Sequence
from typing import TypeAlias

from hamsa_mock.core.actions import Request, Why
from hamsa_schemas import Behaviours

LogData: TypeAlias = dict[str, str | int | float]


def explained(why: Why, behaviours: Behaviours) -> str:
    """The reason, and how sure it is; where a behaviour decides, also which one, and how to switch it."""
    if why.behaviour is None:
        return why.words if why.basis is None else f"{why.words} ({why.basis})"
    entry = behaviours.entry(why.behaviour)
    switch = entry.switch(behaviours[why.behaviour])
    return f"{why.words} ({why.behaviour}, {entry.certainty}; {switch})"


def because(why: Why | None, behaviours: Behaviours) -> str:
    """The reason behind a colon, if there is one."""
    return "" if why is None else f": {explained(why, behaviours)}"


def reasons_data(reasons: Sequence[Why], behaviours: Behaviours) -> LogData:
    """Reasons for programs, and how sure they are: first those that behaviours decide, with names and switches."""
    if not reasons:
        return {}
    data: LogData = {"why": "; ".join(reason.words for reason in reasons)}
    entries = [behaviours.entry(reason.behaviour) for reason in reasons if reason.behaviour is not None]
    if entries:
        data["behaviour"] = ", ".join(entry.slug for entry in entries)
        data["switch"] = "; ".join(entry.switch(behaviours[entry.slug]) for entry in entries)
    certainties = [entry.certainty for entry in entries]
    certainties += [reason.basis for reason in reasons if reason.behaviour is None and reason.basis is not None]
    if certainties:
        data["certainty"] = ", ".join(certainties)
    return data


def why_data(why: Why | None, behaviours: Behaviours) -> LogData:
    """The reason for programs, if there is one."""
    return reasons_data([] if why is None else [why], behaviours)


def details(request: Request) -> str:
    """What a request asked for."""
    return ", ".join(f"{name} {_shown(value)}" for name, value in request.details.items())


def notes(request: Request, behaviours: Behaviours) -> str:
    """Why the answer is other than asked for, each note behind a semicolon."""
    return "".join(f"; {explained(note, behaviours)}" for note in request.notes)


def notes_data(request: Request, behaviours: Behaviours) -> LogData:
    """The notes for programs."""
    return reasons_data(request.notes, behaviours)


def _shown(value: str | int | float) -> str:
    return f"{value:.2f}" if isinstance(value, float) else json.dumps(value, ensure_ascii=False)
