"""Taking the private link of a credit back when it went astray: the old one leads nowhere from that moment on.

Where even the address is a stranger's, nothing goes there any more, what the stranger gave is proven no longer, and
what they chose is asked of the household anew.
"""

from __future__ import annotations

from app.boxoffice import holdings
from app.cancellations import code_queries, errands, letters, making, queries
from app.cancellations.events import LinkRevoked
from app.cancellations.ownership import not_ones_own
from app.cancellations.page import UNCHOSEN
from app.cancellations.queries import Columns
from app.kernel.access import Actor, Permission
from app.kernel.errors import Conflict, NotFound
from app.kernel.transaction import publish, transactional

#: States of a campaign in which a choice that is asked for again may still be made in time.
_OPEN = frozenset({"opening", "open"})


@transactional
def revoke(credit_id: int, *, stranger: bool = False, by: Actor) -> None:
    """Make the links sent so far lead nowhere. The household gets a new one, unless its address is a stranger's.

    Raises:
        Forbidden: it is the colleague's own household.
        Conflict: the credit is void.
    """
    by.must(Permission.CHOICE_FOR_OTHERS)
    row = queries.credit_held(credit_id)
    if row is None:
        raise NotFound("credit")
    not_ones_own(row, by)
    if row.state == "void":
        raise Conflict("credit_void")
    generation = row.link_generation + 1
    queries.change_credit(row.id, link_generation=generation)
    if stranger:
        _estrange(row)
    publish(LinkRevoked(credit_id=row.id, generation=generation, stranger=stranger), by=by)
    _tell(row.id, f"again-{generation}")


def _estrange(row: Columns) -> None:
    """Forget the address, and everything that whoever reads it has said."""
    reach = holdings.reaches([row.household_id]).get(row.household_id)
    queries.change_credit(row.id, person_id=None, reach=making.way_of(reach, but="email"))
    code_queries.doubt_accounts(row.id)
    by_holder = row.choice_version and queries.author_of(row.id, row.choice_version) == "holder"
    if row.state == "answered" and by_holder:
        state = "opened" if row.campaign_state in _OPEN else "unclaimed"
        queries.change_credit(row.id, state=state, answered_at=None)


def _tell(credit_id: int, occasion: str) -> None:
    row = queries.credit(credit_id)
    if row is None or (row.reach == "email" and letters.write_one(row, "choice_invite", occasion, {})):
        return
    listed = row.state in UNCHOSEN and row.state != "unclaimed" and row.reach != "email"
    if not listed:
        errands.note([credit_id], occasion)
