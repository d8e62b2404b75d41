"""The conformance suite: judges any server that speaks the protocol, mock or live."""
