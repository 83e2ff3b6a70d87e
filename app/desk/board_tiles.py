"""The tiles of the dashboard, made of plain figures: value, note, mood and line of each; no address and no question."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.desk import figures
from app.insight.cards import Board, Tile
from app.web.presentation import duration, number
from app.web.tongue import language

#: The six tiles, in order, and the list each opens.
TILES = (
    ("first_in_time", "first_late"), ("first_minutes", "received"), ("open_now", "open_now"), ("late_now", "late_now"),
    ("alone", "alone"), ("satisfaction", "opinions"),
)  # fmt: skip


def is_empty(board: Board) -> bool:
    """Whether nothing was ever counted in what is shown."""
    counted = any(line.received or line.solved for line in board.days)
    seen = any(value for tile in board.tiles.values() for value in tile.series)
    return not counted and not seen and not board.tiles["open_now"].value and not board.categories


def tiles(board: Board) -> list[dict[str, Any]]:
    """The six tiles. Shape: figure, title, value, unit, note, mood, series, colour, figure of its list."""
    return [_tile(board.tiles[figure], behind) for figure, behind in TILES]


def _tile(tile: Tile, behind: str) -> dict[str, Any]:
    value, unit = figures.written(tile.figure, tile.value)
    if tile.figure == "late_now" and tile.value is not None and tile.value >= tile.counts["cap"]:
        value = f"{tile.counts['cap'] - 1}+"
    known = [one for one in tile.series if one is not None]
    return {
        "figure": tile.figure, "title": figures.name(tile.figure), "value": value, "unit": unit,
        "note": _NOTES[tile.figure](tile), "mood": _mood(tile), "series": tile.series if len(known) > 1 else (),
        "colour": 1 if tile.figure in {"open_now", "late_now"} else 3, "behind": behind,
    }  # fmt: skip


def lists(board: Board) -> list[dict[str, str]]:
    """Figures of the period that are nothing but a list. Shape: figure, name, value, change."""
    once, marks = board.tiles["one_answer"], board.tiles["satisfaction"]
    value, unit = figures.written("one_answer", once.value)
    counted = {
        "received": sum(line.received for line in board.days), "solved": sum(line.solved for line in board.days),
        "low_marks": marks.counts["low_marks"],
    }  # fmt: skip
    lines = [
        {"figure": figure, "name": figures.list_name(figure), "value": number(count, language()), "change": ""}
        for figure, count in counted.items()
    ]
    return [*lines, {"figure": "one_answer", "name": figures.name("one_answer"), "value": value + unit,
                     "change": figures.changed("one_answer", once.change)}]  # fmt: skip


def _mood(tile: Tile) -> str:
    if tile.figure == "open_now":
        return "warn" if tile.counts["free"] else "ok"
    return figures.mood(tile.figure, tile.value)


def _note_of_goal(tile: Tile) -> str:
    if tile.value is None:
        return _("No deadline fell in this period")
    return ", ".join(filter(None, (figures.goal(tile.figure), figures.changed(tile.figure, tile.change))))


def _note_of_minutes(tile: Tile) -> str:
    if tile.value is None:
        return _("No first answer in this period")
    worst = _("9 in 10 within %(time)s", time=duration(tile.counts["p90"], language()))
    return f"{_note_of_goal(tile)} · {worst}"


def _note_of_open(tile: Tile) -> str:
    free, ours, theirs = (tile.counts[name] for name in ("free", "ours", "theirs"))
    if free:
        return ngettext("%(num)s of them unassigned", "%(num)s of them unassigned", free)
    return _("%(ours)s wait for us, %(theirs)s for the spectator", ours=ours, theirs=theirs)


def _note_of_late(tile: Tile) -> str:
    said = [_("yesterday: %(count)s", count=tile.counts["broken_yesterday"])]
    if "worst_minutes" in tile.counts:
        said.append(_("worst: %(time)s", time=duration(tile.counts["worst_minutes"], language())))
    return " · ".join(said)


def _note_of_alone(tile: Tile) -> str:
    count = tile.counts["visitors"]
    if not count:
        return _("No visit was counted in this period")
    return ngettext("at most, of %(count)s visit", "at most, of %(count)s visits", count,
                    count=number(count, language()))  # fmt: skip


def _note_of_opinions(tile: Tile) -> str:
    asked, given = tile.counts["asked"], tile.counts["opinions"]
    return ngettext("%(num)s opinion, %(asked)s asked for", "%(num)s opinions, %(asked)s asked for", given, asked=asked)


_NOTES: dict[str, Callable[[Tile], str]] = {
    "first_in_time": _note_of_goal, "first_minutes": _note_of_minutes, "open_now": _note_of_open,
    "late_now": _note_of_late, "alone": _note_of_alone, "satisfaction": _note_of_opinions,
}  # fmt: skip
