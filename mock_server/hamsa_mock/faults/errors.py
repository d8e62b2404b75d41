"""What goes wrong when a fault is armed or disarmed. The messages are for people, one line each."""


class WrongFault(ValueError):
    """A fault that does not exist, or cannot be what it is told to be."""


class UnknownFault(KeyError):
    """No fault with this id is armed."""

    def __str__(self) -> str:
        return str(self.args[0])  # KeyError alone would show the repr
