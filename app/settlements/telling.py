"""What households are told of their money: that it came back, that it is paid elsewhere, that it is done; each once."""

from __future__ import annotations

from collections.abc import Sequence

from app.cancellations import letters, links
from app.cancellations import queries as credits_of
from app.cancellations.amounts import said
from app.cancellations.choices import VOUCHER
from app.kernel.transaction import publish, transactional
from app.settlements import fate_queries, queries, voucher_queries
from app.settlements.events import CreditsSettled, RejectsTaken, VouchersIssued
from app.settlements.fate_queries import Columns
from app.settlements.files import reasons
from app.venue import service as venue
from app.venue.moments import day

#: Where the code of a voucher is read: it is money, and e-mails are forwarded.
_CODE = {"fr": ", son code est sur votre page", "en": ", its code is on your page"}
_UNTIL = {"fr": "valable jusqu’au {}", "en": "valid until {}"}
_ALWAYS = {"fr": "valable sans limite de date", "en": "valid without limit"}
#: Where a household reads its vouchers, behind its private link.
VOUCHER_PAGE = "/bon"
#: Households written to in one transaction.
GROUP = 100


@transactional
def tell_returned(credit_id: int, line_id: int, reason: str) -> bool:
    """Write to a household whose money came back; not where an account's holder has died. Returns whether it was."""
    row, line = credits_of.credit(credit_id), queries.line(line_id)
    if row is None or line is None or reason in reasons.DELICATE:
        return False
    told = {"returned": said(line.amount_cents, row.language), "reason": reasons.said(reason, row.language)}
    return letters.write_one(row, "refund_returned", f"returned-{line_id}", told)


@transactional
def tell_corrected(line_ids: Sequence[int]) -> bool:
    """Write to a household to which account what came back is paid now; lines of one credit. Returns whether it was."""
    lines = [line for line in fate_queries.lines(line_ids) if line.payee_id is not None]
    row = credits_of.credit(lines[0].credit_id) if lines else None
    if row is None:
        return False
    account = queries.account(lines[0].payee_id)
    told = {"returned": said(sum(line.amount_cents for line in lines), row.language), "account": account.iban_masked}
    return letters.write_one(row, "refund_corrected", f"corrected-{lines[0].id}", told)


@transactional
def tell_next(file_id: int, after_id: int) -> None:
    """Write to the next households whose money a bank sent back; asks for the next group itself."""
    due = fate_queries.returned_by(file_id, after=after_id, limit=GROUP)
    for row in due:
        tell_returned(row.credit_id, row.line_id, row.code)
    if len(due) == GROUP:
        publish(RejectsTaken(file_id=file_id, after_id=due[-1].line_id))


@transactional
def tell_settled(batch_id: int, after_id: int) -> None:
    """Write to the next households whose credit is settled; asks for the next group itself."""
    due = fate_queries.settled_by(batch_id, after=after_id, limit=GROUP)
    for credit_id in due:
        row, lines = credits_of.credit(credit_id), fate_queries.standing(credit_id)
        # Who has nothing but a voucher hears of it in a letter of its own.
        if row is not None and any(line.option != VOUCHER for line in lines):
            # Told again where something had come back in between: there is a line more.
            letters.write_one(row, "money_done", f"settled-{len(lines)}", {"parts": _parts(lines, row.language)})
    if len(due) == GROUP:
        publish(CreditsSettled(batch_id=batch_id, after_id=due[-1]))


@transactional
def tell_vouchers(batch_id: int, after_id: int) -> None:
    """Write to the next households that have a voucher now, where its code is read; asks for the next group itself."""
    due = voucher_queries.carried_out(batch_id, after=after_id, limit=GROUP)
    for one in due:
        row = credits_of.credit(one.credit_id)
        if row is not None:
            letters.write_one(row, "voucher_issued", f"voucher-{one.voucher_id}", _voucher(one, row))
    if len(due) == GROUP:
        publish(VouchersIssued(batch_id=batch_id, after_id=due[-1].credit_id))


@transactional
def tell_receipt(credit_id: int, number: str) -> bool:
    """Write to a donor that a receipt is on their page. Returns whether it was."""
    row = credits_of.credit(credit_id)
    return row is not None and letters.write_one(row, "receipt_given", number.lower(), {"receipt": number})


def _voucher(one: Columns, row: Columns) -> dict[str, str]:
    tongue, until = _tongue(row.language), one.expires_on
    validity = _UNTIL[tongue].format(day(until, tongue, venue.house().tz)) if until else _ALWAYS[tongue]
    page = links.link_of(row.link_nonce, row.link_generation) + VOUCHER_PAGE
    return {"value": said(one.amount_cents, row.language), "validity": validity, "voucher": page}


def _parts(lines: Sequence[Columns], language: str) -> str:
    """What was done, a line for each way; an account only masked, a code not at all."""
    tongue = _tongue(language)
    words, colon = letters.OPTION_WORDS[tongue], "\N{NO-BREAK SPACE}: " if tongue == "fr" else ": "
    sums: dict[tuple[str, str], int] = {}
    for line in lines:
        if line.end == "done" and not line.reason:
            key = (line.option, line.iban_masked or "")
            sums[key] = sums.get(key, 0) + line.amount_cents
    return "\n".join(
        f"{words[option]}{colon}{said(cents, tongue)}" + (f" ({masked})" if masked else "")
        + (_CODE[tongue] if option == "voucher" else "")
        for (option, masked), cents in sums.items()
    )  # fmt: skip


def _tongue(language: str) -> str:
    return "fr" if language == "fr" else "en"
