"""What a mock serves TLS with."""

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from hamsa_mock.shell.certificates import CA_FILE, LIFETIME, TlsMistake
from hamsa_mock.shell.tls import Tls, made_tls, make_tls, own_tls


class Own:
    """A certificate of the user's: both files, and one file with both."""

    def __init__(self, folder: Path, not_before: datetime | None = None, not_after: datetime | None = None) -> None:
        folder.mkdir(exist_ok=True)
        leaf = trustme.CA().issue_cert("mock.example", not_before=not_before, not_after=not_after)
        self.cert, self.key, self.both = folder / "cert.pem", folder / "key.pem", folder / "both.pem"
        self.cert.write_bytes(leaf.cert_chain_pems[0].bytes())
        self.key.write_bytes(leaf.private_key_pem.bytes())
        self.both.write_bytes(leaf.private_key_and_cert_chain_pem.bytes())


@pytest.fixture
def own(tmp_path: Path) -> Own:
    return Own(tmp_path / "own")


def complaint_of(tls: Tls, ca_file: Path, name: str) -> str | None:
    """What a client that wants this name and trusts the file says; None if it is content."""
    client = ssl.create_default_context(cafile=ca_file)
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    one, other = client.wrap_bio(down, up, server_hostname=name), tls.context.wrap_bio(up, down, server_side=True)
    try:
        for end in (one, other, one):
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
    except ssl.SSLCertVerificationError as error:
        return error.verify_message
    assert one.version() in ("TLSv1.2", "TLSv1.3")
    return None


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1", "api.tryhamsa.com"])
def test_made_certificate_is_good_for_this_machine_and_the_names_asked_for(tmp_path: Path, name: str) -> None:
    tls = made_tls(tmp_path, ["api.tryhamsa.com"])
    assert tls.ca_file is not None
    assert complaint_of(tls, tls.ca_file, name) is None
    assert complaint_of(tls, tls.ca_file, "other.example") is not None


def test_made_certificate_is_kept_under_an_absolute_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    now = datetime(2026, 3, 1, tzinfo=UTC)
    tls = made_tls(Path("here"), [], now)
    assert tls.ca_file == tmp_path / "here" / CA_FILE
    assert tls.expires == now + LIFETIME


def test_only_host_names_that_are_not_this_machines_are_redirected(tmp_path: Path) -> None:
    tls = made_tls(tmp_path, ["LOCALHOST", "192.0.2.7", "*.example", "api.tryhamsa.com", "api.tryhamsa.com."])
    assert tls.names == ("192.0.2.7", "*.example", "api.tryhamsa.com")
    assert tls.redirected == ("api.tryhamsa.com",)


@pytest.mark.parametrize(
    ("host", "names"),
    [
        ("192.0.2.7", ("192.0.2.7",)),
        ("2001:db8::7", ("2001:db8::7",)),
        ("[2001:db8::7]", ("2001:db8::7",)),
        ("127.0.0.2", ("127.0.0.2",)),
        ("loopback", ()),
        ("127.0.0.1", ()),
        ("[::1]", ()),
        ("0.0.0.0", ()),
        ("::", ()),
        ("localhost", ()),
        ("..", ()),
    ],
)
def test_address_that_is_listened_on_is_named_too(tmp_path: Path, host: str, names: tuple[str, ...]) -> None:
    tls = make_tls(True, host, folder=tmp_path)
    assert tls is not None
    assert tls.names == names


def test_no_tls_is_served_unless_asked_for() -> None:
    assert make_tls(False, "loopback") is None


@pytest.mark.parametrize("separate", [True, False])
def test_own_certificate_is_served(own: Own, separate: bool) -> None:
    tls = make_tls(True, "loopback", cert=own.cert if separate else own.both, key=own.key if separate else None)
    assert tls is not None
    assert (tls.ca_file, tls.names, tls.warning) == (None, (), None)


@pytest.mark.parametrize(
    ("begins", "ends", "words"), [(-2, -1, "certificate has expired"), (1, 2, "certificate is not yet valid")]
)
def test_own_certificate_that_clients_will_refuse_is_served_with_a_warning(
    tmp_path: Path, begins: int, ends: int, words: str
) -> None:
    now, day = datetime.now(UTC), timedelta(days=1)
    own = Own(tmp_path, now + begins * day, now + ends * day)
    assert own_tls(own.cert, own.key).warning == f"clients will refuse the certificate in {own.cert}: {words}"


def encrypt(path: Path) -> None:
    key = load_pem_private_key(path.read_bytes(), None)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"sesame")))


def damage(path: Path) -> None:
    lines = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join([lines[0], b"nonsense", lines[-1]]))


MISTAKES: dict[str, tuple[Callable[[Own], object], str]] = {
    "no certificate": (lambda own: own.cert.unlink(), "cannot read the certificate in {cert}: No such file"),
    "no key": (lambda own: own.key.unlink(), "cannot read the private key in {key}: No such file"),
    "certificate no PEM": (lambda own: own.cert.write_bytes(b"\x30\x82"), "there is no certificate in {cert}; PEM is"),
    "key no PEM": (lambda own: own.key.write_bytes(b""), "there is no private key in {key}; PEM is expected"),
    "exchanged": (lambda own: own.cert.write_bytes(own.key.read_bytes()), "there is no certificate in {cert}; PEM"),
    "encrypted": (lambda own: encrypt(own.key), "the key in {key} is encrypted; decrypt it: openssl pkey -in {key}"),
    "damaged certificate": (
        lambda own: damage(own.cert),
        "cannot use the certificate in {cert} with the key in {key}: one of them is damaged",
    ),
    "damaged key": (
        lambda own: damage(own.key),
        "cannot use the certificate in {cert} with the key in {key}: one of them is damaged",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_own_certificate_that_cannot_be_used_says_why(own: Own, mistake: str) -> None:
    spoil, words = MISTAKES[mistake]
    spoil(own)
    with pytest.raises(TlsMistake) as refused:
        own_tls(own.cert, own.key)
    assert str(refused.value).startswith(words.format(cert=own.cert, key=own.key))


def test_key_that_does_not_fit_is_named(own: Own, tmp_path: Path) -> None:
    other = Own(tmp_path / "other")
    with pytest.raises(TlsMistake, match=r"the key in .*other/key.pem does not fit the certificate in .*own/cert.pem"):
        own_tls(own.cert, other.key)


def test_certificate_file_without_the_key_says_where_the_key_was_looked_for(own: Own) -> None:
    with pytest.raises(TlsMistake, match=r"there is no private key in .*cert.pem"):
        own_tls(own.cert, None)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"enabled": False, "names": ["a.example"]}, "need TLS; add --tls"),
        ({"enabled": False, "cert": Path("cert.pem")}, "need TLS; add --tls"),
        ({"enabled": False, "key": Path("key.pem")}, "need TLS; add --tls"),
        ({"enabled": True, "key": Path("key.pem")}, "--key needs --cert"),
        (
            {"enabled": True, "cert": Path("cert.pem"), "names": ["a.example"]},
            "has its own names; leave out --tls-name",
        ),
    ],
)
def test_flags_that_contradict_each_other_are_refused(arguments: dict[str, object], words: str) -> None:
    with pytest.raises(TlsMistake, match=words):
        make_tls(host="loopback", **arguments)  # type: ignore[arg-type]
