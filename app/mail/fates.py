"""The fate of a letter: written on its row, told to whoever listens."""

from __future__ import annotations

import zlib

from app.kernel.access import Actor, spectator
from app.kernel.transaction import publish
from app.mail.events import LetterFiled
from app.mail.models import LetterIn

MAILROOM: Actor = spectator(None, door="mailroom")


def meet(
    row: LetterIn, fate: str, *, ticket_id: int | None = None, message_id: int | None = None, reason: str = "",
    by: Actor = MAILROOM,
) -> None:  # fmt: skip
    """Give a letter its fate; inside a verb only."""
    row.fate, row.ticket_id, row.message_id, row.reason = fate, ticket_id, message_id, reason[:255]
    publish(LetterFiled(letter_id=row.id, fate=fate, ticket_id=ticket_id), by=by)


def raw_of(row: LetterIn) -> bytes:
    """The letter's bytes as they arrived."""
    return zlib.decompress(row.raw)
