"""What letters point at: tokens that prove themselves, Message-IDs we know, numbers; looked up for a whole group."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.kernel import keys
from app.mail import authentication, identity, queries
from app.mail.opened import Opened
from app.mail.queries import Known
from app.mail.reading import Reading
from app.mail.threading import Clues, decide
from app.tickets import conversation, links
from app.tickets import queries as tickets
from app.tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class _Found:
    """What a group of letters names, as the database knows it."""

    by_nonce: dict[str, Ticket]
    by_mid: dict[str, list[Known]]
    by_number: dict[int, Ticket]
    #: Where letters of known Message-IDs lie, folded requests followed to the one that lives.
    living: dict[int, int]


def look_up(letters: Sequence[Opened]) -> None:
    """Write on each letter what it points at and what to do with it."""
    found = _found(letters)
    pairs = {(ticket, letter.person_id or 0) for letter in letters for ticket in _candidates(letter, found)}
    takes_part = tickets.takes_part(pairs)
    written_to = queries.forwarded_to({ticket for ticket, _ in pairs}) if pairs else set()
    for letter in letters:
        letter.clues = _clues(letter, found, takes_part)
        mine = frozenset(t for t in letter.clues.all() if (t, letter.person_id or 0) in takes_part)
        asked = frozenset(t for t in letter.clues.all() if (t, letter.author) in written_to)
        letter.verdict = decide(letter.clues, mine, asked=asked, forged=letter.row.auth == authentication.FAIL)
    _note_answered(letters)


def _found(letters: Sequence[Opened]) -> _Found:
    nonces = {nonce for letter in letters for nonce in (*_own_nonces(letter.reading), _addressed(letter)[0]) if nonce}
    mids = {mid for letter in letters for mid in answers(letter.reading)}
    numbers = {number for letter in letters if (number := identity.number_in(letter.reading.subject))}
    by_mid = queries.known_mids({identity.mid_hash(mid) for mid in mids})
    cards = tickets.cards({row.ticket_id for rows in by_mid.values() for row in rows}) if by_mid else {}
    living = {key: conversation.living(row).id for key, row in cards.items()}
    return _Found(tickets.cards_by_nonce(nonces), by_mid, tickets.cards_by_number(numbers), living)


def _candidates(letter: Opened, found: _Found) -> set[int]:
    named = {found.living[row.ticket_id] for mid in answers(letter.reading) for row in _known(mid, found)}
    clues = _clues(letter, found, set())
    return named | set(clues.all())


def _known(mid: str, found: _Found) -> list[Known]:
    return found.by_mid.get(identity.mid_hash(mid), [])


def _clues(letter: Opened, found: _Found, takes_part: set[tuple[int, int]]) -> Clues:
    reading, me = letter.reading, letter.person_id or 0
    nonce, token = _addressed(letter)
    own = next((row for name in _own_nonces(reading) if (row := found.by_nonce.get(name))), None)
    known = [row for mid in answers(reading) for row in _known(mid, found)]
    # Anybody may give a letter the Message-ID of another: of several that carry it, the sender means their own.
    nearest = next((row for row in known if (found.living[row.ticket_id], me) in takes_part), next(iter(known), None))
    named = found.living[nearest.ticket_id] if nearest else None
    return Clues(
        placed=named if nearest and nearest.moved else None,
        addressed=_whole(_proved(found.by_nonce.get(nonce or ""), token)),
        answering=_whole(own),
        named=named,
        numbered=_whole(found.by_number.get(identity.number_in(reading.subject) or 0)),
    )


def _whole(ticket: Ticket | None) -> int | None:
    return conversation.living(ticket).id if ticket else None


def _addressed(letter: Opened) -> tuple[str | None, str | None]:
    """The nonce that a plus-address of ours among the recipients names, and its token, still to be proved."""
    token = identity.token_in(letter.recipients)
    return (keys.nonce_of(token), token) if token else (None, None)


def _own_nonces(reading: Reading) -> list[str]:
    """The nonces that Message-IDs of ours among those it answers prove, the nearest first."""
    return [name for mid in answers(reading) if (name := identity.nonce_of_mid(mid))]


def _proved(ticket: Ticket | None, token: str | None) -> Ticket | None:
    return ticket if ticket and token and keys.proves(token, links.ADDRESS, ticket.link_nonce, 1) else None


def answers(reading: Reading) -> list[str]:
    """The Message-IDs a letter answers, the nearest first."""
    return [mid for mid in dict.fromkeys([reading.in_reply_to, *reversed(reading.references)]) if mid][:50]


def _note_answered(letters: Iterable[Opened]) -> None:
    answering = [letter for letter in letters if letter.verdict.why == "answer"]
    mids = {mid for letter in answering for mid in answers(letter.reading) if identity.is_own_mid(mid)}
    ids = queries.out_ids(mids) if mids else {}
    for letter in answering:
        letter.row.answers_id = next((ids[mid] for mid in answers(letter.reading) if mid in ids), None)
