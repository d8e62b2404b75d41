"""What all connections to Hamsa share in one World."""

import json

from hamsa_kit.audio_formats import PCM_16000_16
from hamsa_mock.core.clock import Clock
from hamsa_mock.core.world import World
from hamsa_mock.providers.hamsa.service import HamsaService
from hamsa_schemas import default_catalogue, load_behaviours


def service(seed: int = 0) -> HamsaService:
    return HamsaService(World(Clock(lambda: 0), load_behaviours("instant"), seed))


def test_messages_that_never_change_are_valid_against_their_schemas() -> None:
    hamsa = service()
    for type, message in (("info", hamsa.info), ("ack", hamsa.ack), ("end", hamsa.end)):
        assert default_catalogue().message("hamsa", "server", type).is_valid(json.loads(message.payload))


def test_chunk_is_made_once() -> None:
    hamsa = service()
    answer = hamsa.speak("مرحبا بكم", "Majd", "", "ar", PCM_16000_16, 1.0)
    assert hamsa.chunk(answer, 0) is hamsa.chunk(answer, 0)
    assert hamsa.chunk(answer, 0) is not hamsa.chunk(answer, 1)
    assert hamsa.speak("مرحبا بكم", "Majd", "", "ar", PCM_16000_16, 1.0) is answer


def test_each_world_has_the_audio_of_its_seed() -> None:
    first, second = service(1), service(2)
    one = first.speak("مرحبا بكم", "Majd", "", "ar", PCM_16000_16, 1.0)
    two = second.speak("مرحبا بكم", "Majd", "", "ar", PCM_16000_16, 1.0)
    assert first.chunk(one, 0).payload != second.chunk(two, 0).payload
