"""A payment came back: its household, or a colleague for it, gives another account; the choice stays as it is."""

from __future__ import annotations

from app.cancellations import links, queries
from app.cancellations.ownership import not_ones_own
from app.cancellations.queries import Columns
from app.kernel import clock
from app.kernel.access import Actor, Permission
from app.kernel.errors import Conflict, Invalid, NotFound


def ask(credit_id: int, reason: str) -> None:
    """Ask for another account; asked for already, it stays so. Inside a verb only."""
    if not queries.correction(credit_id):
        queries.write_correction(credit_id, reason, clock.now())


def asked(token: str) -> tuple[Columns, str]:
    """The credit behind a private link of which another account is asked for, and the reason of the bank.

    Raises:
        NotFound, Gone: of the link.
        Conflict: `correction_none`: none is asked for.
    """
    row = links.opened(token)
    reason = queries.correction(row.id)
    if not reason:
        raise Conflict("correction_none")
    return row, reason


def given(credit_id: int, account_id: int) -> None:
    """Another account is there, and proven; whoever pays goes on. Inside a verb only.

    Raises:
        Invalid: field `iban`: it is no account of this credit.
        Conflict: `correction_none`, or `account_unproven`.
    """
    if not queries.correction(credit_id):
        raise Conflict("correction_none")
    found = next((one for one in queries.payees(credit_id) if one.id == account_id and one.kept), None)
    if found is None:
        raise Invalid({"iban": "iban_empty"})
    if found.proven_at is None:
        raise Conflict("account_unproven", account_id=account_id)
    queries.end_correction(credit_id, clock.now())


def may_for(credit_id: int, by: Actor) -> Columns:
    """The credit for which a colleague may give another account.

    Raises:
        Forbidden: it is the colleague's own household.
    """
    by.must(Permission.CHOICE_FOR_OTHERS)
    row = queries.credit(credit_id)
    if row is None:
        raise NotFound("credit")
    not_ones_own(row, by)
    return row
