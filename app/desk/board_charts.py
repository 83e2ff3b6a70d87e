"""The charts of the dashboard, made of plain figures: rows, labels, a sentence for each; no address and no question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from babel.dates import get_day_names
from flask_babel import gettext as _
from flask_babel import ngettext

from app.desk import figures, wording
from app.insight.cards import Board, CategoryLine, DayLine, Heat
from app.insight.definitions import DEFINITIONS
from app.insight.ledger import SLOTS_A_DAY, UNSORTED
from app.insight.periods import Period
from app.venue import service as venue
from app.web.presentation import day, number, percent
from app.web.tongue import language

#: Below so many a mean reads as nought everywhere, and the sum of the weeks is shown instead.
ENOUGH_FOR_MEANS = 3
_HOURS = 24 // SLOTS_A_DAY


def days(board: Board, this_day: date) -> dict[str, Any]:
    """The line chart of requests received and ended by day."""
    lines, zone = board.days, venue.house().tz
    shown = [line.day for line in lines]
    return {
        "sentence": _sentence_of_days(lines),
        "labels": [str(one.day) for one in shown],
        "long_labels": [day(one, language(), zone, short=True, year=False) for one in shown],
        "today": shown.index(this_day) if this_day in shown else None,
        "received": [line.received for line in lines],
        "solved": [line.solved for line in lines],
    }


def _sentence_of_days(lines: tuple[DayLine, ...]) -> str:
    received, ended = sum(line.received for line in lines), sum(line.solved for line in lines)
    if not received and not ended:
        return _("No request came and none ended in this period.")
    most = max(lines, key=lambda line: line.received)
    return _(
        "%(received)s requests came and %(ended)s ended. Most came on %(day)s: %(most)s.",
        received=number(received, language()), ended=number(ended, language()),
        day=day(most.day, language(), venue.house().tz, year=False), most=number(most.received, language()),
    )  # fmt: skip


def categories(board: Board) -> dict[str, Any]:
    """First answers in time by reason: the rows that had a deadline, most received first."""
    lines = [line for line in board.categories if line.share is not None]
    return {"sentence": _sentence_of_categories(lines), "rows": [_category(line) for line in lines]}


def _category(line: CategoryLine) -> dict[str, Any]:
    share = line.share or 0.0
    note = ngettext("%(num)s received", "%(num)s received", line.received)
    late = ngettext("%(num)s late", "%(num)s late", line.late) if line.late else ""
    return {
        "label": category_name(line.slug), "slug": line.slug or UNSORTED, "value": share,
        "shown": percent(share, language()), "note": " · ".join(filter(None, (note, late))),
    }  # fmt: skip


def category_name(slug: str | None) -> str:
    """The name of a reason, or of what nobody has sorted."""
    return wording.category_name(slug) or _("Not sorted yet")


def _sentence_of_categories(lines: list[CategoryLine]) -> str:
    target = DEFINITIONS["attainment"].target or 0.0
    missed = [line for line in lines if (line.share or 0.0) < target]
    if not lines:
        return _("No first answer was due in this period.")
    if not missed:
        return _("Every reason reaches the goal.")
    worst = min(missed, key=lambda line: line.share or 0.0)
    return ngettext(
        "%(num)s reason out of %(all)s misses the goal, “%(worst)s” most of all.",
        "%(num)s reasons out of %(all)s miss the goal, “%(worst)s” most of all.",
        len(missed), all=len(lines), worst=category_name(worst.slug),
    )  # fmt: skip


def heat(board: Board) -> dict[str, Any]:
    """When requests arrive: the slots between the first and the last that ever had any."""
    found = board.heat
    means = max(max(row) for row in found.cells) >= ENOUGH_FOR_MEANS
    cells = found.cells if means else _sums(found)
    used = [slot for slot in range(SLOTS_A_DAY) if any(row[slot] for row in found.cells)]
    slots = range(min(used), max(used) + 1) if used else range(4, 10)
    return {
        "sentence": _sentence_of_heat(found, means=means),
        "caption": _caption(means=means, weeks=_weeks(found)),
        "columns": [_hour(slot * _HOURS) for slot in slots],
        "rows": [(name, [cells[weekday][slot] for slot in slots]) for weekday, name in enumerate(_weekdays())],
    }


def _sums(heat: Heat) -> tuple[tuple[float, ...], ...]:
    # The mean was taken over the days of that weekday between the two ends; their number gives the sum back.
    often = Counter(one.weekday() for one in Period(heat.first, heat.last).days())
    return tuple(tuple(float(round(cell * often[place])) for cell in row) for place, row in enumerate(heat.cells))


def _weeks(heat: Heat) -> int:
    return max(1, round(((heat.last - heat.first).days + 1) / 7))


def _caption(*, means: bool, weeks: int) -> str:
    if means:
        return ngettext("Requests received by weekday and two hours, mean of %(num)s week",
                        "Requests received by weekday and two hours, mean of %(num)s weeks", weeks)  # fmt: skip
    return ngettext("Requests received by weekday and two hours, in %(num)s week",
                    "Requests received by weekday and two hours, in %(num)s weeks", weeks)  # fmt: skip


def _sentence_of_heat(heat: Heat, *, means: bool) -> str:
    if heat.peak is None:
        return _("No request has arrived in the last weeks.")
    weekday, slot = heat.peak
    where = {
        "day": _weekdays(wide=True)[weekday], "from": _hour(slot * _HOURS), "to": _hour((slot + 1) * _HOURS % 24),
    }  # fmt: skip
    if not means:
        return _("Most arrive on %(day)s between %(from)s and %(to)s.", **where)
    count = number(heat.cells[weekday][slot], language())
    return _("Most arrive on %(day)s between %(from)s and %(to)s: %(count)s on average.", count=count, **where)


def _weekdays(*, wide: bool = False) -> list[str]:
    names = get_day_names("wide" if wide else "abbreviated", locale=language())
    return [str(names[place]) if wide else str(names[place]).capitalize() for place in range(7)]


def _hour(hour: int) -> str:
    if language() == "fr":
        return f"{hour}{figures.NBSP}h"
    return f"{hour % 12 or 12}{figures.NBSP}{'am' if hour < 12 else 'pm'}"


def ages(board: Board) -> dict[str, Any]:
    """How long open requests have been here."""
    total = sum(band.count for band in board.bands)
    old = board.bands[-1].count
    if not total:
        sentence = _("No request is open.")
    elif not old:
        sentence = _("No open request has been here for a week.")
    else:
        sentence = ngettext("%(num)s open request out of %(all)s has been here for a week or longer.",
                            "%(num)s open requests out of %(all)s have been here for a week or longer.", old,
                            all=number(total, language()))  # fmt: skip
    return {"sentence": sentence, "rows": list(_bands(board, total or 1))}


def _bands(board: Board, total: int) -> Iterator[dict[str, Any]]:
    names = {
        "today": _("Today"), "days_1_2": _("1 or 2 days"), "days_3_6": _("3 to 6 days"),
        "days_7_more": _("7 days and more"),
    }  # fmt: skip
    for band in board.bands:
        yield {
            "label": names[band.code], "value": band.count, "shown": number(band.count, language()),
            "extra": percent(band.count / total, language()),
        }  # fmt: skip
