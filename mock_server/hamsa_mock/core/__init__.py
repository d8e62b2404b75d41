"""The pure core: sessions, stages, clock and scheduler. No I/O, no clock of its own, no random state."""
