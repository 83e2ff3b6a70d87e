"""Choosing: a household, or a colleague for it, says what becomes of its credit; each time a new version, to the cent.

The door's way: `page_of(token)` shows, `accounts.give` takes an account and perhaps `accounts.prove` its code, `choose`
or `decide` decides. Refusals: Invalid with codes of `choices.faults` and `details`; Conflict choice_locked,
choice_changed or account_unproven; NotFound and Gone of the link. Nothing of money changes with any of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.cancellations import counters, links, looking, queries
from app.cancellations.choices import GIFT
from app.cancellations.choices import faults as faults_of
from app.cancellations.details import Donor, Postal, written
from app.cancellations.events import ChoiceMade
from app.cancellations.ownership import not_ones_own
from app.cancellations.page import (
    RECEIPTS,
    UNCHOSEN,
    AccountCard,
    Admitted,
    Apart,
    ChoicePage,
    ChosenCard,
    LineCard,
    OptionCard,
    is_changeable,
    leeway,
    offered_by,
    page_for,
    page_of,
)
from app.cancellations.payees import keep
from app.cancellations.queries import Columns
from app.cancellations.weighing import Offer, offer_of
from app.kernel import clock, faults
from app.kernel.access import SYSTEM, Actor, Permission, spectator
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.transaction import publish, transactional

__all__ = [
    "AccountCard", "Admitted", "Apart", "ChoicePage", "Chosen", "ChosenCard", "LineCard", "OptionCard", "Wish",
    "choose", "choose_by_silence", "choose_for", "choose_from_file", "decide", "page_for", "page_of",
]  # fmt: skip

#: By which ways a colleague hears what a household wants.
CHANNELS = frozenset({"counter", "phone", "post"})
#: Authors of choices that were made in words of a moment.
_SPOKEN = frozenset({"holder", "agent"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a form says.

    Shape: `lines` maps an option to cents, nothing at all where nothing was put; `account_id` is of an account given
    before; `version_seen` is the version the form was drawn from; `form` is the key of the form, the same when it is
    sent twice.
    """

    lines: Mapping[str, int]
    form: str
    version_seen: int | None = None
    account_id: int | None = None
    address: Postal | None = None
    donor: Donor | None = None
    consent: str = ""
    #: At which counter cash is handed over.
    counter_id: int | None = None

    def said(self) -> str:
        """A hash of what it says, whoever says it and whenever."""
        parts = {"lines": dict(self.lines), "account": self.account_id}
        address, donor = (one.kept() if one else None for one in (self.address, self.donor))
        # A form without a counter says what it said before there were any.
        parts |= {"counter": self.counter_id} if self.counter_id is not None else {}
        return hashlib.sha256(written(parts | {"address": address, "donor": donor}).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Chosen:
    """What became of a form: the version that holds it, and whether it had been sent before."""

    credit_id: int
    version: int
    again: bool


@dataclass(frozen=True, slots=True)
class _Author:
    name: str
    channel: str
    by: Actor


def choose(token: str, wish: Wish) -> Chosen:
    """Its holder chooses, or changes their mind.

    Raises:
        Invalid: fields are wrong, by option or `sum`.
        Conflict: it is locked, was changed since the page was drawn, or its account is not proven yet.
    """
    return decide(token, lambda _offer: wish)


def decide(token: str, say: Callable[[Offer], Wish]) -> Chosen:
    """The same, where what is on offer is to be known before the wish can be said.

    Raises:
        Invalid: as for `choose`, or raised by `say`.
        Conflict: as for `choose`.
        NotFound: no such link.
        Gone: nothing can be claimed any more.
    """
    chosen = _decide(token, say)
    looking.answered(chosen.credit_id)
    return chosen


@transactional
def _decide(token: str, say: Callable[[Offer], Wish]) -> Chosen:
    row = links.held(token)
    return _choose(row, say(offer_of(row)), _Author("holder", "web", spectator(row.person_id, door="portal")))


@transactional
def choose_for(credit_id: int, wish: Wish, *, channel: str, by: Actor) -> Chosen:
    """A colleague chooses for a household that is at the counter, on the telephone, or wrote by post.

    Raises:
        Forbidden: it is the colleague's own household.
    """
    if channel not in CHANNELS:
        raise Invalid({"channel": "unknown_choice"})
    _not_ones_own(credit_id, by)
    return _choose(_held(credit_id), wish, _Author("agent", channel, by))


@transactional
def choose_from_file(credit_id: int, wish: Wish, *, by: Actor) -> Chosen:
    """A household chose on paper or elsewhere, and a colleague brings it in a file.

    Raises:
        Forbidden: it is the colleague's own household.
    """
    _not_ones_own(credit_id, by)
    return _choose(_held(credit_id), wish, _Author("import", "file", by))


def _not_ones_own(credit_id: int, by: Actor) -> None:
    by.must(Permission.CHOICE_FOR_OTHERS)
    row = queries.credit(credit_id)
    if row is None:
        raise NotFound("credit")
    not_ones_own(row, by)


def choose_by_silence(row: Columns, option: str, season: str) -> None:
    """What silence was said to become; never a gift, as the database knows too. The row is held; inside a verb only."""
    line = {
        "option": option, "amount_cents": row.amount_cents, "author": "default", "payee_id": None, "donor_id": None,
        "season": season, "counter_id": None,
    }  # fmt: skip
    form = {"form": f"silence-{row.choice_version + 1}", "said": "", "consent": ""}
    _keep(row, [line], row.choice_version + 1, form, _Author("default", "house", SYSTEM))


def _held(credit_id: int) -> Columns:
    row = queries.credit_held(credit_id)
    if row is None:
        raise NotFound("credit")
    return row


def _choose(row: Columns, wish: Wish, author: _Author) -> Chosen:
    said, form = wish.said(), wish.form[:36]
    before = queries.choice_by_form(row.id, form)
    if before is not None and before.said == said and row.state not in UNCHOSEN:
        return Chosen(row.id, before.version, again=True)
    if not is_changeable(row):
        raise Conflict("choice_locked")
    if wish.version_seen is not None and wish.version_seen != row.choice_version:
        raise Conflict("choice_changed", version=row.choice_version)
    if author.name == "import" and row.state == "answered" and queries.author_of(row.id, row.choice_version) in _SPOKEN:
        # Paper was written before it was brought: a word given since, by themselves or to a colleague, is the later.
        raise Conflict("choice_changed", version=row.choice_version)
    lines = _lines(row, wish, author)
    version = row.choice_version + 1
    # A page kept open and changed sends its key again: that says something new.
    key = form if before is None else f"{form}-{version}"
    _keep(row, lines, version, {"form": key, "said": said, "consent": _hashed(wish.consent)}, author)
    return Chosen(row.id, version, again=False)


def _lines(row: Columns, wish: Wish, author: _Author) -> list[dict[str, Any]]:
    """The lines of a wish, with where each goes, once nothing is wrong with any."""
    offered = offered_by(row)
    found = leeway(row, offered)
    wrong = faults_of(
        row.amount_cents, wish.lines, found.terms, found.rooms, found.means, min_split=row.min_split_cents
    ) | _missing(row, wish, author)
    if wrong:
        raise Invalid(wrong)
    payees = _payees(row, wish, author)
    seasons = {one.code: one.season for one in offered}
    return [
        {
            "option": code, "amount_cents": cents, "author": author.name, "payee_id": payees.get(code),
            "donor_id": payees.get("donor") if code == GIFT else None, "season": seasons[code],
            "counter_id": counters.settled(wish.counter_id) if code in counters.HANDED else None,
        }
        for code, cents in wish.lines.items()
    ]  # fmt: skip


def _missing(row: Columns, wish: Wish, author: _Author) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if "refund_transfer" in wish.lines and wish.account_id is None:
        wrong["iban"] = "iban_empty"
    if "refund_cheque" in wish.lines:
        wrong |= wish.address.faults() if wish.address else {"line1": "empty"}
    if author.name != "import" and counters.HANDED & wish.lines.keys() and (code := counters.fault(wish.counter_id)):
        wrong["counter"] = code
    if GIFT in wish.lines and author.name != "import" and not wish.consent and _gives_otherwise(row, wish):
        wrong["consent"] = "consent_gift"
    if wish.donor is not None and GIFT in wish.lines and row.receipts_mode in RECEIPTS:
        wrong |= wish.donor.faults()
    return wrong


def _gives_otherwise(row: Columns, wish: Wish) -> bool:
    """Whether a gift is of another amount than the one agreed to before: that word is not carried over."""
    before = queries.line_of(row.id, row.choice_version, GIFT) if row.choice_version else 0
    return bool(before) and before != wish.lines[GIFT]


def _payees(row: Columns, wish: Wish, author: _Author) -> dict[str, int]:
    found: dict[str, int] = {}
    if "refund_transfer" in wish.lines and wish.account_id is not None:
        found["refund_transfer"] = _account(row.id, wish.account_id, proven=author.name != "holder")
    if "refund_cheque" in wish.lines and wish.address is not None:
        found["refund_cheque"] = keep(row.id, "address", *wish.address.kept())
    if wish.donor is not None and GIFT in wish.lines and row.receipts_mode in RECEIPTS:
        found["donor"] = keep(row.id, "identity", *wish.donor.kept())
    return found


def _account(credit_id: int, account_id: int, *, proven: bool) -> int:
    for one in queries.payees(credit_id):
        if one.id == account_id and one.kind == "account":
            if one.proven_at is None and not proven:
                raise Conflict("account_unproven", account_id=account_id)
            return account_id
    raise Invalid({"iban": "iban_empty"})


def _keep(row: Columns, lines: list[dict[str, Any]], version: int, form: Mapping[str, str], author: _Author) -> None:
    moment = clock.now()
    agent = author.by.person_id if author.name in {"agent", "import"} else None
    choice = {
        "credit_id": row.id, "version": version, "author": author.name, "channel": author.channel, "agent_id": agent,
        "at": moment, **form,
    }  # fmt: skip
    queries.write_choice(choice, lines)
    faults.point("choice written")
    queries.change_credit(
        row.id, state="answered", choice_version=version, answered_at=row.answered_at or moment,
        opened_at=row.opened_at or moment,
    )  # fmt: skip
    publish(ChoiceMade(credit_id=row.id, version=version, author=author.name), by=author.by)


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest() if text else ""
