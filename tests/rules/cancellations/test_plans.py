"""What may be written down as a campaign, and what keeps one from opening."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.cancellations.details import Donor, is_siren
from app.cancellations.plans import Law, OptionPlan, Plan, obstacles

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)
PLAN = Plan(
    title_fr="La Traviata", title_en="La Traviata", performances={7: None},
    options=(OptionPlan(code="refund_card"), OptionPlan(code="donation")), deadline_at=NOW + timedelta(days=30),
    claim_until=NOW + timedelta(days=1_800),
)  # fmt: skip
LAW = Law(date(2026, 3, 1), date(2026, 12, 31), 12)


def test_a_plan_that_says_what_is_needed_is_right() -> None:
    assert PLAN.faults() == {}
    assert replace(PLAN, default_option="refund_card").faults() == {}


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"title_fr": " "}, "title_fr", "empty"), ({"title_en": "x" * 151}, "title_en", "too_long"),
        ({"kind": "party"}, "kind", "unknown_choice"), ({"performances": {}}, "performances", "choose_one"),
        ({"performances": {7: 10_001}}, "performances", "campaign_ratio"), ({"options": ()}, "options", "choose_one"),
        ({"options": (OptionPlan(code="gold"),)}, "options", "unknown_choice"),
        ({"options": (OptionPlan(code="donation"), OptionPlan(code="donation"))}, "options", "unknown_choice"),
        ({"options": (OptionPlan(code="donation", min_cents=5, max_cents=4),)}, "options", "campaign_limits"),
        ({"claim_until": NOW}, "claim_until", "campaign_claim"),
        ({"default_option": "donation"}, "default_option", "campaign_default"),
        ({"default_option": "carryover"}, "default_option", "campaign_default"),
        ({"rule": {"fees": "some"}}, "rule", "campaign_rule"), ({"rule": {"magic": 1}}, "rule", "campaign_rule"),
        ({"rule": {"tariffs_out": "Plein"}}, "rule", "campaign_rule"),
        ({"rule": {"include_scanned": 1}}, "rule", "campaign_rule"),
        ({"rule": {"kinds_in": "group"}}, "rule", "campaign_rule"),
        ({"rule": {"tenders_in": ["card"], "tenders_out": ["card"]}}, "rule", "campaign_in_and_out"),
        ({"reminders": (0,)}, "reminders", "campaign_reminders"),
        ({"min_split_cents": -1}, "min_split_cents", "amount_negative"),
        ({"currency": "CHF"}, "currency", "unknown_choice"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(change: dict[str, Any], field: str, code: str) -> None:
    assert replace(PLAN, **change).faults() == {field: code}


def test_silence_becomes_a_voucher_by_law_only() -> None:
    offered = replace(PLAN, options=(OptionPlan(code="voucher"),), default_option="voucher")
    assert offered.faults() == {"default_option": "campaign_default"}
    assert replace(offered, regime="2026-1").faults() == {}


def why(codes: list[str], law: Law | None = None, *, months: int | None = None, late: bool = False) -> list[str]:
    deadline = NOW + timedelta(days=-1 if late else 1)
    return obstacles(codes, months, law, today=NOW.date(), deadline_at=deadline, now=NOW)


def test_without_money_only_a_law_of_today_lets_a_campaign_open() -> None:
    assert why(["donation", "voucher"]) == ["campaign_no_money"]
    assert why(["donation", "refund_cheque"]) == []
    assert why(["voucher"], LAW) == []
    over = Law(date(2020, 3, 12), date(2020, 9, 15), 12)
    assert why(["voucher"], over) == ["campaign_no_money", "campaign_law_over"]
    assert why(["voucher"], LAW, months=18) == ["campaign_law_validity"]
    assert why(["refund_card"], late=True) == ["campaign_late"]


def test_a_siren_is_nine_digits_with_a_check() -> None:
    assert is_siren("732 829 320")
    assert not is_siren("732 829 321")
    assert not is_siren("73282932")
    assert not is_siren("٧٣٢٨٢٩٣٢٠")
    someone = Donor(name="Léa", line1="3, rue des Arts", postcode="33000", city="Valmorin")
    assert someone.faults() == {}
    assert replace(someone, company=True).faults() == {"donor_siren": "siren"}
    assert replace(someone, city="", line2="x" * 121).faults() == {"donor_city": "empty", "donor_line2": "too_long"}
