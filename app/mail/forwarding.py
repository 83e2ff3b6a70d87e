"""Forwarding: some of what was said in a request sent to somebody outside, with no history, no link and no right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.kernel.transaction import publish, transactional
from app.mail import identity, outgoing, queries
from app.mail.outgoing import Letter
from app.people import service as people
from app.people.names import normalised
from app.people.service import Writer
from app.tickets import access, conversation, message_queries
from app.tickets.conversation import Word
from app.tickets.events import TicketForwarded
from app.tickets.files import MEGABYTE, StoredFile
from app.tickets.models import Message, Ticket
from app.tickets.opening import BODY_BYTES
from app.venue import service as venue
from app.venue.moments import moment

#: Files of one letter together: with what mail adds to them, still below what most servers take.
FILES_BYTES = 18 * MEGABYTE
#: Characters of a key, as many as a message keeps.
KEY = 40


@transactional
def forward(
    ticket_id: int, *, email: str, note: str, message_ids: Iterable[int], file_ids: Iterable[int] = (), trace: str,
    submission: str | None = None, by: Actor,
) -> int:  # fmt: skip
    """Send chosen messages to an address; what comes back from there is held. Returns the letter's id.

    Args:
        ticket_id: the request.
        email: where to.
        note: what the agent adds.
        message_ids: the messages chosen, none of which may be a note or held.
        file_ids: files of these messages that go with them.
        trace: the note that stays in the request.
        submission: the key of the form, so that pressing twice sends once; a form changed meanwhile sends anew.
        by: an agent of its department.

    Raises:
        Invalid: fields `email`, `note`, `messages`, `files`.
    """
    by.must(Permission.TICKET_ANSWER)
    ticket = access.desk_card(by, ticket_id)
    wanted, asked = set(message_ids), set(file_ids)
    key = _key(submission, ticket, normalised(email), note.strip(), sorted(wanted), sorted(asked))
    if (before := _sent_before(ticket, key)) is not None:
        return before
    chosen = [row for row in message_queries.public_messages(ticket.id) if row.id in wanted]
    files = _files(chosen, asked)
    address = _checked(email, (note, trace), chosen, complete=len(chosen) == len(wanted))
    _check_files(files, complete=len(files) == len(asked))
    person = people.recognise([Writer(address, "", ticket.language)])[address]
    cards = people.cards_of({person, by.person_id or person})
    language, signer = cards[person].language, cards.get(by.person_id or 0)
    values = {
        "note": note.strip(), "subject": ticket.subject, "signer": signer.name if signer else "",
        "quoted": _quoted(chosen, language),
    }  # fmt: skip
    session.flush()
    said = conversation.note(ticket.id, Word(body=trace, channel="desk", submission=key), by=by)
    letter = Letter(
        kind="forward", to_person=person, language=language, ticket_id=ticket.id, message_id=said,
        automatic=False, values=dict(values), files=files,
    )  # fmt: skip
    (letter_id,) = outgoing.write([letter])
    row = queries.written(letter_id)
    if row is not None:
        row.to_email, row.references = address, ""  # the address typed, and no trace of what went before
    publish(TicketForwarded(ticket_id=ticket.id, letter_out_id=letter_id), by=by)
    return letter_id


def _key(submission: str | None, ticket: Ticket, *content: object) -> str | None:
    """The key of a form with all it says: another address or other words are another forward."""
    return sha256(repr((submission, ticket.id, *content)).encode()).hexdigest()[:KEY] if submission else None


def _sent_before(ticket: Ticket, key: str | None) -> int | None:
    row = message_queries.message_by_submission(key) if key else None
    letter = queries.of_messages([row.id]).get(row.id) if row is not None and row.ticket_id == ticket.id else None
    return letter.id if letter is not None else None


def _files(chosen: Iterable[Message], file_ids: Iterable[int]) -> tuple[StoredFile, ...]:
    wanted = set(file_ids)
    return tuple(
        StoredFile(file.name, file.type, file.size, file.sha256)
        for row in chosen
        for file in row.attachments
        if file.id in wanted
    )


def _check_files(files: Sequence[StoredFile], *, complete: bool) -> None:
    if not complete:
        raise Invalid({"files": "forward_files"})
    if sum(file.size for file in files) > FILES_BYTES:
        raise Invalid({"files": "forward_large"})


def _checked(email: str, texts: tuple[str, ...], chosen: list[Message], *, complete: bool) -> str:
    address, wrong = normalised(email), {}
    if not address or identity.is_own_address(address):
        wrong["email"] = "email" if email.strip() else "email_missing"
    if any(len(text.encode()) > BODY_BYTES for text in texts):
        wrong["note"] = "too_long"
    if not chosen or not complete:
        wrong["messages"] = "choose_one"
    if wrong:
        raise Invalid(wrong)
    return address


def _quoted(chosen: Sequence[Message], language: str) -> str:
    house, now = venue.house(), clock.now()
    when = {row.id: moment(row.at, now, language, house.tz) for row in chosen}
    who = {row.id: row.author.name if row.author else house.name for row in chosen}
    return "\n\n".join(f"— {who[row.id]}, {when[row.id]}\n\n{row.body}" for row in chosen)
