"""Which articles exist for whom."""

from __future__ import annotations

from app.kernel.access import Actor, Permission, Role
from app.knowledge.whole import whole
from app.people import service as people

PUBLIC = "public"
_COLLEAGUES = frozenset({PUBLIC, "subscriber", "staff"})


def audiences(by: Actor) -> frozenset[str]:
    """The audiences an actor belongs to.

    What is for subscribers is shown to colleagues, and to no passer-by; editors read everything. Who holds the role
    of finance reads what is for finance, in houses where that is no department of its own.
    """
    if not (by.system or by.may(Permission.ARTICLE_READ_INTERNAL)):
        return frozenset({PUBLIC})
    if by.system or by.may(Permission.ARTICLE_EDIT):
        return _COLLEAGUES | {card.audience for card in whole().cards}
    codes = {department.code for department in people.departments() if department.id in by.departments}
    if Role.FINANCE in by.roles:
        codes.add("finance")
    return _COLLEAGUES | {f"department:{code}" for code in codes}
