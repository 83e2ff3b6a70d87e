"""Secrets that must be read again, kept so that a copy of the database tells none of them; no key is made here."""

from __future__ import annotations

import base64
import logging
import secrets
from typing import TYPE_CHECKING

from app.kernel import keys

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

log = logging.getLogger(__name__)

#: Bytes drawn anew for each sealing; NIST SP 800-38D, 8.2.2.
_NONCE = 12


class Unreadable(RuntimeError):
    """What was kept cannot be opened: another key sealed it, it was moved to another row, or it is damaged."""


def seal(plain: str, *, bound: str) -> str:
    """Seal a text for one place, such as `mailbox:12`; anywhere else it cannot be opened."""
    return seal_bytes(plain.encode(), bound=bound)


def seal_bytes(plain: bytes, *, bound: str) -> str:
    """The same for bytes, such as a whole file."""
    nonce = secrets.token_bytes(_NONCE)
    # The number names the key, so that another one may follow while this one still reads.
    number = keys.newest()
    return f"{number}.{base64.b64encode(nonce + _box(number).encrypt(nonce, plain, bound.encode())).decode()}"


def opened(sealed: str, *, bound: str) -> str:
    """The text that was sealed for this place.

    Raises:
        Unreadable: it was sealed for another place, by another key, or was changed since.
    """
    return opened_bytes(sealed, bound=bound).decode()


def opened_bytes(sealed: str, *, bound: str) -> bytes:
    """The same for bytes.

    Raises:
        Unreadable: as of `opened`.
    """
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - docs/decisions/0018

    number, _, rest = sealed.partition(".")
    try:
        raw = base64.b64decode(rest, validate=True)
        if not (number.isascii() and number.isdecimal()):
            raise ValueError(number)
        return _box(int(number)).decrypt(raw[:_NONCE], raw[_NONCE:], bound.encode())
    except keys.KeyMissing as problem:
        log.error("%s", problem)
        raise Unreadable(bound) from None
    except (ValueError, InvalidTag):
        raise Unreadable(bound) from None


def key_of(sealed: str) -> int:
    """The number of the key that something was sealed with; 0 where it names none."""
    number = sealed.partition(".")[0]
    return int(number) if number.isascii() and number.isdecimal() else 0


def resealed(sealed: str, *, bound: str) -> str:
    """The same, sealed with the newest key.

    Raises:
        Unreadable: as of `opened`.
    """
    return seal_bytes(opened_bytes(sealed, bound=bound), bound=bound)


def _box(number: int) -> AESGCM:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - docs/decisions/0018

    return AESGCM(keys.sealing_key(number))
