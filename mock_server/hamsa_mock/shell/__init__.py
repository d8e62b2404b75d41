"""The thin shell: sockets, HTTP, frames and timers, around the pure core."""
