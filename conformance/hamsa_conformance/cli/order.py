"""What the user of `hamsa-conformance server` asks for."""

import os
from dataclasses import dataclass
from pathlib import Path

from hamsa_conformance.running.gate import Limits
from hamsa_conformance.running.pace import CONNECTIONS_PER_MINUTE
from hamsa_kit.target import Kind

OWN_MOCKS = min(os.cpu_count() or 1, 4)
"""So many mocks are started where there is no target: more processes than processors are no help."""

MOST_PER_MINUTE = 100_000
"""As good as no bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The options. `target` None: mocks of its own. `given`: those that were given, as they may stand in a report."""

    target: str | None
    admin_url: str | None
    ca_file: str | None
    live: bool
    slow: bool
    intrusive: bool
    budget_chars: int | None
    connections_per_minute: int | None
    requests_per_minute: int
    timeout: float
    workers: int | None
    strict: bool
    verbose: bool
    seed: int
    report_dir: Path | None
    write_profile: Path | None
    given: tuple[str, ...]

    def limits(self, kind: Kind) -> Limits:
        """Of a server that is no mock. One on this machine is opened connections to as fast as it takes them."""
        connections = CONNECTIONS_PER_MINUTE if kind in ("elsewhere", "vendor") else MOST_PER_MINUTE
        return Limits(
            connections_per_minute=self.connections_per_minute or connections,
            requests_per_minute=self.requests_per_minute,
            characters=self.budget_chars,
        )
