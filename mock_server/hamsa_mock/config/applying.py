"""Gives a new mock what stands in its config alone: how its clock runs, and what its providers know."""

from hamsa_mock.config.file import Config
from hamsa_mock.core.resources import BadResource, put_all
from hamsa_mock.mock import Mock


def apply_config(config: Config, mock: Mock) -> None:
    """Set the clock, and put the entries of the config into the resources, which a reset returns to.

    Raises ConfigError.
    """
    clock = mock.world.clock
    clock.set_scale(config.setting(None, clock.scale, "clock", "scale"))
    if config.setting(None, False, "clock", "freeze"):
        clock.freeze()
    mock.world.keep_clock()
    for provider in mock.providers:
        try:
            put_all(provider.resources, config.providers.get(provider.name, {}), config.sources)
        except BadResource as error:
            raise config.error((provider.name, *error.place), f"{provider.name}.{error}") from error
        for resource in provider.resources:
            resource.keep()
