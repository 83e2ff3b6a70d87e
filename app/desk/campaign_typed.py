"""The form of a campaign: read from what was typed, turned into a plan, and filled again from what is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from werkzeug.datastructures import MultiDict

from app.cancellations.amounts import read as amount
from app.cancellations.choices import OPTIONS
from app.cancellations.crediting import ONLY
from app.cancellations.plans import OptionPlan, Plan
from app.kernel.errors import Invalid
from app.venue import service as venue
from app.web.presentation import number

LINES = (
    "kind", "title_fr", "title_en", "text_fr", "text_en", "fees", "include_scanned", "deadline", "claim_until",
    "reminders", "default_option", "receipts_mode", "regime", "min_split", "gifts_of_titres", "search", "changed_only",
)  # fmt: skip
#: What is left out, then what alone counts.
OUTS = ("tariffs_out", "channels_out", "tenders_out", "kinds_out")
LISTS = ("shows", *OUTS, *ONLY, "options")
#: Fields of each option, after its code.
OF_OPTION = (
    "label_fr", "label_en", "help_fr", "help_en", "min", "max", "months", "season", "only_kinds", "only_tenders",
)  # fmt: skip
#: Characters of any line; texts are longer.
_LONGEST, _LONGEST_TEXT = 400, 5_000
#: Years that can be told in any zone.
_YEARS = range(2000, 2101)
_LAST = time(23, 59)


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form: lines by name, and chosen boxes by name."""

    lines: Mapping[str, str]
    boxes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - a line, or boxes
        return self.lines.get(name, "") if name not in LISTS else self.boxes.get(name, ())

    @property
    def shows(self) -> tuple[int, ...]:
        """Performances that are chosen."""
        given = self.boxes.get("shows", ())
        return tuple(dict.fromkeys(int(one) for one in given if one.isascii() and one.isdecimal() and len(one) < 16))


def typed_in(form: MultiDict[str, str]) -> Typed:
    """What was typed, whatever it is."""
    boxes = {name: tuple(form.getlist(name)) for name in LISTS}
    names = [*LINES, *(f"{code}_{one}" for code in OPTIONS for one in OF_OPTION)]
    names += [f"ratio_{show}" for show in boxes["shows"]]
    return Typed({name: _clean(name, form.get(name, "")) for name in names}, boxes)


def _clean(name: str, text: str) -> str:
    most = _LONGEST_TEXT if name.startswith("text_") or "_help_" in name else _LONGEST
    return text.replace("\r\n", "\n").replace("\x00", "")[:most]


def blank(shows: tuple[str, ...] = (), kind: str = "cancel") -> Typed:
    """The form of a new campaign, with what most houses offer."""
    lines = {"kind": kind, "fees": "all", "reminders": "7, 3, 1", "receipts_mode": "none", "changed_only": "1"}
    boxes = {"shows": shows, "channels_out": ("reseller",), "options": ("refund_card", "refund_transfer", "donation")}
    return Typed(lines, boxes)


def kept(plan: Plan, language: str) -> Typed:
    """The form of a campaign that is written down already."""
    lines = {name: str(getattr(plan, name)) for name in ("kind", "title_fr", "title_en", "text_fr", "text_en",
                                                         "default_option", "receipts_mode", "regime")}  # fmt: skip
    lines |= {
        "changed_only": "1", "fees": plan.rule.get("fees", "none"),
        "include_scanned": "1" if plan.rule.get("include_scanned") else "",
        "deadline": _day(plan.deadline_at), "claim_until": _day(plan.claim_until),
        "reminders": ", ".join(map(str, plan.reminders)), "min_split": _cents(plan.min_split_cents, language),
        "gifts_of_titres": "1" if plan.gifts_of_titres else "",
    }  # fmt: skip
    lines |= {f"ratio_{show}": "" if bp is None else f"{bp / 100:g}" for show, bp in plan.performances.items()}
    for one in plan.options:
        lines |= {f"{one.code}_{name}": text for name, text in _of_option(one, language).items()}
    usual = {"channels_out": ("reseller",)}
    outs = {name: tuple(plan.rule.get(name, usual.get(name, ()))) for name in (*OUTS, *ONLY)}
    shows, codes = tuple(map(str, plan.performances)), tuple(one.code for one in plan.options)
    return Typed(lines, {"shows": shows, "options": codes, **outs})


def _of_option(one: OptionPlan, language: str) -> dict[str, str]:
    return {
        "label_fr": one.label_fr, "label_en": one.label_en, "help_fr": one.help_fr, "help_en": one.help_en,
        "min": _cents(one.min_cents, language), "season": one.season,
        "max": "" if one.max_cents is None else _cents(one.max_cents, language) or "0",
        "months": "" if one.validity_months is None else str(one.validity_months),
        # Only files say these; the form carries them along.
        "only_kinds": " ".join(one.only_kinds), "only_tenders": " ".join(one.only_tenders),
    }  # fmt: skip


