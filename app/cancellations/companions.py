"""Seats that become a companion's own: whoever paid names them; the companion has a credit and a link of their own.

From a mailed link a code sent to the household is asked first: whoever holds a forwarded letter could otherwise hand
the seats, and with them the money, to themselves. Both credits are what the one was, seat by seat and to the cent;
undone while nobody has chosen, it is as if it had never been.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.boxoffice import companions as records
from app.boxoffice import holdings
from app.boxoffice.own import own_households
from app.cancellations import (
    campaign_queries,
    joining,
    letters,
    links,
    making,
    queries,
    sparing_queries,
)
from app.cancellations import companion_queries as rows
from app.cancellations.accounts import AN_HOUR, LIFE, MISTYPED, TRIES
from app.cancellations.amounts import said as cash
from app.cancellations.details import written
from app.cancellations.events import CompanionApart, CompanionBack
from app.cancellations.funding import Bucket
from app.cancellations.lessening import Less, Part, Seat, is_whole, parted, tax_of
from app.cancellations.models import CreditCompanion
from app.cancellations.ownership import not_ones_own
from app.cancellations.page import ChoicePage, is_changeable
from app.cancellations.queries import Columns
from app.cancellations.shaping import Item, Shaped
from app.kernel import audit, clock, keys
from app.kernel.access import Actor, Permission, spectator
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.kernel.transaction import publish, transactional
from app.people import service as people
from app.people.names import normalised

#: Characters of a companion's name.
LONGEST_NAME = 120
#: States of a credit nobody has chosen for.
_SILENT = frozenset({"issued", "invited", "opened"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Whom a form names for which admissions; `form` is the key of the form, the same when it is sent twice."""

    seats: frozenset[int]
    name: str
    email: str
    form: str

    def said(self) -> str:
        """A hash of what it says."""
        parts = [sorted(self.seats), " ".join(self.name.split()), normalised(self.email)]
        return hashlib.sha256(written({"said": parts}).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of a form: its number, and whether it still waits for the code."""

    id: int
    waits: bool


@dataclass(frozen=True, slots=True)
class CompanionCard:
    """A companion of a credit; `silent` where they have not chosen yet. Cents."""

    id: int
    name: str
    number: str
    cents: int
    silent: bool
    at: datetime


@transactional
def ask(token: str, named: Named) -> Asked:
    """Its holder names a companion; nothing changes before `prove`, and a code is sent to the household's mailbox.

    Raises:
        Invalid: fields `seats`, `name` or `email`.
        Conflict: somebody has chosen, it is locked or too late, no mailbox is known, or too many codes were asked for.
    """
    row = links.held(token)
    before = rows.by_form(row.id, named.form[:36])
    if before is not None and before.said == named.said() and before.state in {"asked", "made"}:
        return Asked(before.id, before.state == "asked")
    _check(row, named)
    if row.person_id is None or not people.reached([row.person_id]):
        raise Conflict("code_unreachable")
    now = clock.now()
    often = rows.asked_since(row.id, now - timedelta(hours=1)) >= AN_HOUR
    if often or rows.wrong_tries(row.id) >= MISTYPED:
        raise Conflict("code_often")
    rows.drop(row.id)
    one = _row(row, named, before is not None, "holder", None)
    session.add(one)
    session.flush()
    code = f"{secrets.randbelow(10**6):06}"
    one.code_hash = _hash(one.id, code)
    letters.write_one(row, "companion_code", f"companion-code-{one.id}", {"code": code, "companion": one.name})
    return Asked(one.id, waits=True)


def prove(token: str, number: int, code: str) -> None:
    """Show with the code that was sent that whoever named a companion reads the household's mailbox; it is done then.

    Raises:
        Invalid: field `code`: it is wrong, has expired, or was mistyped too often; each try is counted.
        Conflict: as of `ask`.
    """
    # Refused only afterwards: the transaction that counts a try must not be undone by it.
    if wrong := _tried(token, number, "".join(code.split())):
        raise Invalid({"code": wrong})


@transactional
def _tried(token: str, number: int, code: str) -> str:
    row = links.held(token)
    one = rows.companion(row.id, number)
    if one is not None and one.state == "made":
        return ""
    if one is None or one.state != "asked" or clock.now() - one.asked_at > LIFE:
        return "code_old"
    if one.tries >= TRIES:
        return "code_tries"
    if not keys.same(_hash(one.id, code), one.code_hash):
        one.tries += 1
        return "code_wrong"
    named = Named(seats=frozenset(one.seats), name=one.name, email=one.email, form=one.form)
    _check(row, named)
    _make(row, one, named, spectator(row.person_id, door="portal"))
    return ""


@transactional
def part_for(credit_id: int, named: Named, *, by: Actor) -> int:
    """A colleague does it for whoever paid and is at the counter or on the telephone; returns the companion's credit.

    Raises:
        Forbidden: it is the colleague's own household, or the companion is the colleague.
        Invalid, Conflict: as of `ask`.
    """
    by.must(Permission.CHOICE_FOR_OTHERS)
    row = _held(credit_id)
    not_ones_own(row, by)
    before = rows.by_form(row.id, named.form[:36])
    if before is not None and before.said == named.said() and before.state == "made":
        return before.companion_id or 0
    _check(row, named)
    if own_households(holdings.homes_of([normalised(named.email)]), by) or _is_address_of(by, named.email):
        raise Forbidden("own_household")
    rows.drop(row.id)
    one = _row(row, named, before is not None, "agent", by.person_id)
    session.add(one)
    session.flush()
    return _make(row, one, named, by)


@transactional
def undo(token: str, number: int) -> None:
    """Its holder takes a companion's seats back, while nobody has chosen; said twice, it was said once.

    Raises:
        NotFound: there is no such companion.
        Conflict: somebody has chosen, it is locked or too late.
    """
    row = links.held(token)
    _undo(row, number, spectator(row.person_id, door="portal"))


@transactional
def undo_for(credit_id: int, number: int, *, by: Actor) -> None:
    """A colleague does the same for them.

    Raises:
        Forbidden: it is the colleague's own household.
    """
    by.must(Permission.CHOICE_FOR_OTHERS)
    row = _held(credit_id)
    not_ones_own(row, by)
    _undo(row, number, by)


def companions_of(credit_id: int) -> list[CompanionCard]:
    """Who has seats of a credit for their own, the oldest first; what they chose is theirs to tell."""
    return [
        CompanionCard(row.id, row.name, row.number, row.amount_cents, row.state in _SILENT, row.made_at)
        for row in rows.of_credit(credit_id)
    ]  # fmt: skip


def may_part(page: ChoicePage) -> bool:
    """Whether a page offers to name a companion; `refusal` knows more, and says it."""
    return page.changeable and page.state in _SILENT and clock.now() < page.deadline_at


def refusal(credit_id: int) -> str:
    """Why nobody may be named for seats of a credit now; empty where somebody may."""
    row = queries.credit(credit_id)
    return "credit_void" if row is None else _refused(row)


def _held(credit_id: int) -> Columns:
    row = queries.credit_held(credit_id)
    if row is None:
        raise NotFound("credit")
    return row


def _refused(row: Columns) -> str:
    if not is_changeable(row):
        return "choice_locked"
    if row.state == "answered":
        return "companion_answered"
    if row.campaign_state != "open" or row.deadline_at <= clock.now() or row.state not in _SILENT:
        return "companion_late"
    return "companion_theirs" if rows.is_companions(row.id) else ""


def _check(row: Columns, named: Named) -> None:
    if refused := _refused(row):
        raise Conflict(refused)
    email, name = normalised(named.email), " ".join(named.name.split())
    wrong = {} if name and len(name) <= LONGEST_NAME else {"name": "too_long" if name else "empty"}
    if not email:
        wrong["email"] = "email" if named.email.strip() else "companion_email"
    elif holdings.homes_of([email]) & set(holdings.standing_for([row.household_id]).values()):
        wrong["email"] = "companion_self"
    there = {item.admission_id for item in queries.items(row.id)}
    if not named.seats or not named.seats <= there:
        wrong["seats"] = "companion_seats" if named.seats else "companion_none"
    elif named.seats == there:
        wrong["seats"] = "companion_all"
    if wrong:
        raise Invalid(wrong)


def _is_address_of(by: Actor, email: str) -> bool:
    card = people.cards_of([by.person_id]).get(by.person_id) if by.person_id else None
    return card is not None and card.email == normalised(email)


def _row(row: Columns, named: Named, again: bool, author: str, agent_id: int | None) -> CreditCompanion:
    now = clock.now()
    # A page kept open and changed sends its key again: that says something new.
    form = f"{named.form[:28]}-{now:%H%M%S%f}"[:40] if again else named.form[:36]
    return CreditCompanion(
        credit_id=row.id, companion_id=None, state="asked", author=author, agent_id=agent_id, form=form,
        said=named.said(), seats=sorted(named.seats), name=" ".join(named.name.split()),
        email=normalised(named.email), code_hash="", tries=0, asked_at=now, made_at=None, undone_at=None,
    )  # fmt: skip


def _make(row: Columns, one: CreditCompanion, named: Named, by: Actor) -> int:
    seats = [Seat._make(seat) for seat in sparing_queries.seats(row.id)]
    parts = [Part._make(part) for part in sparing_queries.parts(row.id)]
    stay, away = parted(seats, parts, named.seats)
    if not is_whole(stay, parts) or not is_whole(away, parts) or not stay.cents or not away.cents:
        raise Conflict("companion_uneven")
    home = records.add(f"ACC-{row.number}-{one.id}", one.name, one.email, row.language)
    found = _shaped(row, home, [seat for seat in seats if seat.admission_id in named.seats], away)
    sparing_queries.take_out([seat.item_id for seat in seats if seat.admission_id in named.seats], clock.now())
    sparing_queries.lessen(stay.buckets)
    campaign = campaign_queries.campaign(row.campaign_id)
    if campaign is None:
        raise NotFound("campaign")
    (companion_id,) = making.make(campaign, [found], supplement=rows.supplement_of(row.id))
    queries.change_credit(
        row.id, amount_cents=stay.cents, external_cents=stay.external_cents, vat=dict(stay.vat)
    )  # fmt: skip
    one.state, one.companion_id, one.made_at = "made", companion_id, clock.now()
    # From here on they are those of the companion's own household.
    who, one.name, one.email, one.code_hash = one.name, "", "", ""
    session.flush()
    told = {"companion": companion_id, "cents": away.cents, "left": stay.cents}
    audit.note("companion_apart", f"credit:{row.number}", told, by=by)
    _tell(row, companion_id, who, one.id)
    publish(
        CompanionApart(
            credit_id=row.id, companion_id=companion_id, before_cents=row.amount_cents, cents=away.cents
        ),
        by=by,
    )  # fmt: skip
    return companion_id


def _shaped(row: Columns, home: int, seats: Sequence[Seat], away: Less) -> Shaped:
    """What goes, as the credit of a household of its own; each payment as it was."""
    return Shaped(
        home, "individual",
        [Item(one.admission_id, one.cents, one.external_cents, one.vat_bp, one.performance_id) for one in seats],
        [
            Bucket(one.kind, away.buckets[one.id], one.tender, one.payment_id, one.refundable_until)
            for one in rows.buckets(row.id) if away.buckets[one.id]
        ],
    )  # fmt: skip


def _tell(before: Columns, companion_id: int, who: str, number: int) -> None:
    companion, row = queries.credit(companion_id), queries.credit(before.id)
    if companion is None or row is None:
        return
    if letters.write_one(companion, "companion_invite", "invite", {"payer": before.household}):
        campaign_queries.note_invited([companion_id], clock.now())
    else:
        campaign_queries.set_reach([companion_id], "bounced")
    moved = {"companion": who, "was": cash(before.amount_cents, row.language)}
    letters.write_one(row, "companion_apart", f"companion-{number}", moved)


def _undo(row: Columns, number: int, by: Actor) -> None:
    one = rows.companion(row.id, number)
    if one is None or one.companion_id is None:
        raise NotFound("companion")
    if one.state == "undone":
        return
    if refused := _refused(row):
        raise Conflict(refused)
    theirs = _held(one.companion_id)
    if theirs.state not in _SILENT:
        raise Conflict("credit_void" if theirs.state == "void" else "companion_chose")
    back = [Seat._make(seat) for seat in sparing_queries.seats(theirs.id)]
    letters.write_one(theirs, "companion_back", "void", {})
    campaign_queries.void([theirs.id])
    joining.reopen([theirs.id])
    rows.give_back(row.id, theirs.id, [seat.admission_id for seat in back])
    queries.change_credit(
        row.id, amount_cents=row.amount_cents + theirs.amount_cents,
        external_cents=row.external_cents + theirs.external_cents,
        vat=tax_of([Seat._make(seat) for seat in sparing_queries.seats(row.id)]),
    )  # fmt: skip
    one.state, one.undone_at = "undone", clock.now()
    session.flush()
    told = {"companion": theirs.id, "cents": theirs.amount_cents}
    audit.note("companion_back", f"credit:{row.number}", told, by=by)
    publish(CompanionBack(credit_id=row.id, companion_id=theirs.id, cents=theirs.amount_cents), by=by)


def _hash(number: int, code: str) -> str:
    return keys.short_proof("companion-code", f"{number}:{code}", 32)
