"""What became of letters, for those who ask by letter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.mail import queries
from app.tickets import queries as tickets


def fates_of(stored: Iterable[tuple[str, int]]) -> list[tuple[str, dict[str, object]]]:
    """The fate of stored letters. Shape: pairs (name, {fate, ticket, message, reason}), in the order given."""
    wanted = list(stored)
    rows = {row.id: row for row in queries.letters(letter_id for _, letter_id in wanted)}
    numbers = {
        key: card.number for key, card in tickets.cards({r.ticket_id for r in rows.values() if r.ticket_id}).items()
    }
    return [
        (
            name,
            {
                "fate": rows[letter_id].fate,
                "ticket": numbers.get(rows[letter_id].ticket_id or 0),
                "message": rows[letter_id].message_id,
                "reason": rows[letter_id].reason,
            },
        )
        for name, letter_id in wanted
    ]


def all_fates(chunk: int = 1_000) -> Iterator[tuple[int, dict[str, object]]]:
    """The fate of every stored letter, oldest first. Shape: pairs (letter id, {fate, ticket, message, reason})."""
    after = 0
    while ids := queries.ids_after(after, chunk):
        names = dict(zip(map(str, ids), ids, strict=True))
        for name, fate in fates_of(list(names.items())):
            yield int(name), fate
        after = ids[-1]
