"""Whoever brings in a knowledge base, or undoes that, is killed: the next worker goes on, and nothing is doubled."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.jobs import Job
from app.knowledge import arriving
from app.knowledge.arriving import Wanted
from app.knowledge.models import Article, ArticleBringing, ArticleDraft, ArticleVersion, BroughtArticle
from tests.cast import PAUL, Character
from tests.faults.house import House, until
from tests.parcels import an_archive

#: A killed process leaves its transaction to another kind of server on each.
BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
pytestmark = pytest.mark.parametrize("app", BOTH, indirect=True)
COUNT = 2 * arriving.GROUP + 30


def asked(by: Actor, *, publishes: bool) -> int:
    content = an_archive(*((f"article-{n}.md", f"# Article {n}\n\nUn texte, nº {n}.\n") for n in range(COUNT)))
    wanted = Wanted(lang="fr", audience="public", publishes=publishes)
    found = arriving.rehearse(content, name="aide.zip", wanted=wanted, by=by)
    return arriving.ask(found.mark, name="aide.zip", wanted=wanted, by=by)


def state() -> str:
    session.rollback()
    return session.scalars(select(ArticleBringing.state)).one()


def counts() -> tuple[int, ...]:
    """Articles and versions that were brought in, drafts, lines of the report; a worker reads the starter pack besides."""
    session.rollback()
    mine = select(Article.id).where(Article.slug.like("article-%"))
    queries = (
        select(func.count()).select_from(mine.subquery()),
        select(func.count()).select_from(ArticleVersion).where(ArticleVersion.article_id.in_(mine)),
        select(func.count()).select_from(ArticleDraft),
        select(func.count()).select_from(BroughtArticle),
    )
    return tuple(session.scalar(query) or 0 for query in queries)


def nothing_waits() -> bool:
    return not session.scalar(select(func.count()).select_from(Job).where(Job.name.like("%_article")))


@pytest.mark.parametrize(
    ("point", "times", "whole", "publishes"),
    [("articles written", 2, 1, False), ("articles brought", 2, 2, True), ("articles brought", 3, 3, False)],
)
def test_killed_anywhere_the_next_worker_goes_on(
    house: House, actor: Callable[[Character], Actor], point: str, times: int, whole: int, publishes: bool
) -> None:
    asked(actor(PAUL), publishes=publishes)
    house.dies_at(point, "work", times=times)
    assert counts()[3] == min(COUNT, whole * arriving.GROUP)
    assert state() == "running"
    house.leases_end()
    with house.worker():
        until(lambda: state() == "done" and nothing_waits(), 60)
    articles, versions, drafts, lines = counts()
    assert lines == COUNT
    assert (articles, versions) == ((COUNT, COUNT) if publishes else (0, 0))
    assert drafts == (0 if publishes else COUNT)
    assert session.scalars(select(BroughtArticle.fate).distinct()).all() == ["new"]
    assert house.doctor() == []


def test_killed_while_it_is_undone_the_next_worker_goes_on(house: House, actor: Callable[[Character], Actor]) -> None:
    bringing_id = asked(actor(PAUL), publishes=False)
    arriving.bring_in(bringing_id)
    arriving.undo(bringing_id, by=actor(PAUL))
    house.dies_at("articles put back", "work", times=2)
    assert counts()[2] == COUNT - 2 * arriving.GROUP
    house.leases_end()
    with house.worker():
        until(lambda: state() == "undone", 60)
    assert counts()[2:] == (0, COUNT)
    assert set(session.scalars(select(BroughtArticle.undone))) == {"back"}
    assert house.doctor() == []
