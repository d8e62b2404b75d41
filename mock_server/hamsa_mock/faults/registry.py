"""All kinds of faults, found by looking into the package `kinds`."""

import inspect
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from hamsa_mock.faults import kinds as package
from hamsa_mock.faults.fault import Kind


@cache
def kinds() -> Mapping[str, type[Kind]]:
    """Each kind by the name of its module, sorted."""
    return {name: _kind_in(f"{package.__name__}.{name}") for name in sorted(_module_names())}


def _module_names() -> list[str]:
    return [module.name for module in iter_modules(package.__path__)]


def _kind_in(name: str) -> type[Kind]:
    module = import_module(name)
    (kind,) = (
        value
        for value in vars(module).values()
        if inspect.isclass(value) and issubclass(value, Kind) and value.__module__ == name
    )
    return kind
