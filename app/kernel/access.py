"""Who may do what: roles, permissions, the matrix between them, and the actor that every verb is told of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.kernel.errors import Forbidden


class Role(StrEnum):
    """What a person is to the house; one person may be several."""

    ADMIN = "admin"
    AGENT = "agent"
    EDITOR = "editor"
    FINANCE = "finance"
    MANAGER = "manager"
    SPECTATOR = "spectator"
    STAFF = "staff"


class Permission(StrEnum):
    """Everything that can be allowed, in alphabetical order, as noun:verb."""

    ARTICLE_EDIT = "article:edit"
    ARTICLE_PUBLISH = "article:publish"
    ARTICLE_READ_INTERNAL = "article:read_internal"
    BOXOFFICE_IMPORT = "boxoffice:import"
    CAMPAIGN_APPROVE = "campaign:approve"
    CAMPAIGN_READ = "campaign:read"
    CAMPAIGN_WORK = "campaign:work"
    CANNED_EDIT = "canned:edit"
    CHOICE_FOR_OTHERS = "choice:for_others"
    CROWD_ANSWER = "crowd:answer"
    DASHBOARD_READ = "dashboard:read"
    HOUSEHOLD_MERGE = "household:merge"
    HOUSEHOLD_NOTE = "household:note"
    INCIDENT_DECLARE = "incident:declare"
    INCIDENT_READ = "incident:read"
    INCIDENT_WORK = "incident:work"
    LETTER_FILE = "letter:file"
    LETTER_READ = "letter:read"
    MONEY_APPROVE = "money:approve"
    MONEY_EXPORT = "money:export"
    MONEY_LOCK = "money:lock"
    MONEY_READ = "money:read"
    MONEY_SET_UP = "money:set_up"
    MONEY_SETTLE = "money:settle"
    ORDER_READ = "order:read"
    PERMISSION_READ = "permission:read"
    PERSON_EDIT = "person:edit"
    PERSON_READ = "person:read"
    REPORT_EXPORT = "report:export"
    SETTINGS_EDIT = "settings:edit"
    TICKET_ANSWER = "ticket:answer"
    TICKET_ASSIGN = "ticket:assign"
    TICKET_MERGE = "ticket:merge"
    TICKET_NOTE = "ticket:note"
    TICKET_OPEN = "ticket:open"
    TICKET_OPEN_INTERNAL = "ticket:open_internal"
    TICKET_READ = "ticket:read"
    TICKET_SNOOZE = "ticket:snooze"
    TICKET_SOLVE = "ticket:solve"
    TICKET_SORT = "ticket:sort"
    TICKET_TAG = "ticket:tag"
    TICKET_WRITE = "ticket:write"
    TRIAGE_MANAGE = "triage:manage"
    VIEW_SAVE = "view:save"
    VIEW_SHARE = "view:share"
    VOUCHER_USE = "voucher:use"


_P = Permission
_SPECTATOR = frozenset({_P.TICKET_OPEN, _P.TICKET_WRITE})
_STAFF = _SPECTATOR | {_P.ARTICLE_READ_INTERNAL, _P.TICKET_OPEN_INTERNAL}
_AGENT = _STAFF | {
    _P.CAMPAIGN_READ, _P.CHOICE_FOR_OTHERS, _P.HOUSEHOLD_MERGE, _P.HOUSEHOLD_NOTE, _P.INCIDENT_READ, _P.INCIDENT_WORK,
    _P.LETTER_FILE, _P.ORDER_READ, _P.PERSON_READ, _P.TICKET_ANSWER, _P.TICKET_ASSIGN, _P.TICKET_MERGE, _P.TICKET_NOTE,
    _P.TICKET_READ, _P.TICKET_SNOOZE, _P.TICKET_SOLVE, _P.TICKET_SORT, _P.TICKET_TAG, _P.VIEW_SAVE, _P.VOUCHER_USE,
}  # fmt: skip
_MANAGER = _AGENT | {
    _P.BOXOFFICE_IMPORT, _P.CAMPAIGN_APPROVE, _P.CAMPAIGN_WORK, _P.CANNED_EDIT, _P.CROWD_ANSWER, _P.DASHBOARD_READ,
    _P.INCIDENT_DECLARE, _P.MONEY_APPROVE, _P.MONEY_LOCK, _P.MONEY_READ, _P.REPORT_EXPORT, _P.SETTINGS_EDIT,
    _P.TRIAGE_MANAGE, _P.VIEW_SHARE,
}  # fmt: skip
_FINANCE = _STAFF | {
    _P.CAMPAIGN_APPROVE, _P.CAMPAIGN_READ, _P.DASHBOARD_READ, _P.MONEY_APPROVE, _P.MONEY_EXPORT, _P.MONEY_LOCK,
    _P.MONEY_READ, _P.MONEY_SET_UP, _P.MONEY_SETTLE, _P.ORDER_READ, _P.PERSON_READ, _P.REPORT_EXPORT,
}  # fmt: skip

MATRIX: dict[Role, frozenset[Permission]] = {
    Role.SPECTATOR: _SPECTATOR,
    Role.STAFF: _STAFF,
    Role.AGENT: _AGENT,
    Role.MANAGER: _MANAGER,
    Role.EDITOR: _STAFF | {_P.ARTICLE_EDIT, _P.ARTICLE_PUBLISH, _P.CANNED_EDIT},
    Role.FINANCE: _FINANCE,
    Role.ADMIN: frozenset(Permission),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, through which door; a plain value, always passed as `by=`.

    `departments` are the ids whose tickets the actor may see; `ticket_id` limits a spectator who came by a private
    link to that one ticket.
    """

    roles: frozenset[Role]
    person_id: int | None = None
    departments: frozenset[int] = frozenset()
    door: str = "house"
    ticket_id: int | None = None
    system: bool = False

    def may(self, permission: Permission) -> bool:
        """Whether any of the actor's roles allows it."""
        return self.system or any(permission in MATRIX[role] for role in self.roles)

    def must(self, permission: Permission) -> None:
        """Refuse unless allowed.

        Raises:
            Forbidden: none of the actor's roles has the permission.
        """
        if not self.may(permission):
            raise Forbidden("not_allowed", permission=permission.value)

    @property
    def role(self) -> str:
        """The word the journal keeps: the strongest role, or `system`."""
        if self.system:
            return "system"
        order = (Role.ADMIN, Role.MANAGER, Role.FINANCE, Role.EDITOR, Role.AGENT, Role.STAFF)
        return next((role.value for role in order if role in self.roles), Role.SPECTATOR.value)


SYSTEM = Actor(roles=frozenset(), system=True)


def spectator(person_id: int | None, *, door: str, ticket_id: int | None = None) -> Actor:
    """A spectator, known or not, who came by `door`."""
    return Actor(roles=frozenset({Role.SPECTATOR}), person_id=person_id, door=door, ticket_id=ticket_id)
