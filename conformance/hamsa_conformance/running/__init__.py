"""Which cases are tried, where, and with what they may spend; and the processes in which that is done."""
