"""The forecast as the dashboard draws it: days after today, band, sentence and how good it was; plain figures only."""

from __future__ import annotations

from datetime import date
from math import ceil, floor
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.insight.bands import Expected, Score
from app.insight.cards import Scope
from app.insight.outlook import Outlook
from app.insight.trying import LEARNT
from app.venue import service as venue
from app.web.presentation import day, number, percent
from app.web.tongue import language

#: Days that forecasts must have foretold before their own score is shown.
ENOUGH = 7


def continued(drawn: dict[str, Any], found: Outlook | None, scope: Scope, this_day: date) -> dict[str, Any]:
    """The chart of days with the days to come, or with a word on why there are none."""
    if found is None or drawn["today"] is None:
        return {**drawn, "expected": None, "band": None, "note": _silence(scope, this_day)}
    ahead = [one for one in found.days if one > this_day]
    before = drawn["today"]
    known = len(drawn["labels"])
    # The dotted line begins at what was expected of today: what has come of it so far is no whole day.
    shown = [found.days.get(this_day), *(found.days[one] for one in ahead)]
    return {
        **drawn,
        "labels": [*drawn["labels"], *(str(one.day) for one in ahead)],
        "long_labels": [*drawn["long_labels"], *(_long(one) for one in ahead)],
        "received": [*drawn["received"], *[None] * len(ahead)], "solved": [*drawn["solved"], *[None] * len(ahead)],
        "expected": _placed(before, known, [_count(one) for one in shown]),
        "band": {
            "low": _placed(before, known, [None if one is None else floor(one.low) for one in shown]),
            "high": _placed(before, known, [None if one is None else ceil(one.high) for one in shown]),
            "label": _("Forecast, 8 times in 10"),
        },
        "sentence": f"{drawn['sentence']} {_sentence([(one, found.days[one]) for one in ahead])}",
        "note": _note(found),
    }  # fmt: skip


def definition() -> tuple[str, str]:
    """How the forecast is made. Shape: (title, sentence)."""
    return _("Forecast"), _(
        "Made each night from the requests of the days before: the level of the last weeks, the weekday, last year’s "
        "season where there is one, and, where it has proved better, performances, seats sold and closed days. What "
        "incidents bring is counted apart, as those that ended have taught. Eight days in ten fall inside the band."
    )


def _placed(before: int, known: int, values: list[int | None]) -> list[int | None]:
    return [*[None] * before, values[0], *[None] * (known - before - 1), *values[1:]]


def _count(one: Expected | None) -> int | None:
    return None if one is None else round(one.count)


def _sentence(ahead: list[tuple[date, Expected]]) -> str:
    every = round(sum(one.count for _day, one in ahead))
    busiest, most = max(ahead, key=lambda pair: pair[1].count)
    said = ngettext(
        "About %(count)s are expected in the next day.",
        "About %(count)s are expected in the next %(num)s days, most on %(day)s: %(most)s.",
        len(ahead), count=number(every, language()), day=_long(busiest, short=False),
        most=number(round(most.count), language()),
    )  # fmt: skip
    crowd = round(sum(one.crowd for _day, one in ahead))
    if not crowd:
        return said
    because = ngettext("%(num)s of them because of an incident.", "%(num)s of them because of an incident.", crowd)
    return f"{said} {because}"


def _note(found: Outlook) -> str:
    how = (
        _("The forecast has learnt from the programme.")
        if found.method == LEARNT
        else _("The forecast follows the weekdays.")
    )
    if found.past is not None and found.past.days >= ENOUGH:
        good = _(
            "Forecasts of the last four weeks missed by %(share)s on average, and %(inside)s of the days fell inside "
            "the band.", **_shares(found.past),
        )  # fmt: skip
    elif found.tried is not None:
        good = _(
            "No past one is old enough to be judged. Tried on the last weeks, it missed by %(share)s on average, and "
            "%(inside)s of the days fell inside the band.", **_shares(found.tried),
        )  # fmt: skip
    else:
        good = _("No past one is old enough to be judged.")
    return f"{how} {good}"


def _shares(score: Score) -> dict[str, str]:
    return {"share": percent(score.mape, language()), "inside": percent(score.inside, language())}


def _silence(scope: Scope, this_day: date) -> str:
    if scope.period.last != this_day:
        return ""
    if scope.category:
        return _("The forecast is of all reasons together: choose them all to see it.")
    return _("No forecast yet: it is made each night, once three weeks of requests have come.")


def _long(one: date, *, short: bool = True) -> str:
    return day(one, language(), venue.house().tz, short=short, year=False)
