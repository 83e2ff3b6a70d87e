"""Makes the credits of the next households of a campaign, whole, each once, whatever was made before.

What they come to is what was approved, or nobody is told: the box office may have changed while they were made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.boxoffice import holdings
from app.boxoffice.reaches import Reach
from app.cancellations import campaign_queries as queries
from app.cancellations import supplement_queries
from app.cancellations.events import CampaignOpened, CreditsDiffer, CreditsDue
from app.cancellations.models import Campaign
from app.cancellations.shaping import Shaped
from app.cancellations.surveying import Scope, owed, scope_of
from app.kernel import clock, keys
from app.kernel.transaction import publish, transactional
from app.people import service as people
from app.people.service import Writer
from app.venue import service as venue

#: Households whose credits are made in one transaction.
GROUP = 200


@transactional
def go(campaign_id: int) -> None:
    """Make the next piece of an opening campaign; once every household was looked at, it is open."""
    row = queries.campaign_to_change(campaign_id)
    if row is None or row.state != "opening":
        return
    supplement_queries.one_at_a_time()
    scope = scope_of(row)
    due = holdings.owners(scope.shows, after=row.made_up_to, limit=GROUP)
    if not due:
        if not _gathered(row, scope):
            _end(row)
        return
    there = queries.credited_households(row.id, due)
    make(row, [found for found in owed(scope, due) if found.household_id not in there])
    row.made_up_to = due[-1]
    publish(CreditsDue(campaign_id=row.id))


def _gathered(row: Campaign, scope: Scope) -> bool:
    """Make the credits of seats that no piece saw. Returns whether there were any.

    A record that was merged meanwhile into one that had been looked at already would lose what it is owed: it gets a
    credit of its own, as if it had been merged a moment after the campaign was opened.
    """
    _, cents = supplement_queries.sum_of_supplement(row.id, 0)
    if row.approved_cents is None or cents >= row.approved_cents:
        return False
    some = [one for one in owed(scope) if one.cents > 0][:GROUP]
    found = []
    for one in some:
        records = [one.household_id, *holdings.records_of([item.admission_id for item in one.items])]
        taken = queries.credited_households(row.id, records)
        free = next((key for key in records if key not in taken), None)
        if free is not None:
            found.append(replace(one, household_id=free))
    if not found:
        return False
    make(row, found)
    publish(CreditsDue(campaign_id=row.id))
    return True


def _end(row: Campaign) -> None:
    _, cents = supplement_queries.sum_of_supplement(row.id, 0)
    if row.approved_cents is not None and cents != row.approved_cents:
        if row.made_cents != cents:
            row.made_cents = cents
            publish(CreditsDiffer(campaign_id=row.id, cents=cents, approved_cents=row.approved_cents))
        return
    row.state, row.opened_at, row.made_cents = "open", clock.now(), None
    publish(CampaignOpened(campaign_id=row.id, cents=cents, approved_cents=row.approved_cents or 0))


def make(row: Campaign, found: Sequence[Shaped], *, supplement: int = 0, state: str = "issued") -> list[int]:
    """Write the credits of households that are owed something, and what was left out; inside a verb only."""
    some = [one for one in found if one.cents > 0]
    ids = queries.write_credits(_credit_rows(row, some, supplement, state)) if some else []
    queries.write_parts(
        [
            {
                "credit_id": key, "admission_id": item.admission_id, "amount_cents": item.cents,
                "external_cents": item.external_cents, "vat_bp": item.vat_bp, "live": True,
            }
            for key, one in zip(ids, some, strict=True) for item in one.items
        ],
        [
            {
                "credit_id": key, "payment_id": part.payment_id, "kind": part.kind, "tender": part.tender,
                "amount_cents": part.cents, "refundable_until": part.refundable_until,
            }
            for key, one in zip(ids, some, strict=True) for part in one.buckets
        ],
        _left_out(row, found),
    )  # fmt: skip
    return ids


def _left_out(row: Campaign, found: Sequence[Shaped]) -> list[dict[str, Any]]:
    """What is part of no credit, in the place of what was known of the same seats."""
    apart = {out.admission_id: (one.household_id, out.why) for one in found for out in one.left_out}
    # Seats may have been looked at before: of a record that was merged meanwhile, or when the campaign was opened.
    supplement_queries.forget_left_out(row.id, [*apart, *(item.admission_id for one in found for item in one.items)])
    held = supplement_queries.credited_in(row.id, [key for key, (_, why) in apart.items() if why == "elsewhere"])
    return [
        {"campaign_id": row.id, "admission_id": key, "household_id": home, "why": why}
        for key, (home, why) in apart.items() if key not in held
    ]  # fmt: skip


def _credit_rows(row: Campaign, some: Sequence[Shaped], supplement: int, state: str) -> list[dict[str, Any]]:
    reaches = holdings.reaches([one.household_id for one in some])
    persons = _persons(reaches)
    moment = clock.now()
    year = moment.astimezone(venue.house().tz).year
    first = queries.take_serials(year, len(some))
    return [
        _credit_row(row, one, reaches.get(one.household_id), persons, (year, first + place), moment)
        | {"supplement": supplement, "state": state}
        for place, one in enumerate(some)
    ]


def _credit_row(
    row: Campaign, one: Shaped, reach: Reach | None, persons: Mapping[str, int], serial: tuple[int, int],
    moment: datetime,
) -> dict[str, Any]:  # fmt: skip
    year, number = serial
    return {
        "number": f"AV-{year}-{number:06}", "year": year, "serial": number, "campaign_id": row.id,
        "household_id": one.household_id, "person_id": persons.get(reach.email) if reach else None,
        "language": reach.language if reach else "fr", "reach": way_of(reach), "amount_cents": one.cents,
        "external_cents": one.external_cents, "vat": one.vat(), "link_nonce": keys.nonce(),
        "link_generation": 1, "issued_at": moment, "choice_version": 0, "invited_at": None, "opened_at": None,
        "answered_at": None, "locked_at": None, "settled_at": None,
    }  # fmt: skip


def _persons(reaches: Mapping[int, Reach]) -> dict[str, int]:
    writers = [Writer(one.email, one.name, one.language) for one in reaches.values() if one.email]
    return people.recognise(writers) if writers else {}


def way_of(reach: Reach | None, *, but: str = "") -> str:
    """How a household is told: email, post, phone, or none when nothing is known of it; in any way but one."""
    if reach is None:
        return "none"
    wanted = "post" if reach.do_not_contact else reach.channel
    known = {"email": bool(reach.email), "post": reach.has_address, "phone": bool(reach.phone)}
    # What was asked for comes first; a letter of service reaches people in whatever way is left.
    order = (wanted, "email", "post", "phone")
    return next((way for way in order if known.get(way) and way != but), "none")
