"""The listening sockets of a mock."""

import errno
import os
import socket

LOOPBACK = "loopback"
"""The host that stands for 127.0.0.1 and, where there is one, ::1 on the same port: some clients look up
`localhost` and try only the first address they get."""

ATTEMPTS = 20
NO_SUCH_ADDRESS = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


class CannotListen(OSError):
    """The address cannot be listened on. The text says why and what to do, in one line."""


def bind(host: str, port: int) -> list[socket.socket]:
    """Sockets bound to the host; port 0 takes a free one, the same on both loopback addresses.

    Raises CannotListen.
    """
    if host != LOOPBACK:
        in_brackets = host.startswith("[") and host.endswith("]")  # as IPv6 addresses stand in URLs
        return [_bind(host[1:-1] if in_brackets else host, port)]
    for _ in range(ATTEMPTS):
        first = _bind("127.0.0.1", port)
        try:
            return [first, _bind("::1", first.getsockname()[1])]
        except CannotListen as error:
            if error.errno in NO_SUCH_ADDRESS:
                return [first]
            first.close()
            if port or error.errno != errno.EADDRINUSE:
                raise
    raise CannotListen(errno.EADDRINUSE, f"no port is free on both 127.0.0.1 and ::1 ({ATTEMPTS} tried)")


def _bind(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError) as error:  # the latter for what can be no name, such as two dots
        why = error.strerror if isinstance(error, OSError) else "it is no valid name"
        words = f"host {host!r} is no address of this machine: {why}"
        raise CannotListen(errno.EADDRNOTAVAIL, words) from error
    try:
        sock = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise CannotListen(error.errno, f"cannot listen on {host}: {error.strerror}") from error
    try:
        if os.name == "posix":  # elsewhere the option would let two servers share a port
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind(address)
        sock.listen()
    except OSError as error:
        sock.close()
        raise CannotListen(error.errno, _words(error, host, port)) from error
    sock.setblocking(False)
    return sock


def _words(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is taken; end what holds it, or use --port 0 for a free one"
    if error.errno == errno.EACCES:
        return f"port {port} on {host} needs more rights; use a port above 1023, or --port 0 for a free one"
    return f"cannot listen on port {port} of {host}: {error.strerror}"
