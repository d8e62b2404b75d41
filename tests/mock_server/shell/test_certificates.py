"""Certificates that the mock makes and keeps."""

import os
import ssl
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.x509 import load_pem_x509_certificate

from hamsa_mock.shell.certificates import (
    CA_FILE,
    LIFETIME,
    LOCAL_NAMES,
    LOCK_FILE,
    MARGIN,
    SERVER_FILE,
    CannotKeep,
    Kept,
    TlsMistake,
    checked_name,
    default_folder,
    kept_certificates,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
needs_rights = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")


def keep(folder: Path, *names: str, now: datetime = NOW) -> tuple[Kept, bytes, bytes]:
    """What is kept then, and what both files hold."""
    with kept_certificates(folder, names, now) as kept:
        return kept, kept.ca_file.read_bytes(), kept.server_file.read_bytes()


def test_certificate_is_used_again(tmp_path: Path) -> None:
    first, again = keep(tmp_path / "new" / "tls"), keep(tmp_path / "new" / "tls", now=NOW + timedelta(days=200))
    assert first == again
    assert first[0].names == LOCAL_NAMES
    assert first[0].expires == NOW + LIFETIME


@pytest.mark.parametrize(
    ("later", "same"),
    [
        (LIFETIME - MARGIN, True),
        (LIFETIME - MARGIN + timedelta(seconds=1), False),
        (LIFETIME + timedelta(days=100), False),
        (timedelta(days=-1), True),
        (timedelta(days=-2), False),
    ],
)
def test_certificate_that_ends_soon_or_has_not_begun_is_replaced(tmp_path: Path, later: timedelta, same: bool) -> None:
    _, *first = keep(tmp_path, "api.tryhamsa.com")
    kept, *second = keep(tmp_path, now=NOW + later)
    assert (second == first) is same
    assert kept.expires == (NOW if same else NOW + later) + LIFETIME
    assert ("api.tryhamsa.com" in kept.names) is same


def test_name_that_is_missing_makes_a_new_ca_and_certificate_which_keep_the_old_names(tmp_path: Path) -> None:
    _, old_ca, old_server = keep(tmp_path, "first.example")
    kept, new_ca, new_server = keep(tmp_path, "Second.Example")
    assert kept.names == (*LOCAL_NAMES, "first.example", "second.example")
    assert old_ca != new_ca
    assert old_server != new_server
    assert keep(tmp_path, "first.example")[1:] == keep(tmp_path)[1:] == (new_ca, new_server)


def test_no_private_key_but_the_servers_is_on_the_disk(tmp_path: Path) -> None:
    keep(tmp_path / "tls", "api.tryhamsa.com")
    files = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    assert [path.name for path in files] == [CA_FILE, SERVER_FILE, LOCK_FILE]
    holders = [path.name for path in files if b"PRIVATE" in path.read_bytes()]
    assert holders == [SERVER_FILE]
    assert (tmp_path / "tls" / SERVER_FILE).read_bytes().count(b"BEGIN") == 2, "one key, one certificate"
    context = ssl.create_default_context(cafile=tmp_path / "tls" / CA_FILE)
    with pytest.raises(ssl.SSLError, match="KEY_VALUES_MISMATCH"):
        context.load_cert_chain(tmp_path / "tls" / CA_FILE, tmp_path / "tls" / SERVER_FILE)


@needs_rights
def test_key_and_folder_are_the_users_alone_from_the_beginning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rights: dict[str, int] = {}
    replace = os.replace

    def look(part: Path, path: Path) -> None:
        rights[path.name] = part.stat().st_mode & 0o777
        replace(part, path)

    monkeypatch.setattr(os, "replace", look)
    before = os.umask(0)
    try:
        keep(tmp_path / "tls")
    finally:
        os.umask(before)
    assert rights == {CA_FILE: 0o644, SERVER_FILE: 0o600}
    assert (tmp_path / "tls").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "tls" / SERVER_FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("broken", [CA_FILE, SERVER_FILE])
@pytest.mark.parametrize("how", ["gone", "empty", "no PEM", "half", "of another"])
def test_files_that_do_not_fit_are_replaced(tmp_path: Path, broken: str, how: str) -> None:
    _, *first = keep(tmp_path)
    keep(tmp_path / "other")
    path = tmp_path / broken
    if how == "gone":
        path.unlink()
    else:
        content = path.read_bytes()
        other = (tmp_path / "other" / broken).read_bytes()
        path.write_bytes({"empty": b"", "no PEM": b"nonsense", "half": content[:400], "of another": other}[how])
    _, ca, server = keep(tmp_path)
    assert [ca, server] != first
    assert keep(tmp_path)[1:] == (ca, server)
    load_pem_x509_certificate(server).verify_directly_issued_by(load_pem_x509_certificate(ca))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / SERVER_FILE)


