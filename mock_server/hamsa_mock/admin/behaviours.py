"""Behaviours, profile and seed: what the mock does where it can be chosen."""

from collections.abc import Sequence

from hamsa_mock.admin.controls import Controls
from hamsa_mock.admin.endpoints import Call, Endpoint, Refused, object_of
from hamsa_schemas import CatalogueError, Choice, load_behaviours, load_profiles

CHANGES = {
    "description": "Values by slug, such as hamsa.tts.truncation.",
    "type": "object",
    "additionalProperties": {"type": ["string", "number"]},
}
PROFILE = object_of({"profile": {"description": "The name of a profile.", "type": "string"}}, ("profile",))
LARGEST_SEED = 2**63 - 1
SEED = object_of(
    {"seed": {"description": "A whole number.", "type": "integer", "minimum": -LARGEST_SEED, "maximum": LARGEST_SEED}},
    ("seed",),
)


def behaviour_endpoints(controls: Controls) -> Sequence[Endpoint]:
    """Reading and changing; a change counts from the next decision on."""
    world = controls.mock.world
    behaviours = world.behaviours

    async def read(call: Call) -> object:
        return dict(behaviours)

    async def explain(call: Call) -> object:
        slug = call.path["slug"]
        try:
            entry = behaviours.entry(slug)
        except CatalogueError as error:
            raise Refused(404, str(error)) from error
        about = {"slug": slug, "value": behaviours[slug], "summary": entry.summary, "certainty": entry.certainty}
        allowed = dict(entry.options) if isinstance(entry, Choice) else [entry.minimum, entry.maximum]
        return {**about, "source": entry.source, "allowed": allowed}

    async def change(call: Call) -> object:
        try:
            behaviours.change(call.body)
        except CatalogueError as error:
            raise Refused(400, str(error)) from error
        controls.hub.behaviours_changed()
        return dict(behaviours)

    async def read_profile(call: Call) -> object:
        return {"profile": behaviours.profile, "profiles": list(load_profiles())}

    async def set_profile(call: Call) -> object:
        try:
            behaviours.replace(load_behaviours(call.body["profile"]))  # a name: a caller may not name files
        except CatalogueError as error:
            raise Refused(400, str(error)) from error
        controls.hub.behaviours_changed()
        return await read_profile(call)

    async def read_seed(call: Call) -> object:
        return {"seed": world.seed}

    async def set_seed(call: Call) -> object:
        world.chance.reseed(call.body["seed"])
        return await read_seed(call)

    values = "The value of every behaviour by slug."
    profile = "The profile that the values started from, and all names."
    set_seed_words = "Begin chance and voice anew, from a seed"
    set_profile_words = "Set all behaviours as a profile has them"
    change_words = "Change some behaviours, or none if one is refused"
    explained = "Value, options, and how sure it is."
    seed_told = "The seed."
    return [
        Endpoint("GET", "/behaviours", "Read all behaviours", read, answer=values),
        Endpoint("PATCH", "/behaviours", change_words, change, CHANGES, answer=values, tells_body=True),
        Endpoint("GET", "/behaviours/{slug}", "Explain a behaviour", explain, answer=explained),
        Endpoint("GET", "/profile", "Read the profile", read_profile, answer=profile),
        Endpoint("PUT", "/profile", set_profile_words, set_profile, PROFILE, answer=profile, tells_body=True),
        Endpoint("GET", "/seed", "Read the seed", read_seed, answer=seed_told),
        Endpoint("PUT", "/seed", set_seed_words, set_seed, SEED, answer=seed_told, tells_body=True),
    ]
