"""What of Hamsa users can read and change while it runs: accounts, scripted transcripts, scripted audio."""

from hamsa_mock.core.resources import Resource
from hamsa_mock.providers.hamsa.account_resources import account_resources
from hamsa_mock.providers.hamsa.script_resources import audio_resource, transcripts_resource
from hamsa_mock.providers.hamsa.service import HamsaService


def hamsa_resources(service: HamsaService) -> tuple[Resource, ...]:
    """All of them, those in front to which others refer."""
    return (
        *account_resources(service.accounts, service.wallets),
        transcripts_resource(service.transcriber.transcripts, service.accounts),
        audio_resource(service.audio),
    )
