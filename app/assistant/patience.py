"""How long a spectator is awaited before they are reminded, told of the end, and the request ends; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

#: The longest any of the three may be, in days.
LONGEST = 365
#: What stands before the at sign of addresses that nobody reads.
_UNREAD = re.compile(
    r"(?:.*[._+-])?(?:no|not|do-?not|ne-?pas|pas-?de)[._-]?(?:reply|repl(?:y|ies)|repondre|reponse)(?:[._+-].*)?"
    r"|mailer-daemon|postmaster|bounces?(?:[._+-].*)?|notifications?(?:[._+-].*)?|automat\w*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """After how many days each thing happens; None is never."""

    remind: int | None = 3
    warn: int | None = 10
    end: int | None = 14

    def faults(self) -> dict[str, str]:
        """What cannot be, as codes by field."""
        wrong = {name: "number" for name in ("remind", "warn", "end") if not _is_days(getattr(self, name))}
        if wrong:
            return wrong
        if self.end is not None and self.warn is None:
            return {"warn": "waiting_warn"}
        if self.remind is not None and self.warn is not None and self.warn <= self.remind:
            return {"warn": "waiting_order"}
        if self.end is not None and self.warn is not None and self.end <= self.warn:
            return {"end": "waiting_order"}
        return {}

    def ends_at(self, since: datetime, warned_at: datetime) -> datetime | None:
        """When a request ends of whose end one is told now: never sooner after that than the rule says."""
        if self.end is None or self.warn is None:
            return None
        return max(since + timedelta(days=self.end), warned_at + self.respite)

    @property
    def respite(self) -> timedelta:
        """The least time between the notice of an end and the end."""
        return timedelta(days=(self.end or 0) - (self.warn or 0))


#: What holds for departments that serve spectators, and for those that serve colleagues.
USUAL, NEVER = Rule(), Rule(None, None, None)


def _is_days(days: int | None) -> bool:
    return days is None or 0 < days <= LONGEST


def is_unread(email: str) -> bool:
    """Whether an address belongs to a machine that reads no answers."""
    return _UNREAD.fullmatch(email.partition("@")[0]) is not None
