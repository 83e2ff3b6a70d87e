"""Requests that lie on the desk now, from late to comfortable, waiting or put off; and the oddities of every desk."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from app.demo.casting import TONIGHT, Scene
from app.demo.courses import Act, Course, Verdict
from app.demo.pages import Story, page, story
from app.demo.past import target_of
from app.demo.plot import Opening, Plot

_FIRST_SHARE = 0.45


def present_courses(plot: Plot) -> list[Course]:
    """Requests still on the desk, in the order of their page."""
    return [_course(plot, row) for row in page("present")]


def _course(plot: Plot, row: dict[str, Any]) -> Course:
    told = story(row["story"])
    scene = _scene(plot, told, row)
    opening = plot.opening(told, scene)
    course = plot.course(opening, _acts(plot, opening, row))
    return replace(course, draft=row.get("draft", ""))


def _scene(plot: Plot, told: Story, row: dict[str, Any]) -> Scene:
    target, house = target_of(plot, told), plot.house
    answered = row["stage"] not in {"new", "taken"}
    minutes = int((target.solution_minutes if answered else target.first_minutes) * row["elapsed"])
    if told.when in TONIGHT or not target.opening_hours:
        opened_at = house.now - timedelta(minutes=minutes)
    else:
        opened_at = house.timetable.back(house.now, minutes)
    if row.get("who") == "lea":
        mine = plot.casting.of(page("house")["spectator"]["email"], cancelled=True)
        return Scene(mine.buyer, mine, mine.show, opened_at)
    return plot.casting.present(told, opened_at.replace(microsecond=0))


def _acts(plot: Plot, opening: Opening, row: dict[str, Any]) -> list[Act]:
    start, now = opening.scene.opened_at, plot.house.now
    agent = plot.house.colleagues[row["agent"]][0] if "agent" in row else None
    acts = [Act(start + timedelta(seconds=12), "sorted")]
    if agent is None:
        return acts
    taken = min(plot.house.timetable.opening(start + (now - start) * 0.3), start + (now - start) * 0.5)
    acts.append(Act(taken, "assigned", agent, value=agent))
    if opening.mistaken:
        right = (opening.story.category, opening.story.type or "", opening.story.priority)
        acts.append(Act(taken + timedelta(seconds=30), "corrected", agent, value=right))
    if opening.story.tags:
        acts.append(Act(taken + timedelta(seconds=60), "tagged", agent, value=opening.story.tags))
    if "note" in row:
        acts.append(Act(taken + timedelta(minutes=4), "note", agent, row["note"]))
    if "held" in row:
        stranger = page("small_talk")["stranger"]
        writer = plot.house.spectators[stranger["email"]]
        acts.append(Act(now - timedelta(minutes=41), "held", writer, stranger["body"]))
    return acts + _stage(plot, opening, row, agent)


def _stage(plot: Plot, opening: Opening, row: dict[str, Any], agent: int) -> list[Act]:
    told, house = opening.story, plot.house
    start = opening.scene.opened_at
    minutes = int(target_of(plot, told).first_minutes * _FIRST_SHARE)
    first = min(house.timetable.add(start, minutes), start + (house.now - start) * 0.6)
    text = plot.said(row.get("answer") or plot.scripts.chosen(told.ask or told.answer, 0), opening)
    if row["stage"] == "snoozed":
        return [Act(first, "snoozed", agent, value=house.timetable.opening(house.now + timedelta(days=row["days"])))]
    if row["stage"] == "answered":
        return [Act(first, "answered", agent, text)]
    if row["stage"] == "waiting":
        return [Act(first, "asked", agent, text)]
    if row["stage"] == "again":
        back = plot.said(row.get("back") or plot.scripts.chosen(told.back, 0), opening)
        return [Act(first, "asked", agent, text), Act(first + (house.now - first) * 0.6, "wrote", text=back)]
    return []


def odd_courses(plot: Plot, before: list[Course]) -> list[Course]:
    """Spam, a doubled request folded into the first, one perhaps the same as another, one that follows an ended one."""
    spam = [_spam(plot, row, place) for place, row in enumerate(page("small_talk")["spam"])]
    fresh = [course for course in before if len(course.acts) == 1 and course.channel == "web" and not course.internal]
    doubled = [_doubled(plot, fresh[0], "merged"), _doubled(plot, fresh[1], "perhaps_same")]
    return [*spam, *doubled, _following(plot, before)]


def _spam(plot: Plot, row: dict[str, str], place: int) -> Course:
    house = plot.house
    at = house.now - timedelta(days=3 * place + 1, hours=2)
    verdict = Verdict(category="other", type="", priority="low", confidence=0.61, reason="question")
    acts = (
        Act(at + timedelta(seconds=8), "sorted"), Act(at + timedelta(hours=1), "spam", house.on_duty("billetterie"))
    )  # fmt: skip
    return Course(
        key=f"spam-{place}", opened_at=at, asker_id=house.spectators[row["email"]], email=row["email"],
        asker_name=row["name"], lang="fr", channel="email", department_id=house.departments["billetterie"], type=None,
        category=None, subject=row["subject"], body=row["body"], verdict=verdict, acts=acts,
    )  # fmt: skip


def _doubled(plot: Plot, original: Course, kind: str) -> Course:
    now = plot.house.now
    at = original.opened_at + (now - original.opened_at) / 2
    acts = [Act(at + timedelta(seconds=9), "sorted")]
    if kind == "merged":
        acts.append(Act(at + (now - at) / 3, "merged", plot.house.colleagues["karim"][0]))
    return replace(
        original, key=f"{kind}-0", opened_at=at, channel="email", type=None, category=None, answers={}, draft="",
        body=page("small_talk")["again_by_mail"][original.lang], tie=(kind, original.key), acts=tuple(acts),
    )  # fmt: skip


def _following(plot: Plot, before: list[Course]) -> Course:
    month = timedelta(days=35)
    ended = [course for course in before if plot.house.now - course.acts[-1].at > month and course.lang == "fr"]
    old = next(course for course in ended if course.verdict.type == "exchange_date")
    at = plot.house.timetable.back(plot.house.now, 95)
    return replace(
        old, key="follows-0", opened_at=at, body=page("small_talk")["follows"], channel="email", type=None,
        category=None, answers={}, tie=("follows", old.key), acts=(Act(at + timedelta(seconds=9), "sorted"),),
        subject="Re: " + old.subject[:80],
    )  # fmt: skip
