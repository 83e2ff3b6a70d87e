"""The form of an answer to a crowd: read from what was typed, and filled again from what is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from app.desk import typed_moments
from app.desk.crowd_words import REASONS
from app.incidents.drafting import Plan
from app.incidents.filling import Words, checked
from app.incidents.progress import AnswerCard
from app.incidents.recipients import STANDS, Filters
from app.kernel.errors import Invalid
from app.tickets.states import Channel
from app.venue import service as venue

#: Ways in by which requests of an incident come.
CHANNELS = tuple(channel.value for channel in Channel)
LINES = ("text_fr", "text_en", "then", "since", "until", "order", "without", "corrects", "by_itself", "again",
         "answered", "retracts")  # fmt: skip
LISTS = ("stands", "languages", "reasons", "channels")
_NUMBER = re.compile(r"[0-9]{1,7}")
_BETWEEN = re.compile(r"[\s,;#]+")


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form: lines by name, and chosen boxes by name."""

    lines: Mapping[str, str]
    boxes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - a line, or boxes
        return self.lines[name] if name in self.lines else self.boxes.get(name, ())


def typed_in(form: MultiDict[str, str]) -> Typed:
    """What was typed, whatever it is."""
    lines = {name: form.get(name, "").replace("\r\n", "\n").replace("\x00", "") for name in LINES}
    return Typed(lines, {name: tuple(form.getlist(name)) for name in LISTS})


def blank(text_fr: str, text_en: str) -> Typed:
    """The form of a new answer, begun with what everybody is told."""
    return Typed({**dict.fromkeys(LINES, ""), "text_fr": text_fr, "text_en": text_en, "then": "solved"},
                 {"stands": ("crowd",)})  # fmt: skip


def correcting(card: AnswerCard) -> Typed:
    """The form of a correction to those told earlier words of an answer."""
    words = card.words[-1]
    begun = blank(words.text_fr, words.text_en)
    return Typed({**begun.lines, "then": "same", "corrects": str(card.id)}, {"stands": STANDS})


def retracting(words: Words) -> Typed:
    """The form of what takes back what was told of something that did not happen after all."""
    begun = blank(words.fr, words.en)
    return Typed({**begun.lines, "then": "same", "retracts": "1"}, {"stands": STANDS})


def kept(card: AnswerCard) -> Typed:
    """The form of an answer that is written already."""
    filters, words = card.filters, card.words[-1]
    lines = {
        "text_fr": words.text_fr, "text_en": words.text_en, "then": card.then, "order": filters.order,
        "since": _local(filters.since), "until": _local(filters.until), "without": " ".join(map(str, filters.without)),
        "corrects": str(filters.corrects or ""), "by_itself": "1" if card.by_itself else "",
        "again": "1" if filters.again else "", "answered": "1" if filters.answered else "",
        "retracts": "1" if filters.retracts else "",
    }  # fmt: skip
    return Typed(lines, {name: tuple(getattr(filters, name)) for name in LISTS})


def _local(moment: datetime | None) -> str:
    return moment.astimezone(venue.house().tz).strftime("%Y-%m-%dT%H:%M") if moment else ""


def plan_of(typed: Typed) -> Plan:
    """What was typed as a plan.

    Raises:
        Invalid: every field that cannot be used.
    """
    wrong: dict[str, str] = {}
    words = Words(typed["text_fr"], typed["text_en"])
    since, until = _moment(typed, "since", wrong), _moment(typed, "until", wrong)
    without = _numbers(typed["without"], wrong)
    for name, known in (("languages", ("fr", "en")), ("channels", CHANNELS), ("stands", STANDS), ("reasons", REASONS)):
        if not set(typed[name]) <= set(known):
            wrong[name] = "unknown_choice"
    if typed["order"] not in {"", "with", "without"}:
        wrong["order"] = "unknown_choice"
    plan = None
    try:
        words = checked(words)
    except Invalid as problem:
        wrong = {**problem.fields, **wrong}
    try:
        plan = Plan(words=words, then=typed["then"], by_itself=typed["by_itself"] == "1",
                    filters=_filters(typed, since, until, without))  # fmt: skip
    except Invalid as problem:
        wrong |= problem.fields
    if wrong or plan is None:
        raise Invalid(wrong)
    return plan


def _filters(typed: Typed, since: datetime | None, until: datetime | None, without: tuple[int, ...]) -> Filters:
    corrects = typed["corrects"]
    return Filters(
        stands=typed["stands"], languages=typed["languages"], reasons=typed["reasons"], channels=typed["channels"],
        since=since, until=until, order=typed["order"], without=without,
        corrects=int(corrects) if corrects.isdecimal() and len(corrects) < 10 else None, again=typed["again"] == "1",
        answered=typed["answered"] == "1",
        retracts=typed["retracts"] == "1",
    )  # fmt: skip


def _moment(typed: Typed, name: str, wrong: dict[str, str]) -> datetime | None:
    try:
        return typed_moments.moment(typed[name], name)
    except Invalid as problem:
        wrong |= problem.fields
        return None


def _numbers(text: str, wrong: dict[str, str]) -> tuple[int, ...]:
    words = [word for word in _BETWEEN.split(text) if word]
    if not all(_NUMBER.fullmatch(word) for word in words):
        wrong["without"] = "request_numbers"
        return ()
    return tuple(dict.fromkeys(map(int, words)))
