"""Opening hours: the slots of an ordinary week and the dates that differ; promises are counted in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from babel.dates import get_day_names
from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk import clock_words
from app.desk.clock_words import NoTime
from app.desk.frame import tell
from app.desk.sections import show_section
from app.insight.access import today
from app.kernel.access import Permission
from app.kernel.errors import Invalid
from app.venue import service as venue
from app.venue.hours import Slot
from app.venue.service import SpecialDayCard
from app.web.doors import me, needs
from app.web.tongue import language
from app.web.words import field_words

hours = Blueprint("desk_hours", __name__, template_folder="templates", url_prefix="/regie/reglages/horaires")

#: Empty rows shown below the slots of a day, and slots a day may have.
SPARE, MOST = 1, 6
Row = tuple[str, str]


@hours.get("")
@needs(Permission.SETTINGS_EDIT)
def week() -> ResponseReturnValue:
    """The week and the dates that differ."""
    return _page()


@hours.post("")
@needs(Permission.SETTINGS_EDIT)
def set_week() -> ResponseReturnValue:
    """Write the week anew."""
    typed = [_typed(f"d{weekday}") for weekday in range(7)]
    try:
        slots, places = _week(typed)
        _write_week(slots, places)
    except Invalid as problem:
        return _page(typed=typed, errors=field_words(problem), status=422)
    tell(_("The opening hours are saved. Promises already made do not move."))
    return redirect(url_for("desk_hours.week"), 303)


@hours.post("/jours")
@needs(Permission.SETTINGS_EDIT)
def set_day() -> ResponseReturnValue:
    """Say how one date differs."""
    given, rows = request.form, _typed("s")
    try:
        on = _date(given.get("day", ""))
        slots, _places = _slots(rows, "s")
        _write_day(on, slots, given)
    except Invalid as problem:
        return _page(day_typed={**given.to_dict(), "rows": rows}, errors=field_words(problem), status=422)
    tell(_("The date is saved."))
    return redirect(url_for("desk_hours.week", _anchor="dates"), 303)


@hours.post("/jours/<day>/retrait")
@needs(Permission.SETTINGS_EDIT)
def clear_day(day: str) -> ResponseReturnValue:
    """Let a date follow its weekday again."""
    venue.clear_special_day(_date(day), by=me())
    tell(_("The date follows its weekday again."))
    return redirect(url_for("desk_hours.week", _anchor="dates"), 303)


def _write_week(slots: Sequence[Sequence[Slot]], places: Sequence[Sequence[int]]) -> None:
    try:
        venue.set_week(slots, by=me())
    except Invalid as problem:
        # The verb counts the slots it was given; the form counts its rows, the empty ones too.
        named = (name.split("-") for name in problem.fields)
        raise Invalid({f"d{day}-{places[int(day)][int(place)]}": "slot_order" for day, place in named}) from None


def _write_day(on: date, slots: Sequence[Slot], given: Mapping[str, str]) -> None:
    reasons = {name: given.get(name, "").replace("\x00", "").strip()[:120] for name in ("reason_fr", "reason_en")}
    try:
        venue.set_special_day(on, slots, **reasons, by=me())
    except Invalid as problem:
        raise Invalid({name.replace("slot-", "s-"): code for name, code in problem.fields.items()}) from None


def _page(
    *,
    typed: Sequence[Sequence[Row]] | None = None,
    day_typed: Mapping[str, object] | None = None,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    rows = typed or [[_row(slot) for slot in slots] for slots in venue.calendar().week]
    names = get_day_names("wide", locale=language())
    known = venue.special_days()
    return show_section(
        "desk/settings/hours.html",
        status=status,
        days=[(place, str(names[place]).capitalize(), _padded(row)) for place, row in enumerate(rows)],
        coming=[card for card in known if card.day >= today()],
        past=[card for card in known if card.day < today()],
        day_typed=day_typed or _prefilled(known, request.args.get("jour", "")),
        errors=errors or {},
        time=clock_words.written,
    )


def _padded(rows: Sequence[Row]) -> list[Row]:
    # What comes back from the form keeps its rows: errors name them by place.
    spare = 0 if rows and not any(rows[-1]) else SPARE if rows else SPARE + 1
    return [*rows, *[("", "")] * spare][:MOST]


def _prefilled(known: Sequence[SpecialDayCard], wanted: str) -> Mapping[str, object]:
    card = next((card for card in known if card.day.isoformat() == wanted), None)
    if card is None:
        return {"day": "", "rows": [("", "")] * 2, "reason_fr": "", "reason_en": ""}
    rows = [*(_row(slot) for slot in card.slots), ("", "")]
    return {"day": wanted, "rows": rows, "reason_fr": card.reason_fr, "reason_en": card.reason_en}


def _row(slot: Slot) -> Row:
    return clock_words.written(slot.start), clock_words.written(slot.end)


def _typed(name: str) -> list[Row]:
    given = request.form
    pairs = zip(given.getlist(f"{name}-start"), given.getlist(f"{name}-end"), strict=False)
    return [(start.strip()[:10], end.strip()[:10]) for start, end in pairs][:MOST]


def _week(typed: Sequence[Sequence[Row]]) -> tuple[list[list[Slot]], list[list[int]]]:
    wrong: dict[str, str] = {}
    read: list[tuple[list[Slot], list[int]]] = []
    for weekday, rows in enumerate(typed):
        try:
            read.append(_slots(rows, f"d{weekday}"))
        except Invalid as problem:
            wrong |= problem.fields
    if wrong:
        raise Invalid(wrong)
    return [slots for slots, _places in read], [places for _slots, places in read]


def _slots(rows: Sequence[Row], name: str) -> tuple[list[Slot], list[int]]:
    """Shape: the slots of the rows that are filled in, and the place of each among the rows."""
    slots: list[Slot] = []
    places: list[int] = []
    wrong: dict[str, str] = {}
    for place, (start, end) in enumerate(rows):
        if not start and not end:
            continue
        try:
            slots.append(clock_words.slot(start, end))
            places.append(place)
        except NoTime:
            wrong[f"{name}-{place}"] = "time"
    if wrong:
        raise Invalid(wrong)
    return slots, places


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid({"day": "date"}) from None
