"""The box office says something else of a performance than the campaign about it: somebody is to look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from app.boxoffice import changing
from app.cancellations import differing, managing, sparing
from app.cancellations.models import Campaign, Credit
from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, NotFound
from tests.domains.cancellations.world import a_household, a_plan, bought, cancelled, run

Jobs = Callable[[], int]


def marks(campaign_id: int, by: Actor) -> list[tuple[str, datetime | None]]:
    session.rollback()
    return [(one.status, one.new_starts_at) for one in differing.waiting(campaign_id, by=by)]


def test_an_open_campaign_is_marked_changes_nothing_by_itself_and_is_looked_at_once(
    ines: Actor, odile: Actor, run_jobs: Jobs
) -> None:
    show = cancelled()
    bought(a_household(), show)
    show_id, key = show.id, run(a_plan(show), ines, odile)
    run_jobs()
    moved = clock.now() + timedelta(days=90)
    for at in (moved, moved + timedelta(days=1)):
        changing.change(show_id, "postponed", at, by=ines)
        run_jobs()
        assert marks(key, ines) == [("postponed", at)]
        assert differing.marked([key], by=ines) == {key}
        for _ in range(2):
            differing.look(key, show_id, by=ines)
        assert marks(key, ines) == []
    assert (session.query(Campaign).one().state, session.query(Credit).one().state) == ("open", "invited")
    changing.change(show_id, "interrupted", by=ines)
    run_jobs()
    assert marks(key, ines) == [("interrupted", None)]
    changing.change(show_id, "cancelled", by=ines)
    run_jobs()
    assert marks(key, ines) == []
    with pytest.raises(NotFound):
        differing.look(key, show_id, by=ines)


def test_what_takes_place_after_all_leaves_with_its_mark(ines: Actor, odile: Actor, run_jobs: Jobs) -> None:
    show, other = cancelled(), cancelled("Tosca")
    bought(a_household(), show, other)
    show_id, key = show.id, run(a_plan(show, other), ines, odile)
    run_jobs()
    changing.change(show_id, "postponed", by=ines)
    run_jobs()
    assert marks(key, ines) == [("postponed", None)]
    sparing.spare(key, show_id, "moved", by=odile)
    assert marks(key, ines) == []


def test_what_was_approved_and_reached_nobody_is_simulated_anew(ines: Actor, odile: Actor, run_jobs: Jobs) -> None:
    show = cancelled()
    bought(a_household(), show)
    show_id, key = show.id, managing.create(a_plan(show), by=ines)
    managing.simulate(key, by=ines)
    managing.approve(key, "120", seen_version=1, by=odile)
    changing.change(show_id, "postponed", by=ines)
    run_jobs()
    assert marks(key, ines) == [("postponed", None)]
    with pytest.raises(Conflict, match="campaign_unapproved"):
        managing.start(key, seen_version=1, by=ines)


@pytest.mark.parametrize(
    ("kind", "status", "reached", "told"),
    [("cancel", "cancelled", True, False), ("cancel", "scheduled", True, True), ("postpone", "postponed", False, False),
     ("postpone", "postponed", True, True), ("interrupt", "cancelled", False, True)],
)  # fmt: skip
def test_a_campaign_tells_otherwise_than_the_bill(kind: str, status: str, reached: bool, told: bool) -> None:
    assert differing.differs(kind, status, reached=reached) is told
