"""Readers thanked for what they did for others."""

from __future__ import annotations

from collections.abc import Sequence

from app.kernel.transaction import transactional
from app.knowledge import correcting
from app.mail import outgoing
from app.mail.outgoing import Letter, address
from app.people import service as people


@transactional
def thanks(correction_ids: Sequence[int]) -> None:
    """Thank readers whose corrections were taken up, each once, where their letters arrive."""
    told = correcting.thanked(correction_ids)
    reached = people.reached({one.person_id for one in told})
    outgoing.write([
        Letter(
            kind="correction", to_person=one.person_id, language=one.lang,
            values={"page": one.title, "address": address(one.path)},
        )
        for one in told
        if one.person_id in reached
    ])  # fmt: skip
