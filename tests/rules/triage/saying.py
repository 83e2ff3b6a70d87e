"""A message in one line, read as triage reads it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from app.triage import facts
from app.triage.classify import Incoming
from app.triage.facts import Facts
from app.triage.text import prepare

PARIS = ZoneInfo("Europe/Paris")
#: A Thursday, six in the evening.
THURSDAY = datetime(2026, 3, 12, 18, 0, tzinfo=PARIS)
#: The same day, ten in the morning.
MORNING = THURSDAY.replace(hour=10)


def read(body: str, written: datetime = MORNING, performance_at: datetime | None = None, subject: str = "") -> Facts:
    return facts.read(prepare(subject, body), written, performance_at)


def incoming(
    body: str, written: datetime = MORNING, subject: str = "", performance_at: datetime | None = None
) -> Incoming:
    return Incoming("1", "email", subject, body, written, performance_at)
