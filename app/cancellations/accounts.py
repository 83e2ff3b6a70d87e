"""Accounts to pay to: sealed the moment they are typed; a new one from a mailed link asks a code sent to the household.

Whoever holds a forwarded letter holds the link, but does not read the mailbox it was sent to.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from operator import attrgetter

from app.cancellations import code_queries, links, queries
from app.cancellations.events import AccountDoubted, AccountGiven, AccountProven
from app.cancellations.ibans import BadIban, canonical, masked
from app.cancellations.letters import write_code
from app.cancellations.ownership import not_ones_own
from app.cancellations.page import AccountCard, is_changeable
from app.cancellations.payees import account_print, keep_account
from app.cancellations.queries import Columns
from app.kernel import clock, keys
from app.kernel.access import Actor, Permission, spectator
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.transaction import publish, transactional
from app.people import service as people

#: How long a code holds, how often it may be mistyped, how many may be asked for in an hour.
LIFE, TRIES, AN_HOUR = timedelta(minutes=15), 5, 5
#: How often the codes of one credit may be mistyped in all: one guess in a million must stay one in many thousands.
MISTYPED = 50
#: From so many households on, one account is looked at by somebody.
MANY = 4
#: Characters of the name of an account's holder, as banks take them.
LONGEST_NAME = 70


@transactional
def give(token: str, iban: str, name: str) -> AccountCard:
    """Its holder gives an account; one that was not given before is not proven until `prove`, and a code is sent.

    Raises:
        Invalid: field `iban` or `holder`.
        Conflict: it is locked, no mailbox is known to send a code to, or too many codes were asked for.
    """
    row = links.opened(token)
    card = _given(row, iban, name, spectator(row.person_id, door="portal"))
    if not card.proven:
        _send(row, card.id)
    return card


@transactional
def give_for(credit_id: int, iban: str, name: str, *, by: Actor) -> AccountCard:
    """A colleague takes down an account of somebody who stands before them; it is proven by that.

    Raises:
        Forbidden: it is the colleague's own household.
    """
    by.must(Permission.CHOICE_FOR_OTHERS)
    row = queries.credit(credit_id)
    if row is None:
        raise NotFound("credit")
    not_ones_own(row, by)
    card = _given(row, iban, name, by)
    _prove(row.id, card.id, by)
    return AccountCard(card.id, card.masked, card.name, proven=True)


@transactional
def send_again(token: str, account_id: int) -> None:
    """Send another code for an account given before.

    Raises:
        NotFound: it is no account of this credit.
        Conflict: as of `give`.
    """
    row = links.opened(token)
    if account_id not in {one.id for one in queries.payees(row.id) if one.kind == "account"}:
        raise NotFound("account")
    _send(row, account_id)


def prove(token: str, account_id: int, code: str) -> None:
    """Show with the code that was sent that whoever gave an account reads the household's mailbox.

    Raises:
        Invalid: field `code`: it is wrong, has expired, or was mistyped too often; each try is counted.
    """
    # Refused only afterwards: the transaction that counts a try must not be undone by it.
    if wrong := _tried(token, account_id, "".join(code.split())):
        raise Invalid({"code": wrong})


@transactional
def _tried(token: str, account_id: int, code: str) -> str:
    row = links.opened(token)
    sent = code_queries.last(row.id, account_id)
    if sent is None or sent.used_at is not None or clock.now() - sent.sent_at > LIFE:
        return "code_old"
    if sent.tries >= TRIES:
        return "code_tries"
    if not keys.same(_hash(row.id, account_id, code), sent.code_hash):
        code_queries.count_try(sent.id)
        return "code_wrong"
    code_queries.note_used(sent.id, clock.now())
    _prove(row.id, account_id, spectator(row.person_id, door="portal"))
    return ""


@dataclass(frozen=True, slots=True)
class SharedAccount:
    """One account that many households gave, as it may be shown; `credits` maps the number of a credit to its id."""

    masked: str
    names: tuple[str, ...]
    credits: Mapping[str, int]


def shared(*, by: Actor) -> list[SharedAccount]:
    """Accounts that were given for more than three households, for somebody to look at before anything is paid."""
    by.must(Permission.CAMPAIGN_APPROVE)
    found = []
    for _, some in groupby(queries.shared_accounts(MANY), key=attrgetter("account_print")):
        rows = list(some)
        names = tuple(sorted({row.name for row in rows}))
        found.append(SharedAccount(rows[0].iban_masked, names, {row.number: row.credit_id for row in rows}))
    return found


def _given(row: Columns, iban: str, name: str, by: Actor) -> AccountCard:
    if not is_changeable(row) and not queries.correction(row.id):
        raise Conflict("choice_locked")
    number, holder, wrong = "", " ".join(name.split()), {}
    try:
        number = canonical(iban)
    except BadIban as problem:
        wrong["iban"] = problem.code
    if not holder or len(holder) > LONGEST_NAME:
        wrong["holder"] = "too_long" if holder else "empty"
    if wrong:
        raise Invalid(wrong)
    return _kept(row, number, holder, by)


def _kept(row: Columns, number: str, holder: str, by: Actor) -> AccountCard:
    before = {one.id: one for one in queries.payees(row.id)}
    account_id = keep_account(row.id, number, holder, masked=masked(number))
    if account_id in before:
        return AccountCard(account_id, masked(number), holder, before[account_id].proven_at is not None)
    publish(AccountGiven(credit_id=row.id, payee_id=account_id, masked=masked(number)), by=by)
    households = queries.households_paid_to(account_print(number))
    if households >= MANY:
        publish(AccountDoubted(credit_id=row.id, payee_id=account_id, households=households), by=by)
    return AccountCard(account_id, masked(number), holder, proven=False)


def _send(row: Columns, account_id: int) -> None:
    reached = people.reached([row.person_id]) if row.person_id else {}
    if not reached:
        raise Conflict("code_unreachable")
    now = clock.now()
    often = code_queries.sent_since(row.id, now - timedelta(hours=1)) >= AN_HOUR
    if often or code_queries.wrong_tries(row.id) >= MISTYPED:
        raise Conflict("code_often")
    code = f"{secrets.randbelow(10**6):06}"
    number = code_queries.write_code(row.id, account_id, _hash(row.id, account_id, code), now)
    write_code(row, code, number)


def _prove(credit_id: int, account_id: int, by: Actor) -> None:
    code_queries.note_proven(account_id, clock.now())
    publish(AccountProven(credit_id=credit_id, payee_id=account_id), by=by)


def _hash(credit_id: int, account_id: int, code: str) -> str:
    return keys.short_proof("choice-code", f"{credit_id}:{account_id}:{code}", 32)
