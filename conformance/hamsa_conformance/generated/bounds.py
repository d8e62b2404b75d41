"""How much a case with generated messages sends and costs at most.

Apart from the strategies, because those who only list the cases need not wait for Hypothesis.
"""

TRIES = 20
SEQUENCES = 6
"""So many are tried where none fails."""

MOST = 90
"""Messages that a case sends in all, also while it looks for a plainer one: a key may make 100 requests a minute."""

SHORTEST, LONGEST = 4, 8
"""Characters of a text that is to be spoken: each costs something."""

LONGEST_SEQUENCE = 12
"""Messages."""

CHARACTERS = 400
"""So many are spoken at most."""

RECORDINGS = 25
RECORDING_SECONDS = 3.0
"""So many are to be heard at most, and so long may each be."""

PATIENCE = 3
"""So many times the server's timeout a plainer message is looked for."""
