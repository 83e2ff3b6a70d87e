"""A request of the demo from its first word to its last, as plain values: what happened, when, and who did it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Act:
    """Something that happened to a request.

    `what`: sorted, corrected, confirmed, assigned, tagged, note, asked (we wait for the spectator), answered, finished
    (answered and ended), ended (without a word), wrote, held, snoozed, spam, merged, judged. `by` is a person's id.
    """

    at: datetime
    what: str
    by: int | None = None
    text: str = ""
    value: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What triage thought of a request."""

    category: str
    type: str
    priority: str
    confidence: float
    reason: str
    words: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    wants_refund: bool = False
    within_24h: bool = False
    anger: int = 0
    legal: bool = False


def whole(word: str, text: str) -> re.Match[str] | None:
    """Where a word or a phrase stands in a text, never in the middle of a longer word."""
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One request: its first word, what triage made of it, and the acts that followed in the order of time."""

    #: A name of its own within the demo.
    key: str
    opened_at: datetime
    asker_id: int
    email: str
    asker_name: str
    lang: str
    channel: str
    department_id: int
    #: What the form said, if it was a form.
    type: str | None
    category: str | None
    subject: str
    body: str
    verdict: Verdict
    acts: tuple[Act, ...] = ()
    internal: bool = False
    order_code: str | None = None
    performance_id: int | None = None
    answers: dict[str, Any] = field(default_factory=dict)
    submission: str | None = None
    opened_by: int | None = None
    #: What the assignee has typed and not sent.
    draft: str = ""
    #: The course this one follows, doubles or was merged into. Shape: (kind, key).
    tie: tuple[str, str] | None = None
