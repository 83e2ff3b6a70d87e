"""The way letters leave, chosen once by the factory: transport, paces, and the house's address on the web."""

from __future__ import annotations

from app.mail.pacing import Paces
from app.mail.parcels import Transport


class _Way:
    """What the factory chose."""

    transport: Transport | None = None
    public_url: str = ""
    paces: Paces = Paces({})


def use(transport: Transport, public_url: str, paces: Paces | None = None) -> None:
    """Choose how letters leave, and how fast."""
    _Way.transport, _Way.public_url, _Way.paces = transport, public_url, paces or Paces({})


def transport() -> Transport:
    """How letters leave.

    Raises:
        RuntimeError: nothing was chosen.
    """
    if _Way.transport is None:
        raise RuntimeError("no transport was chosen")
    return _Way.transport


def pace_of(domain: str) -> int | None:
    """Letters a minute to one domain; letters that only show on a page are never slowed."""
    return None if transport().shows else _Way.paces.of(domain)


def address(path: str) -> str:
    """An address of the house on the web."""
    return _Way.public_url + path
