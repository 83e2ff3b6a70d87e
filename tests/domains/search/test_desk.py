"""The desk's own search: what is found, by whom, and that what is kept follows what was said."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, text, update

from app.health import service as health
from app.kernel.access import SYSTEM, Actor
from app.kernel.db import db, session
from app.kernel.transaction import begun
from app.people import service as people
from app.people.models import Person
from app.search import desk
from app.search.models import TicketWords, WordsDue
from app.tickets import conversation, departing, merging, placing
from app.tickets.conversation import Word
from app.tickets.models import Message, Ticket
from app.tickets.opening import Opened
from tests.cast import ADELE, HUGO, INES, KARIM, ODILE, PAUL, RITA, SAMI, Character
from tests.conftest import counted
from tests.makers import a_ticket

Known = Callable[[Character], Actor]
pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def asked(app: Flask) -> Opened:
    """Léa's request among others, read."""
    a_ticket(email="jean.dupont@ailleurs.example", name="Jean Dupont", subject="Parking", body="Où se garer ?")
    opened = a_ticket(
        subject="Échange de date", order_code="VAL-7K3QD",
        body="Bonjour, l’été dernier nous étions au balcon. Merci d'échanger nos places pour la représentation de mars.",
    )  # fmt: skip
    desk.read_due()
    return opened


def numbers(typed: str, by: Actor) -> list[int]:
    return [row.number for row in desk.search(typed, by=by).requests]


@pytest.mark.parametrize(
    "typed",
    [
        "{number}", "#{number}", "VAL-7K3QD", "val 7k3qd", "val7k3qd", "7k3q", "Léa", "lea fontanel", "fontanél", "fontan",
        "lea.fontanel@exemple.fr", "lea.font", "fontanel@ex", "échange", "ECHANGE", "echanges de date", "balcon", "balcons",
        "représentations mars", "fontanel balcon", "échanger bal",
    ],
)  # fmt: skip
def test_it_is_found_by(typed: str, asked: Opened, actor: Known) -> None:
    assert numbers(typed.format(number=asked.number), actor(KARIM)) == [asked.number]


@pytest.mark.parametrize("typed", ["", "   ", "votre", "balcon parking", "xyzzy", "%", "_", '"', "'", "a*b OR NOT (c)"])
def test_what_fits_nothing_finds_nothing(typed: str, asked: Opened, actor: Known) -> None:
    assert not desk.search(typed, by=actor(KARIM))


def test_what_stands_at_the_head_comes_before_what_was_said(asked: Opened, actor: Known) -> None:
    later = a_ticket(email="b@exemple.fr", name="Bo", subject="Autre chose", body="Madame Fontanel me l’a dit")
    desk.read_due()
    assert numbers("fontanel", actor(KARIM)) == [asked.number, later.number]


def test_a_whole_number_is_told_apart(asked: Opened, actor: Known) -> None:
    assert desk.search(f"#{asked.number}", by=actor(KARIM)).exact == asked.number
    assert desk.search(f"#{asked.number}", by=actor(HUGO)).exact is None


@pytest.mark.parametrize("who", [HUGO, RITA, PAUL, SAMI])
@pytest.mark.parametrize("typed", ["{number}", "VAL-7K3QD", "fontanel", "balcon", "lea.fontanel@exemple.fr"])
def test_who_does_not_work_there_learns_nothing(typed: str, who: Character, asked: Opened, actor: Known) -> None:
    found = desk.search(typed.format(number=asked.number), by=actor(who))
    assert (found.requests, found.people, found.exact) == ((), (), None)


def test_internal_requests_and_who_asked_them_are_hidden_from_the_box_office(app: Flask, actor: Known) -> None:
    opened = a_ticket(by=actor(SAMI), email=SAMI.email, name=SAMI.name, subject="Congé secret", type="staff_hr",
                      body="Je voudrais une rupture conventionnelle")  # fmt: skip
    desk.read_due()
    for typed in ("congé", "rupture", "haddad", SAMI.email, str(opened.number)):
        for who in (KARIM, INES, HUGO):
            assert not desk.search(typed, by=actor(who)), (typed, who)
    assert numbers("rupture", actor(RITA)) == [opened.number]
    assert [one.name for one in desk.search("haddad", by=actor(ADELE)).people] == [SAMI.name]


