"""What the services say, as data: a JSON Schema for every message, facts, behaviours and profiles."""

from hamsa_schemas.behaviours import (
    BehaviourEntry,
    Behaviours,
    BehaviourValue,
    Choice,
    Profile,
    Quantity,
    load_behaviours,
    load_profiles,
)
from hamsa_schemas.catalogue import Catalogue, InvalidExample, MessageSchema, default_catalogue
from hamsa_schemas.errors import (
    BrokenCatalogue,
    CatalogueError,
    UnknownBehaviour,
    UnknownFact,
    UnknownMessage,
    UnknownName,
    UnknownProfile,
    WrongValue,
)
from hamsa_schemas.explanation import Explanation
from hamsa_schemas.facts import Basis, Fact, Facts, FactValue, load_facts
from hamsa_schemas.profile_file import BadProfileFile, resolve_behaviours
from hamsa_schemas.schema_set import Schema, SchemaSet
from hamsa_schemas.statements import Statement, load_statements
from hamsa_schemas.strict_json import JsonValue, MalformedJson, parse
from hamsa_schemas.voices import Voice, Voices, load_voices

__all__ = [
    "BadProfileFile",
    "Basis",
    "BehaviourEntry",
    "BehaviourValue",
    "Behaviours",
    "BrokenCatalogue",
    "Catalogue",
    "CatalogueError",
    "Choice",
    "Explanation",
    "Fact",
    "FactValue",
    "Facts",
    "InvalidExample",
    "JsonValue",
    "MalformedJson",
    "MessageSchema",
    "Profile",
    "Quantity",
    "Schema",
    "SchemaSet",
    "Statement",
    "UnknownBehaviour",
    "UnknownFact",
    "UnknownMessage",
    "UnknownName",
    "UnknownProfile",
    "Voice",
    "Voices",
    "WrongValue",
    "default_catalogue",
    "load_behaviours",
    "load_facts",
    "load_profiles",
    "load_statements",
    "load_voices",
    "parse",
    "resolve_behaviours",
]
