"""Letters in: stored raw before anybody is told, then filed in groups by a job that can be repeated."""

from __future__ import annotations

import hashlib
import logging
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.kernel import clock, keys
from app.kernel.access import Actor, spectator
from app.kernel.transaction import publish, transactional
from app.mail import identity, mailbox_queries, outgoing, queries
from app.mail.events import LetterFiled, LetterStored
from app.mail.mailbox_queries import NOWHERE, Home
from app.mail.models import LetterIn
from app.mail.reading import Reading, read
from app.mail.threading import Clues, Verdict, decide
from app.people import service as people
from app.people.names import normalised
from app.people.service import Writer
from app.tickets import conversation, links
from app.tickets import queries as tickets
from app.tickets.conversation import Word
from app.tickets.files import StoredFile, sniffed, store
from app.tickets.models import Ticket
from app.tickets.opening import Draft, open_tickets
from app.tickets.states import REOPENS_WITHIN, Channel

log = logging.getLogger(__name__)

LETTER_BYTES = 25 * 1024 * 1024
MAILROOM: Actor = spectator(None, door="mailroom")
#: Files of a letter beyond this number stay in the raw letter only.
FILES_KEPT = 20


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a letter lay in a mailbox; UIDs count under a UIDVALIDITY."""

    mailbox_id: int
    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the delivering server said of a letter, or where it was fetched."""

    sender: str = ""
    recipients: tuple[str, ...] = ()
    door: str = "lmtp"
    spot: Spot | None = None


@dataclass(slots=True)
class _Open:
    """A letter being filed: its row, what it says, who wrote it, where it points."""

    row: LetterIn
    reading: Reading
    person_id: int | None = None
    clues: Clues = field(default_factory=Clues)
    verdict: Verdict = field(default_factory=lambda: Verdict("open"))


@transactional
def store_letters(letters: Sequence[tuple[bytes, Envelope]]) -> list[int]:
    """Keep letters raw and whole; when this returns they are safe, and the delivering server may be told so."""
    rows = [_stored(raw, envelope) for raw, envelope in letters]
    ids = queries.store(rows) if rows else []
    for letter_id in ids:
        publish(LetterStored(letter_id=letter_id), by=MAILROOM)
    return ids


@transactional
def store_refused(letters: Sequence[tuple[bytes, Envelope]], *, size: int, reason: str) -> None:
    """Keep what there is of letters that cannot be taken in, in sight of those who look after letters; once."""
    rows = [{**_stored(raw, envelope), "size": size, "fate": "unparsed", "reason": reason} for raw, envelope in letters]
    for letter_id in queries.store(rows):
        publish(LetterFiled(letter_id=letter_id, fate="unparsed"), by=MAILROOM)


def _stored(raw: bytes, envelope: Envelope) -> dict[str, object]:
    spot = envelope.spot
    return {
        "received_at": clock.now(), "door": envelope.door, "envelope_from": envelope.sender[:320],
        "envelope_to": " ".join(envelope.recipients)[:1000], "size": len(raw),
        "sha256": hashlib.sha256(raw).hexdigest(), "raw": zlib.compress(raw, 1), "fate": "waiting", "reason": "",
        "content_key": None, "ticket_id": None, "message_id": None, "mailbox_id": spot.mailbox_id if spot else None,
        "uidvalidity": spot.uidvalidity if spot else None, "uid": spot.uid if spot else None,
    }  # fmt: skip


def raw_of(row: LetterIn) -> bytes:
    """The letter's bytes as they arrived."""
    return zlib.decompress(row.raw)


@transactional
def file_letters(letter_ids: Iterable[int]) -> None:
    """Give each stored letter its fate; letters already filed are left alone, so this may run twice."""
    waiting = [row for row in queries.letters(letter_ids) if row.fate in {"waiting", "unparsed"}]
    opened = [letter for row in waiting if (letter := _opened(row)) is not None]
    left = _without_twins(opened)
    left = [letter for letter in left if not _robot(letter)]
    while left:
        now, left = _first_wave(left)
        _file(now)


def _opened(row: LetterIn) -> _Open | None:
    try:
        raw = raw_of(row)
        reading = read(raw)
    except Exception as problem:
        # The parser promises never to raise; when it does, the letter is kept in sight instead of blocking the rest.
        log.exception("letter %s cannot be read", row.id)
        _meet(row, "unparsed", reason=type(problem).__name__)
        return None
    row.content_key = content_key(reading, raw)
    return _Open(row, reading)


def content_key(reading: Reading, raw: bytes) -> str:
    """What makes a letter the same letter: its own Message-ID, author and body, not the way it travelled."""
    body = raw.partition(b"\r\n\r\n")[2] or raw.partition(b"\n\n")[2]
    digest = hashlib.sha256(b"\n".join(body.splitlines()))
    digest.update("\x00".join((reading.message_id, reading.from_email, reading.subject)).encode("utf-8", "replace"))
    return digest.hexdigest()


def _without_twins(letters: list[_Open]) -> list[_Open]:
    filed = queries.filed_twins(letter.row.content_key or "" for letter in letters)
    fresh: dict[str, _Open] = {}
    for letter in letters:
        key = letter.row.content_key or ""
        twin = filed.get(key)
        if twin is not None:
            _meet(letter.row, "duplicate", ticket_id=twin.ticket_id, reason="same_letter")
        elif key in fresh:
            _meet(letter.row, "duplicate", reason="same_letter")
        else:
            fresh[key] = letter
    return list(fresh.values())


def _robot(letter: _Open) -> bool:
    reading = letter.reading
    if reading.is_bounce:
        back = outgoing.note_bounce(reading, identity.returned_in(_recipients(letter)))
        _meet(letter.row, "bounce", ticket_id=back.ticket_id if back else None, reason="bounce")
        return True
    own = identity.is_own_mid(reading.message_id) or identity.is_own_address(reading.from_email)
    if reading.is_auto_reply or own or not normalised(reading.from_email):
        reason = "own_letter" if own else "automatic" if reading.is_auto_reply else "no_author"
        _meet(letter.row, "automatic" if reading.from_email else "unparsed", reason=reason)
        return True
    return False


def _first_wave(letters: list[_Open]) -> tuple[list[_Open], list[_Open]]:
    # A letter that answers another one of the same group waits until that one has its ticket.
    here = {letter.reading.message_id for letter in letters if letter.reading.message_id}
    later = [
        letter
        for letter in letters
        if here & ({letter.reading.in_reply_to, *letter.reading.references} - {letter.reading.message_id})
    ]
    now = [letter for letter in letters if letter not in later]
    return (now, later) if now else (letters, [])


def _file(letters: list[_Open]) -> None:
    _recognise(letters)
    _look_up(letters)
    by_action: dict[str, list[_Open]] = {"join": [], "hold": [], "open": []}
    for letter in letters:
        by_action[letter.verdict.action].append(letter)
    named = tickets.cards({letter.verdict.ticket_id for letter in letters if letter.verdict.ticket_id})
    rows = {key: conversation.living(row) for key, row in named.items()}
    late = [letter for letter in by_action["join"] if _too_late(rows[letter.verdict.ticket_id or 0])]
    _join([letter for letter in by_action["join"] if letter not in late], rows)
    _hold(by_action["hold"], rows)
    _open_new(by_action["open"] + late, follows={id(letter) for letter in late})
    _remember(letters)


def _recognise(letters: list[_Open]) -> None:
    homes = _homes(letters)
    writers = [
        Writer(letter.reading.from_email, letter.reading.from_name, _home(letter, homes).language) for letter in letters
    ]
    persons = people.recognise(writers)
    for letter in letters:
        letter.person_id = persons[normalised(letter.reading.from_email)]


def _look_up(letters: list[_Open]) -> None:
    claimed = {id(letter): _claims(letter) for letter in letters}
    by_nonce = tickets.cards_by_nonce({nonce for claims in claimed.values() for nonce, _ in claims})
    mids = {mid for letter in letters for mid in _answers(letter.reading)}
    by_mid = queries.tickets_of_mids({identity.mid_hash(mid) for mid in mids})
    numbers = {id(letter): identity.number_in(letter.reading.subject) for letter in letters}
    by_number = tickets.cards_by_number({number for number in numbers.values() if number})
    for letter in letters:
        proven = next((t for nonce, token in claimed[id(letter)] if (t := _proved(by_nonce.get(nonce), token))), None)
        numbered = by_number.get(numbers[id(letter)] or 0)
        named = next(
            (by_mid[key] for mid in _answers(letter.reading) if (key := identity.mid_hash(mid)) in by_mid), None
        )
        letter.clues = Clues(_whole(proven), named, _whole(numbered))
    pairs = {(ticket, letter.person_id or 0) for letter in letters for ticket in letter.clues.all()}
    takes_part = tickets.takes_part(pairs)
    for letter in letters:
        mine = frozenset(t for t in letter.clues.all() if (t, letter.person_id or 0) in takes_part)
        letter.verdict = decide(letter.clues, mine)


def _whole(ticket: Ticket | None) -> int | None:
    return conversation.living(ticket).id if ticket else None


def _claims(letter: _Open) -> list[tuple[str, str | None]]:
    """Nonces of tickets that a plus-address (with its token, still to be proved) or a Message-ID of ours names."""
    token = identity.token_in(_recipients(letter))
    nonce = keys.nonce_of(token) if token else None
    claims: list[tuple[str, str | None]] = [(nonce, token)] if nonce else []
    ours = (identity.nonce_of_mid(mid) for mid in _answers(letter.reading))
    return claims + [(name, None) for name in ours if name]


def _recipients(letter: _Open) -> list[str]:
    return [*letter.reading.to, *letter.reading.cc, *letter.row.envelope_to.split()]


def _proved(ticket: Ticket | None, token: str | None) -> Ticket | None:
    if ticket is None or token is None or keys.proves(token, links.ADDRESS, ticket.link_nonce, 1):
        return ticket
    return None


def _answers(reading: Reading) -> list[str]:
    return [mid for mid in dict.fromkeys([reading.in_reply_to, *reversed(reading.references)]) if mid][:50]


def _too_late(ticket: Ticket) -> bool:
    return ticket.solved_at is not None and clock.now() - ticket.solved_at > REOPENS_WITHIN


def _word(letter: _Open) -> Word:
    return Word(
        body=letter.reading.reply_text or letter.reading.text, files=_files(letter.reading), channel=Channel.EMAIL,
        received_at=letter.row.received_at, letter_id=letter.row.id, author_id=letter.person_id,
    )  # fmt: skip


def _join(letters: list[_Open], rows: dict[int, Ticket]) -> None:
    pairs = [(rows[letter.verdict.ticket_id or 0], _word(letter)) for letter in letters]
    ids = conversation.written(pairs, by=MAILROOM)
    for letter, (ticket, _word_said), message_id in zip(letters, pairs, ids, strict=True):
        _meet(letter.row, "reply", ticket_id=ticket.id, message_id=message_id, reason=letter.verdict.why)


def _hold(letters: list[_Open], rows: dict[int, Ticket]) -> None:
    for letter in letters:
        ticket = rows[letter.verdict.ticket_id or 0]
        message_id = conversation.held(ticket, _word(letter), by=MAILROOM)
        _meet(letter.row, "held", ticket_id=ticket.id, message_id=message_id, reason=letter.verdict.why)


def _open_new(letters: list[_Open], *, follows: set[int]) -> None:
    if not letters:
        return
    homes = _homes(letters)
    drafts = [
        Draft(
            email=letter.reading.from_email, name=letter.reading.from_name, subject=letter.reading.subject[:255],
            body=letter.reading.reply_text or letter.reading.text, channel=Channel.EMAIL, files=_files(letter.reading),
            received_at=letter.row.received_at, letter_id=letter.row.id,
            department=_home(letter, homes).department, language=_home(letter, homes).language,
            follows=letter.verdict.ticket_id if id(letter) in follows else None,
            perhaps_same=None if id(letter) in follows else letter.verdict.ticket_id,
        )
        for letter in letters
    ]  # fmt: skip
    for letter, made in zip(letters, open_tickets(drafts, by=MAILROOM), strict=True):
        why = "too_late" if id(letter) in follows else letter.verdict.why
        _meet(letter.row, "ticket", ticket_id=made.ticket_id, message_id=made.message_id, reason=why)


def _homes(letters: list[_Open]) -> Mapping[int, Home]:
    return mailbox_queries.homes() if any(letter.row.mailbox_id for letter in letters) else {}


def _home(letter: _Open, homes: Mapping[int, Home]) -> Home:
    return homes.get(letter.row.mailbox_id or 0, NOWHERE)


def _files(reading: Reading) -> tuple[StoredFile, ...]:
    kept = [part for part in reading.attachments if part.content][:FILES_KEPT]
    return tuple(store(part.name, sniffed(part.content), part.content) for part in kept)


def _remember(letters: list[_Open]) -> None:
    queries.remember_mids(
        (identity.mid_hash(letter.reading.message_id), letter.row.ticket_id)
        for letter in letters
        if letter.reading.message_id and letter.row.ticket_id is not None and letter.row.fate != "held"
    )


def _meet(
    row: LetterIn, fate: str, *, ticket_id: int | None = None, message_id: int | None = None, reason: str = ""
) -> None:
    row.fate, row.ticket_id, row.message_id, row.reason = fate, ticket_id, message_id, reason[:255]
    publish(LetterFiled(letter_id=row.id, fate=fate, ticket_id=ticket_id), by=MAILROOM)
