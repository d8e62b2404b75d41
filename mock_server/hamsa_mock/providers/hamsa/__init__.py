"""Hamsa's realtime API."""
