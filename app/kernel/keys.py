"""Secrets of the house and what is derived from them: private links and unguessable numbers; never stored usable."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

#: Bytes of a row's nonce (which finds the row) and of the code behind it (which proves the link).
NONCE, PROOF = 10, 16
#: The number of the key that seals in a house that never had another.
FIRST = 1


class KeyMissing(RuntimeError):
    """A secret that production requires is not there."""


class _Ring:
    """The secrets, once unlocked at start; those that seal by their number, the first of them derived."""

    root: bytes = b""
    folder: Path | None = None
    production: bool = False
    sealing: Mapping[int, bytes] = MappingProxyType({})


def unlock(folder: Path, *, production: bool) -> None:
    """Read the house's secret, or make it at the first run in development.

    Raises:
        KeyMissing: production found none, or one that others can read.
    """
    path = folder / "house.key"
    if not path.exists():
        if production:
            raise KeyMissing(f"no secret at {path}; make one with: flask keys make")
        make(folder)
    if production and path.stat().st_mode & 0o077:
        raise KeyMissing(f"{path} can be read by others; allow its owner only")
    _Ring.root = path.read_bytes()
    if len(_Ring.root) < 32:
        raise KeyMissing(f"{path} is shorter than 32 bytes")
    _Ring.folder, _Ring.production = folder, production
    _Ring.sealing = _sealing(folder, production=production)


def _sealing(folder: Path, *, production: bool) -> dict[int, bytes]:
    """The keys that seal, by number; the first comes from the house's own secret."""
    found = {FIRST: derived("seal")}
    for path in folder.glob("seal-*.key"):
        number = path.stem.removeprefix("seal-")
        if not number.isdecimal() or int(number) <= FIRST:
            continue
        if production and path.stat().st_mode & 0o077:
            raise KeyMissing(f"{path} can be read by others; allow its owner only")
        secret = path.read_bytes()
        if len(secret) < 32:
            raise KeyMissing(f"{path} is shorter than 32 bytes")
        found[int(number)] = hmac.new(secret, b"key:seal", hashlib.sha256).digest()
    return found


def sealing_key(number: int) -> bytes:
    """The key of a number; one that was made since this process started is found too.

    Raises:
        KeyMissing: there is none.
    """
    if number not in _Ring.sealing and _Ring.folder is not None:
        _Ring.sealing = _sealing(_Ring.folder, production=_Ring.production)
    if number not in _Ring.sealing:
        name = "house.key" if number == FIRST else f"seal-{number}.key"
        raise KeyMissing(f"key {number} is not there: put {name} back into {_Ring.folder}")
    return _Ring.sealing[number]


def newest() -> int:
    """The number of the key that seals from now on."""
    if not _Ring.sealing:
        raise KeyMissing("the house's secret has not been read")
    return max(_Ring.sealing)


def renew(folder: Path) -> Path:
    """Write the next key that seals, which only its owner can read; those before it still open what they sealed."""
    numbers = _sealing(folder, production=False)
    path = folder / f"seal-{max(numbers) + 1}.key"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(48))
        file.flush()
        os.fsync(file.fileno())
    _Ring.sealing = _sealing(folder, production=False)
    return path


def make(folder: Path) -> Path:
    """Write a new secret that only its owner can read; an existing one is left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "house.key"
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(48))
    return path


def derived(purpose: str, length: int = 32) -> bytes:
    """A key for one purpose; knowing it tells nothing about the others."""
    if not _Ring.root:
        raise KeyMissing("the house's secret has not been read")
    return hmac.new(_Ring.root, b"key:" + purpose.encode(), hashlib.sha256).digest()[:length]


def nonce() -> str:
    """Fresh randomness for a row that will have private links."""
    return secrets.token_hex(NONCE)


def link_token(purpose: str, row_nonce: str, generation: int) -> str:
    """The token of a private link: 26 bytes in base 32, lower case, so that it survives any mail program."""
    return _readable(bytes.fromhex(row_nonce) + _proof(purpose, row_nonce, generation))


def nonce_of(token: str) -> str | None:
    """The nonce a token names, or None when it cannot be a token at all."""
    raw = _raw(token)
    return raw[:NONCE].hex() if raw and len(raw) == NONCE + PROOF else None


def proves(token: str, purpose: str, row_nonce: str, generation: int) -> bool:
    """Whether the token is this row's, for this purpose and generation; constant time."""
    return hmac.compare_digest(token.encode(), link_token(purpose, row_nonce, generation).encode())


def short_proof(purpose: str, value: str, length: int = 10) -> str:
    """A short code that proves we wrote `value`, for addresses and Message-IDs."""
    return _readable(hmac.new(derived(purpose), value.encode(), hashlib.sha256).digest()[:length])


def numbered(purpose: str, number: int) -> str:
    """A token that names a row to us alone and proves that we wrote it; nobody learns the number from it."""
    proof = hmac.new(derived(purpose), str(number).encode(), hashlib.sha256).digest()[:NONCE]
    mask = hmac.new(derived(purpose), b"mask:" + proof, hashlib.sha256).digest()[:6]
    return _readable((number ^ int.from_bytes(mask)).to_bytes(6) + proof)


def number_of(purpose: str, token: str) -> int | None:
    """The number of a token made by `numbered`; None when it is none of ours."""
    raw = _raw(token)
    if raw is None or len(raw) != 6 + NONCE:
        return None
    mask = hmac.new(derived(purpose), b"mask:" + raw[6:], hashlib.sha256).digest()[:6]
    number = int.from_bytes(raw[:6]) ^ int.from_bytes(mask)
    return number if same(token.lower(), numbered(purpose, number)) else None


def same(given: str, expected: str) -> bool:
    """Compare two codes in constant time."""
    return hmac.compare_digest(given.encode(), expected.encode())


def _proof(purpose: str, row_nonce: str, generation: int) -> bytes:
    message = f"{purpose}|{row_nonce}|{generation}".encode()
    return hmac.new(derived("link"), message, hashlib.sha256).digest()[:PROOF]


def _readable(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=").lower()


def _raw(token: str) -> bytes | None:
    if not token.isascii() or len(token) > 64:
        return None
    try:
        return base64.b32decode(token.upper() + "=" * (-len(token) % 8))
    except ValueError:
        return None
