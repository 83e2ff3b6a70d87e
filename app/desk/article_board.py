"""The editors' own dashboard: what is read, what answers, what is missing, and what to mend first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.desk import article_lines, article_words
from app.desk.article_lines import Line
from app.desk.frame import show
from app.insight import visits
from app.kernel.access import Permission
from app.knowledge import board as shelf_board
from app.knowledge import due as to_look_at
from app.knowledge import pulse as of_late
from app.knowledge import whole
from app.knowledge.due import Due
from app.knowledge.pulse import Pulse
from app.knowledge.shelf import RECENT
from app.knowledge.voting import Usefulness
from app.search import gaps as search_gaps
from app.search import steps
from app.search.gaps import Gap
from app.search.steps import Read
from app.venue import moments
from app.venue import service as venue
from app.web.doors import me, needs
from app.web.presentation import number, percent
from app.web.tongue import language

article_board = Blueprint("desk_article_board", __name__, template_folder="templates", url_prefix="/regie/base/tableau")

#: Lines of each list, and words shown of one article.
LINES, WORDS = 8, 6
#: An article that so many found unhelpful is worth a look even if nobody wrote to us.
_FEWEST = 2


@dataclass(slots=True)
class Charge:
    """People who read an article and asked all the same. Shape of `words`: triples (language, words, people)."""

    people: int = 0
    words: list[tuple[str, str, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Poor:
    """An article that did not do: how many wrote all the same after which words, and what readers said of late."""

    line: Line
    charge: Charge
    said: Usefulness

    @property
    def weight(self) -> int:
        """People whom it failed, as far as is known."""
        return self.charge.people + self.said.votes - self.said.helpful


@article_board.get("")
@needs(Permission.ARTICLE_EDIT)
def board() -> ResponseReturnValue:
    """Tiles, openings by day, the articles that did not do with the words typed before, the most read, gaps."""
    by = me()
    lines = article_lines.lines(shelf_board.board(by=by))
    pulse, due, gaps = of_late.pulse(by=by), to_look_at.due(by=by), search_gaps.listed(by=by)
    visited = visits.lately(RECENT.days, by=by)
    poor = _poor(lines, steps.before_requests(by=by).read, pulse)
    read = sorted((line for line in lines if line.readings), key=lambda line: -line.readings)[:LINES]
    return show(
        "desk/base/board.html",
        empty=not lines,
        tiles=[*_of_readers(pulse, visited), *_of_work(gaps, due)],
        days=_days(pulse),
        poor=poor[:LINES],
        most_words=WORDS,
        read=[_bar(line, read[0].readings) for line in read],
        gaps=gaps[:LINES],
        weeks=RECENT.days // 7,
        words=article_words,
    )


def _poor(lines: Iterable[Line], read: Iterable[Read], pulse: Pulse) -> list[Poor]:
    charges: dict[str, Charge] = {}
    for one in read:
        charge = charges.setdefault(one.slug, Charge())
        charge.people += one.people
        charge.words += [(one.lang, words, people) for words, people in one.words]
    found = (Poor(line, charges.get(line.slug, Charge()), _said(line, pulse)) for line in lines)
    worth = (one for one in found if one.charge.people or one.weight >= _FEWEST)
    return sorted(worth, key=lambda one: (-one.weight, one.line.slug))


def _said(line: Line, pulse: Pulse) -> Usefulness:
    some = [pulse.votes.get(row.card.id, Usefulness(0, 0)) for row in line.editions.values()]
    return Usefulness(sum(one.helpful for one in some), sum(one.votes for one in some))


def _of_readers(pulse: Pulse, visited: dict[str, int]) -> list[dict[str, Any]]:
    helpful, visitors = pulse.helpful, visited["visitors"]
    return [
        _tile(_("Articles read"), number(pulse.readings, language()), _("in four weeks"), "#lus",
              series=[count for _day, count in pulse.days[-14:]]),
        _tile(_("Said to be helpful"), _share(helpful.helpful, helpful.votes),
              ngettext("of %(num)s vote", "of %(num)s votes", helpful.votes), "#pires"),
        _tile(_("Found their answer alone"), _share(visited["alone"], visitors),
              ngettext("at most, of %(count)s visit", "at most, of %(count)s visits", visitors,
                       count=number(visitors, language())), "#jours"),
    ]  # fmt: skip


def _of_work(gaps: list[Gap], due: Due) -> list[dict[str, Any]]:
    late = sum(1 for _card, on in due.to_check if on < whole.today())
    there = url_for("desk_articles.due")
    return [
        _tile(_("Looked for in vain"), _first(len(gaps), search_gaps.LINES), _("words without an article"), "#manques",
              mood="warn" if gaps else "ok"),
        _tile(_("Translations behind"), str(len(due.behind)), _("changed in one language only"), f"{there}#behind",
              mood="warn" if due.behind else "ok"),
        _tile(_("Checks due"), str(len(due.to_check)),
              ngettext("%(num)s overdue", "%(num)s overdue", late), f"{there}#to-check", mood="warn" if late else "ok"),
    ]  # fmt: skip


def _tile(
    title: str, value: str, note: str, url: str, *, mood: str = "", series: list[int] | None = None
) -> dict[str, Any]:
    return {"title": title, "value": value, "note": note, "url": url, "mood": mood, "series": series or []}


def _share(part: int, whole_of_it: int) -> str:
    return percent(part / whole_of_it, language()) if whole_of_it else "—"


def _first(count: int, most: int) -> str:
    return f"{count}+" if count >= most else str(count)


def _bar(line: Line, most: int) -> dict[str, Any]:
    said = line.usefulness
    note = _("helpful to %(helpful)s of %(votes)s", helpful=said.helpful, votes=said.votes) if said.votes else ""
    return {
        "label": line.title, "value": line.readings / most, "shown": number(line.readings, language()), "note": note,
        "url": url_for("desk_editing.edit", slug=line.slug, lang=line.title_lang),
    }  # fmt: skip


def _days(pulse: Pulse) -> dict[str, Any]:
    top, count = max(pulse.days, key=lambda pair: pair[1])
    sentence = _("Nothing was read in these weeks.") if not count else _(
        "Most was read on %(day)s: %(count)s.", day=_name(top), count=number(count, language()))  # fmt: skip
    return {
        "labels": [str(day.day) for day, _count in pulse.days], "long_labels": [_name(day) for day, _c in pulse.days],
        "values": [count for _day, count in pulse.days], "sentence": sentence,
    }  # fmt: skip


def _name(day: date) -> str:
    return moments.day(day, language(), venue.house().tz, short=True)
