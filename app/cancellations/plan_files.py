"""A campaign written as a JSON file: performances by code, dates of the house; pure, everything checked by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.cancellations.plans import OptionPlan, Plan
from app.kernel.errors import Invalid

#: How long a claim lives where the file does not say: five years of civil law.
CLAIM = timedelta(days=5 * 365 + 1)
_TEXTS = ("kind", "title_fr", "title_en", "text_fr", "text_en", "default_option", "receipts_mode", "regime", "currency")
_OTHERS = {"performances", "options", "deadline", "claim_until", "rule", "reminders", "min_split_cents",
           "gifts_of_titres"}  # fmt: skip
_OPTION = {field.name: field for field in fields(OptionPlan)}


def codes_of(values: Mapping[str, Any]) -> list[str]:
    """Codes of the performances a file names; a list of them, or an object of code to share."""
    named = values.get("performances", [])
    return [str(code) for code in named] if isinstance(named, list | dict) else []


def plan_from(values: Mapping[str, Any], known: Mapping[str, int], zone: ZoneInfo) -> Plan:
    """The plan a file says.

    Args:
        values: what the file holds.
        known: performances by code, of those it names.
        zone: of the house; a deadline without an hour is the end of its day.

    Raises:
        Invalid: by field; what is missing, misspelt or of the wrong kind.
    """
    wrong = {str(name): "campaign_field" for name in values if name not in _TEXTS and name not in _OTHERS}
    given: dict[str, Any] = {}
    for name, reading in _READINGS.items():
        if name not in values:
            continue
        try:
            given[name] = reading(values[name])
        except (TypeError, ValueError, KeyError):
            wrong[name] = "campaign_field"
    for name in ("title_fr", "title_en", "performances", "options", "deadline"):
        if name not in values:
            wrong[name] = "required"
    if not wrong.get("performances") and set(codes_of(values)) - set(known):
        wrong["performances"] = "unknown_choice"
    if wrong:
        raise Invalid(wrong)
    return _plan(given, known, zone)


def _plan(given: dict[str, Any], known: Mapping[str, int], zone: ZoneInfo) -> Plan:
    deadline = _moment(given.pop("deadline"), zone)
    claim = given.pop("claim_until", None)
    until = _moment(claim, zone) if claim else deadline + CLAIM
    performances = {known[code]: ratio for code, ratio in given.pop("performances").items()}
    return Plan(performances=performances, deadline_at=deadline, claim_until=until, **given)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(value)
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


def _performances(value: object) -> dict[str, int | None]:
    if isinstance(value, dict):
        return {_text(code): None if ratio is None else _whole(ratio) for code, ratio in value.items()}
    if not isinstance(value, list):
        raise TypeError(value)
    return {_text(code): None for code in value}


def _options(value: object) -> tuple[OptionPlan, ...]:
    if not isinstance(value, list):
        raise TypeError(value)
    return tuple(OptionPlan(code=one) if isinstance(one, str) else _option(one) for one in value)


def _option(value: Mapping[str, Any]) -> OptionPlan:
    found: dict[str, Any] = {}
    for name, given in value.items():
        kind = str(_OPTION[name].type)
        if "tuple" in kind:
            found[name] = tuple(_text(word) for word in given)
        elif given is None and "None" in kind:
            found[name] = None
        else:
            found[name] = _whole(given) if "int" in kind else _text(given)
    return OptionPlan(**found)


def _on(value: object) -> date | datetime:
    text = _text(value)
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)


def _moment(value: date | datetime, zone: ZoneInfo) -> datetime:
    if not isinstance(value, datetime):
        return datetime.combine(value, time(23, 59), zone)
    return value if value.tzinfo else value.replace(tzinfo=zone)


def _rule(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(value)
    return value


def _reminders(value: object) -> tuple[int, ...]:
    if not isinstance(value, list):
        raise TypeError(value)
    return tuple(_whole(days) for days in value)


_READINGS: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(_TEXTS, _text), "performances": _performances, "options": _options, "deadline": _on,
    "claim_until": _on, "rule": _rule, "reminders": _reminders, "min_split_cents": _whole, "gifts_of_titres": _flag,
}  # fmt: skip
