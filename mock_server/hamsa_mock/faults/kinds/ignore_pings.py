"""A server that does not answer pings."""

from dataclasses import dataclass

from hamsa_mock.faults.kinds.drop import Drop


@dataclass(frozen=True)
class IgnorePings(Drop):
    summary = "The client's pings are not answered."
    example = "ignore_pings"
    events = ("pong",)
