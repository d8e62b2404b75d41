"""The present state as a config file."""

from collections.abc import Sequence

from hamsa_mock.admin.controls import Controls
from hamsa_mock.admin.endpoints import Call, Content, Endpoint

MEDIA_TYPE = "application/yaml"
HIDDEN = 'key="***"'
"""What stands in a fault for a key that is a secret. Such a fault is left out: another mock could not meet it."""


def configuration_endpoints(controls: Controls) -> Sequence[Endpoint]:
    """The one endpoint."""

    async def read(call: Call) -> object:
        from hamsa_mock.config.writing import written_config  # with YAML, which a mock without a config file needs not

        mock = controls.mock
        faults = [text for armed in mock.faults.list() if not armed.spent and HIDDEN not in (text := armed.as_text())]
        settings = {**controls.addresses.settings, ("faults",): faults}
        return Content(written_config(mock, settings).encode(), MEDIA_TYPE)

    answer = "What `hamsa-mock serve --config` reads."
    return [
        Endpoint(
            "GET", "/config", "Write a config file of the present state", read, answer=answer, media_type=MEDIA_TYPE
        )
    ]
