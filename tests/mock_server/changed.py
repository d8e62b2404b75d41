"""Behaviours that tests change, named as keyword arguments can be: `tts__overlap` for `hamsa.tts.overlap`."""

from hamsa_schemas import Behaviours, BehaviourValue, load_behaviours


def slugs(**changes: BehaviourValue) -> dict[str, BehaviourValue]:
    """The changes with the slugs of their behaviours."""
    return {f"hamsa.{name.replace('__', '.')}": value for name, value in changes.items()}


def behaviours(profile: str = "documented", /, **changes: BehaviourValue) -> Behaviours:
    """The behaviours of a profile with changes on top."""
    return load_behaviours(profile, slugs(**changes))
