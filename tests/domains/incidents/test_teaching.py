"""What an incident that ended teaches: how its crowd thinned out, and the words its text did not hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.incidents import answering, belonging, declaring, progress, report, teaching
from app.incidents.filling import Words
from app.kernel import clock
from app.kernel.access import SYSTEM, Actor, spectator
from app.search import gaps, service
from app.tickets.opening import open_tickets
from tests.bill import a_performance, an_order
from tests.cast import INES, PAUL, Character
from tests.crowds import a_crowd, a_written_answer, belong
from tests.domains.incidents.test_declaring import telling
from tests.domains.knowledge.texts import a_text, shelved
from tests.domains.search.conftest import kb as kb
from tests.makers import a_draft

Act = Callable[[Character], Actor]
Run = Callable[[], int]


@pytest.fixture
def incident(app: Flask, noon: datetime, kb: Path, actor: Act) -> int:
    show = a_performance("Carmen", "Carmen", noon + timedelta(days=3))
    for number in range(4):
        an_order(f"VAL-2222{number}", show)
    return declaring.declare(telling(show), by=actor(INES))


def wrote(incident_id: int, people: range, words: str) -> None:
    drafts = [a_draft(email=f"p{number}@exemple.fr", name=f"P{number}", body=words) for number in people]
    belong(incident_id, [one.ticket_id for one in open_tickets(drafts, by=spectator(None, door="portal"))])


def ended(incident_id: int, run_jobs: Run, *, how: str = "over") -> None:
    declaring.end(incident_id, how, by=SYSTEM)
    run_jobs()


def heard(by: Actor) -> dict[str, tuple[int, str]]:
    return {gap.words: (gap.weight, gap.heard[0].place) for gap in gaps.listed(by=by) if gap.heard}


def test_its_crowd_is_kept_by_day_since_the_cause_with_how_many_it_concerned(incident: int, run_jobs: Run) -> None:
    wrote(incident, range(3), "Et mes places ?")
    clock.advance(timedelta(days=2))
    wrote(incident, range(2, 4), "Toujours rien ?")
    ended(incident, run_jobs)
    (curve,) = teaching.learnt(clock.now().date() - timedelta(days=9))
    assert (curve.cause, curve.people, curve.holders) == ("cancelled", [3, 0, 1], 4)
    taught = report.report(incident, by=SYSTEM).taught
    assert taught is not None
    assert taught.people == (3, 0, 1)


def test_what_did_not_happen_after_all_teaches_nothing_of_those_it_concerned(incident: int, run_jobs: Run) -> None:
    wrote(incident, range(3), "Et mes places ?")
    ended(incident, run_jobs, how="withdrawn")
    assert [curve.holders for curve in teaching.learnt(clock.now().date())] == [0]


def test_words_of_three_people_that_the_text_does_not_hold_stand_among_the_gaps_once(
    incident: int, run_jobs: Run, actor: Act
) -> None:
    wrote(incident, range(3), "Le parking et le vestiaire seront-ils remboursés ?")
    wrote(incident, range(3, 5), "Et la navette ?")
    wrote(incident, range(5, 9), "Contact: lea.fontanel@exemple.fr, VAL22223, vestiaire")
    ended(incident, run_jobs)
    found = heard(actor(PAUL))
    place = f"/regie/incidents/{incident}/bilan"
    assert (found["parking"], found["vestiaire"]) == ((3, place), (7, place))
    assert not {"navette", "val22223", "rembourses"} & set(found)
    teaching.teach(incident)
    assert heard(actor(PAUL)) == found
    gaps.take_off("fr", "parking", by=actor(PAUL))
    teaching.teach(incident)
    assert "parking" not in heard(actor(PAUL))


def test_an_article_takes_off_a_heard_word_that_none_held_before_and_no_other(
    incident: int, run_jobs: Run, actor: Act, kb: Path
) -> None:
    shelved(kb, a_text(slug="parking", title="Où est le parking ?"))
    service.refresh()
    wrote(incident, range(3), "Le parking et le xylophone ?")
    ended(incident, run_jobs)
    assert {"parking", "xylophone"} <= set(heard(actor(PAUL)))
    assert gaps.close_answered() == 0
    shelved(kb, a_text(slug="xylophone", title="Le xylophone de la fosse"))
    service.refresh()
    assert gaps.close_answered() == 1
    assert "xylophone" not in heard(actor(PAUL))
    assert "parking" in heard(actor(PAUL))


def test_what_we_answered_is_nobodys_question_and_who_was_told_together_is_no_exception(
    incident: int, run_jobs: Run, actor: Act
) -> None:
    by = actor(INES)
    wrote(incident, range(8), "Bonjour Madame, qui garde mon manteau au vestiaire ?")
    apart = a_crowd(incident, 1, first=90, stands="exception")[0]
    belonging.settle(incident, apart, by=by)
    run_jobs()
    words = Words("La grenouille plonge.", "The frog dives.")
    answer = a_written_answer(incident, by, words=words)
    answering.start(answer, seen_version=1, by=by)
    run_jobs()
    for _ in range(2):
        answering.go_on(answer, seen_version=progress.card(incident, answer, by=by).version, by=by)
        run_jobs()
    ended(incident, run_jobs)
    found = report.report(incident, by=SYSTEM)
    asked = dict(found.words)
    assert asked["vestiaire"] == 8
    assert not {"grenouille", "plonge", "madame"} & set(asked)
    assert (found.entry.numbers.settled, found.entry.numbers.exceptions) == (1, 0)
