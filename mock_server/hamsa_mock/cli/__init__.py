"""The command `hamsa-mock`."""
