"""Fills the blanks of stories: names, shows, dates, seats and sums, as each person would put them."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from app.demo import wording
from app.demo.audience import Spectator
from app.demo.casting import Scene
from app.demo.pages import Story, page
from app.demo.season import Show

_JOINS = {"de Le ": "du ", "à Le ": "au ", "de Les ": "des ", "à Les ": "aux ", "De Le ": "Du "}
_JOINED = re.compile("|".join(map(re.escape, _JOINS)))


class Scripts:
    """Draws texts so that each wording is used as seldom as the others."""

    def __init__(self, chance: Random, shows: list[Show], zone: ZoneInfo) -> None:
        self._chance, self._shows, self._zone = chance, shows, zone
        self._told: Counter[tuple[str, int]] = Counter()

    def variant(self, story: Story) -> int:
        """Which of a story's wordings comes next."""
        start = self._chance.randrange(len(story.says))
        order = [(start + step) % len(story.says) for step in range(len(story.says))]
        place = min(order, key=lambda at: self._told[story.key, at])
        self._told[story.key, place] += 1
        return place

    def chosen(self, texts: tuple[str, ...], place: int) -> str:
        """The text that goes with a wording when there are as many, else any; empty when there are none."""
        if not texts:
            return ""
        return texts[place] if place < len(texts) and len(texts) > 1 else self._chance.choice(texts)

    def slots(self, story: Story, scene: Scene) -> dict[str, str]:
        """What the blanks of a story stand for in one scene."""
        asker, lang = scene.asker, story.lang
        words = {"first": asker.first, "last": asker.last, "full": asker.full, "polite": asker.polite}
        words["bye"] = self.small_talk("bye", lang).format_map(words)
        words["other_name"] = self._neighbour(asker)
        if scene.purchase is not None and scene.show is not None:
            words |= self._bought(scene, scene.show, lang)
        return words

    def filled(self, text: str, slots: dict[str, str], lang: str) -> str:
        """A text with its blanks filled; French joins article and preposition."""
        said = text.format_map(slots).strip()
        return _JOINED.sub(lambda found: _JOINS[found[0]], said) if lang == "fr" else said

    def small_talk(self, kind: str, lang: str) -> str:
        """A few words of one kind."""
        return str(self._chance.choice(page("small_talk")[kind][lang]))

    def _bought(self, scene: Scene, show: Show, lang: str) -> dict[str, str]:
        purchase = scene.purchase
        labels = [(s.category, s.seat) for s in purchase.seats if s.show is show] if purchase else []
        other = self._other(show)
        return {
            "show": show.title(lang),
            "day": wording.day(show.starts_at, lang, self._zone),
            "short": wording.short_day(show.starts_at, self._zone),
            "other_day": wording.day(other, lang, self._zone),
            "order": purchase.code if purchase else "",
            "count": wording.count(len(labels), lang),
            "seats": wording.seats(labels, lang),
            "amount": wording.amount(purchase.total_cents if purchase else 0, lang),
        }

    def _other(self, show: Show) -> datetime:
        """Another date of the same work, a later one if there is any."""
        dates = [s.starts_at for s in self._shows if s.production == show.production and s.status != "cancelled"]
        later = [date for date in dates if date > show.starts_at]
        return self._chance.choice(later or [date for date in dates if date != show.starts_at])

    def _neighbour(self, asker: Spectator) -> str:
        names = page("names")
        first = self._chance.choice(names["madame" if asker.lang == "fr" else "mrs"])
        return f"{first} {self._chance.choice(names[f'surnames_{asker.lang}'])}"
