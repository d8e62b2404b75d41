"""A faithful offline mock of the Hamsa realtime voice API."""

from hamsa_mock.server import MockServer

__all__ = ["MockServer"]
