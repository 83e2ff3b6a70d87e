"""What requests of the demo are made of: the house as it stands, a scene, a first word, a verdict of triage."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from app.demo.casting import TONIGHT, Casting, Scene
from app.demo.courses import Act, Course, Verdict, whole
from app.demo.pages import Story
from app.demo.scripts import Scripts
from app.demo.timetable import Timetable
from app.sla.targets import Target
from app.triage.labels import TYPES

_SECOND = timedelta(seconds=1)
_GREETING = re.compile(r"^(?:bonjour|bonsoir|hello|hi there|hi|dear all|good morning)[,.! ]+", re.IGNORECASE)
#: Who answers, by team, with how often.
DUTY = {
    "billetterie": {"karim": 42, "nadia": 40, "ines": 13, "adele": 5},
    "it": {"hugo": 1},
    "rh": {"rita": 1},
    "maison": {"hugo": 4, "adele": 1},
}
_NEIGHBOURS = {
    "refund_cancelled": "refund_personal", "refund_personal": "exchange", "exchange": "subscription",
    "postponement": "refund_cancelled", "seating": "complaint", "complaint": "seating", "lost_property": "venue_info",
    "venue_info": "other", "ticket_not_received": "account_access", "payment_problem": "refund_cancelled",
    "gift_voucher": "payment_problem", "accessibility": "seating", "subscription": "exchange",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class House:
    """The demo house as the makers of requests need it: plain values and ids."""

    now: datetime
    zone: ZoneInfo
    chance: Random
    timetable: Timetable
    targets: Mapping[str, Target]
    departments: Mapping[str, int]
    #: Colleagues by the word before the at sign: (person id, name, e-mail).
    colleagues: Mapping[str, tuple[int, str, str]]
    #: Ids of spectators by e-mail, of performances by code.
    spectators: Mapping[str, int]
    performances: Mapping[str, int]

    def on_duty(self, team: str) -> int:
        """The id of a colleague who answers for a team."""
        names = DUTY[team]
        return self.colleagues[self.chance.choices(list(names), list(names.values()))[0]][0]


@dataclass(frozen=True, slots=True)
class Opening:
    """The first word of a request, and what fills the blanks of the next."""

    story: Story
    scene: Scene
    variant: int
    channel: str
    slots: dict[str, str]
    body: str
    verdict: Verdict

    @property
    def mistaken(self) -> bool:
        """Whether triage was wrong."""
        return (self.verdict.category, self.verdict.type) != (self.story.category, self.story.type or "")


class Plot:
    """Turns scenes into first words, and first words with acts into courses."""

    def __init__(self, house: House, casting: Casting, scripts: Scripts) -> None:
        self.house, self.casting, self.scripts = house, casting, scripts
        self._made = 0

    def opening(self, story: Story, scene: Scene) -> Opening:
        """How somebody begins."""
        channel = self.house.chance.choice(story.channels)
        variant, slots = self.scripts.variant(story), self.scripts.slots(story, scene)
        body = self.scripts.filled(story.says[variant], slots, story.lang)
        return Opening(story, scene, variant, channel, slots, body, self._verdict(story, channel, body))

    def said(self, text: str, opening: Opening) -> str:
        """A text of the story with its blanks filled."""
        return self.scripts.filled(text, opening.slots, opening.story.lang)

    def course(self, opening: Opening, acts: list[Act]) -> Course:
        """The whole request."""
        story, scene = opening.story, opening.scene
        asker_id, name, email = self._asker(opening)
        said = story.internal or (opening.channel == "web" and story.type is not None)
        self._made += 1
        return Course(
            key=f"{story.key}-{self._made}", opened_at=scene.opened_at, asker_id=asker_id, email=email, asker_name=name,
            lang=story.lang,
            channel=opening.channel, department_id=self.house.departments[story.team],
            type=story.type if said else None,
            category=story.category if said else None,
            subject=self._subject(opening), body=opening.body, verdict=opening.verdict, acts=_spaced(acts, scene),
            internal=story.internal, order_code=scene.purchase.code if scene.purchase else None,
            performance_id=self.house.performances[scene.show.code] if scene.show else None,
            answers=dict(story.fields) if said else {},
            opened_by=self.house.on_duty(story.team) if opening.channel in {"phone", "counter"} else None,
        )  # fmt: skip

    def _asker(self, opening: Opening) -> tuple[int, str, str]:
        if opening.story.internal:
            names = ("sami", "sami", "sami", "paul", "odile", "nadia", "karim")
            return self.house.colleagues[names[opening.scene.asker.place % len(names)]]
        asker = opening.scene.asker
        return self.house.spectators[asker.email], asker.full, asker.email

    def _subject(self, opening: Opening) -> str:
        if opening.story.subject:
            return self.said(self.house.chance.choice(opening.story.subject), opening)
        words = _GREETING.sub("", " ".join(opening.body.split()))
        words = words[:1].upper() + words[1:]
        return words[:77] + "…" if len(words) > 78 else words

    def _verdict(self, story: Story, channel: str, body: str) -> Verdict:
        chance = self.house.chance
        wrong = bool(story.mistaken) and channel == "email" and chance.random() < 0.6
        category = story.mistaken if wrong else story.category
        others = [story.category, _NEIGHBOURS.get(category, "other"), "complaint", "venue_info"]
        sure = chance.uniform(0.42, 0.74) if wrong else min(0.99, chance.betavariate(9, 1.3))
        return Verdict(
            category=category, type=TYPES[category][0] if wrong else story.type or "", priority=story.priority,
            confidence=round(sure, 3), reason=story.reason,
            words=tuple(word for word in story.because if whole(word, body)),
            others=tuple(dict.fromkeys(other for other in others if other != category))[:2],
            wants_refund=story.refund, within_24h=story.when in TONIGHT, anger=story.anger, legal=story.legal,
        )  # fmt: skip


def _spaced(acts: list[Act], scene: Scene) -> tuple[Act, ...]:
    """The acts in the order of time, at least a second apart."""
    kept: list[Act] = []
    before = scene.opened_at
    for act in sorted(acts, key=lambda one: one.at):
        at = max(act.at, before + _SECOND).replace(microsecond=0)
        kept.append(act if at == act.at else replace(act, at=at))
        before = at
    return tuple(kept)
