"""Kinds of request, promises, reasons and prepared answers every house begins with: `shipped/` read as plain rows.

No row is written here: setting a house up is composed of the verbs of the domains that own the tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

SHIPPED = Path(__file__).with_name("shipped")
#: Where a category goes unless it is for colleagues.
PUBLIC_DEPARTMENT, STAFF_DEPARTMENT, STAFF_CATEGORY = "billetterie", "it", "technical_staff"
#: What every prepared answer may name besides the facts of the house.
ANSWER_VARIABLES = frozenset({"name", "order", "show", "date", "amount", "house", "agent"})
#: Facts of a house that articles and prepared answers name.
HOUSE_VARIABLES = frozenset(
    {
        "house", "city", "address", "phone", "email", "website", "opening_hours", "order_prefix", "car_park", "transit",
        "refund_sent_days", "refund_card_days", "refund_transfer_days", "exchange_deadline_hours", "exchange_fee",
        "doors_minutes",
        "voucher_months", "voucher_name", "lost_property_weeks", "group_minimum", "group_email", "access_phone",
        "access_email", "complaint_days", "mediator", "mediator_url", "terms_url", "receipt_sentence", "resale_site",
        "name_change_hours", "privacy_email",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReasonCard:
    """A card of the request form: the first thing somebody says about what brings them."""

    code: str
    name_fr: str
    name_en: str
    hint_fr: str
    hint_en: str
    internal: bool

    def name(self, language: str) -> str:
        """Its name in one of the two languages."""
        return self.name_fr if language == "fr" else self.name_en

    def hint(self, language: str) -> str:
        """What is found under it, in a few words."""
        return self.hint_fr if language == "fr" else self.hint_en


@cache
def _read(name: str) -> Any:  # noqa: ANN401 - whatever the YAML page holds
    return yaml.safe_load((SHIPPED / f"{name}.yaml").read_text(encoding="utf-8"))


@cache
def reasons() -> tuple[ReasonCard, ...]:
    """The cards of the request form, those for colleagues last."""
    return tuple(ReasonCard(**row) for row in _read("house")["reasons"])


def reasons_for(*, internal: bool) -> tuple[ReasonCard, ...]:
    """The cards of the public form, or those of the form for colleagues."""
    return tuple(card for card in reasons() if card.internal is internal)


def departments() -> list[dict[str, Any]]:
    """Rows of departments: code, name_fr, name_en, internal."""
    return [dict(row) for row in _read("house")["departments"]]


def week() -> list[list[tuple[int, int]]]:
    """Opening hours of an ordinary week.

    Shape: Monday first, pairs (start, end). Units: minutes after local midnight.
    """
    return [[(start, end) for start, end in day] for day in _read("house")["week"]]


def sla_classes() -> list[dict[str, Any]]:
    """Rows of classes of promise, tightest first."""
    return [{**row, "position": place} for place, row in enumerate(_read("house")["classes"])]


def categories(department_ids: Mapping[str, int]) -> list[dict[str, Any]]:
    """Rows of categories, each in its department; `department_ids` maps codes to ids.

    Raises:
        KeyError: a department is missing.
    """
    return [
        {**row, "department_id": department_ids[_department(row["slug"])], "position": place, "active": True}
        for place, row in enumerate(_read("categories"))
    ]


def _department(slug: str) -> str:
    return STAFF_DEPARTMENT if slug == STAFF_CATEGORY else PUBLIC_DEPARTMENT


def types() -> list[dict[str, Any]]:
    """Rows of the types of request, in the order of the form."""
    return [_type(row, place) for place, row in enumerate(_read("types"))]


def _type(row: Mapping[str, Any], place: int) -> dict[str, Any]:
    rest = {name: value for name, value in row.items() if name != "category"}
    return {"internal": False, **rest, "category_slug": row["category"], "position": place, "active": True}


def canned_answers() -> list[dict[str, Any]]:
    """Prepared answers: title and body in both languages, categories, then_state."""
    return [{**row, "categories": tuple(row["categories"])} for row in _read("canned")]