def test_order_and_count_follow_nothing_that_others_see(asked: Opened, actor: Known) -> None:
    second = a_ticket(subject="Balcon encore", body="Le balcon, le balcon, le balcon")
    desk.read_due()
    before = desk.search("balcon", by=actor(KARIM))
    for n in range(30):
        hidden = a_ticket(
            email=f"x{n}@exemple.fr", name="X", body="balcon " * (n + 1), subject="Balcon", department="rh"
        )
        assert hidden.number not in [row.number for row in before.requests]
    desk.read_due()
    assert desk.search("balcon", by=actor(KARIM)) == before
    assert [row.number for row in before.requests] == [second.number, asked.number]


def test_what_moves_to_another_department_is_out_of_sight_at_once(asked: Opened, actor: Known) -> None:
    by = actor(ADELE)
    placing.move(asked.ticket_id, people.department("rh").id, by=by)
    assert numbers("balcon", actor(KARIM)) == []
    desk.read_due()
    assert numbers("balcon", actor(KARIM)) == []
    assert numbers("balcon", actor(RITA)) == [asked.number]


def test_finance_sees_people_and_orders_but_no_requests(asked: Opened, actor: Known) -> None:
    found = desk.search("fontanel", by=actor(ODILE))
    assert found.requests == ()


def test_people_are_found_by_a_part_of_name_or_e_mail(asked: Opened, actor: Known) -> None:
    for typed in ("ontan", "FONTANÉL", "tanel@exempl", "léa fontanel", "exemple.fr"):
        assert [one.name for one in desk.search(typed, by=actor(KARIM)).people] == ["Léa Fontanel"], typed


def test_a_request_is_found_by_number_before_it_was_read(app: Flask, actor: Known) -> None:
    opened = a_ticket(order_code="VAL-9ZZZZ")
    assert numbers(str(opened.number), actor(KARIM)) == [opened.number]
    assert numbers("val 9zzzz", actor(KARIM)) == [opened.number]


def test_what_is_said_later_is_found_too(asked: Opened, actor: Known) -> None:
    conversation.write_again(asked.ticket_id, Word(body="Et le vestiaire ?"), by=SYSTEM)
    conversation.note(asked.ticket_id, Word(body="Appelé la tubiste"), by=actor(KARIM))
    desk.read_due()
    assert numbers("vestiaire", actor(KARIM)) == numbers("tubiste", actor(KARIM)) == [asked.number]


