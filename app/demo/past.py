"""Requests of the last months, from the first word to the end, most of them answered in time."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from app.catalogue import defaults
from app.demo.courses import Act, Course
from app.demo.pages import Story, stories
from app.demo.plot import Opening, Plot
from app.sla.targets import Target, target_for

#: How many there are; one in so many is late.
REQUESTS, IN_TIME = 372, 0.87
#: Nothing of the past happened in these last minutes, which belong to the present.
MARGIN = timedelta(minutes=20)
_ENGLISH_TOO = 1.6
_CLASSES = {row["code"]: row["sla_class"] for row in defaults.types()}


def past_courses(plot: Plot) -> list[Course]:
    """Ended requests, in no order."""
    chance = plot.house.chance
    told = stories()
    weights = [story.weight * (_ENGLISH_TOO if story.lang == "en" else 1) for story in told]
    found: list[Course] = []
    while len(found) < REQUESTS:
        course = _told(plot, chance.choices(told, weights)[0])
        if course is not None:
            found.append(course)
    return found


def _told(plot: Plot, story: Story) -> Course | None:
    latest = plot.house.now - timedelta(hours=2)
    scene = plot.casting.past(story, latest=latest)
    if scene is None:
        return None
    opening = plot.opening(story, scene)
    acts = _Making(plot, opening).acts()
    return None if acts[-1].at > plot.house.now - MARGIN else plot.course(opening, acts)


def target_of(plot: Plot, story: Story) -> Target:
    """What is promised on a story once it has been sorted."""
    return target_for(plot.house.targets, _CLASSES.get(story.type or ""), story.priority)


class _Making:
    """The acts of one ended request."""

    def __init__(self, plot: Plot, opening: Opening) -> None:
        self._plot, self._opening, self._story = plot, opening, opening.story
        self._chance: Random = plot.house.chance
        self._agent = plot.house.on_duty(opening.story.team)
        self._acts: list[Act] = []

    def acts(self) -> list[Act]:
        """Everything that happened, in the order of time."""
        start = self._opening.scene.opened_at
        self._add(start + timedelta(seconds=self._chance.randint(3, 50)), "sorted")
        first = self._first_answer()
        self._prepared(first)
        ended = self._asked(first) if self._story.ask else self._answered(first)
        if not self._story.internal:
            self._afterwards(ended)
        return sorted(self._acts, key=lambda act: act.at)

    def _first_answer(self) -> datetime:
        target = target_of(self._plot, self._story)
        in_time = self._chance.random() < IN_TIME
        share = self._chance.betavariate(1.6, 2.6) if in_time else self._chance.uniform(1.1, 2.4)
        minutes = int(target.first_minutes * share) if target.opening_hours else self._chance.randint(60, 900)
        moment = self._plot.house.timetable.add(self._opening.scene.opened_at, max(5, minutes))
        return moment + timedelta(seconds=self._chance.randint(0, 50))

    def _prepared(self, first: datetime) -> None:
        opened = self._opening.scene.opened_at
        taken = max(opened + timedelta(minutes=2), first - timedelta(minutes=self._chance.randint(3, 25)))
        self._add(taken, "assigned", self._agent, value=self._agent)
        if self._opening.mistaken:
            value = (self._story.category, self._story.type or "", self._story.priority)
            self._add(taken + timedelta(seconds=25), "corrected", self._agent, value=value)
        elif self._chance.random() < 0.25:
            self._add(taken + timedelta(seconds=25), "confirmed", self._agent)
        if self._story.tags:
            self._add(taken + timedelta(seconds=40), "tagged", self._agent, value=self._story.tags)
        if self._story.note and self._chance.random() < 0.8:
            self._add(first - timedelta(seconds=70), "note", self._agent, self._story.note)
        if self._chance.random() < 0.05 and first - opened > timedelta(hours=6) and not self._story.internal:
            again = self._plot.scripts.small_talk("again", self._story.lang)
            self._add(opened + (first - opened) / 2, "wrote", text=again)

    def _asked(self, first: datetime) -> datetime:
        self._add(first, "asked", self._agent, self._said(self._plot.scripts.chosen(self._story.ask, 0)))
        place = self._chance.randrange(len(self._story.back))
        wrote = first + timedelta(minutes=self._chance.randint(25, 2_400))
        self._add(wrote, "wrote", text=self._said(self._story.back[place]))
        return self._finished(self._later(wrote, 15, 220), place)

    def _answered(self, first: datetime) -> datetime:
        if self._chance.random() < 0.9 or self._story.internal:
            return self._finished(first, self._opening.variant)
        text = self._said(self._plot.scripts.chosen(self._story.answer, self._opening.variant))
        self._add(first, "answered", self._agent, text)
        ended = self._later(first, 120, 900)
        self._add(ended, "ended", self._agent)
        return ended

    def _finished(self, at: datetime, place: int) -> datetime:
        self._add(at, "finished", self._agent, self._said(self._plot.scripts.chosen(self._story.answer, place)))
        return at

    def _afterwards(self, ended: datetime) -> None:
        if self._chance.random() < 0.09:
            wrote = ended + timedelta(minutes=self._chance.randint(6, 900))
            self._add(wrote, "wrote", text=self._plot.scripts.small_talk("thanks", self._story.lang))
            self._add(self._later(wrote, 5, 150), "ended", self._agent)
        if self._story.opinions and self._chance.random() < 0.4:
            self._judged(ended)

    def _judged(self, ended: datetime) -> None:
        mark, words = self._chance.choice(self._story.opinions)
        if self._chance.random() < 0.25:
            mark, words = self._chance.choices((1, 2, 3, 4, 5), (3, 6, 12, 34, 45))[0], ""
        at = ended + timedelta(minutes=self._chance.randint(20, 2_880))
        if at < self._plot.house.now - MARGIN:
            self._add(at, "judged", text=words, value=mark)

    def _later(self, at: datetime, least: int, most: int) -> datetime:
        return self._plot.house.timetable.add(at, self._chance.randint(least, most))

    def _said(self, text: str) -> str:
        return self._plot.said(text, self._opening)

    def _add(self, at: datetime, what: str, by: int | None = None, text: str = "", value: object = None) -> None:
        self._acts.append(Act(at.replace(microsecond=0), what, by, text, value))
