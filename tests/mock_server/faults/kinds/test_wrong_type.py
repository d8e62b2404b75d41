"""A wrong type as a fault."""

import json

from tests.mock_server.faults.virtual import ACK, VirtualConnection, answer, messages, played


def test_message_that_an_earlier_fault_has_broken_stays_as_it_is() -> None:
    connection = VirtualConnection("invalid_json instead of ack", "wrong_type instead of ack")
    connection.step(answer())
    assert messages(connection)[0].payload == ACK.payload[:-1]


def test_type_is_another_and_the_rest_is_the_same() -> None:
    ack = json.loads(messages(played("wrong_type(speech) instead of ack"))[0].payload)
    assert ack == {**json.loads(ACK.payload), "type": "speech"}
