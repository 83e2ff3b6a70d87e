"""What a campaign is to be, as somebody writes it down, and everything that is wrong with it; pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.cancellations.choices import DEFAULTS, MONEY, OPTIONS, VOUCHER
from app.cancellations.crediting import FEES, ONLY

KINDS = ("cancel", "postpone", "interrupt", "goodwill")
RECEIPTS = ("none", "waiver", "refund_then_gift", "external")
#: What a rule may say; lists of words, but for the first two.
RULE = ("fees", "include_scanned", "tariffs_out", "channels_out", "tenders_out", "kinds_out", *ONLY)
#: Characters of a title and of a text.
LONGEST_TITLE, LONGEST_TEXT = 150, 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionPlan:
    """One thing that may be chosen. Cents."""

    code: str
    label_fr: str = ""
    label_en: str = ""
    help_fr: str = ""
    help_en: str = ""
    min_cents: int = 0
    max_cents: int | None = None
    only_kinds: tuple[str, ...] = ()
    only_tenders: tuple[str, ...] = ()
    validity_months: int | None = None
    season: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A campaign as it is written down. Cents.

    Shape: `performances` maps a performance to the share given back in hundredths of a per cent, or None for its own;
    `rule` has the keys of `RULE`; `regime` is the code of a law, or empty.
    """

    kind: str = "cancel"
    title_fr: str
    title_en: str
    text_fr: str = ""
    text_en: str = ""
    performances: Mapping[int, int | None]
    options: tuple[OptionPlan, ...]
    deadline_at: datetime
    claim_until: datetime
    rule: Mapping[str, Any] = field(default_factory=dict)
    reminders: tuple[int, ...] = (7, 3, 1)
    default_option: str = ""
    receipts_mode: str = "none"
    regime: str = ""
    min_split_cents: int = 0
    gifts_of_titres: bool = False
    currency: str = "EUR"

    def faults(self) -> dict[str, str]:
        """What is wrong. Shape: field to code; empty when nothing is."""
        codes = [option.code for option in self.options]
        checks = (
            ("kind", "unknown_choice", self.kind not in KINDS),
            ("title_fr", "empty", not self.title_fr.strip()),
            ("title_en", "empty", not self.title_en.strip()),
            ("title_fr", "too_long", len(self.title_fr) > LONGEST_TITLE),
            ("title_en", "too_long", len(self.title_en) > LONGEST_TITLE),
            ("text_fr", "too_long", len(self.text_fr) > LONGEST_TEXT),
            ("text_en", "too_long", len(self.text_en) > LONGEST_TEXT),
            ("performances", "choose_one", not self.performances),
            ("performances", "campaign_ratio", not all(map(_is_ratio, self.performances.values()))),
            ("options", "choose_one", not codes),
            ("options", "unknown_choice", not set(codes) <= set(OPTIONS) or len(set(codes)) < len(codes)),
            ("options", "campaign_limits", not all(map(_is_limited, self.options))),
            ("claim_until", "campaign_claim", self.claim_until <= self.deadline_at),
            ("default_option", "campaign_default", not self._default_is_lawful(codes)),
            ("receipts_mode", "unknown_choice", self.receipts_mode not in RECEIPTS),
            ("rule", "campaign_rule", not _is_rule(self.rule)),
            ("rule", "campaign_in_and_out", _contradicts(self.rule)),
            ("reminders", "campaign_reminders", not all(0 < days <= 365 for days in self.reminders)),
            ("min_split_cents", "amount_negative", self.min_split_cents < 0),
            ("currency", "unknown_choice", self.currency != "EUR"),
        )
        found: dict[str, str] = {}
        for name, code, holds in checks:
            if holds:
                found.setdefault(name, code)
        return found

    def _default_is_lawful(self, codes: Collection[str]) -> bool:
        """Never a gift; a voucher only by law; and nothing that is not offered."""
        if self.default_option not in DEFAULTS or (self.default_option and self.default_option not in codes):
            return False
        return self.default_option != VOUCHER or bool(self.regime)


@dataclass(frozen=True, slots=True)
class Law:
    """A dated legal regime, as far as opening a campaign asks for it."""

    from_on: date
    to_on: date
    max_validity_months: int


def obstacles(
    codes: Collection[str], voucher_months: int | None, law: Law | None, *, today: date, deadline_at: datetime,
    now: datetime,
) -> list[str]:  # fmt: skip
    """Why a campaign may not open: codes, none when it may. Where no money is offered only a law of today lets it.

    Args:
        codes: what is offered.
        voucher_months: how long its voucher is valid.
        law: the regime it names, if it names one.
        today: the date at the house.
        deadline_at: the date of service.
        now: the present moment.
    """
    holds = law is not None and law.from_on <= today <= law.to_on
    checks = (
        ("campaign_no_money", not set(codes) & set(MONEY) and not holds),
        ("campaign_law_over", law is not None and not holds),
        (
            "campaign_law_validity",
            law is not None and voucher_months is not None and voucher_months > law.max_validity_months,
        ),
        ("campaign_late", deadline_at <= now),
    )
    return [code for code, stands in checks if stands]


def _is_ratio(ratio: int | None) -> bool:
    return ratio is None or 0 <= ratio <= 10_000


def _is_limited(option: OptionPlan) -> bool:
    most = option.max_cents
    return option.min_cents >= 0 and (most is None or most >= option.min_cents) and option.validity_months != 0


def _contradicts(rule: Mapping[str, Any]) -> bool:
    """Whether a rule names something that only counts, and leaves that very thing out."""
    return _is_rule(rule) and any(set(rule.get(name, ())) & set(rule.get(f"{name[:-3]}_out", ())) for name in ONLY)


def _is_rule(rule: Mapping[str, Any]) -> bool:
    words = all(
        isinstance(rule.get(name, ()), list | tuple) and all(isinstance(word, str) for word in rule.get(name, ()))
        for name in RULE[2:]
    )
    flag = isinstance(rule.get("include_scanned", False), bool)
    return set(rule) <= set(RULE) and rule.get("fees", "none") in FEES and flag and words
