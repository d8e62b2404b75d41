"""The words by which clients tell one error from another: an error message has nothing else (API-16)."""

from hamsa_schemas import Facts

_ERRORS = (
    "text.missing_key",
    "text.unknown_key",
    "text.inactive_user",
    "text.inactive_project",
    "text.insufficient_funds",
    "text.malformed_message",
    "text.invalid_tts",
    "text.invalid_stt",
    "text.voice_not_owned",
    "text.rate_limit_exceeded",
    "text.unsupported_audio",
)
"""Those that the documents have. One more, text.unsupported_type, has a type filled in."""


def is_of_another_error(facts: Facts, words: str) -> bool:
    """Whether words that are not the right ones are those of an error that the documents have for something else."""
    unsupported = facts.text("text.unsupported_type", type="")
    return words.startswith(unsupported) or words in {facts.text(slug) for slug in _ERRORS}
