"""What a mock serves wss:// and https:// with: a certificate of its own making, or the user's."""

import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import NoReturn

from hamsa_mock.shell.certificates import LOCAL_NAMES, TlsMistake, checked_name, default_folder, kept_certificates


@dataclass(frozen=True, slots=True)
class Tls:
    """`ca_file`: what clients have to trust; None with the user's own certificate, whose CA the mock does not know.

    `names`: what the certificate was asked to name beyond this machine's own names. `expires`: of a made certificate.
    `warning`: why clients will refuse the certificate, although it can be served.
    """

    context: ssl.SSLContext
    ca_file: Path | None = None
    names: tuple[str, ...] = ()
    expires: datetime | None = None
    warning: str | None = None

    @property
    def redirected(self) -> tuple[str, ...]:
        """The host names that lead to the mock only where a hosts entry says so."""
        return tuple(name for name in self.names if not name.startswith("*") and not _is_address(name))


def make_tls(
    enabled: bool,
    host: str,
    names: Sequence[str] = (),
    folder: str | Path | None = None,
    cert: str | Path | None = None,
    key: str | Path | None = None,
) -> Tls | None:
    """For a mock that listens on this host. `folder` None: where the platform keeps such files. None if not enabled.

    Raises TlsMistake, CannotKeep.
    """
    if not enabled:
        if names or cert is not None or key is not None:
            raise TlsMistake("names and certificates need TLS; add --tls, or leave out --tls-name, --cert and --key")
        return None
    if cert is not None:
        if names:
            raise TlsMistake("a certificate of your own has its own names; leave out --tls-name, or --cert")
        return own_tls(Path(cert), None if key is None else Path(key))
    if key is not None:
        raise TlsMistake("--key needs --cert")
    address = host.removeprefix("[").removesuffix("]")
    listened_on = _is_address(address) and not ip_address(address).is_unspecified
    return made_tls(default_folder() if folder is None else Path(folder), [*names, address] if listened_on else names)


def made_tls(folder: Path, names: Sequence[str], now: datetime | None = None) -> Tls:
    """By the mock's own certificate, which is kept in the folder. `now`: today, unless a test says otherwise.

    Raises TlsMistake, CannotKeep.
    """
    with kept_certificates(folder.absolute(), names, now or datetime.now(UTC)) as kept:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(kept.server_file)
    asked = (checked_name(name) for name in names)
    beyond = tuple(dict.fromkeys(name for name in asked if name not in LOCAL_NAMES))
    return Tls(context, kept.ca_file, beyond, kept.expires)


def own_tls(cert: Path, key: Path | None) -> Tls:
    """By the user's certificate, with its chain behind it. `key` None: it is in the same file. Raises TlsMistake."""
    _require_pem(cert, "CERTIFICATE", "certificate")
    _require_pem(key or cert, "PRIVATE KEY", "private key")

    def refuse() -> NoReturn:
        raise TlsMistake(
            f"the key in {key or cert} is encrypted; decrypt it: openssl pkey -in {key or cert} -out new.pem"
        )

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(cert, key, password=refuse)
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise TlsMistake(f"the key in {key or cert} does not fit the certificate in {cert}") from error
        words = error.reason.replace("_", " ").lower() if error.reason else "one of them is damaged"
        raise TlsMistake(f"cannot use the certificate in {cert} with the key in {key or cert}: {words}") from error
    complaint = _complaint(context, cert)
    return Tls(context, warning=complaint and f"clients will refuse the certificate in {cert}: {complaint}")


def _require_pem(path: Path, kind: str, words: str) -> None:
    try:
        text = path.read_bytes()
    except OSError as error:
        raise TlsMistake(f"cannot read the {words} in {path}: {error.strerror}") from error
    if f"{kind}-----".encode() not in text:
        raise TlsMistake(f"there is no {words} in {path}; PEM is expected, which has a line -----BEGIN … {kind}-----")


def _complaint(server: ssl.SSLContext, cert: Path) -> str | None:
    """Why a client refuses a certificate that it has been told to trust, such as an expired one.

    Asked of OpenSSL by a handshake in memory. The name is not looked at: only the client knows which it wants.
    """
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname = False
    client.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    client.load_verify_locations(cert)
    upstream, downstream = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = (client.wrap_bio(downstream, upstream), server.wrap_bio(upstream, downstream, server_side=True))
    try:
        for end in (*ends, ends[0]):
            with suppress(ssl.SSLWantReadError):
                end.do_handshake()
    except ssl.SSLCertVerificationError as error:
        return error.verify_message
    return None


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
