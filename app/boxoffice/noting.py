"""Writing down what a household told us: notes, telephone calls, how it wants to be reached and what it agreed to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.boxoffice import holdings
from app.boxoffice import note_queries as queries
from app.boxoffice.events import HouseholdNoted, HouseholdWished
from app.boxoffice.models import HouseholdNote, HouseholdWish
from app.kernel import clock
from app.kernel.access import SYSTEM, Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Invalid, NotFound
from app.kernel.transaction import publish, transactional

#: What may be written down, and the ways a household may prefer.
KINDS = ("note", "call_in", "call_out")
CHANNELS = ("email", "post", "phone", "sms")
LANGUAGES = ("fr", "en")
#: Characters of a note, and of the name of somebody.
LONGEST, NAME = 4_000, 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A note or a call; validates itself. `at` is None for now."""

    kind: str
    text: str
    form: str
    whom: str = ""
    at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be kept.

        Raises:
            Invalid: fields `kind`, `text`, `whom` and `at`.
        """
        wrong = {} if self.kind in KINDS else {"kind": "choose_one"}
        if not self.text.strip():
            wrong["text"] = "empty"
        elif len(self.text) > LONGEST:
            wrong["text"] = "too_long"
        if len(self.whom) > NAME:
            wrong["whom"] = "too_long"
        if self.at is not None and self.at > clock.now():
            wrong["at"] = "moment_to_come"
        if wrong:
            raise Invalid(wrong)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How a household wants to be reached and what it agreed to; None where nobody asked. Validates itself."""

    language: str
    preferred_channel: str
    do_not_contact: bool = False
    optin_email: bool | None = None
    optin_sms: bool | None = None

    def __post_init__(self) -> None:
        """Refuse what is no choice.

        Raises:
            Invalid: fields `language` and `preferred_channel`.
        """
        wrong = {} if self.language in LANGUAGES else {"language": "choose_one"}
        if self.preferred_channel not in CHANNELS:
            wrong["preferred_channel"] = "choose_one"
        if wrong:
            raise Invalid(wrong)


@transactional
def note(household_id: int, remark: Remark, *, by: Actor) -> None:
    """Write down a note or a call; the same form twice writes it once.

    Raises:
        NotFound: there is no such household.
    """
    by.must(Permission.HOUSEHOLD_NOTE)
    unit_id = _unit(household_id)
    if queries.written_by(remark.form):
        return
    session.add(
        HouseholdNote(
            household_id=unit_id, kind=remark.kind, at=remark.at or clock.now(), by_id=by.person_id,
            whom=remark.whom.replace("\x00", "").strip(), text=remark.text.replace("\x00", "").strip(),
            form=remark.form,
        )
    )  # fmt: skip
    publish(HouseholdNoted(household_id=unit_id, kind=remark.kind), by=by)


@transactional
def wish(household_id: int, wanted: Wishes, *, by: Actor) -> None:
    """Write down what a household wishes, in place of what it wished before; the same again changes nothing.

    Raises:
        NotFound: there is no such household.
    """
    by.must(Permission.HOUSEHOLD_NOTE)
    _wish(_unit(household_id), wanted, by)


@transactional
def leave(household_id: int) -> None:
    """Somebody of a household wants no offers any more, and said so by a link of ours."""
    reach = holdings.reaches([household_id]).get(household_id)
    if reach is None:
        return
    wanted = Wishes(
        language=reach.language, preferred_channel=reach.channel, do_not_contact=reach.do_not_contact,
        optin_email=False, optin_sms=False,
    )  # fmt: skip
    _wish(_unit(household_id), wanted, SYSTEM)


def _wish(unit_id: int, wanted: Wishes, by: Actor) -> None:
    before = queries.living_wish(unit_id)
    if before is not None:
        if _wishes(before) == wanted:
            return
        before.replaced_at = clock.now()
        session.flush()  # one wish lives at a time
    session.add(
        HouseholdWish(
            household_id=unit_id, language=wanted.language, preferred_channel=wanted.preferred_channel,
            do_not_contact=wanted.do_not_contact, optin_email=wanted.optin_email, optin_sms=wanted.optin_sms,
            at=clock.now(), by_id=by.person_id, replaced_at=None,
        )
    )  # fmt: skip
    publish(HouseholdWished(household_id=unit_id), by=by)


def _wishes(row: HouseholdWish) -> Wishes:
    return Wishes(
        language=row.language, preferred_channel=row.preferred_channel, do_not_contact=row.do_not_contact,
        optin_email=row.optin_email, optin_sms=row.optin_sms,
    )  # fmt: skip


def _unit(household_id: int) -> int:
    unit_id = queries.unit_of(household_id)
    if unit_id is None:
        raise NotFound("household")
    return unit_id
