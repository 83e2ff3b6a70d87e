"""The link by which somebody of a household says that they want no offers any more; derived, stored nowhere."""

from __future__ import annotations

from app.boxoffice import noting
from app.kernel import keys
from app.kernel.errors import NotFound
from app.mail.outgoing import address

PURPOSE, PATH = "leave offers", "/ne-plus-recevoir/"


def link_of(household_id: int) -> str:
    """The whole address of the link, as letters tell it."""
    return address(PATH + keys.numbered(PURPOSE, household_id))


def behind(token: str) -> int:
    """The household behind a link.

    Raises:
        NotFound: it is none of ours.
    """
    household_id = keys.number_of(PURPOSE, token)
    if household_id is None:
        raise NotFound("link")
    return household_id


def leave(token: str) -> None:
    """Whoever holds the link wants no offers any more; twice is once.

    Raises:
        NotFound: it is none of ours.
    """
    noting.leave(behind(token))
