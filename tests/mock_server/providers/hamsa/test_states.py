"""The table of states."""

from hamsa_mock.providers.hamsa.states import MESSAGE_TYPES, TRANSITIONS, State, Trigger
from hamsa_schemas import default_catalogue


def reachable() -> set[State]:
    """The states that can be reached from the first one."""
    found: set[State] = set()
    open_ends = [State.OPENING]
    while open_ends:
        state = open_ends.pop()
        if state not in found:
            found.add(state)
            open_ends.extend(TRANSITIONS[state].values())
    return found


def test_every_state_is_reached_and_has_a_row() -> None:
    assert reachable() == set(State) == set(TRANSITIONS)


def test_every_trigger_moves_something() -> None:
    assert {trigger for row in TRANSITIONS.values() for trigger in row} == set(Trigger)


def test_client_can_go_in_every_state() -> None:
    assert all(row[Trigger.GONE] is State.CLOSED for row in TRANSITIONS.values())


def test_closed_connection_stays_closed() -> None:
    assert set(TRANSITIONS[State.CLOSED].values()) == {State.CLOSED}


def test_every_message_type_has_a_client_schema() -> None:
    assert set(MESSAGE_TYPES) <= {message.type for message in default_catalogue().messages("hamsa", "client")}


def test_message_type_is_taken_in_every_open_state() -> None:
    for trigger in MESSAGE_TYPES.values():
        assert {state for state, row in TRANSITIONS.items() if trigger in row} == {State.IDLE, State.ANSWERING}