def _cents(cents: int, language: str) -> str:
    return number(cents / 100, language, 2) if cents else ""


def _day(moment: datetime) -> str:
    return moment.astimezone(venue.house().tz).date().isoformat()


def plan_of(typed: Typed) -> Plan:
    """What was typed as a plan.

    Raises:
        Invalid: fields of the form and of `Plan.faults`.
    """
    wrong: dict[str, str] = {}
    plan = Plan(
        kind=typed["kind"], title_fr=typed["title_fr"], title_en=typed["title_en"], text_fr=typed["text_fr"],
        text_en=typed["text_en"], performances={show: _ratio(typed, show, wrong) for show in typed.shows},
        options=tuple(_option(typed, code, wrong) for code in OPTIONS if code in typed["options"]),
        deadline_at=_moment(typed, "deadline", wrong), claim_until=_moment(typed, "claim_until", wrong),
        rule=_rule(typed), reminders=_reminders(typed, wrong), default_option=typed["default_option"],
        receipts_mode=typed["receipts_mode"], regime=typed["regime"],
        min_split_cents=_amount(typed, "min_split", wrong), gifts_of_titres=bool(typed["gifts_of_titres"]),
    )  # fmt: skip
    dates = {"deadline", "claim_until"} & wrong.keys()
    found = {name: code for name, code in plan.faults().items() if not (dates and name == "claim_until")}
    if wrong := {**found, **wrong}:
        raise Invalid(wrong)
    return plan


def _rule(typed: Typed) -> dict[str, Any]:
    outs = {name: list(typed[name]) for name in (*OUTS, *ONLY) if typed[name] or name in OUTS}
    return {"fees": typed["fees"], "include_scanned": bool(typed["include_scanned"]), **outs}


def _ratio(typed: Typed, show: int, wrong: dict[str, str]) -> int | None:
    text = typed[f"ratio_{show}"].replace("%", "").replace(",", ".").strip()
    if not text:
        return None
    try:
        bp = round(float(text) * 100)
    except (ValueError, OverflowError):
        bp = -1
    if not 0 <= bp <= 10_000:
        wrong[f"ratio_{show}"] = "campaign_ratio"
        return None
    return bp


def _option(typed: Typed, code: str, wrong: dict[str, str]) -> OptionPlan:
    words = {name: typed[f"{code}_{name}"].strip() for name in ("label_fr", "label_en", "help_fr", "help_en", "season")}
    least = _amount(typed, f"{code}_min", wrong)
    most = _amount(typed, f"{code}_max", wrong) if typed[f"{code}_max"].strip() else None
    if most is not None and most < least:
        wrong.setdefault(f"{code}_max", "campaign_limits")
        most = None
    months = _whole(typed, f"{code}_months", wrong)
    kinds, tenders = (tuple(typed[f"{code}_{name}"].split()) for name in ("only_kinds", "only_tenders"))
    return OptionPlan(
        code=code, min_cents=least, max_cents=most, validity_months=months, only_kinds=kinds, only_tenders=tenders,
        **words,
    )  # fmt: skip


def _whole(typed: Typed, name: str, wrong: dict[str, str]) -> int | None:
    text = typed[name].strip()
    if text and not (text.isascii() and text.isdecimal() and 0 < int(text[:4]) <= 120 and len(text) < 4):
        wrong[name] = "number"
        return None
    return int(text) if text else None


def _amount(typed: Typed, name: str, wrong: dict[str, str]) -> int:
    cents, code = amount(typed[name])
    if code:
        wrong[name] = code
    return cents


def _moment(typed: Typed, name: str, wrong: dict[str, str]) -> datetime:
    """The last minute of a day; any moment at all where none was given."""
    try:
        on = date.fromisoformat(typed[name].strip())
        if on.year in _YEARS:
            return datetime.combine(on, _LAST, tzinfo=venue.house().tz)
        wrong[name] = "date"
    except ValueError:
        wrong[name] = "date" if typed[name].strip() else "required"
    return datetime(2000, 1, 1, tzinfo=UTC)


def _reminders(typed: Typed, wrong: dict[str, str]) -> tuple[int, ...]:
    words = typed["reminders"].replace(";", ",").replace(" ", ",").split(",")
    given = [word for word in words if word]
    if not all(word.isascii() and word.isdecimal() and len(word) < 4 for word in given):
        wrong["reminders"] = "campaign_reminders"
        return ()
    return tuple(int(word) for word in given)
