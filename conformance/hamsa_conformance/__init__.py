"""The conformance suite: judges any server that speaks the protocol, and any client. Not built yet."""