def test_an_answer_is_found_once_it_is_said_and_never_if_it_was_taken_back(
    asked: Opened, actor: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = actor(KARIM)
    monkeypatch.setattr(departing._Patience, "seconds", 20)
    first = departing.answer(asked.ticket_id, Word(body="Le contrebassiste arrive"), by=by)
    desk.read_due()
    assert numbers("contrebassiste", by) == []
    departing.take_back(asked.ticket_id, first, by=by)
    desk.read_due()
    assert numbers("contrebassiste", by) == []
    monkeypatch.setattr(departing._Patience, "seconds", 0)
    departing.answer(asked.ticket_id, Word(body="Le contrebassiste arrive"), by=by)
    desk.read_due()
    assert numbers("contrebassiste", by) == [asked.number]


def test_what_is_erased_is_gone_at_once(asked: Opened, actor: Known) -> None:
    with begun():
        session.execute(update(Message).where(Message.ticket_id == asked.ticket_id).values(body="…"))
    assert session.scalar(select(func.count()).where(TicketWords.ticket_id == asked.ticket_id)) == 0
    assert numbers("balcon", actor(KARIM)) == []
    with begun():
        session.execute(update(Person).where(Person.name == "Léa Fontanel").values(name="…", name_folded="…"))
        session.execute(update(Ticket).where(Ticket.id == asked.ticket_id).values(subject="…", order_code=None))
    desk.read_due()
    kept = session.scalar(select(TicketWords.words).where(TicketWords.ticket_id == asked.ticket_id)) or ""
    assert not {"balcon", "_echange", "7k3qd"} & set(kept.split())
    assert numbers("balcon", actor(KARIM)) == []


def test_what_is_deleted_leaves_no_word(asked: Opened, actor: Known) -> None:
    with begun():
        session.execute(delete(Message).where(Message.ticket_id == asked.ticket_id))
    assert numbers("balcon", actor(KARIM)) == []
    desk.read_due()
    assert desk.state() == desk.WordsState(0, 0, sound=True)


def test_numbers_of_accounts_are_not_kept(asked: Opened, actor: Known) -> None:
    conversation.write_again(
        asked.ticket_id, Word(body="Compte : FR76 3000 6000 0112 3456 7890 189 et 4111 1111 1111 1111"), by=SYSTEM
    )
    desk.read_due()
    kept = session.scalar(select(TicketWords.words).where(TicketWords.ticket_id == asked.ticket_id)) or ""
    assert "compte" in kept
    assert not {"3000", "6000", "4111", "1111", "fr76"} & set(kept.split())


def test_everything_is_read_in_groups_and_only_once(app: Flask, actor: Known) -> None:
    for n in range(7):
        a_ticket(email=f"a{n}@exemple.fr", name=f"A{n}", body="hautbois")
    assert desk.read_group(3) == 3
    assert len(numbers("hautbois", actor(KARIM))) == 3
    desk.read_due()
    assert len(numbers("hautbois", actor(KARIM))) == 7
    with counted() as seen:
        assert desk.read_due() == 0
    assert len(seen) <= 3


def test_a_group_costs_the_same_number_of_statements_whatever_its_size(app: Flask) -> None:
    def statements(count: int) -> int:
        for n in range(count):
            a_ticket(email=f"c{count}-{n}@exemple.fr", name="C", body="clarinette")
        with counted() as seen:
            desk.read_group(250)
        return len(seen)

    assert statements(1) == statements(20)


def test_what_ends_halfway_is_read_again(asked: Opened, actor: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = a_ticket(body="Le trombone")
    with monkeypatch.context() as patch:
        patch.setattr("app.search.desk_queries.done", _fail)
        with pytest.raises(RuntimeError):
            desk.read_due()
    assert numbers("trombone", actor(KARIM)) == []
    desk.read_due()
    assert numbers("trombone", actor(KARIM)) == [opened.number]


def _fail(_ids: object) -> None:
    raise RuntimeError("ends here")


def test_requests_that_were_there_before_are_read_by_the_worker(asked: Opened, actor: Known) -> None:
    desk.forget_all()
    with begun():
        session.execute(delete(TicketWords))
    assert session.scalar(select(func.count()).select_from(WordsDue)) == 2
    assert numbers("balcon", actor(KARIM)) == []
    desk.read_due()
    assert numbers("balcon", actor(KARIM)) == [asked.number]


def test_the_doctor_sees_what_is_missing_and_what_belongs_to_nothing_and_reading_all_again_mends_both(
    asked: Opened, actor: Known
) -> None:
    def check() -> health.Check:
        return next(one for one in health.examine() if one.id == "words")

    assert check().ok
    with begun():
        session.execute(delete(TicketWords).where(TicketWords.ticket_id == asked.ticket_id))
    assert (check().ok, check().found) == (False, 1)
    with begun():
        session.add(TicketWords(ticket_id=10**9, words="nulle"))
    assert (check().ok, check().found) == (False, 2)
    desk.forget_all()
    desk.read_due()
    assert check().ok
    assert session.get(TicketWords, 10**9) is None
    assert numbers("nulle", actor(KARIM)) == []


def test_folding_requests_together_keeps_every_word_findable(asked: Opened, actor: Known) -> None:
    other = a_ticket(body="La harpe est cassée")
    merging.merge(other.ticket_id, into_id=asked.ticket_id, by=actor(KARIM))
    desk.read_due()
    assert other.number in numbers("harpe", actor(KARIM)) or asked.number in numbers("harpe", actor(KARIM))


def test_no_words_are_ever_spelled_into_a_statement(asked: Opened, actor: Known) -> None:
    with counted() as seen:
        desk.search("balcon'); DROP TABLE ticket_words; --", by=actor(KARIM))
    assert not any("drop" in statement.lower() for statement in seen)
    assert session.scalar(text("SELECT count(*) FROM ticket_words")) == 2


def test_the_index_is_sound_for_whoever_read_before_others_wrote(app: Flask, asked: Opened) -> None:
    """SQLite refuses a write to who read an earlier state; the index is no worse for that."""
    session.rollback()
    assert session.scalar(select(func.count()).select_from(TicketWords)) == 2
    with db.engine.connect() as other:
        other.execute(text("UPDATE house SET name = name || ' '"))
        other.commit()
    assert desk.state().sound
