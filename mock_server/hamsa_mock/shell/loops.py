"""Event loops: uvloop where it exists, asyncio elsewhere."""

import asyncio
from collections.abc import Callable

LOOPS = ("auto", "asyncio", "uvloop")


def loop_factory(name: str = "auto") -> Callable[[], asyncio.AbstractEventLoop]:
    """What makes a new loop. `auto`: uvloop if it can be imported.

    Raises ValueError for a name that is not in LOOPS, ImportError where uvloop is asked for and not installed.
    """
    if name not in LOOPS:
        raise ValueError(f"there is no event loop {name!r}; choose one of {', '.join(LOOPS)}")
    if name != "asyncio":
        try:
            import uvloop
        except ImportError:
            if name == "uvloop":
                raise
        else:
            return uvloop.new_event_loop
    return asyncio.new_event_loop
