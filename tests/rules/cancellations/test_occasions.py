"""The sentence that begins an invitation says what befell the performance, and that tickets may be kept if they may."""

from __future__ import annotations

import pytest

from app.cancellations.occasions import occasion
from app.cancellations.plans import KINDS

OWED = {"title": "Carmen", "amount": "120,00 €", "credit": "AV-2026-000123"}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_campaign_names_what_is_owed_and_why(kind: str, language: str) -> None:
    said = occasion(OWED, language, kind, ["refund_card"])
    assert all(value in said for value in OWED.values())


def test_where_the_date_changes_tickets_are_valid_only_if_they_may_be_kept() -> None:
    assert "restent valables" in occasion(OWED, "fr", "postpone", ["refund_card", "keep_ticket"])
    assert "les échanger" in occasion(OWED, "fr", "postpone", ["keep_ticket", "exchange"])
    assert "exchange them" in occasion(OWED, "en", "postpone", ["keep_ticket", "exchange"])
    assert "valables" not in occasion(OWED, "fr", "postpone", ["refund_card"])
    assert "ne pourront pas servir" in occasion(OWED, "fr", "cancel", ["keep_ticket"])
