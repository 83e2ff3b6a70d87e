"""Questions about files that somebody asked for, to be made by the worker."""

from __future__ import annotations

from sqlalchemy import select

from app.kernel.db import session
from app.settlements.models import ExportRun


def run(run_id: int) -> ExportRun | None:
    """One asking, to look at."""
    return session.get(ExportRun, run_id)


def run_to_change(run_id: int) -> ExportRun | None:
    """One asking as it stands now, held until the verb ends."""
    return session.get(ExportRun, run_id, with_for_update=True, populate_existing=True)


def live(campaign_id: int) -> ExportRun | None:
    """What is being made of a campaign now."""
    query = select(ExportRun).where(ExportRun.campaign_id == campaign_id, ExportRun.ended_at.is_(None))
    return session.scalar(query)


def last(campaign_id: int) -> ExportRun | None:
    """What was asked for last."""
    query = select(ExportRun).where(ExportRun.campaign_id == campaign_id).order_by(ExportRun.id.desc())
    return session.scalar(query.limit(1))
