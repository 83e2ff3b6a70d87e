"""Which servers a mailbox may name: nothing private is called, whatever it is called by."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from unittest.mock import patch

import pytest

from app.mail import destinations
from app.mail.destinations import NotAllowed

PUBLIC = "93.184.216.34"


@pytest.fixture(autouse=True)
def _nothing_listed() -> Iterator[None]:
    destinations.allow([])
    yield
    destinations.allow([])


def resolving(*addresses: str):  # type: ignore[no-untyped-def]
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 993)) for address in addresses]
    return patch.object(socket, "getaddrinfo", return_value=answers)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "::1", "0.0.0.0", "::", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "fd00::1", "fe80::1%eth0", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
        "224.0.0.1", "ff02::1", "240.0.0.1", "255.255.255.255", "192.0.2.1",
    ],
)  # fmt: skip
def test_a_name_that_means_a_private_address_is_refused(address: str) -> None:
    with resolving(address), pytest.raises(NotAllowed):
        destinations.found("mail.example", 993)


@pytest.mark.parametrize(
    "name", ["127.0.0.1", "127.1", "2130706433", "0177.0.0.1", "0x7f.1", "localhost", "0", "[::1]"]
)
def test_every_way_of_writing_this_machine_is_refused(name: str) -> None:
    with pytest.raises(NotAllowed):
        destinations.found(name, 993)


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    with resolving(PUBLIC, "10.0.0.1"), pytest.raises(NotAllowed):
        destinations.found("mail.example", 993)


@pytest.mark.parametrize("port", [22, 25, 80, 110, 3306, 6379])
def test_only_the_ports_of_imap_are_called(port: int) -> None:
    with resolving(PUBLIC) as asked, pytest.raises(NotAllowed):
        destinations.found("mail.example", port)
    assert not asked.called


def test_a_public_server_is_called_at_the_addresses_that_were_looked_at() -> None:
    with resolving(PUBLIC, "2606:2800:220:1::1"):
        assert destinations.found("mail.example", 993).addresses == (PUBLIC, "2606:2800:220:1::1")


def test_a_list_lets_nothing_else_in() -> None:
    destinations.allow(["imap.example.org", "127.0.0.1:10143"])
    with resolving(PUBLIC):
        assert destinations.found("IMAP.example.org", 993).host == "IMAP.example.org"
        with pytest.raises(NotAllowed):
            destinations.found("mail.example", 993)
    assert destinations.found("127.0.0.1", 10143).addresses == ("127.0.0.1",)
    with pytest.raises(NotAllowed):
        destinations.found("127.0.0.1", 143)
    with resolving("10.0.0.1"), pytest.raises(NotAllowed):
        destinations.found("imap.example.org", 993)


@pytest.mark.parametrize("name", ["", "no.such.host.invalid", "x" * 300, "a..b", "é" * 70])
def test_a_name_that_means_nothing_is_refused_like_any_other(name: str) -> None:
    failing = patch.object(socket, "getaddrinfo", side_effect=socket.gaierror)
    for answer in (failing, resolving()):
        with answer, pytest.raises(NotAllowed):
            destinations.found(name, 993)
