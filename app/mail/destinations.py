"""Which mail servers may be called: names and ports an operator allows, addresses looked at before anybody connects."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

#: The ports of IMAP; others are called only where the operator names host and port together.
PORTS = frozenset({143, 993})
#: Addresses of version 6 that carry one of version 4 inside: RFC 6052, RFC 3056, RFC 4380.
_CARRIERS = tuple(ip_network(name) for name in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
_Address = IPv4Address | IPv6Address


class NotAllowed(Exception):
    """This server may not be called, or there is none of this name: nobody learns which."""


@dataclass(frozen=True, slots=True)
class Place:
    """A server that may be called, at the addresses that were looked at and no others."""

    host: str
    port: int
    addresses: tuple[str, ...]


class _Allowed:
    """What the operator's setting names; nothing named means every public server."""

    names: frozenset[str] = frozenset()
    pairs: frozenset[tuple[str, int]] = frozenset()


def allow(entries: Iterable[str]) -> None:
    """Name the servers that may be called, as `host` or `host:port`."""
    pairs, names = set(), set()
    for entry in entries:
        host, _, port = entry.lower().rpartition(":")
        if host and port.isdecimal():
            pairs.add((host.strip("[]"), int(port)))
        else:
            names.add(entry.lower())
    _Allowed.names, _Allowed.pairs = frozenset(names), frozenset(pairs)


def may_be_named(host: str, port: int) -> bool:
    """Whether a mailbox may name this server at all; asks nobody."""
    name = host.lower()
    if (name, port) in _Allowed.pairs:
        return True
    everybody = not (_Allowed.names or _Allowed.pairs)
    return port in PORTS and (everybody or name in _Allowed.names)


def is_own_machine(host: str) -> bool:
    """Whether a name can only mean this machine; asks nobody."""
    try:
        return host.lower() == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def found(host: str, port: int) -> Place:
    """Where a server may be called.

    Raises:
        NotAllowed: it is not allowed, not public, or not there.
    """
    if not may_be_named(host, port):
        raise NotAllowed(host)
    addresses = _addresses(host, port)
    trusted = (host.lower(), port) in _Allowed.pairs
    if not addresses or not (trusted or all(_is_public(ip_address(one)) for one in addresses)):
        raise NotAllowed(host)
    return Place(host, port, addresses)


def _addresses(host: str, port: int) -> tuple[str, ...]:
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):  # a label too long is no name either
        return ()
    return tuple(dict.fromkeys(str(answer[4][0]).partition("%")[0] for answer in answers))


def _is_public(address: _Address) -> bool:
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return _is_public(address.ipv4_mapped)
        if any(address in carrier for carrier in _CARRIERS):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved
