"""Letters in: stored raw before anybody is told, then filed in groups by a job that can be repeated."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.kernel import clock
from app.kernel.transaction import publish, transactional
from app.mail import authentication, identity, mailbox_queries, outgoing, pointing, queries, reaching, slow_lane
from app.mail.events import LetterFiled, LetterStored
from app.mail.fates import MAILROOM, meet
from app.mail.fates import raw_of as raw_of
from app.mail.mailbox_queries import LEFT_THERE, NOWHERE, Home
from app.mail.models import LetterIn
from app.mail.opened import Opened, opened
from app.mail.reading import Reading
from app.people import service as people
from app.people.names import normalised
from app.people.service import Writer
from app.tickets import conversation, holding
from app.tickets import queries as tickets
from app.tickets.conversation import Word
from app.tickets.files import StoredFile, sniffed, store
from app.tickets.models import Ticket
from app.tickets.opening import Draft, open_tickets
from app.tickets.states import REOPENS_WITHIN, Channel

LETTER_BYTES = 25 * 1024 * 1024
#: Files of a letter beyond this number stay in the raw letter only.
FILES_KEPT = 20


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a letter lay in a mailbox; UIDs count under a UIDVALIDITY. Both are None where its place is not its own."""

    mailbox_id: int
    uidvalidity: int | None
    uid: int | None


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the delivering server said of a letter, or where it was fetched."""

    sender: str = ""
    recipients: tuple[str, ...] = ()
    door: str = "lmtp"
    spot: Spot | None = None


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
        publish(LetterStored(letter_id=letter_id), by=MAILROOM)
        publish(LetterFiled(letter_id=letter_id, fate="unparsed"), by=MAILROOM)


def _stored(raw: bytes, envelope: Envelope) -> dict[str, object]:
    spot = envelope.spot
    return {
        "received_at": clock.now(), "door": envelope.door, "envelope_from": envelope.sender[:320],
        "envelope_to": " ".join(envelope.recipients)[:1000], "size": len(raw),
        "sha256": hashlib.sha256(raw).hexdigest(), "raw": zlib.compress(raw, 1), "fate": "waiting", "reason": "",
        "content_key": None, "ticket_id": None, "message_id": None, "tries": 0, "auth": "",
        "silent": False,
        "mailbox_id": spot.mailbox_id if spot else None, "uidvalidity": spot.uidvalidity if spot else None,
        "uid": spot.uid if spot else None, "sender": None, "domain": None, "lane": None, "list_id": None,
    }  # fmt: skip


@transactional
def file_letters(letter_ids: Iterable[int]) -> None:
    """Give each stored letter its fate; letters already filed are left alone, so this may run twice."""
    letters = opened([row for row in queries.letters(letter_ids) if _may_be_filed(row)])
    left, copies = _without_twins(letters)
    left = slow_lane.in_turn([letter for letter in left if not _robot(letter)])
    while left:
        now, left = _first_wave(left)
        _file(now)
    for copy, first in copies:
        _meet(copy, "duplicate", ticket_id=first.row.ticket_id, reason="same_letter")


def _meet(
    letter: Opened, fate: str, *, reason: str, ticket_id: int | None = None, message_id: int | None = None
) -> None:
    # Only now: a row that is written to earlier goes to the database twice.
    letter.row.content_key, letter.row.silent = letter.content_key, letter.reading.is_auto_reply
    meet(letter.row, fate, reason=reason, ticket_id=ticket_id, message_id=message_id)


def _may_be_filed(row: LetterIn) -> bool:
    # Of one that stays on its server only the header is here: nothing could be read but that.
    return row.fate == "waiting" or (row.fate == "unparsed" and row.reason not in LEFT_THERE)


def _without_twins(letters: list[Opened]) -> tuple[list[Opened], list[tuple[Opened, Opened]]]:
    filed = queries.filed_twins(letter.content_key for letter in letters)
    fresh: dict[str, Opened] = {}
    copies = []
    for letter in letters:
        key = letter.content_key
        twin = filed.get(key)
        if twin is not None:
            _meet(letter, "duplicate", ticket_id=twin.ticket_id, reason="same_letter")
        elif key in fresh:
            copies.append((letter, fresh[key]))
        else:
            fresh[key] = letter
    return list(fresh.values()), copies


def _robot(letter: Opened) -> bool:
    reading = letter.reading
    returned = identity.returned_in(letter.recipients)
    if _came_back(reading, returned):
        back = outgoing.note_bounce(reading, returned)
        reason = "bounce" if back and back.proven else "bounce_unproven" if back else "bounce_stray"
        _meet(letter, "bounce", ticket_id=back.letter.ticket_id if back else None, reason=reason)
        return True
    own = identity.is_own_mid(reading.message_id) or identity.is_own_address(reading.from_email)
    if own or reading.machine:
        letter.row.list_id = None if own else reading.list_id or None
        _meet(letter, "automatic", reason="own_letter" if own else reading.machine)
        return True
    if not letter.author or not reading.headed:
        _meet(letter, "unparsed", reason="no_author" if reading.headed else "no_letter")
        return True
    return False


def _came_back(reading: Reading, returned: int | None) -> bool:
    # People write of letters that came back in the same words as machines do: a machine's sign, or our own, is needed.
    told = reading.evidence
    return told is not None and (told.by_machine or returned is not None or identity.is_own_mid(told.quoted_id))


def _first_wave(letters: list[Opened]) -> tuple[list[Opened], list[Opened]]:
    # A letter that answers another one of the same group waits until that one has its ticket.
    here = {letter.reading.message_id for letter in letters if letter.reading.message_id}
    later = [
        letter
        for letter in letters
        if here & ({letter.reading.in_reply_to, *letter.reading.references} - {letter.reading.message_id})
    ]
    now = [letter for letter in letters if letter not in later]
    return (now, later) if now else (letters, [])


def _file(letters: list[Opened]) -> None:
    _recognise(letters)
    pointing.look_up(letters)
    by_action: dict[str, list[Opened]] = {"join": [], "hold": [], "open": []}
    for letter in letters:
        by_action[letter.verdict.action].append(letter)
    named = tickets.cards({letter.verdict.ticket_id for letter in letters if letter.verdict.ticket_id})
    rows = {key: conversation.living(row) for key, row in named.items()}
    late = [letter for letter in by_action["join"] if _too_late(rows[letter.verdict.ticket_id or 0])]
    _join([letter for letter in by_action["join"] if letter not in late], rows)
    _hold(by_action["hold"], rows)
    _open_new(by_action["open"] + late, follows={id(letter) for letter in late})
    _remember(letters)
    reaching.note_written(letters)


def _recognise(letters: list[Opened]) -> None:
    homes = _homes(letters)
    writers = [Writer(letter.author, letter.reading.from_name, _home(letter, homes).language) for letter in letters]
    persons = people.recognise(writers)
    for letter in letters:
        letter.person_id = persons[letter.author]
        letter.row.auth = _vouched(letter)


def _vouched(letter: Opened) -> str:
    """What our mail server found out about the author; that a list is itself proves nobody who writes through it."""
    reading = letter.reading
    if reading.rewritten:
        found = authentication.result(reading.auth_results, next(iter(reading.authors), ""))
        return authentication.NONE if found == authentication.PASS else found
    found = authentication.result(reading.auth_results, letter.author)
    # It looked at From: of an author whom something else names, whatever it found is about nobody.
    elsewhere = letter.author not in map(normalised, reading.authors)
    return authentication.FAIL if found and elsewhere else found


def _too_late(ticket: Ticket) -> bool:
    return ticket.solved_at is not None and clock.now() - ticket.solved_at > REOPENS_WITHIN


def _word(letter: Opened) -> Word:
    return Word(
        body=letter.reading.reply_text or letter.reading.text, files=_files(letter.reading), channel=Channel.EMAIL,
        received_at=letter.row.received_at, letter_id=letter.row.id, author_id=letter.person_id,
    )  # fmt: skip


def _join(letters: list[Opened], rows: dict[int, Ticket]) -> None:
    pairs = [(rows[letter.verdict.ticket_id or 0], _word(letter)) for letter in letters]
    ids = conversation.written(pairs, by=MAILROOM)
    for letter, (ticket, _word_said), message_id in zip(letters, pairs, ids, strict=True):
        _meet(letter, "reply", ticket_id=ticket.id, message_id=message_id, reason=letter.verdict.why)


def _hold(letters: list[Opened], rows: dict[int, Ticket]) -> None:
    for letter in letters:
        ticket = rows[letter.verdict.ticket_id or 0]
        message_id = holding.held(ticket, _word(letter), by=MAILROOM)
        _meet(letter, "held", ticket_id=ticket.id, message_id=message_id, reason=letter.verdict.why)


def _open_new(letters: list[Opened], *, follows: set[int]) -> None:
    if not letters:
        return
    homes = _homes(letters)
    drafts = [
        Draft(
            email=letter.author, name=letter.reading.from_name, subject=letter.reading.subject[:255],
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
        _meet(letter, "ticket", ticket_id=made.ticket_id, message_id=made.message_id, reason=why)


def _homes(letters: list[Opened]) -> Mapping[int, Home]:
    return mailbox_queries.homes() if any(letter.row.mailbox_id for letter in letters) else {}


def _home(letter: Opened, homes: Mapping[int, Home]) -> Home:
    return homes.get(letter.row.mailbox_id or 0, NOWHERE)


def _files(reading: Reading) -> tuple[StoredFile, ...]:
    kept = [part for part in reading.attachments if part.content][:FILES_KEPT]
    return tuple(store(part.name, sniffed(part.content), part.content) for part in kept)


def _remember(letters: list[Opened]) -> None:
    queries.remember_mids(
        (identity.mid_hash(letter.reading.message_id), letter.row.ticket_id)
        for letter in letters
        if letter.reading.message_id and letter.row.ticket_id is not None and letter.row.fate != "held"
    )
