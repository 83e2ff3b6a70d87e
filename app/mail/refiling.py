"""What follows a letter that an agent moves or decides about: its fate, and where answers to it will find their way."""

from __future__ import annotations

from collections.abc import Iterable

from app.mail import bounds, identity, queries
from app.mail.fates import raw_of
from app.mail.models import LetterIn


def follow(moves: Iterable[tuple[int, int, int]]) -> None:
    """Letters were moved: answers to them go where they are now. Shape: triples (letter, from ticket, to ticket)."""
    where = {letter_id: (before, after) for letter_id, before, after in moves}
    for row in queries.letters(where):
        before, after = where[row.id]
        row.ticket_id = after
        mid = _mid(row)
        if mid:
            queries.move_mid(identity.mid_hash(mid), before, after)


def settle(decisions: Iterable[tuple[int, int, str]]) -> None:
    """Held letters were decided about. Shape: triples (letter, ticket, what was decided)."""
    told = {letter_id: (ticket_id, how) for letter_id, ticket_id, how in decisions}
    for row in queries.letters(told):
        ticket_id, how = told[row.id]
        row.fate = "held" if how in {"refuse", "hold"} else "reply"
        if how in {"accept", "once"} and (mid := _mid(row)):
            queries.remember_mids([(identity.mid_hash(mid), ticket_id)])


def _mid(row: LetterIn) -> str:
    try:
        return bounds.read_within(raw_of(row)).message_id
    except bounds.Unreadable:  # a request made by hand: no answer can name it
        return ""
