"""How the log words reasons and requests. Text from clients is shown as JSON strings, so that it cannot forge lines."""

import json
from typing import TypeAlias

from hamsa_mock.core.actions import Request, Why
from hamsa_schemas import Behaviours

LogData: TypeAlias = dict[str, str | int | float]


def explained(why: Why, behaviours: Behaviours) -> str:
    """The reason, and where a behaviour decides: which one, how sure that is, and how to switch it."""
    if why.behaviour is None:
        return why.words
    entry = behaviours.entry(why.behaviour)
    switch = entry.switch(behaviours[why.behaviour])
    return f"{why.words} ({why.behaviour}, {entry.certainty}; {switch})"


def because(why: Why | None, behaviours: Behaviours) -> str:
    """The reason behind a colon, if there is one."""
    return "" if why is None else f": {explained(why, behaviours)}"


def why_data(why: Why | None) -> LogData:
    """The reason for programs."""
    if why is None:
        return {}
    return {"why": why.words} if why.behaviour is None else {"why": why.words, "behaviour": why.behaviour}


def details(request: Request) -> str:
    """What a request asked for."""
    return ", ".join(f"{name} {_shown(value)}" for name, value in request.details.items())


def notes(request: Request, behaviours: Behaviours) -> str:
    """Why the answer is other than asked for, each note behind a semicolon."""
    return "".join(f"; {explained(note, behaviours)}" for note in request.notes)


def notes_data(request: Request) -> LogData:
    """The notes for programs."""
    data: LogData = {}
    if request.notes:
        data["why"] = "; ".join(note.words for note in request.notes)
    behaviours = [note.behaviour for note in request.notes if note.behaviour]
    if behaviours:
        data["behaviour"] = ", ".join(behaviours)
    return data


def _shown(value: str | int | float) -> str:
    return f"{value:.2f}" if isinstance(value, float) else json.dumps(value, ensure_ascii=False)
