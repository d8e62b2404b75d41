"""The mock's own certificates: made by trustme, kept in a folder, and used again until they expire.

The CA signs one server certificate and is then forgotten: its private key never leaves memory, so nobody can sign with
it later. Hence a server certificate that is made anew comes with a CA that has to be trusted anew.
"""

import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
"""What every certificate names."""

CA_FILE = "hamsa-mock-ca.pem"
SERVER_FILE = "hamsa-mock-server.pem"
LOCK_FILE = "hamsa-mock.lock"

LIFETIME = timedelta(days=397)
"""How long a server certificate lasts. Browsers accept no more from public CAs, and Apple 825 days from any."""

EARLIER = timedelta(days=1)
"""So much before it is made a certificate begins, for clients whose clock is slow."""

MARGIN = timedelta(days=2)
"""One that ends sooner is replaced: it could expire while the mock runs."""

HOST_NAME = re.compile(
    r"(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.?", re.IGNORECASE
)


class TlsMistake(ValueError):
    """What was asked for cannot be served. The text says why and what to do, in one line."""


class CannotKeep(OSError):
    """The folder of the certificates cannot be used. The text says why and what to do, in one line."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Certificates on disk. `server_file` holds the certificate and its private key."""

    ca_file: Path
    server_file: Path
    names: tuple[str, ...]
    expires: datetime


def default_folder(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """Where the platform wants a user's programs to keep what they make.

    A relative XDG_STATE_HOME is ignored, as the XDG Base Directory Specification demands.
    """
    home = Path.home()
    if platform == "win32":
        base = Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif platform == "darwin":
        base = home / "Library" / "Application Support"
    else:
        base = Path(environment.get("XDG_STATE_HOME", ""))
        base = base if base.is_absolute() else home / ".local" / "state"
    return base / "hamsa-mock" / "tls"


def checked_name(name: str) -> str:
    """A host name, `*.` and a host name, or an IP address, as a certificate names it. Raises TlsMistake."""
    bare = name.strip().removeprefix("[").removesuffix("]")
    try:
        return str(ip_address(bare))
    except ValueError:
        if len(bare) <= 253 and HOST_NAME.fullmatch(bare):
            return bare.lower().removesuffix(".")
    raise TlsMistake(
        f"{name!r} is no name for a certificate; give a host name or an IP address alone, such as api.tryhamsa.com"
    )


@contextmanager
def kept_certificates(folder: Path, names: Sequence[str], now: datetime) -> Iterator[Kept]:
    """Certificates for LOCAL_NAMES and these names, which nobody replaces within the `with` block.

    Those in the folder are used if they name all that is asked for and do not end soon after `now`. New ones name
    what the old ones named too, so that two users of one folder do not take it from each other for ever.

    Raises TlsMistake for what is no name or where trustme is missing, and CannotKeep.
    """
    asked = tuple(dict.fromkeys([*LOCAL_NAMES, *map(checked_name, names)]))
    _require_trustme()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _locked(folder / LOCK_FILE):
            kept = _read(folder, now)
            if kept is None or not set(asked) <= set(kept.names):
                former = kept.names if kept else ()
                kept = _make(folder, tuple(dict.fromkeys([*former, *asked])), now)
            yield kept
    except OSError as error:
        words = f"cannot keep certificates in {folder}: {error.strerror or error}; choose another folder by --tls-dir"
        raise CannotKeep(error.errno, words) from error


def _require_trustme() -> None:
    try:
        import trustme as _  # noqa: F401
    except ImportError as error:
        words = "the certificates need trustme, which is not installed: pip install 'hamsa-harness[tls]', or --cert"
        raise TlsMistake(words) from error


def _read(folder: Path, now: datetime) -> Kept | None:
    """What is in the folder; None where there is nothing that can be used."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from cryptography.x509 import load_pem_x509_certificate

    ca_file, server_file = folder / CA_FILE, folder / SERVER_FILE
    try:
        ca = load_pem_x509_certificate(ca_file.read_bytes())
        pem = server_file.read_bytes()
        server = load_pem_x509_certificate(pem)
        server.verify_directly_issued_by(ca)
        key = load_pem_private_key(pem, password=None)
    except (FileNotFoundError, ValueError, TypeError, InvalidSignature):
        return None
    expires = server.not_valid_after_utc
    fits = key.public_key() == server.public_key()
    lasts = server.not_valid_before_utc <= now and now + MARGIN <= expires
    return Kept(ca_file, server_file, _names(server), expires) if fits and lasts else None


def _names(certificate: "Certificate") -> tuple[str, ...]:
    from cryptography.x509 import SubjectAlternativeName

    names = certificate.extensions.get_extension_for_class(SubjectAlternativeName).value
    return tuple(str(name.value) for name in names)


def _make(folder: Path, names: tuple[str, ...], now: datetime) -> Kept:
    """A new CA and a new server certificate, which replace those in the folder."""
    import trustme

    ca_file, server_file = folder / CA_FILE, folder / SERVER_FILE
    begins = now.astimezone(UTC).replace(microsecond=0)  # a certificate counts whole seconds
    expires = begins + LIFETIME
    ca = trustme.CA(organization_name="hamsa-mock", organization_unit_name=f"CA of {begins:%Y-%m-%d %H:%M:%S} UTC")
    server = ca.issue_cert(
        *names,
        organization_name="hamsa-mock",
        not_before=begins - EARLIER,
        not_after=expires,
    )
    server_file.unlink(missing_ok=True)  # so that no moment has a server certificate beside the CA of another
    _write(ca_file, ca.cert_pem.bytes(), 0o644)
    _write(server_file, server.private_key_and_cert_chain_pem.bytes(), 0o600)
    return Kept(ca_file, server_file, names, expires)


def _write(path: Path, data: bytes, mode: int) -> None:
    """Written beside it, with these rights from the beginning, and moved into place: nobody reads half a file."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)  # of a process that was killed
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(data)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Alone among all processes and threads. The system takes the lock back from a process that dies."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)  # it waits ten seconds, more than anybody needs
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
