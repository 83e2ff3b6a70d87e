"""Who looks after letters that wait for a person, and which of them somebody sees; no letter is read here."""

from __future__ import annotations

from app.kernel.access import Actor, Permission
from app.kernel.errors import NotFound
from app.mail import incoming_queries, mailbox_queries
from app.mail.incoming_queries import Sight, Waiting
from app.people import service as people
from app.tickets.opening import DEFAULT_DEPARTMENT


def of(by: Actor) -> Sight:
    """Whose letters somebody sees."""
    everywhere = frozenset(card.id for card in people.departments()) if by.system else by.departments
    return Sight(everywhere, people.department(DEFAULT_DEPARTMENT).id)


def may_file(by: Actor) -> bool:
    """Whether somebody works where letters arrive: those of nobody yet, or those of a department's own mailbox."""
    if not by.may(Permission.LETTER_FILE):
        return False
    return of(by).has(None) or mailbox_queries.any_of(by.departments)


def must_file(by: Actor) -> None:
    """Refuse whoever does not work where letters arrive.

    Raises:
        Forbidden: they may file no letters at all.
        NotFound: none of those that arrive are theirs.
    """
    by.must(Permission.LETTER_FILE)
    if not may_file(by):
        raise NotFound("letter")


def waiting(*, by: Actor) -> Waiting:
    """How many letters wait for a person; none for those who may not file them."""
    return incoming_queries.waiting(of(by)) if may_file(by) else Waiting()
