"""The figures of sorting and the models of the house in words and coordinates, for their page; no address is here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.catalogue import service as catalogue
from app.desk import wording
from app.triage.scoring import Bin, Confusion, Drift, Line, Scoreboard, Share, together
from app.triage.succession import HabitCard, ModelCard
from app.venue import service as venue
from app.web.presentation import day, number, percent
from app.web.tongue import language

#: The square in which confidence stands against truth: where it begins, how wide it is, where its ground lies.
LEFT, SIDE, GROUND = 44, 200, 216
#: Radius of the smallest point; a hundred requests add four.
SMALLEST = 4


def share(one: Share) -> str:
    """A share in words, a dash of nothing."""
    return percent(one.share, language()) if one.share is not None else "—"


def tiles(board: Scoreboard) -> list[dict[str, Any]]:
    """The figures at a glance."""
    alone = 1 - board.asked / board.every if board.every else None
    recent, before, every = board.all.recent, board.all.before, number(board.every, language())
    return [
        {"title": _("Right reason, 4 weeks"), "value": share(recent), "note": _looked_at(recent.many)},
        {"title": _("The weeks before"), "value": share(before), "note": _looked_at(before.many)},
        {
            "title": _("Sorted without a question"), "value": percent(alone, language()) if alone is not None else "—",
            "note": ngettext("of %(count)s request", "of %(count)s requests", board.every, count=every),
        },
        {"title": _("Right among these"), "value": share(board.alone), "note": _looked_at(board.alone.many)},
    ]  # fmt: skip


def _looked_at(many: int) -> str:
    return ngettext(
        "%(count)s looked at by a colleague", "%(count)s looked at by colleagues", many, count=number(many, language())
    )


def weeks(board: Scoreboard) -> dict[str, Any]:
    """The line of right reasons by week, in hundredths."""
    zone = venue.house().tz
    shares = [week.share for week in board.all.weeks]
    return {
        "sentence": _sentence(board.all),
        "labels": [f"{one.day}/{one.month:02}" for one in board.weeks],
        "long_labels": [day(one, language(), zone, short=True, year=False) for one in board.weeks],
        "values": [None if one is None else round(one * 100) for one in shares],
    }


#: Weeks set against those before them.
LATELY = 4


def drift(board: Scoreboard) -> dict[str, Any]:
    """Confidence and strangeness by week, in hundredths, whoever looked at it."""
    return {
        "sentence": _drift_sentence(together(board.drift[-LATELY:]), together(board.drift[:-LATELY])),
        "sure": [round(week.sure * 100) if week.many else None for week in board.drift],
        "asked": [round(week.asked * 100 / week.many) if week.many else None for week in board.drift],
        "strange": [round(week.strange * 100 / week.many) if week.many else None for week in board.drift],
    }


def _drift_sentence(recent: Drift, before: Drift) -> str:
    if not recent.many:
        return _("Nothing was sorted in the last four weeks.")
    said = _(
        "In the last four weeks the sorting was %(sure)s sure on average, and %(strange)s of the requests were "
        "unlike all it learned.",
        sure=percent(recent.sure, language()), strange=percent(recent.strange / recent.many, language()),
    )  # fmt: skip
    if not before.many:
        return said
    told = _(
        "Before: %(sure)s and %(strange)s.", sure=percent(before.sure, language()),
        strange=percent(before.strange / before.many, language()),
    )  # fmt: skip
    return f"{said} {told}"


def _sentence(line: Line) -> str:
    if line.recent.share is None:
        return _("No colleague confirmed or corrected a sorting in the last four weeks.")
    return _(
        "Colleagues looked at %(many)s sortings in the last four weeks; %(share)s of the reasons were right.",
        many=number(line.recent.many, language()), share=percent(line.recent.share, language()),
    )  # fmt: skip


def lines(some: Sequence[Line]) -> list[dict[str, Any]]:
    """Rows of categories or of languages."""
    names = {"fr": _("French"), "en": _("English")}
    return [
        {
            "label": names.get(one.code) or wording.category_name(one.code) or one.code,
            "many": one.recent.many + one.before.many, "recent": share(one.recent), "before": share(one.before),
            "weeks": [week.share for week in one.weeks if week.share is not None],
        }
        for one in some
    ]  # fmt: skip


def confusions(some: Iterable[Confusion]) -> list[dict[str, Any]]:
    """Rows of confusions, with the requests they lead to."""
    return [
        {
            "said": wording.category_name(one.said) or one.said, "right": wording.category_name(one.right) or one.right,
            "many": one.many, "numbers": one.numbers,
        }
        for one in some
    ]  # fmt: skip


def calibration(board: Scoreboard) -> dict[str, Any]:
    """Confidence against truth: points in the drawing, rows of the table, the sentence above."""
    return {
        "sentence": _calibration_sentence(board),
        "points": [_point(one) for one in board.bins],
        "rows": [
            (percent(one.sure, language()), share(one.hits), number(one.hits.many, language())) for one in board.bins
        ],
    }


def _calibration_sentence(board: Scoreboard) -> str:
    if not board.bins:
        return _("Nothing to compare yet.")
    return _(
        "A confidence of 80%% should be right eight times in ten, on the dashed line. On average it is %(error)s away.",
        error=percent(board.calibration_error, language(), 1),
    )


def _point(one: Bin) -> tuple[float, float, float]:
    right = one.hits.share or 0.0
    radius = SMALLEST + 4 * min(one.hits.many / 100, 1.0)
    return round(LEFT + SIDE * one.sure, 1), round(GROUND - SIDE * right, 1), round(radius, 1)


def verdict(one: ModelCard) -> tuple[str, str]:
    """What became of a model, and its mood."""
    if one.in_use:
        return _("In use"), "ok"
    known = {
        "found": (_("Was in use at the beginning"), ""), "published": (_("Was in use"), ""),
        "erased": (_("Took over because a letter was erased or its writer objected"), ""),
        "worse_held": (_("Refused: it knows less of the messages held out"), "warn"),
        "worse_recent": (_("Refused: it knows less of recent requests"), "warn"),
        "waits": (_("Waits: somebody went back to an earlier model"), "info"),
    }  # fmt: skip
    return known.get(one.verdict, (one.verdict, ""))


def compared(one: ModelCard) -> list[str]:
    """How a model compared with the one in use then."""
    held = percent(one.held_after, language(), 1)
    found = [_("held out: %(after)s", after=held)]
    if one.held_before is not None:
        before = percent(one.held_before, language(), 1)
        found = [_("held out: %(before)s before, %(after)s now", before=before, after=held)]
    if one.recent:
        found.append(
            _("recent requests: %(before)s of %(many)s before, %(after)s now", before=one.recent_before,
              many=one.recent, after=one.recent_after)
        )  # fmt: skip
    return found


def learned(models: Sequence[ModelCard], today: date) -> str:
    """What the last night brought, in a sentence."""
    zone = venue.house().tz
    last = next((one for one in models if one.verdict != "found"), None)
    if last is None:
        return _("Nothing was learned here yet. The night after the first confirmation or correction, it begins.")
    on = last.at.astimezone(zone).date()
    when = {today: _("today"), today - timedelta(days=1): _("yesterday")}.get(on) or day(on, language(), zone)
    return _(
        "Last learned %(when)s, from %(house)s of your requests and %(labelled)s examples: %(verdict)s.", when=when,
        house=number(last.house, language()), labelled=number(last.labelled, language()),
        verdict=_lowered(verdict(last)[0]),
    )  # fmt: skip


def habits(own: Sequence[HabitCard]) -> list[str]:
    """What the house sorts its own way, a sentence each."""
    return [
        _(
            "“%(kind)s” goes under “%(category)s”: colleagues put %(told)s of %(of)s such requests there.",
            kind=_kind(one.kind), category=wording.category_name(one.category),
            told=number(one.told, language()), of=number(one.of, language()),
        )
        for one in own
    ]  # fmt: skip


def _kind(code: str) -> str:
    card = catalogue.request_type(code)
    return card.name(language()) if card else code


def _lowered(words: str) -> str:
    return words[:1].lower() + words[1:]
