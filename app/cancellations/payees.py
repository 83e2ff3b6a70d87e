"""Keeps where money or a receipt goes, each the same details once a credit; an account's number only sealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.cancellations import queries
from app.cancellations.details import written
from app.cancellations.models import Payee
from app.kernel import clock, keys, sealing
from app.kernel.queries import write_numbered


def keep(credit_id: int, kind: str, name: str, details: Mapping[str, Any]) -> int:
    """The row of an address or an identity, made if it is new; inside a verb only."""
    return _row(credit_id, kind, _print(kind, written({"name": name, **details})), name=name, details=dict(details))


def keep_account(credit_id: int, number: str, name: str, *, masked: str) -> int:
    """The row of an account, made if it is new, its number sealed for it; inside a verb only."""
    mark = _print("account", written({"name": name, "number": number}))
    sealed = sealing.seal(number, bound=place(credit_id, mark))
    payee_id = _row(
        credit_id, "account", mark, name=name, details={}, iban_masked=masked, iban_sealed=sealed,
        account_print=account_print(number),
    )  # fmt: skip
    queries.seal_again(payee_id, sealed)  # it may have been given long ago, and its number forgotten since
    return payee_id


def account_print(number: str) -> str:
    """What tells that two households gave the same account, and nothing else about it."""
    return keys.short_proof("account", number, 32)


def number_of(credit_id: int, mark: str, sealed: str) -> str:
    """The number of an account, for those who pay; `mark` is the row's print.

    Raises:
        sealing.Unreadable: it was sealed for another row, by another key, or was changed since.
    """
    return sealing.opened(sealed, bound=place(credit_id, mark))


def place(credit_id: int, mark: str) -> str:
    """What the number of an account is sealed for; `mark` is the row's print."""
    return f"credit_payee:{credit_id}:{mark}:iban"


def _print(kind: str, text: str) -> str:
    return keys.short_proof("payee", f"{kind}|{text}", 32)


def _row(credit_id: int, kind: str, mark: str, **values: Any) -> int:  # noqa: ANN401 - columns
    for one in queries.payees(credit_id):
        if one.print == mark:
            return int(one.id)
    empty = {"iban_masked": "", "iban_sealed": "", "account_print": ""}
    row = {"credit_id": credit_id, "kind": kind, "print": mark, "at": clock.now(), "proven_at": None}
    return write_numbered(Payee, [row | empty | values])[0]
