"""Stages: what stands between a session and the wire."""
