"""Claims of those whom no address tied to an order: who knows its code, its address and a barcode's end is written to.

Whatever is typed, the answer is the same: a letter goes to the address the box office knows, or none goes anywhere.
"""

from __future__ import annotations

from app.boxoffice import holdings
from app.cancellations import joining_queries, letters, queries
from app.kernel import clock
from app.kernel.transaction import transactional
from app.people import service as people
from app.people.names import normalised
from app.people.service import Writer

#: States in which there is still something to choose or to follow.
_OPEN = frozenset({"issued", "invited", "opened", "answered", "unclaimed", "locked"})


@transactional
def claim(order_code: str, last4: str, email: str) -> None:
    """Send the link of a credit again to whoever holds an order; at most once an hour, and nobody learns whether."""
    household_id = holdings.claimed(order_code, last4, email)
    if household_id is None:
        return
    for one in joining_queries.living_credits([household_id]):
        row = queries.credit(one.id)
        if row is None or row.state not in _OPEN:
            continue
        if row.person_id is None:
            # Nothing was known of them but this order, whose address they gave.
            person_id = people.recognise([Writer(email, "", row.language)])[normalised(email)]
            queries.change_credit(row.id, person_id=person_id, reach="email")
            row = queries.credit(row.id)
        if row is not None:
            letters.write_one(row, "choice_invite", f"claim-{clock.now():%Y%m%d%H}", {})
