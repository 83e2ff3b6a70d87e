"""Private links that were replaced by newer ones: known as such, and the new one sent to its household, or nowhere."""

from __future__ import annotations

from app.cancellations import queries
from app.cancellations.letters import write_one
from app.cancellations.links import PURPOSE
from app.cancellations.queries import Columns
from app.kernel import clock, keys
from app.kernel.transaction import transactional


def fate(token: str) -> str:
    """What became of a link that was right once: replaced, or void; empty where it is right, or none of ours."""
    row = _ours(token)
    if row is None:
        return ""
    if row.state == "void":
        return "void"
    return "" if keys.proves(token, PURPOSE, row.link_nonce, row.link_generation) else "replaced"


def language_of(token: str) -> str:
    """The language of whoever a link of ours was sent to; empty where it is none of ours."""
    row = _ours(token)
    return row.language if row is not None else ""


@transactional
def send_again(token: str) -> None:
    """Send the link of a credit again, once an hour at most; says nothing where the token is none of ours."""
    row = _known(token)
    if row is not None and row.claim_until > clock.now():
        write_one(row, "choice_invite", f"again-{clock.now():%Y%m%d%H}", {})


def _known(token: str) -> Columns | None:
    """The living credit of a token of ours, of whatever generation."""
    row = _ours(token)
    return row if row is not None and row.state != "void" else None


def _ours(token: str) -> Columns | None:
    nonce = keys.nonce_of(token)
    row = queries.credit_by_nonce(nonce) if nonce else None
    if row is None:
        return None
    ours = (keys.proves(token, PURPOSE, row.link_nonce, one) for one in range(row.link_generation, 0, -1))
    return row if any(ours) else None
