"""Campaigns and answers as files."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cancellations.answer_files import Answered, BadFile, answers
from app.cancellations.plan_files import codes_of, plan_from
from app.cancellations.plans import OptionPlan
from app.kernel.errors import Invalid

PARIS = ZoneInfo("Europe/Paris")
FILE: dict[str, Any] = {
    "title_fr": "La Traviata", "title_en": "La Traviata", "performances": ["TRAV-1"],
    "options": ["refund_card", {"code": "voucher", "validity_months": 18, "max_cents": None, "only_kinds": ["school"]}],
    "deadline": "2026-12-31",
}  # fmt: skip


def test_a_file_becomes_a_plan_with_dates_of_the_house() -> None:
    plan = plan_from(FILE, {"TRAV-1": 7}, PARIS)
    assert plan.performances == {7: None}
    assert plan.options == (
        OptionPlan(code="refund_card"), OptionPlan(code="voucher", validity_months=18, only_kinds=("school",)),
    )  # fmt: skip
    assert plan.deadline_at == datetime(2026, 12, 31, 23, 59, tzinfo=PARIS)
    assert plan.claim_until - plan.deadline_at > timedelta(days=5 * 365)
    shares = FILE | {"performances": {"TRAV-1": 5_000}, "claim_until": "2031-01-01T12:00"}
    assert plan_from(shares, {"TRAV-1": 7}, PARIS).performances == {7: 5_000}
    assert codes_of(shares) == ["TRAV-1"]


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"magic": 1}, {"magic": "campaign_field"}), ({"title_fr": 3}, {"title_fr": "campaign_field"}),
        ({"options": "refund_card"}, {"options": "campaign_field"}),
        ({"options": [{"code": "voucher", "price": 1}]}, {"options": "campaign_field"}),
        ({"options": [{"code": "voucher", "min_cents": "1"}]}, {"options": "campaign_field"}),
        ({"options": [{}]}, {"options": "campaign_field"}), ({"deadline": "soon"}, {"deadline": "campaign_field"}),
        ({"performances": ["NONE"]}, {"performances": "unknown_choice"}),
        ({"reminders": [True]}, {"reminders": "campaign_field"}), ({"rule": []}, {"rule": "campaign_field"}),
        ({"gifts_of_titres": 1}, {"gifts_of_titres": "campaign_field"}),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_file_is_said_at_its_field(change: dict[str, Any], fields: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        plan_from(FILE | change, {"TRAV-1": 7}, PARIS)
    assert refused.value.fields == fields


def test_an_empty_file_lacks_what_is_needed() -> None:
    with pytest.raises(Invalid) as refused:
        plan_from({}, {}, PARIS)
    assert set(refused.value.fields) == {"title_fr", "title_en", "performances", "options", "deadline"}


PAPER = """Numéro avoir;Choix;Montant;IBAN;Titulaire;Nom;Adresse;Code postal;Ville
AV-2026-000001;Virement;"1 234,50 €";FR76 3000 6000 0112 3456 7890 189;Léa Fontanel;;;;
av-2026-000001;Don;20;;;;;;
AV-2026-000002;Chèque;120,00;;;Roux;3, rue des Arts;33000;Valmorin
"""


@pytest.mark.parametrize("raw", [PAPER.encode(), PAPER.encode("utf-8-sig"), PAPER.encode("cp1252")])
def test_rows_of_a_credit_are_one_choice_however_the_file_is_written(raw: bytes) -> None:
    first, second = answers(raw)
    assert (first.number, first.line, first.fault) == ("AV-2026-000001", 2, "")
    assert first.lines == {"refund_transfer": 123_450, "donation": 2_000}
    assert first.iban == ("FR76 3000 6000 0112 3456 7890 189", "Léa Fontanel")
    assert second.lines == {"refund_cheque": 12_000}
    assert second.address is not None
    assert (second.address.name, second.address.city, second.address.country) == ("Roux", "Valmorin", "FR")


def test_english_headers_in_any_order_are_read_too() -> None:
    (one,) = answers(b"Amount,Credit no,Choice\n7.50,AV-1,gift\n")
    assert one.lines == {"donation": 750}


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("AV-1;Virement;-3", "amount_negative"), ("AV-1;Virement;1e9", "amount_form"), ("AV-1;Or;3", "choice_unknown"),
        ("AV-1;Don;3\nAV-1;gift;3", "answers_twice"), (";Don;3", "answers_credit"), ("AV-1;Don;", "amount_empty"),
        ("AV-1", "amount_empty"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_read_spoils_its_credit_alone(rows: str, fault: str) -> None:
    found = answers(f"avoir;choix;montant\n{rows}\nAV-9;Don;3\n".encode())
    assert [one.fault for one in found] == [fault, ""]


@pytest.mark.parametrize(("raw", "code"), [(b"", "answers_empty"), (b"a;b\n1;2", "answers_empty"),
                                           (b"avoir;choix\nAV-1;don", "answers_columns")])  # fmt: skip
def test_what_is_no_table_of_answers_is_refused(raw: bytes, code: str) -> None:
    with pytest.raises(BadFile) as refused:
        answers(raw)
    assert refused.value.code == code


@given(st.binary(max_size=300))
def test_any_bytes_are_answers_or_refused(raw: bytes) -> None:
    try:
        found = answers(b"avoir;choix;montant\n" + raw)
    except BadFile:
        return
    assert all(isinstance(one, Answered) for one in found)
