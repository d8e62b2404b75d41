"""What goes wrong with faults."""

from hamsa_mock.faults.errors import UnknownFault, WrongFault


def test_unknown_fault_is_a_key_error_that_reads_like_a_sentence() -> None:
    error = UnknownFault("no fault with the id 7 is armed; armed: none")
    assert isinstance(error, KeyError)
    assert str(error) == "no fault with the id 7 is armed; armed: none"


def test_wrong_fault_is_a_value_error() -> None:
    assert issubclass(WrongFault, ValueError)
