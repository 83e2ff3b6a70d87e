"""What households are told of their money: that it came back, and where to give another account; each line once."""

from __future__ import annotations

from app.cancellations import letters
from app.cancellations import queries as credits_of
from app.cancellations.amounts import said
from app.kernel.transaction import publish, transactional
from app.settlements import fate_queries, queries
from app.settlements.events import RejectsTaken
from app.settlements.files import reasons
from app.settlements.reviewing import REFUSED

#: Households written to in one transaction.
GROUP = 100
#: What a household is told of a line that was refused here: nothing that it is not to blame for.
_OURS = {
    "fr": "nous avons préféré vérifier le compte avec vous", "en": "we would rather check the account with you",
}  # fmt: skip


@transactional
def tell_returned(credit_id: int, line_id: int, reason: str) -> bool:
    """Write to a household whose money came back; not where an account's holder has died. Returns whether it was."""
    row, line = credits_of.credit(credit_id), queries.line(line_id)
    if row is None or line is None or reason in reasons.DELICATE:
        return False
    why = _OURS[_tongue(row.language)] if reason == REFUSED else reasons.said(reason, row.language)
    told = {"returned": said(line.amount_cents, row.language), "reason": why}
    return letters.write_one(row, "refund_returned", f"returned-{line_id}", told)


@transactional
def tell_next(file_id: int, after_id: int) -> None:
    """Write to the next households whose money a bank sent back; asks for the next group itself."""
    due = fate_queries.returned_by(file_id, after=after_id, limit=GROUP)
    for row in due:
        tell_returned(row.credit_id, row.line_id, row.code)
    if len(due) == GROUP:
        publish(RejectsTaken(file_id=file_id, after_id=due[-1].line_id))


def _tongue(language: str) -> str:
    return "fr" if language == "fr" else "en"
