"""Private links of credits: derived, never stored usable, revocable by generation; they live until the claim ends."""

from __future__ import annotations

from collections.abc import Callable

from app.cancellations import queries
from app.cancellations.queries import Columns
from app.kernel import clock, keys
from app.kernel.errors import Gone, NotFound
from app.mail.outgoing import address

PURPOSE = "choice"
#: Where a household chooses.
PATH = "/c/"


def token_of(nonce: str, generation: int) -> str:
    """The token of a credit's private link."""
    return keys.link_token(PURPOSE, nonce, generation)


def link_of(nonce: str, generation: int) -> str:
    """The whole address of a credit's private link, as letters tell it."""
    return address(PATH + token_of(nonce, generation))


def opened(token: str) -> Columns:
    """The credit behind a private link.

    Raises:
        NotFound: no such link, or it was revoked.
        Gone: it was right once, and nothing can be claimed any more; `credit_id` says whose it was.
    """
    return _proven(token, queries.credit_by_nonce)


def held(token: str) -> Columns:
    """The same, held until the verb ends.

    Raises:
        NotFound: no such link, or it was revoked.
        Gone: nothing can be claimed any more.
    """
    return _proven(token, queries.credit_held_by_nonce)


def _proven(token: str, find: Callable[[str], Columns | None]) -> Columns:
    nonce = keys.nonce_of(token)
    row = find(nonce) if nonce else None
    if row is None or row.state == "void" or not keys.proves(token, PURPOSE, row.link_nonce, row.link_generation):
        raise NotFound("link")
    if row.claim_until <= clock.now():
        raise Gone("link", credit_id=row.id)
    return row
