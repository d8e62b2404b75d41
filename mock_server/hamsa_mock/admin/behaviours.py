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
SEED = object_of({"seed": {"description": "A whole number.", "type": "integer"}}, ("seed",))


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
    return [
        Endpoint("GET", "/behaviours", "Read all behaviours", read, answer=values),
        Endpoint(
            "PATCH", "/behaviours", "Change some behaviours, or none if one is refused", change, CHANGES, answer=values
        ),
        Endpoint(
            "GET", "/behaviours/{slug}", "Explain a behaviour", explain, answer="Value, options, and how sure it is."
        ),
        Endpoint("GET", "/profile", "Read the profile", read_profile, answer=profile),
        Endpoint("PUT", "/profile", "Set all behaviours as a profile has them", set_profile, PROFILE, answer=profile),
        Endpoint("GET", "/seed", "Read the seed", read_seed, answer="The seed."),
        Endpoint("PUT", "/seed", "Begin chance and voice anew, from a seed", set_seed, SEED, answer="The seed."),
    ]
