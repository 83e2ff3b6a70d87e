"""Links sent once more: to a household that lost its letter, and to one that no letter reached.

Nobody learns from here whether there was something to send: a link goes to the address the house knows, or nowhere.
"""

from __future__ import annotations

from datetime import timedelta

from app.boxoffice import holdings
from app.cancellations import claim_queries, queries
from app.cancellations.letters import write_one
from app.cancellations.links import PURPOSE
from app.cancellations.page import RUNNING
from app.cancellations.queries import Columns
from app.kernel import clock, keys
from app.kernel.transaction import transactional

#: How often in an hour one household may have its link sent again.
AN_HOUR = 3


def is_replaced(token: str) -> bool:
    """Whether a link was right once and another one took its place."""
    row = _known(token)
    return row is not None and not keys.proves(token, PURPOSE, row.link_nonce, row.link_generation)


@transactional
def send_again(token: str) -> None:
    """Send the link of a credit again, to its household only; says nothing where the token is none of ours."""
    row = _known(token)
    if row is not None:
        _send(row)


@transactional
def claim(order_code: str, last4: str, email: str) -> None:
    """Send somebody their links, if order, end of the barcode and address of the order fit; says nothing either way."""
    household_id = holdings.claimed(order_code, last4, email)
    for credit_id in claim_queries.live_of(household_id) if household_id else ():
        row = queries.credit_held(credit_id)
        if row is not None:
            _send(row)


def _known(token: str) -> Columns | None:
    """The credit of a token of ours, of whatever generation."""
    nonce = keys.nonce_of(token)
    row = queries.credit_by_nonce(nonce) if nonce else None
    if row is None or row.state == "void":
        return None
    ours = (keys.proves(token, PURPOSE, row.link_nonce, one) for one in range(row.link_generation, 0, -1))
    return row if any(ours) else None


def _send(row: Columns) -> None:
    now = clock.now()
    if row.campaign_state not in RUNNING or row.claim_until <= now:
        return
    recent, before = claim_queries.sent_again(row.id, since=now - timedelta(hours=1))
    if recent < AN_HOUR:
        write_one(row, "choice_invite", f"again-{before + 1}", {})
