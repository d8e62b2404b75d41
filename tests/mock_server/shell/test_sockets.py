"""Listening sockets."""

import errno
import os
import re
import socket
from typing import Any

import pytest

from hamsa_mock.shell.sockets import LOOPBACK, CannotListen, bind
from tests.mock_server.command import has_ipv6_loopback
from tests.tools.leftout import leave_out


def close(*listening: socket.socket) -> None:
    for sock in listening:
        sock.close()


def ports(listening: list[socket.socket]) -> list[int]:
    return [sock.getsockname()[1] for sock in listening]


def test_loopback_means_both_addresses_on_the_same_free_port() -> None:
    listening = bind(LOOPBACK, 0)
    assert listening[0].getsockname()[0] == "127.0.0.1"
    assert len(set(ports(listening))) == 1
    assert all(not sock.getblocking() for sock in listening)
    close(*listening)


def test_other_hosts_mean_one_address() -> None:
    listening = bind("localhost", 0)
    assert len(listening) == 1
    close(*listening)


def test_port_that_is_taken_cannot_be_listened_on() -> None:
    listening = bind("127.0.0.1", 0)
    (port,) = ports(listening)
    with pytest.raises(CannotListen, match="is taken"):
        bind("127.0.0.1", port)
    close(*listening)


@pytest.mark.parametrize("host", ["no such host", "..", "a" * 80])
def test_host_that_cannot_be_found_is_named(host: str) -> None:
    with pytest.raises(CannotListen, match=f"{re.escape(repr(host))} is no address of this machine: .+"):
        bind(host, 0)


@pytest.mark.parametrize("host", ["::1", "[::1]"])
def test_ipv6_address_may_stand_in_brackets(host: str) -> None:
    if not has_ipv6_loopback():
        leave_out("IPv6", "this machine has no ::1")
    (sock,) = bind(host, 0)
    assert sock.getsockname()[0] == "::1"
    close(sock)


def test_socket_for_all_ipv6_addresses_leaves_ipv4_alone() -> None:
    """On some systems it would take IPv4 connections too, unless it is told not to."""
    if not has_ipv6_loopback():
        leave_out("IPv6", "this machine has no ::1")
    (sock,) = bind("::", 0)
    assert sock.getsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY) == 1
    close(sock)


def test_port_without_the_right_to_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, errno.EACCES, "127.0.0.1")
    with pytest.raises(CannotListen, match="above 1023"):
        bind(LOOPBACK, 443)


def test_system_without_ipv6_serves_the_other_address(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, errno.EADDRNOTAVAIL, "::1")
    listening = bind(LOOPBACK, 0)
    assert [sock.getsockname()[0] for sock in listening] == ["127.0.0.1"]
    close(*listening)


def test_free_port_is_looked_for_until_it_is_free_on_both_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, errno.EADDRINUSE, "::1")
    with pytest.raises(CannotListen, match=r"no port is free on both .* \(20 tried\)"):
        bind(LOOPBACK, 0)


def test_given_port_that_is_taken_on_one_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, errno.EADDRINUSE, "::1")
    free = bind("127.0.0.1", 0)
    (port,) = ports(free)
    close(*free)
    with pytest.raises(CannotListen, match=f"port {port} on ::1 is taken"):
        bind(LOOPBACK, port)


def refuse(monkeypatch: pytest.MonkeyPatch, number: int, host: str) -> None:
    """Let the system refuse to bind to a host, for a reason."""
    binds = socket.socket.bind

    class Refusing(socket.socket):
        def bind(self, address: Any, /) -> None:
            if address[0] == host:
                raise OSError(number, os.strerror(number))
            binds(self, address)

    monkeypatch.setattr(socket, "socket", Refusing)
