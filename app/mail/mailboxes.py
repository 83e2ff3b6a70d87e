"""Mailboxes as people look after them: named, changed, switched on and off, retired; who fetches is no concern here."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from app.kernel import changes, sealing
from app.kernel.access import Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.transaction import transactional
from app.mail import mailbox_queries as queries
from app.mail.mailbox_draft import FOLDER, MailboxDraft, check
from app.mail.models import Mailbox


@dataclass(frozen=True, slots=True)
class Duty:
    """What somebody who fetches must know of a mailbox; the secret is sealed."""

    id: int
    name: str
    host: str
    port: int
    security: str
    user: str
    auth: str
    secret: str
    folder: str
    after: str
    move_to: str
    generation: int
    failures: int
    kind: str


@dataclass(frozen=True, slots=True)
class MailboxCard:
    """A mailbox and how it fares; whether it has a secret, and never which."""

    id: int
    draft: MailboxDraft
    state: str
    has_secret: bool
    today: int
    contact_at: datetime | None
    letter_at: datetime | None
    error: str
    error_words: str
    error_at: datetime | None
    failures: int
    alarm: str
    alarm_at: datetime | None


def seal_of(mailbox_id: int) -> str:
    """What a mailbox's secret is sealed for."""
    return f"mailbox:{mailbox_id}"


def cards(*, by: Actor, day_began: datetime) -> list[MailboxCard]:
    """Every mailbox by name, retired ones last; letters are counted from the moment given."""
    by.must(Permission.SETTINGS_EDIT)
    today = queries.letters_since(day_began)
    return [_card(row, today.get(row.id, 0)) for row in queries.mailboxes()]


def card(mailbox_id: int, *, by: Actor) -> MailboxCard:
    """One mailbox.

    Raises:
        NotFound: there is none.
    """
    by.must(Permission.SETTINGS_EDIT)
    return _card(_row(mailbox_id), 0)


def alarms(*, by: Actor) -> int:
    """How many mailboxes have something that a person must see."""
    return queries.alarms() if by.may(Permission.SETTINGS_EDIT) else 0


def duties() -> list[Duty]:
    """The mailboxes that are switched on, for those who fetch."""
    found = [_duty(row) for row in queries.on_duty()]
    session.rollback()
    return found


def duty(mailbox_id: int, *, by: Actor) -> Duty:
    """One mailbox for a test of its connection, whatever its state."""
    by.must(Permission.SETTINGS_EDIT)
    found = _duty(_row(mailbox_id))
    session.rollback()
    return found


@transactional
def add(draft: MailboxDraft, *, secret: str, by: Actor) -> int:
    """Add a mailbox, switched off; returns its id.

    Raises:
        Invalid: by field.
    """
    by.must(Permission.SETTINGS_EDIT)
    check(draft, secret, needs_secret=True)
    row = Mailbox(**asdict(draft), state="off", secret="")
    session.add(row)
    session.flush()
    row.secret = _sealed(row.id, secret)
    changes.note(f"mailbox {draft.name}", {}, _told(draft), by=by)
    return row.id


@transactional
def change(mailbox_id: int, draft: MailboxDraft, *, secret: str, by: Actor) -> None:
    """Change a mailbox; an empty secret leaves the one it has, as long as it goes to the same server and colleagues.

    Raises:
        Invalid: by field.
        NotFound: there is none.
    """
    by.must(Permission.SETTINGS_EDIT)
    row = _row(mailbox_id)
    before = _draft(row)
    # Sent to another server, a password that was kept would be told to whoever named that server.
    elsewhere = (before.host, before.port, before.user, before.auth) != (draft.host, draft.port, draft.user, draft.auth)
    weaker = before.security != draft.security
    # The same for colleagues: to let others read a department's letters, one works there or knows the password.
    elsewhere |= before.department_id not in {draft.department_id, *by.departments} and not by.system
    if draft.kind == FOLDER and before.department_id not in {draft.department_id, *by.departments} and not by.system:
        raise Invalid({"department_id": "drop_department"})  # a folder has no password that one could know
    check(draft, secret, needs_secret=not row.secret or elsewhere or weaker, mailbox_id=row.id)
    if secret:
        row.secret = _sealed(row.id, secret)
    elif elsewhere or weaker:
        row.secret = ""
        row.state = "off" if row.state == "on" and draft.kind != FOLDER else row.state
    if (before.host, before.user, before.folder) != (draft.host, draft.user, draft.folder):
        _begin_anew(row)
    for name, value in asdict(draft).items():
        setattr(row, name, value)
    row.generation += 1
    changes.note(f"mailbox {draft.name}", _told(before), _told(draft) | ({"secret": "new"} if secret else {}), by=by)


