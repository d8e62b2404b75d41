"""What may be shown of a path."""

import pytest

from hamsa_kit.redaction import PATH_CHARACTERS, holds_key, shown_path


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/v1/realtime/ws&api_key=SECRET", "/v1/realtime/ws&api_key=***"),
        ("/v1/realtime/ws/api_key=SECRET/more", "/v1/realtime/ws/api_key=***"),
        ("/v1/realtime/ws?api_key=SECRET&x=1", "/v1/realtime/ws?api_key=***&x=1"),
        ("/ws&API_Key=SECRET&api_key=SECRET", "/ws&API_Key=***&api_key=***"),
        ("/ws?api_key%3DSECRET", "/ws?api_key%3D***"),
        ("/api_key=", "/api_key=***"),
    ],
)
def test_key_in_a_path_is_not_shown(path: str, shown: str) -> None:
    assert holds_key(path)
    assert shown_path(path) == shown


@pytest.mark.parametrize("path", ["/", "", "/v1/api_keys", "/مرحبا", "/" + "a" * (PATH_CHARACTERS - 1)])
def test_other_path_is_shown_as_it_is(path: str) -> None:
    assert not holds_key(path)
    assert shown_path(path) == path


def test_long_path_is_cut_and_a_key_behind_the_cut_does_not_show() -> None:
    assert shown_path("/" + "a" * 10_000) == "/" + "a" * (PATH_CHARACTERS - 1) + "…"
    assert "SECRET" not in shown_path("/" + "a" * (PATH_CHARACTERS - 20) + "&api_key=SECRET")
