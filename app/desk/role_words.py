"""Roles and permissions in words, for the pages that show and give them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flask_babel import gettext as _

from app.kernel.access import Permission, Role

#: Roles a colleague may hold, from the narrowest.
ROLES = (Role.STAFF, Role.AGENT, Role.EDITOR, Role.FINANCE, Role.MANAGER, Role.ADMIN)


def role(one: Role | str) -> str:
    """The name of a role."""
    names = {
        Role.STAFF: _("Team member"), Role.AGENT: _("Agent"), Role.EDITOR: _("Editor"), Role.FINANCE: _("Finance"),
        Role.MANAGER: _("Manager"), Role.ADMIN: _("Administrator"), Role.SPECTATOR: _("Spectator"),
    }  # fmt: skip
    return names[Role(one)]


def duty(one: Role) -> str:
    """What somebody with a role does."""
    duties = {
        Role.STAFF: _("Reads articles for the team and asks colleagues for help"),
        Role.AGENT: _("Answers requests of their departments"),
        Role.EDITOR: _("Writes and publishes articles and canned answers"),
        Role.FINANCE: _("Reads figures, orders and reports"),
        Role.MANAGER: _("Answers too, reads figures, changes settings"),
        Role.ADMIN: _("May do everything, gives roles, reads e-mails"),
    }
    return duties[one]


def who(roles: Sequence[str]) -> str:
    """Who may open a page. Shape of `roles`: values of roles, or `anyone`."""
    if list(roles) == ["anyone"]:
        return _("Everybody")
    if len(roles) == len(ROLES):
        return _("All colleagues")
    return ", ".join(role(one) for one in ROLES if one.value in roles)


def permission(one: Permission) -> str:
    """What a permission allows."""
    return _PERMISSIONS[one]()


_P = Permission
_PERMISSIONS: Mapping[Permission, Callable[[], str]] = {
    _P.ARTICLE_EDIT: lambda: _("Write articles"),
    _P.ARTICLE_PUBLISH: lambda: _("Publish and withdraw articles"),
    _P.ARTICLE_READ_INTERNAL: lambda: _("Read articles for the team"),
    _P.BOXOFFICE_IMPORT: lambda: _("Bring in files of the ticketing system"),
    _P.CAMPAIGN_APPROVE: lambda: _("Approve a colleague’s campaign and its amount"),
    _P.CAMPAIGN_READ: lambda: _("Read campaigns, and what households are owed"),
    _P.CAMPAIGN_WORK: lambda: _("Make campaigns, open them, remind and close"),
    _P.CANNED_EDIT: lambda: _("Write canned answers"),
    _P.CHOICE_FOR_OTHERS: lambda: _("Choose for a household at the counter or by telephone"),
    _P.DASHBOARD_READ: lambda: _("Read figures"),
    _P.CROWD_ANSWER: lambda: _("Answer a whole crowd"),
    _P.HOUSEHOLD_MERGE: lambda: _("Join customer records and take them apart"),
    _P.HOUSEHOLD_NOTE: lambda: _("Note calls and wishes of households"),
    _P.INCIDENT_DECLARE: lambda: _("Declare incidents, change and take down what is told"),
    _P.INCIDENT_READ: lambda: _("Read incidents and who belongs to them"),
    _P.INCIDENT_WORK: lambda: _("Take requests out of incidents, put them in, fold and settle them"),
    _P.LETTER_READ: lambda: _("Read e-mails and see failed work"),
    _P.LETTER_FILE: lambda: _("Deal with e-mails that cannot be read"),
    _P.MONEY_APPROVE: lambda: _("Agree to batches of money that a colleague put together"),
    _P.MONEY_EXPORT: lambda: _("Make and read the files of banks and accountants"),
    _P.MONEY_LOCK: lambda: _("Lock choices and put them into batches"),
    _P.MONEY_READ: lambda: _("Read batches, entries and the reconciliation"),
    _P.MONEY_SET_UP: lambda: _("Change the account of the house and the codes of its accountant"),
    _P.MONEY_SETTLE: lambda: _("Note what was paid and what banks sent back"),
    _P.ORDER_READ: lambda: _("See orders"),
    _P.PERMISSION_READ: lambda: _("See who may do what"),
    _P.PERSON_EDIT: lambda: _("Open and close accounts"),
    _P.PERSON_READ: lambda: _("See who spectators are"),
    _P.REPORT_EXPORT: lambda: _("Save figures as files"),
    _P.SETTINGS_EDIT: lambda: _("Change settings"),
    _P.TICKET_ANSWER: lambda: _("Answer requests"),
    _P.TICKET_ASSIGN: lambda: _("Assign requests"),
    _P.TICKET_MERGE: lambda: _("Merge requests"),
    _P.TICKET_NOTE: lambda: _("Leave internal notes"),
    _P.TICKET_OPEN: lambda: _("Open a request"),
    _P.TICKET_OPEN_INTERNAL: lambda: _("Ask colleagues for help"),
    _P.TICKET_READ: lambda: _("Read requests of one's departments"),
    _P.TICKET_SNOOZE: lambda: _("Put requests off"),
    _P.TICKET_SOLVE: lambda: _("End requests"),
    _P.TICKET_SORT: lambda: _("Correct the sorting"),
    _P.TICKET_TAG: lambda: _("Tag requests"),
    _P.TICKET_WRITE: lambda: _("Write in one's own request"),
    _P.TRIAGE_MANAGE: lambda: _("Read how well sorting does, and put a model in use"),
    _P.VIEW_SAVE: lambda: _("Save views"),
    _P.VIEW_SHARE: lambda: _("Share views"),
    _P.VOUCHER_USE: lambda: _("Look up vouchers and use them for orders"),
}
