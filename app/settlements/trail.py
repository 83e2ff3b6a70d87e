"""The steps that were taken with the money of a campaign, from the chain that auditors read."""

from __future__ import annotations

from app.kernel import audit
from app.kernel.access import Actor, Permission
from app.kernel.audit import AuditEntry
from app.settlements import batch_queries, file_queries, queries

#: Steps of a page.
ROWS = 50


def steps(campaign_id: int, *, before: int | None = None, by: Actor) -> list[AuditEntry]:
    """The next steps, the newest first, one more than a page shows."""
    by.must(Permission.MONEY_READ)
    subjects = [f"campaign:{campaign_id}"]
    subjects += [f"batch:{row.number}" for row in batch_queries.batches(campaign_id)]
    subjects += [f"file:{row.name}" for row in file_queries.files_about(campaign_id)]
    subjects += [f"line:{reference}" for reference in queries.looked_at(campaign_id)]
    subjects += [f"payment:{payment_id}" for payment_id in sorted(queries.disputed(campaign_id))]
    return audit.about(subjects, before=before, limit=ROWS + 1)


def downloads(name: str, *, by: Actor) -> list[AuditEntry]:
    """Who took a file out, the newest first."""
    by.must(Permission.MONEY_READ)
    return [one for one in audit.about([f"file:{name}"]) if one.verb == "file_read"]