def test_certificate_beside_the_key_of_another_is_replaced(tmp_path: Path) -> None:
    _, _, first = keep(tmp_path)
    _, _, other = keep(tmp_path / "other")
    mark = b"-----BEGIN CERTIFICATE-----"
    (tmp_path / SERVER_FILE).write_bytes(other[: other.index(mark)] + first[first.index(mark) :])
    assert keep(tmp_path)[2] != first


def test_process_that_dies_while_it_writes_leaves_nothing_that_stands_in_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(part: Path, path: Path) -> None:
        raise Killed

    _, old_ca, _ = keep(tmp_path)
    with monkeypatch.context() as patch, suppress(Killed):
        patch.setattr(os, "replace", die)
        keep(tmp_path, now=NOW + LIFETIME)
    (tmp_path / f"{CA_FILE}.part").write_bytes(b"half")
    kept, new_ca, _ = keep(tmp_path, now=NOW + LIFETIME)
    assert kept.expires == NOW + 2 * LIFETIME
    assert new_ca != old_ca
    assert not list(tmp_path.glob("*.part"))


def test_threads_that_start_at_once_get_the_same_certificate(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(lambda _: keep(tmp_path), range(16)))
    assert len({server for _, _, server in results}) == 1


def test_processes_that_start_at_once_get_the_same_certificate(tmp_path: Path) -> None:
    code = (
        "import sys; from datetime import *; from pathlib import Path\n"
        "from hamsa_mock.shell.certificates import kept_certificates\n"
        "with kept_certificates(Path(sys.argv[1]), [], datetime.now(UTC)) as kept:\n"
        "    sys.stdout.buffer.write(kept.ca_file.read_bytes() + kept.server_file.read_bytes())\n"
    )
    arguments = [sys.executable, "-c", code, str(tmp_path)]
    processes = [subprocess.Popen(arguments, stdout=subprocess.PIPE) for _ in range(4)]
    outputs = {process.communicate(timeout=60)[0] for process in processes}
    assert len(outputs) == 1
    assert b"BEGIN CERTIFICATE" in outputs.pop()


def test_others_wait_as_long_as_the_certificate_is_being_read(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as threads:
        with kept_certificates(tmp_path, [], NOW) as kept:
            other = threads.submit(keep, tmp_path, "other.example")
            before = kept.server_file.read_bytes()
            with pytest.raises(TimeoutError):
                other.result(timeout=0.05)
            assert kept.server_file.read_bytes() == before
        assert other.result(timeout=20)[0].names == (*LOCAL_NAMES, "other.example")


def test_folder_that_cannot_be_made_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotKeep, match=r"cannot keep certificates in .*file.tls: .*; choose another.* by --tls-dir"):
        keep(tmp_path / "file" / "tls")


def test_missing_trustme_is_told_with_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trustme", None)
    with pytest.raises(TlsMistake, match=r"pip install 'hamsa-harness\[tls\]'"):
        keep(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "checked"),
    [
        ("api.tryhamsa.com", "api.tryhamsa.com"),
        ("API.TryHamsa.com.", "api.tryhamsa.com"),
        ("*.tryhamsa.com", "*.tryhamsa.com"),
        ("mock", "mock"),
        ("xn--mgbh0fb.example", "xn--mgbh0fb.example"),
        ("192.0.2.7", "192.0.2.7"),
        ("[::1]", "::1"),
        ("0:0:0::1", "::1"),
    ],
)
def test_name_is_written_as_certificates_write_it(name: str, checked: str) -> None:
    assert checked_name(name) == checked


@pytest.mark.parametrize(
    "name",
    [
        *("", "https://api.tryhamsa.com", "api.tryhamsa.com:443", "a@b.example", "10.0.0.0/8", "a..b", "-a.example"),
        *("a b", "*", "a.*.example", "همسة.example", "a" * 64, ".".join(["abcdefg"] * 40)),
    ],
)
def test_what_is_no_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(TlsMistake, match="is no name for a certificate; give a host name or an IP address alone"):
        keep(tmp_path / "tls", name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("platform", "environment", "folder"),
    [
        ("linux", {}, "~/.local/state/hamsa-mock/tls"),
        ("linux", {"XDG_STATE_HOME": ""}, "~/.local/state/hamsa-mock/tls"),
        ("linux", {"XDG_STATE_HOME": "relative"}, "~/.local/state/hamsa-mock/tls"),
        ("linux", {"XDG_STATE_HOME": "/state"}, "/state/hamsa-mock/tls"),
        ("darwin", {"XDG_STATE_HOME": "/state"}, "~/Library/Application Support/hamsa-mock/tls"),
        ("win32", {}, "~/AppData/Local/hamsa-mock/tls"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/hamsa-mock/tls"),
    ],
)
def test_default_folder_is_the_platforms(platform: str, environment: dict[str, str], folder: str) -> None:
    assert default_folder(environment, platform) == Path(folder).expanduser()
