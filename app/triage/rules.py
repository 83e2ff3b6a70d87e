"""Sorting without a trained model: the votes of the topics met, and nothing learned; it says so in its reasons."""

from __future__ import annotations

import math
from typing import Final

from app.triage.facts import Facts
from app.triage.labels import CATEGORIES, TYPES
from app.triage.lexicon import TOPIC, topics
from app.triage.text import Prepared

VERSION: Final = "rules"
TOP: Final = 3
TEMPERATURE: Final = 1.0
"""Votes to probabilities; fitted on messages from which the rules written after them had been taken out."""

NOTHING_MET: Final = "other"
_TYPE_OF_TOPIC: Final = {
    "refund_cancelled.refund_status": "refund_status",
    "refund_cancelled.credit_choice": "credit_change",
    "refund_cancelled.interrupted": "interrupted_show",
    "ticket_not_received.refused_at_door": "scan_refused",
    "ticket_lost_or_name_change.name": "name_change",
    "ticket_lost_or_name_change.give": "name_change",
    "ticket_lost_or_name_change.resale": "resale_fraud",
    "payment_problem.declined": "payment_failed",
    "payment_problem.instalments": "payment_failed",
    "payment_problem.promo": "payment_failed",
    "payment_problem.tender": "special_tender",
    "gift_voucher.voucher": "credit_voucher",
    "complaint.formal": "formal_claim",
    "venue_info.parking": "parking_transport",
    "venue_info.transport": "parking_transport",
    "venue_info.age": "age_children",
    "venue_info.is_it_on": "event_status",
    "venue_info.availability": "booking_help",
    "venue_info.booking": "booking_help",
    "venue_info.discount": "reduced_price",
    "donation.tax": "donation_receipt",
    "technical_staff.staff_hr": "staff_hr",
    "technical_staff.operations": "staff_ops",
    "other.press": "press_pro",
    "other.hire": "press_pro",
    "other.artists": "press_pro",
    "other.jobs": "",
    "other.not_for_us": "",
    "other.chat": "",
}
"""Where a topic means another type than the first of its category."""


def votes(message: Prepared, facts: Facts) -> dict[str, float]:
    """Topic → its votes, twice as loud in the subject."""
    known = topics()
    return {
        code: known[TOPIC + code].votes * (math.log1p(len(at)) + (at[0].start < message.body_at))
        for code, at in facts.topics.items()
    }


def ranked(message: Prepared, facts: Facts) -> tuple[tuple[str, float], ...]:
    """The likeliest categories with their chances, best first."""
    scores = dict.fromkeys(CATEGORIES, 0.0)
    for code, force in votes(message, facts).items():
        scores[code.partition(".")[0]] += force
    # Where nothing was met, every category is as unlikely as the next, and somebody has to look.
    scores[NOTHING_MET] += 0.1
    powers = {slug: math.exp(score / TEMPERATURE) for slug, score in scores.items()}
    total = sum(powers.values())
    best = sorted(powers, key=lambda slug: -powers[slug])[:TOP]
    return tuple((slug, powers[slug] / total) for slug in best)


def kind_under(category: str, message: Prepared, facts: Facts) -> str:
    """The type under a category that the loudest of its topics means."""
    mine = {code: force for code, force in votes(message, facts).items() if code.startswith(f"{category}.")}
    if not mine:
        return TYPES[category][0] if category != NOTHING_MET else ""
    return _TYPE_OF_TOPIC.get(max(mine, key=lambda code: mine[code]), TYPES[category][0])


def topics_for(category: str, facts: Facts) -> tuple[str, ...]:
    """The topics met that speak for a category."""
    return tuple(code for code in facts.topics if code.startswith(f"{category}."))