@transactional
def switch(mailbox_id: int, *, on: bool, by: Actor) -> None:
    """Switch a mailbox on or off; switched on again, its alarm has been seen.

    Raises:
        Conflict: it cannot sign in yet.
    """
    by.must(Permission.SETTINGS_EDIT)
    row = _row(mailbox_id)
    if on and not row.secret and row.kind != FOLDER:
        raise Conflict("no_secret")
    _turn(row, "on" if on else "off", by)
    row.failures = row.stumbles = 0
    if on:
        row.alarm, row.error, row.error_words = "", "", ""


@transactional
def seen(mailbox_id: int, *, by: Actor) -> None:
    """Note that a person has seen the alarm."""
    by.must(Permission.SETTINGS_EDIT)
    _row(mailbox_id).alarm = ""


@transactional
def remove(mailbox_id: int, *, by: Actor) -> bool:
    """Delete a mailbox that never brought a letter, retire any other; returns whether it is gone."""
    by.must(Permission.SETTINGS_EDIT)
    row = _row(mailbox_id)
    row.secret, row.alarm = "", ""
    if queries.has_letters(mailbox_id):
        _turn(row, "retired", by)
        return False
    changes.note(f"mailbox {row.name}", _told(_draft(row)), {}, by=by)
    session.delete(row)
    return True


@transactional
def consent(mailbox_id: int, refresh_token: str, *, by: Actor) -> None:
    """Keep the consent that a provider gave."""
    by.must(Permission.SETTINGS_EDIT)
    row = _row(mailbox_id)
    row.secret = _sealed(row.id, refresh_token)
    row.generation += 1
    changes.note(f"mailbox {row.name}", {}, {"secret": "new"}, by=by)


@transactional
def keep_consent(mailbox_id: int, refresh_token: str) -> None:
    """Keep the token that took the place of another; some providers give a new one each time."""
    row = queries.held(mailbox_id)
    if row is not None:
        row.secret = _sealed(row.id, refresh_token)


def _turn(row: Mailbox, state: str, by: Actor) -> None:
    changes.note(f"mailbox {row.name}", {"state": row.state}, {"state": state}, by=by)
    row.state = state
    row.generation += 1


def _begin_anew(row: Mailbox) -> None:
    queries.lost_places(row.id)
    row.uidvalidity, row.last_uid, row.settled_uid, row.relisted_uid, row.since = None, 0, 0, 0, None
    row.stumbled_uid = row.stumbles = 0


def _sealed(mailbox_id: int, secret: str) -> str:
    return sealing.seal(secret, bound=seal_of(mailbox_id)) if secret else ""


def _row(mailbox_id: int) -> Mailbox:
    row = queries.mailbox(mailbox_id)
    if row is None:
        raise NotFound("mailbox")
    return row


def _draft(row: Mailbox) -> MailboxDraft:
    return MailboxDraft(**{name: getattr(row, name) for name in MailboxDraft.__slots__})


def _told(draft: MailboxDraft) -> dict[str, object]:
    return {name: value for name, value in asdict(draft).items() if name != "name"}


def _duty(row: Mailbox) -> Duty:
    return Duty(**{name: getattr(row, name) for name in Duty.__slots__})


def _card(row: Mailbox, today: int) -> MailboxCard:
    own = {name: getattr(row, name) for name in MailboxCard.__slots__ if name not in {"draft", "has_secret", "today"}}
    return MailboxCard(draft=_draft(row), has_secret=bool(row.secret), today=today, **own)
