"""The lines of the list of articles: languages together, what each needs, grouped by topic; no page and no question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from app.knowledge import signals
from app.knowledge.board import BoardRow
from app.knowledge.categories import category
from app.knowledge.voting import Usefulness
from app.people.names import folded
from app.web.tongue import language

#: What the list may be narrowed to.
STATES = ("draft", "review", "missing", "conflict", "hidden")


@dataclass(frozen=True, slots=True)
class Line:
    """One article in the list: its languages together. Shape of `editions`: language to its row on the shelf."""

    slug: str
    category: str
    title: str
    title_lang: str
    audience: str
    editions: dict[str, BoardRow]
    behind: frozenset[str]

    @property
    def usefulness(self) -> Usefulness:
        """How many readers it answered, in all languages."""
        rows = self.editions.values()
        return Usefulness(sum(row.usefulness.helpful for row in rows), sum(row.usefulness.votes for row in rows))

    @property
    def readings(self) -> int:
        """How often it was read in the last weeks, in all languages."""
        return sum(row.readings for row in self.editions.values())

    @property
    def reviewed(self) -> date | None:
        """When it was last checked: the older of its languages."""
        return min((row.card.reviewed for row in self.editions.values() if row.card.reviewed), default=None)

    @property
    def states(self) -> frozenset[str]:
        """What there is to know of it, among `STATES`."""
        rows = list(self.editions.values())
        found = {
            "draft": any(row.drafts for row in rows),
            "review": bool(self.behind) or any(row.stale for row in rows),
            "missing": any(row.missing_twin for row in rows),
            "conflict": any(row.conflict for row in rows),
            "hidden": any(row.hidden for row in rows),
        }
        return frozenset(name for name, holds in found.items() if holds)


def lines(rows: Iterable[BoardRow]) -> list[Line]:
    """The list, in the order of the shelf."""
    grouped: dict[str, dict[str, BoardRow]] = {}
    for row in rows:
        grouped.setdefault(row.card.slug, {})[row.card.lang] = row
    return [_line(slug, editions) for slug, editions in grouped.items()]


def _line(slug: str, editions: dict[str, BoardRow]) -> Line:
    card = (editions.get(language()) or next(iter(editions.values()))).card
    cards = [row.card for row in editions.values()]
    behind = frozenset(card.lang for card in cards if signals.is_behind(card, cards))
    return Line(slug, card.room.code, card.title, card.lang, card.audience, editions, behind)


def fits(line: Line, words: str, state: str) -> bool:
    """Whether an article has all the words, and what it is looked for."""
    if state and state not in line.states:
        return False
    text = " ".join(
        folded(f"{row.card.title} {row.card.brief} {' '.join(row.card.keywords)}") for row in line.editions.values()
    )
    return all(word in f"{line.slug} {text}" for word in folded(words).split())


def by_topic(some: Iterable[Line]) -> list[tuple[str, list[Line]]]:
    """Lines under the name of their topic."""
    grouped: dict[str, list[Line]] = {}
    for line in some:
        grouped.setdefault(line.category, []).append(line)
    return [(category(code).name(language()), under) for code, under in grouped.items()]


def state_names() -> list[tuple[str, str]]:
    """What the list may be narrowed to, as choices."""
    names = {
        "draft": _("With a draft"), "review": _("To review"), "missing": _("In one language only"),
        "conflict": _("Changed on both sides"), "hidden": _("Not shown at present"),
    }  # fmt: skip
    return [(name, names[name]) for name in STATES]
