"""An incident is proposed, declared, reworded, ended; requests of its performance stand in its crowd meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.boxoffice.models import Performance
from app.health import queries as health
from app.incidents import declaring, queries, surfaces
from app.incidents.declaring import Telling
from app.kernel.access import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, Invalid
from app.tickets import queries as tickets
from tests.bill import a_performance, an_order
from tests.cast import INES, KARIM, Character
from tests.makers import a_ticket

Act = Callable[[Character], Actor]
Run = Callable[[], int]


def telling(show: Performance | None, **changed: object) -> Telling:
    """What a house tells of a cancelled show."""
    given: dict[str, object] = {
        "cause": "cancelled", "title_fr": "« Carmen » est annulé", "title_en": "Carmen is cancelled",
        "text_fr": "La représentation est annulée. Vous serez remboursés.", "text_en": "It is cancelled.",
        "performance_id": show.id if show else None, **changed,
    }  # fmt: skip
    return Telling(**given)  # type: ignore[arg-type]


@pytest.fixture
def show(app: Flask, noon: datetime) -> Performance:
    return a_performance("Carmen", "Carmen", noon + timedelta(days=3))


def written(show: Performance, run_jobs: Run, code: str = "VAL-7K3QD") -> int:
    """A request about a performance, sorted."""
    an_order(code, show)
    opened = a_ticket(order_code=code)
    run_jobs()
    return opened.ticket_id


def test_a_request_of_the_performance_stands_in_the_crowd_until_it_is_over(
    show: Performance, run_jobs: Run, actor: Act
) -> None:
    incident = declaring.declare(telling(show), by=actor(INES))
    ticket_id = written(show, run_jobs)
    row = tickets.cards([ticket_id])[ticket_id]
    assert (row.crowd, row.turn) == (True, "crowd")
    assert [one.stands for one in queries.memberships([ticket_id])] == ["crowd"]
    assert health.tickets_with_wrong_turn() == 0
    declaring.end(incident, "over", by=actor(INES))
    run_jobs()
    row = tickets.cards([ticket_id])[ticket_id]
    session.refresh(row)
    assert (row.crowd, row.turn) == (False, "ours")


def test_what_came_before_it_was_declared_joins_too(show: Performance, run_jobs: Run, actor: Act) -> None:
    ticket_id = written(show, run_jobs)
    assert tickets.cards([ticket_id])[ticket_id].turn == "ours"
    declaring.declare(telling(show), by=actor(INES))
    run_jobs()
    assert tickets.cards([ticket_id])[ticket_id].turn == "crowd"


def test_what_is_told_is_taken_down_at_once(show: Performance, actor: Act) -> None:
    incident = declaring.declare(telling(show), by=actor(INES))
    assert [one.text("fr") for one in surfaces.declared()] == ["La représentation est annulée. Vous serez remboursés."]
    declaring.reword(incident, telling(show, text_fr="Annulée, et remboursée."), by=actor(INES))
    assert [one.text("fr") for one in surfaces.declared()] == ["Annulée, et remboursée."]
    declaring.end(incident, "withdrawn", by=actor(INES))
    assert surfaces.declared() == []
    assert [step.what for step in declaring.timeline(incident, by=actor(KARIM))] == [
        "declared", "reworded", "withdrawn",
    ]  # fmt: skip


def test_a_proposal_is_told_to_nobody_until_somebody_declares_it(show: Performance, actor: Act) -> None:
    incident = declaring.propose(telling(show), {"by": "performance", "count": 40})
    assert surfaces.declared() == []
    assert declaring.propose(telling(show), {}) is None
    declaring.declare(telling(show), incident_id=incident, by=actor(INES))
    assert [one.id for one in surfaces.declared()] == [incident]
    with pytest.raises(Conflict):
        declaring.declare(telling(show), incident_id=incident, by=actor(INES))


def test_a_performance_has_one_live_incident(show: Performance, actor: Act) -> None:
    first = declaring.declare(telling(show), by=actor(INES))
    with pytest.raises(Conflict):
        declaring.declare(telling(show), by=actor(INES))
    declaring.end(first, "over", by=actor(INES))
    assert declaring.declare(telling(show), by=actor(INES)) != first


def test_what_words_name_has_one_live_incident_of_a_cause(app: Flask, noon: datetime, actor: Act) -> None:
    by = actor(INES)
    first = declaring.declare(telling(None, cause="sale", words=("Paiement", "carte refusée")), by=by)
    with pytest.raises(Conflict) as caught:
        declaring.declare(telling(None, cause="sale", words=("caisse", "CARTE  REFUSEE")), by=by)
    assert (caught.value.code, caught.value.values["incident"]) == ("incident_named", first)
    assert declaring.propose(telling(None, cause="sale", words=("paiement",)), {}) is None
    other = declaring.declare(telling(None, cause="other", words=("paiement",)), by=by)
    third = declaring.declare(telling(None, cause="sale", words=("carte",)), by=by)
    with pytest.raises(Conflict):
        declaring.reword(third, telling(None, cause="sale", words=("carte", "paiement")), by=by)
    declaring.reword(third, telling(None, cause="sale", words=("carte", "virement")), by=by)
    declaring.end(first, "over", by=by)
    again = declaring.declare(telling(None, cause="sale", words=("paiement",)), by=by)
    assert len({first, other, third, again}) == 4


def test_a_proposal_of_the_same_words_is_declared_rather_than_a_second(app: Flask, noon: datetime, actor: Act) -> None:
    by, said = actor(INES), telling(None, cause="sale", words=("paiement",))
    proposed = declaring.propose(said, {})
    with pytest.raises(Conflict) as caught:
        declaring.declare(said, by=by)
    assert caught.value.values["incident"] == proposed
    assert declaring.declare(said, incident_id=proposed, by=by) == proposed


@pytest.mark.parametrize("form", ["same", "others"])
def test_two_at_the_same_moment_declare_one(app: Flask, noon: datetime, actor: Act, form: str) -> None:
    by, start, made = actor(INES), threading.Barrier(2), list[int | str]()

    def press(name: str) -> None:
        with app.app_context():
            start.wait(timeout=10)
            said = telling(None, words=("inondation",))
            try:
                made.append(declaring.declare(said, form=name, by=by))
            except Conflict as problem:
                made.append(problem.code)
            session.remove()

    threads = [threading.Thread(target=press, args=(name,)) for name in ("a", "a" if form == "same" else "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    session.rollback()
    (row,) = queries.live()
    assert sorted(map(str, made)) == sorted([str(row.id), str(row.id) if form == "same" else "incident_named"])


@pytest.mark.parametrize("article", ["jamais-ecrit", "x" * 60])
def test_an_article_that_is_not_on_the_shelf_is_refused(show: Performance, actor: Act, article: str) -> None:
    incident = declaring.declare(telling(show), by=actor(INES))
    with pytest.raises(Invalid) as caught:
        declaring.reword(incident, telling(show, article=article), by=actor(INES))
    assert caught.value.fields == {"article": "unknown_choice"}


@pytest.mark.parametrize(
    ("declared", "how"), [(True, "dismissed"), (False, "over"), (False, "withdrawn")]
)  # fmt: skip
def test_what_was_told_ends_and_what_was_only_proposed_is_dismissed(
    show: Performance, actor: Act, declared: bool, how: str
) -> None:
    incident = declaring.propose(telling(show), {})
    assert incident is not None
    if declared:
        declaring.declare(telling(show), incident_id=incident, by=actor(INES))
    with pytest.raises(Conflict):
        declaring.end(incident, how, by=actor(INES))
    row = queries.incident(incident)
    assert row is not None
    assert (row.state, row.ended_at) == ("declared" if declared else "proposed", None)


def test_an_agent_may_read_but_not_declare(show: Performance, actor: Act) -> None:
    with pytest.raises(Forbidden):
        declaring.declare(telling(show), by=actor(KARIM))


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"text_en": "  "}, "text_en", "empty"),
        ({"title_fr": "x" * 200}, "title_fr", "too_long"),
        ({"cause": "meteor"}, "cause", "unknown_choice"),
        ({"performance_id": None}, "words", "incident_unnamed"),
    ],
)
def test_what_cannot_be_told_is_refused(changed: dict[str, object], field: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        telling(None, **{"performance_id": 1, **changed})
    assert caught.value.fields == {field: code}


def test_a_change_by_somebody_else_stops_ours(show: Performance, actor: Act) -> None:
    incident = declaring.declare(telling(show), by=actor(INES))
    declaring.reword(incident, telling(show), seen_version=1, by=actor(INES))
    with pytest.raises(Conflict):
        declaring.reword(incident, telling(show), seen_version=1, by=actor(INES))
