"""Faults: what a service or a network does to its clients on bad days, on demand."""
