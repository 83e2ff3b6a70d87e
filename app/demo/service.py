"""The demo house, seeded whole or not at all; a second call only tops up the full queue."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from app.demo import audience, bulk, letters, populate, queries, readers, sales, visits
from app.demo.casting import Casting
from app.demo.courses import Course
from app.demo.pages import page
from app.demo.past import past_courses
from app.demo.plot import House, Plot
from app.demo.populate import PASSWORD
from app.demo.present import odd_courses, present_courses
from app.demo.scripts import Scripts
from app.demo.season import Show
from app.demo.writing import tell, write_rows
from app.insight.models import VisitDay
from app.kernel import clock
from app.kernel.access import SYSTEM, Actor, Permission
from app.kernel.db import session
from app.kernel.errors import Conflict
from app.kernel.queries import write
from app.kernel.transaction import transactional
from app.knowledge.models import ArticleReading, ArticleVote
from app.mail.models import LetterOut
from app.search.models import BeforeRequest, SearchGap
from app.tickets.models import SavedView
from app.venue import service as venue

#: Where to look first.
PAGES = {"portal": "/", "desk": "/regie", "sign_in": "/regie/connexion", "dashboard": "/regie/pilotage"}


def seed(tickets: int = 0, *, by: Actor = SYSTEM) -> dict[str, Any]:
    """Seed the demo house, and so many tickets of the full queue besides; what is there already stays.

    Shape of the answer: {"house", "password", "people": [{"name", "roles", "email"}], "tickets", "pages"}.

    Raises:
        Conflict: `house_in_use` when somebody already works in another house here.
        Forbidden: the actor may not change settings.
    """
    by.must(Permission.SETTINGS_EDIT)
    plan = page("house")
    if not queries.account_there(plan["colleagues"][0]["email"]) or venue.house().name != plan["name"]:
        if queries.anything_there():
            raise Conflict("house_in_use", house=venue.house().name)
        _seed_house()
    missing = tickets - queries.bulk_count(bulk.MARK)
    if missing > 0:
        bulk.seed_bulk(missing)
    return told()


def told_if_here() -> dict[str, Any]:
    """What a newcomer is told if this installation is the demo house; nobody is named in another one."""
    plan = page("house")
    here = queries.account_there(plan["colleagues"][0]["email"]) and venue.house().name == plan["name"]
    return told() if here else {"house": venue.house().name, "password": "", "people": []}


def in_use() -> bool:
    """Whether anybody works, wrote or bought here already."""
    return queries.anything_there()


def told() -> dict[str, Any]:
    """What a newcomer is told of the demo house, in the shape that `seed` answers with."""
    plan = page("house")
    people = [{"name": row["name"], "roles": row["roles"], "email": row["email"]} for row in plan["colleagues"]]
    lea = plan["spectator"]
    people.append({"name": lea["name"], "roles": ["spectator"], "email": lea["email"], "order": lea["order"]})
    return {
        "house": plan["name"], "password": PASSWORD, "people": people, "tickets": queries.ticket_count(), "pages": PAGES
    }  # fmt: skip


@transactional
def _seed_house() -> None:
    now = clock.now().replace(microsecond=0)
    chance = Random("valmorin")  # noqa: S311 - a story, not a secret
    shows = populate.house_and_colleagues(now)
    listed = audience.spectators(chance, now)
    orders = audience.Counter(chance, shows, now).purchases(listed)
    spectators = populate.write_spectators(listed)
    performances = populate.write_season(shows)
    sales.write_orders(orders, spectators, performances, now.year)
    talk = page("small_talk")
    others = [(row["name"], row["email"]) for row in [*talk["spam"], talk["stranger"]]]
    spectators |= populate.write_others(others, now - timedelta(days=20))
    house = populate.described(now, chance, spectators, performances)
    casting = Casting(chance, now, house.timetable, listed, orders)
    plot = Plot(house, casting, Scripts(chance, shows, house.zone))
    courses = _courses(plot)
    _write_requests(house, courses)
    _furnish(house, shows)
    write(VisitDay, visits.visit_rows(house, courses))
    _read(house)


def _read(house: House) -> None:
    """Readers of the articles that are there already."""
    articles = queries.articles_online()
    readings = readers.reading_rows(house, articles)
    write(ArticleReading, readings)
    write(ArticleVote, readers.vote_rows(house, articles, readings))
    write(SearchGap, readers.vain_rows(house))
    write(BeforeRequest, readers.before_rows(house, articles))


def _courses(plot: Plot) -> list[Course]:
    # What lies on the desk is cast first, so that it finds the orders that fit best.
    present = present_courses(plot)
    past = past_courses(plot)
    told = sorted([*past, *present], key=lambda course: course.opened_at)
    return [*told, *odd_courses(plot, told)]


def _write_requests(house: House, courses: list[Course]) -> None:
    rows = tell(house, courses)
    write_rows(rows)
    names = {person_id: name for person_id, name, _ in house.colleagues.values()}
    sent = letters.letter_rows(rows.posts, names)
    refused = next(row for row in reversed(sent) if row["kind"] == "solved")
    refused.update(state="bounced", answer=letters.BOUNCED)
    write(LetterOut, sent)
    confirmed = {row["to_email"]: row["sent_at"] for row in sent[::3]}
    queries.mark_addresses(confirmed, {refused["to_email"]: letters.BOUNCED})


def _furnish(house: House, shows: list[Show]) -> None:
    """Saved views, and how often prepared answers were used."""
    titles = ("Tickets sent again", "Exchange done", "Which order?", "Cancelled show: nothing to do")
    queries.count_canned_uses({title: house.chance.randint(3, 64) for title in titles})
    cancelled = next(show for show in shows if show.status == "cancelled" and show.starts_at > house.now)
    tonight = next(show for show in shows if show.offset == 0)
    desk, owner = house.departments["billetterie"], house.colleagues["ines"][0]
    views = [
        ("La Traviata annulée", {"view": "todo", "performance": house.performances[cancelled.code]}),
        ("Ce soir", {"view": "todo", "performance": house.performances[tonight.code]}),
        ("En anglais", {"view": "todo", "language": "en"}),
    ]
    session.add_all(
        SavedView(owner_id=owner, department_id=desk, name=name, filters=filters, position=place)
        for place, (name, filters) in enumerate(views)
    )
