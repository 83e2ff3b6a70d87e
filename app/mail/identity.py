"""Addresses and Message-IDs that carry a keyed proof, so that an answer can be believed; plain values only."""

from __future__ import annotations

import hashlib
import re
import secrets

from app.kernel import keys

_PLUS = re.compile(r"\+([a-z2-7]{42})@")
_BACK = re.compile(r"\+retour-([a-z2-7]{26})@")
_OURS = re.compile(r"g\.([0-9a-f]{20})\.([a-z2-7]{10,20})\.([a-z2-7]{16})@")
_NUMBER = re.compile(r"\[#(\d{6,7})\]")


class _Desk:
    """The box office's own address, once the factory has named it."""

    local: str = "billetterie"
    domain: str = "localhost"


def be(address: str) -> None:
    """Name the address under which the house writes."""
    _Desk.local, _, _Desk.domain = address.partition("@")


def own_address() -> str:
    """The address under which the house writes."""
    return f"{_Desk.local}@{_Desk.domain}"


def own_domain() -> str:
    """The domain under which the house writes."""
    return _Desk.domain


def is_own_address(email: str) -> bool:
    """Whether letters to this address come back to us: the house's own one, with or without something after a plus."""
    local, _, domain = email.partition("@")
    return domain == _Desk.domain and local.partition("+")[0] == _Desk.local


def reply_address(token: str) -> str:
    """Where answers about one ticket come back: the house's address with a token that proves itself."""
    return f"{_Desk.local}+{token}@{_Desk.domain}"


def return_address(letter_id: int) -> str:
    """Where one letter of ours comes back to: its envelope sender, from which alone we know which letter it was.

    It is the box office's own address, so that whatever delivers answers delivers what comes back too.
    """
    return f"{_Desk.local}+retour-{keys.numbered('return', letter_id)}@{_Desk.domain}"


def returned_in(addresses: list[str]) -> int | None:
    """The letter of ours that came back to one of these addresses."""
    for address in addresses:
        found = _BACK.search(address.lower())
        if found and address.lower().endswith("@" + _Desk.domain):
            return keys.number_of("return", found[1])
    return None


def new_mid(nonce: str | None) -> str:
    """A Message-ID of ours (without angle brackets); with a ticket's nonce, it proves which ticket it speaks of."""
    salt = secrets.token_hex(8).translate(str.maketrans("0189", "abcd"))
    name = nonce or "0" * 20
    return f"g.{name}.{salt}.{keys.short_proof('message-id', f'{name}.{salt}')}@{_Desk.domain}"


def nonce_of_mid(mid: str) -> str | None:
    """The nonce of the ticket a Message-ID of ours speaks of; None when it is not ours or its proof is wrong."""
    found = _OURS.match(mid)
    if found is None or not keys.same(found[3], keys.short_proof("message-id", f"{found[1]}.{found[2]}")):
        return None
    return found[1]


def is_own_mid(mid: str) -> bool:
    """Whether we made this Message-ID ourselves."""
    return nonce_of_mid(mid) is not None


def token_in(addresses: list[str]) -> str | None:
    """The token of the first plus-address of ours among recipients."""
    for address in addresses:
        found = _PLUS.search(address.lower())
        if found and address.lower().endswith("@" + _Desk.domain):
            return found[1]
    return None


def number_in(subject: str) -> int | None:
    """The public number a subject carries."""
    found = _NUMBER.search(subject)
    return int(found[1]) if found else None


def mid_hash(mid: str) -> str:
    """Under which a Message-ID is remembered."""
    return hashlib.blake2b(mid.strip().lower().encode("utf-8", "replace"), digest_size=16).hexdigest()
