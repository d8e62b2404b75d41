"""`hamsa-mock say` and `hamsa-mock hear`: speak to a mock from a shell."""

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import click

from hamsa_kit.audio_formats import PCM_16000_16, wav_bytes
from hamsa_kit.exit_codes import ExitCode
from hamsa_kit.vendors import is_vendor_host
from hamsa_mock.cli.errors import CannotRun

SECONDS = 60.0
"""So long, in real time, an answer may take."""

url_option = click.option(
    "--url",
    default="ws://127.0.0.1:8765/v1/realtime/ws",
    show_default=True,
    envvar="HAMSA_WS_URL",
    help="WebSocket endpoint of the mock.",
)
key_option = click.option("--key", default="hamsa-test-key", show_default=True, envvar="HAMSA_API_KEY", help="API key.")


@click.command("say")
@click.argument("text")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False), help="WAV file to write.")
@click.option("--speaker", default="Majd", show_default=True, help="Name or id of the voice.")
@click.option("--dialect", help="Dialect, such as ksa; the service's own default otherwise.")
@url_option
@key_option
def say_command(text: str, output: str, speaker: str, dialect: str | None, url: str, key: str) -> int:
    """Let a mock speak TEXT into a WAV file."""
    payload = {"text": text, "speaker": speaker} | ({} if dialect is None else {"dialect": dialect})
    audio = b"".join(
        message for message in _answers(url, key, {"type": "tts", "payload": payload}) if isinstance(message, bytes)
    )
    wav = wav_bytes(PCM_16000_16, audio)
    _write(Path(output), wav)
    seconds = PCM_16000_16.seconds(len(audio))
    click.echo(f"{output}: {len(audio):,} bytes of audio, {seconds:.2f} s")
    return ExitCode.PASS


@click.command("hear")
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--language", default="ar", show_default=True, help="Language of the recording.")
@url_option
@key_option
def hear_command(file: str, language: str, url: str, key: str) -> int:
    """Let a mock hear a WAV file, and print the transcript."""
    try:
        audio = base64.b64encode(Path(file).read_bytes()).decode()
    except OSError as error:
        raise CannotRun(f"cannot read {file}: {error.strerror}") from error
    payload = {"audioBase64": audio, "language": language}
    for message in _answers(url, key, {"type": "stt", "payload": payload}):
        click.echo(message)
    return ExitCode.PASS


def _answers(url: str, key: str, request: dict[str, Any]) -> Iterator[str | bytes]:
    """What a request is answered with: chunks of audio up to the `end`, or one transcript. Raises CannotRun."""
    with _connection(url, key) as (receive, send):
        _checked(receive())  # info
        send(json.dumps(request))
        while True:
            message = _checked(receive())
            kind = _type(message)
            if isinstance(message, bytes):
                yield message
            elif kind == "end":
                return
            elif kind != "ack":
                yield message
                return


@contextmanager
def _connection(url: str, key: str) -> Iterator[tuple[Callable[[], str | bytes], Callable[[str], None]]]:
    from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI
    from websockets.sync.client import connect

    if is_vendor_host(urlsplit(url).hostname or ""):
        raise click.UsageError(f"{url} is the vendor's own service; this command speaks to mocks only")
    try:
        # Over TLS the default context trusts what SSL_CERT_FILE names.
        with connect(f"{url}?{urlencode({'api_key': key})}", compression=None, max_size=None) as connection:
            yield lambda: connection.recv(SECONDS), connection.send
    except ConnectionClosed as error:
        words = f"{error.rcvd.code} {error.rcvd.reason}" if error.rcvd else "without a close frame"
        raise CannotRun(f"{url} closed the connection: {words}") from error
    except InvalidURI as error:
        raise click.UsageError(f"--url {url!r} is no WebSocket endpoint; it begins with ws:// or wss://") from error
    except (OSError, InvalidHandshake) as error:  # TimeoutError is an OSError
        raise CannotRun(f"no mock answers at {url}: {error or type(error).__name__}") from error


def _checked(message: str | bytes) -> str | bytes:
    """The message, unless it is an error. Raises CannotRun."""
    if _type(message) == "error":
        raise CannotRun(json.loads(message)["payload"]["message"])
    return message


def _type(message: str | bytes) -> str:
    """What a JSON message says that it is; empty for audio, and for a transcript, which may be any text."""
    try:
        content = json.loads(message) if isinstance(message, str) else None
    except ValueError:
        return ""
    return str(content.get("type", "")) if isinstance(content, dict) else ""


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise CannotRun(f"cannot write {path}: {error.strerror}") from error
