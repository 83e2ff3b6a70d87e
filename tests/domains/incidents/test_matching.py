"""Requests join the incident they are about with a reason; a person's fold into one; exceptions stay with people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.boxoffice.models import Performance
from app.health import queries as health
from app.incidents import belonging, declaring, queries
from app.incidents.models import IncidentTicket
from app.incidents.waiting import waiting_of
from app.kernel import clock
from app.kernel.access import Actor, spectator
from app.kernel.db import session
from app.tickets import queries as tickets
from app.tickets import tracking
from app.tickets.conversation import Word, answer, write_again
from app.tickets.models import Ticket
from app.tickets.states import Channel, State
from tests.bill import a_performance, an_order
from tests.cast import INES, KARIM, Character
from tests.domains.incidents.test_declaring import telling
from tests.makers import a_ticket

Act = Callable[[Character], Actor]
Run = Callable[[], int]
_people = count()


@pytest.fixture
def carmen(app: Flask, noon: datetime) -> Performance:
    return a_performance("Carmen", "Carmen", noon + timedelta(days=3))


@pytest.fixture
def tosca(app: Flask, noon: datetime) -> Performance:
    return a_performance("Tosca", "Tosca", noon + timedelta(days=8))


@pytest.fixture
def incident(carmen: Performance, actor: Act) -> int:
    return declaring.declare(telling(carmen), by=actor(INES))


def came(run_jobs: Run, body: str, **given: Any) -> int:
    opened = a_ticket(body=body, channel=given.pop("channel", Channel.EMAIL), **given)
    run_jobs()
    return opened.ticket_id


def member(ticket_id: int) -> IncidentTicket | None:
    rows = queries.memberships([ticket_id])
    if rows:
        session.refresh(rows[-1])
    return rows[-1] if rows else None


def card(ticket_id: int) -> Ticket:
    row = tickets.cards([ticket_id])[ticket_id]
    session.refresh(row)
    return row


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("Bonjour, la représentation de Carmen est annulée, comment me faire rembourser mes deux places ?", "words"),
        ("Bonjour, carmne annulé ?! Je voudrais être remboursé de mes billets.", "words"),
        ("Bonjour, le spectacle de vendredi est-il annulé ? Je demande le remboursement.", "words"),
        ("Bonjour, ma commande VAL-9Q2RS doit être remboursée puisque c'est annulé.", "order"),
        ("Hello, Carmen was cancelled. I would like a refund for both tickets please.", "words"),
    ],
)
def test_a_letter_joins_by_what_it_says(
    incident: int, carmen: Performance, run_jobs: Run, body: str, reason: str
) -> None:
    an_order("VAL-9Q2RS", carmen)
    row = member(came(run_jobs, body))
    assert row is not None
    assert (row.incident_id, row.reason) == (incident, reason)
    assert row.confidence >= 0.65


def test_a_letter_of_an_address_that_booked_it_joins_when_it_asks_what_became_of_it(
    incident: int, carmen: Performance, run_jobs: Run
) -> None:
    an_order("VAL-9Q2RS", carmen)
    row = member(came(run_jobs, "Bonjour, puisque la soirée est annulée, je demande le remboursement de mes billets."))
    assert row is not None
    assert row.reason == "address"
    assert member(came(run_jobs, "Bonjour, mon compte ne s'ouvre plus, j'ai perdu mon mot de passe.")) is None


def test_what_names_another_show_or_nothing_joins_nothing(
    incident: int, carmen: Performance, tosca: Performance, run_jobs: Run
) -> None:
    an_order("VAL-9Q2RS", carmen, tosca)
    assert member(came(run_jobs, "Bonjour, Tosca est annulé ? Je demande le remboursement.")) is None
    assert member(came(run_jobs, "Remboursez mes places s'il vous plaît.", email="autre@exemple.fr")) is None


def test_what_fits_two_incidents_is_an_exception_of_the_likelier(
    incident: int, tosca: Performance, run_jobs: Run, actor: Act
) -> None:
    declaring.declare(telling(tosca), by=actor(INES))
    ticket_id = came(run_jobs, "Bonjour, Carmen et Tosca sont annulés, je voudrais être remboursée des deux.")
    row = member(ticket_id)
    assert row is not None
    assert (row.stands, row.exceptions[0], card(ticket_id).turn) == ("exception", "two_shows", "ours")


def test_the_same_person_stands_in_both_crowds_with_one_request_each(
    incident: int, tosca: Performance, run_jobs: Run, actor: Act
) -> None:
    other = declaring.declare(telling(tosca), by=actor(INES))
    first = came(run_jobs, "Bonjour, Carmen est annulé, je demande le remboursement.")
    second = came(run_jobs, "Bonjour, Tosca est annulé aussi, je demande le remboursement.")
    assert [(row.incident_id, row.stands) for row in (member(first), member(second)) if row] == [
        (incident, "crowd"), (other, "crowd"),
    ]  # fmt: skip


def test_an_incident_without_performance_gathers_by_its_words(run_jobs: Run, noon: datetime, actor: Act) -> None:
    site = declaring.declare(telling(None, cause="sale", words=("paiement", "site")), by=actor(INES))
    row = member(came(run_jobs, "Bonjour, impossible de payer, votre site affiche une page blanche au paiement."))
    assert row is not None
    assert (row.incident_id, row.reason) == (site, "words")
    assert member(came(run_jobs, "Bonjour, où garer ma voiture ?", email="autre@exemple.fr")) is None


def test_three_mails_a_form_and_a_phone_note_are_one_row(incident: int, run_jobs: Run) -> None:
    said = "Bonjour, Carmen est annulé, je demande le remboursement."
    channels = (Channel.EMAIL, Channel.EMAIL, Channel.EMAIL, Channel.WEB, Channel.PHONE)
    ids = [came(run_jobs, said, channel=channel) for channel in channels]
    assert [row.stands for row in queries.memberships(ids)] == ["crowd"] + ["folded"] * 4
    assert [card(key).turn for key in ids] == ["crowd"] + ["away"] * 4
    assert health.tickets_with_wrong_turn() == 0


def test_letters_of_one_group_fold_too_and_what_names_nothing_follows_its_person(incident: int, run_jobs: Run) -> None:
    ids = [
        a_ticket(body=body, channel=Channel.EMAIL).ticket_id
        for body in ("Carmen est annulé, je demande le remboursement.", "Carmen annulé : remboursez-moi.")
    ]
    run_jobs()
    ids.append(came(run_jobs, "Toujours aucune réponse à ma demande de remboursement."))
    rows = queries.memberships(ids)
    assert [row.stands for row in rows] == ["crowd", "folded", "folded"]
    assert rows[-1].reason == "again"


def test_somebody_unfolded_does_not_fold_again(incident: int, run_jobs: Run, actor: Act) -> None:
    said = "Bonjour, Carmen est annulé, je demande le remboursement."
    ids = [came(run_jobs, said) for _ in range(2)]
    belonging.unfold(incident, card(ids[0]).requester_id, by=actor(KARIM))
    ids.append(came(run_jobs, said))
    assert [row.stands for row in queries.memberships(ids)] == ["crowd"] * 3


def test_who_was_answered_and_writes_anew_is_read_by_a_person(incident: int, run_jobs: Run, actor: Act) -> None:
    said = "Bonjour, Carmen est annulé, je demande le remboursement."
    first = came(run_jobs, said)
    answer(first, Word(body="Vous serez remboursée."), then=State.SOLVED, by=actor(KARIM))
    row = member(came(run_jobs, said))
    assert row is not None
    assert (row.stands, row.exceptions) == ("exception", ["replied"])


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ("Ma mère est en fauteuil roulant et devait être accompagnée.", "access"),
        ("J'avais réservé pour mes 32 élèves de l'école Jean-Moulin.", "minors"),
        ("Sans réponse sous huit jours, mon avocat vous mettra en demeure.", "legal"),
        ("Les billets ont été achetés sur la Fnac.", "third_party"),
        ("J'ai contesté le paiement auprès de ma banque.", "chargeback"),
        ("Ma carte est expirée depuis, j'ai changé de banque.", "bank"),
        ("Mes billets étaient un cadeau, la commande est au nom de ma sœur.", "other_order"),
        ("J'ai perdu mes billets, comment faire ?", "lost_ticket"),
        ("Mon mari est décédé la semaine dernière.", "distress"),
        ("Et où puis-je stationner au parking ?", "asks_more"),
    ],
)
def test_what_a_person_must_read_stays_with_people(incident: int, run_jobs: Run, more: str, reason: str) -> None:
    ticket_id = came(run_jobs, f"Bonjour, Carmen est annulé, je demande le remboursement. {more}")
    row = member(ticket_id)
    assert row is not None
    assert reason in row.exceptions
    assert (row.stands, card(ticket_id).turn) == ("exception", "ours")
    assert row.rank > 0


def test_another_sum_than_the_orders_is_read_by_a_person(incident: int, carmen: Performance, run_jobs: Run) -> None:
    an_order("VAL-9Q2RS", carmen)
    said = "Carmen annulé, commande VAL-9Q2RS : merci de me rembourser les {} €."
    ids = [came(run_jobs, said.format(euros)) for euros in (120, 312)]
    same, other = queries.memberships(ids)
    assert (same.stands, same.exceptions, same.lifted) == ("exception", ["amount"], ["amount"])
    assert (other.stands, other.exceptions, other.lifted) == ("folded", ["amount"], [])


def test_what_the_text_answers_is_no_question_for_a_person(carmen: Performance, run_jobs: Run, actor: Act) -> None:
    text = "Annulé. Le parking réservé est remboursé aussi."
    declaring.declare(telling(carmen, text_fr=text), by=actor(INES))
    row = member(came(run_jobs, "Carmen est annulé, je demande le remboursement. Et le parking ?"))
    assert row is not None
    assert row.stands == "crowd"


def test_who_is_on_the_way_tonight_stands_in_the_top_row(app: Flask, noon: datetime, run_jobs: Run, actor: Act) -> None:
    tonight = a_performance("Tosca", "Tosca", noon + timedelta(hours=2))
    declaring.declare(telling(tonight), by=actor(INES))
    ticket_id = came(run_jobs, "Tosca ce soir est annulé ? Faut-il venir quand même ? Nous sommes sur la route.")
    row = member(ticket_id)
    assert row is not None
    assert ("tonight" in row.exceptions, card(ticket_id).priority) == (True, "urgent")
    plain = came(run_jobs, "Tosca est annulé, je demande le remboursement.", email="autre@exemple.fr")
    assert card(plain).turn == "crowd"


def test_a_later_word_may_leave_the_crowd(incident: int, run_jobs: Run) -> None:
    ticket_id = came(run_jobs, "Carmen est annulé, je demande le remboursement.")
    by = spectator(card(ticket_id).requester_id, door="portal")
    write_again(ticket_id, Word(body="Avez-vous bien reçu ma demande ?"), by=by)
    assert card(ticket_id).turn == "crowd"
    write_again(ticket_id, Word(body="Je saisis mon avocat et vous mets en demeure de me rembourser."), by=by)
    row = member(ticket_id)
    assert row is not None
    assert (row.stands, row.exceptions, card(ticket_id).turn) == ("exception", ["legal"], "ours")


def test_a_reply_to_our_answer_is_read_by_a_person(incident: int, run_jobs: Run, actor: Act) -> None:
    ticket_id = came(run_jobs, "Carmen est annulé, je demande le remboursement.")
    answer(ticket_id, Word(body="Vous serez remboursée."), then=State.SOLVED, by=actor(KARIM))
    tracking.say_more(ticket_id, Word(body="Quand cela ?"), by=spectator(card(ticket_id).requester_id, door="portal"))
    row = member(ticket_id)
    assert row is not None
    assert (row.stands, card(ticket_id).turn) == ("settled", "ours")


def test_the_end_marks_who_goes_back_and_leaves_the_answered(incident: int, run_jobs: Run, actor: Act) -> None:
    said = "Carmen est annulé, je demande le remboursement."
    answered, waiting = came(run_jobs, said), came(run_jobs, said, email="autre@exemple.fr")
    again = came(run_jobs, said, email="autre@exemple.fr")
    answer(answered, Word(body="Vous serez remboursée."), then=State.SOLVED, by=actor(KARIM))
    declaring.end(incident, "withdrawn", by=actor(INES))
    run_jobs()
    assert [(row.stands, card(row.ticket_id).turn) for row in queries.memberships([answered, waiting, again])] == [
        ("settled", "done"), ("released", "ours"), ("folded", "away"),
    ]  # fmt: skip
    belonging.unfold(incident, card(waiting).requester_id, by=actor(KARIM))
    assert (member(again).stands, card(again).turn) == ("released", "ours")  # type: ignore[union-attr]


def test_what_came_before_joins_in_groups(
    carmen: Performance, run_jobs: Run, actor: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.incidents.matching.GROUP", 3)
    told = telling(carmen)
    old = came(run_jobs, "Carmen est annulé, remboursement svp", email="vieux@exemple.fr")
    clock.advance(timedelta(days=2))
    ids = [came(run_jobs, "Carmen annulé, remboursement svp", email=f"p{n}@exemple.fr") for n in range(7)]
    declaring.declare(told, by=actor(INES))
    run_jobs()
    assert [row.stands for row in queries.memberships(ids)] == ["crowd"] * 7
    assert member(old) is None


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(chance=st.randoms(use_true_random=False), requests=st.integers(2, 4))
def test_unfolding_gives_the_rows_as_they_were_whatever_happened_in_between(
    incident: int, run_jobs: Run, actor: Act, chance: Random, requests: int
) -> None:
    agent, email = actor(KARIM), f"pli{next(_people)}@exemple.fr"
    said = "Carmen est annulé, je demande le remboursement."
    ids = [came(run_jobs, said, email=email) for _ in range(requests)]
    person = card(ids[0]).requester_id
    belonging.unfold(incident, person, by=agent)
    for key in ids:
        if chance.random() < 0.4:
            belonging.pull_out(incident, key, by=agent)
        elif chance.random() < 0.2:
            belonging.take_out(incident, key, by=agent)
    before = {key: _standing(key) for key in ids}
    folds = sum(1 for row in queries.memberships(ids) if row.stands in {"crowd", "exception"})
    if folds < 2:
        belonging.put_in(incident, ids[0], by=agent)
        belonging.put_in(incident, ids[1], by=agent)
        before = {key: _standing(key) for key in ids}
    belonging.fold(incident, person, by=agent)
    for _ in range(chance.randint(0, 3)):
        _something_happens(chance, ids, agent, run_jobs)
    belonging.unfold(incident, person, by=agent)
    assert {key: _standing(key) for key in ids} == before
    assert health.tickets_with_wrong_turn() == 0


def _standing(ticket_id: int) -> tuple[Any, ...]:
    row, found = member(ticket_id), card(ticket_id)
    assert row is not None
    return (
        row.stands, tuple(row.exceptions), tuple(row.lifted), row.before, row.rank, found.turn, found.crowd,
        found.merged_into_id, found.due_at, found.priority,
    )  # fmt: skip


def _something_happens(chance: Random, ids: list[int], agent: Actor, run_jobs: Run) -> None:
    """A word in the one that was folded, a press on fold again, a stranger's letter."""
    what = chance.choice(("word", "stranger", "fold"))
    if what == "word":
        folded = chance.choice(ids)
        write_again(
            folded, Word(body="Merci de votre réponse."), by=spectator(card(folded).requester_id, door="portal")
        )
    if what == "stranger":
        came(run_jobs, "Carmen est annulé, je demande le remboursement.", email=f"s{chance.random()}@exemple.fr")
    run_jobs()


def test_who_joins_while_a_crowd_is_counted_stands_behind_all_of_it(
    incident: int, run_jobs: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd = [
        came(run_jobs, "Carmen est annulé, je demande le remboursement", email=f"spectateur{n}@exemple.fr")
        for n in range(3)
    ]
    assert [waiting_of([one])[one].ahead for one in crowd] == [0, 1, 2]
    later = clock.monotonic() + 60
    monkeypatch.setattr(clock, "monotonic", lambda: later)
    late = [came(run_jobs, "Carmen est annulé, je veux être remboursé", email=f"tard{n}@exemple.fr") for n in range(2)]
    assert [waiting_of([one])[one].ahead for one in (*late, crowd[0])] == [3, 4, 0]
