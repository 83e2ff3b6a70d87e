"""Ce soir: the performances of the day, those who came in, and the requests about them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient

from app.boxoffice.models import Admission, Contact, Household, Performance
from app.kernel import clock
from app.kernel.access import spectator
from app.kernel.db import session
from app.tickets.models import Ticket
from app.tickets.opening import Opened
from tests.bill import a_performance, an_order
from tests.cast import HUGO, KARIM, LEA, ODILE, SAMI, STRANGER, Character
from tests.conftest import counted
from tests.doors.desk.steps import page, press
from tests.makers import a_ticket

SignIn = Callable[[Character], FlaskClient]
HERE = "/regie/ce-soir"
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


@pytest.fixture
def show(noon: datetime) -> Performance:
    """Begins in eight minutes; one of its two seats has come in."""
    row = a_performance("Carmen", "Carmen", noon + timedelta(minutes=8))
    an_order("VAL-7K3QD", row)
    seat = session.query(Admission).first()
    assert seat is not None
    seat.scanned_at = clock.now()
    session.commit()
    return row


def about(show: Performance, *, priority: str = "urgent") -> Opened:
    opened = a_ticket(subject="Je suis bloquée dans le tram", by=spectator(None, door="portal"))
    row = session.get(Ticket, opened.ticket_id)
    assert row is not None
    row.performance_id, row.priority = show.id, priority
    session.commit()
    return opened


def plain(html: str) -> str:
    return unescape(html).replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_the_house_is_told_how_many_are_in_and_when_the_doors_close(karim: FlaskClient, show: Performance) -> None:
    html = plain(page(karim, HERE))
    assert "50 % entrés, fermeture des portes dans 8 min" in html
    assert "Il manque 1 place" in html
    assert "sur 900 places" in html


def test_urgent_requests_of_the_evening_stand_beside_it(karim: FlaskClient, show: Performance) -> None:
    opened = about(show)
    html = page(karim, HERE)
    assert "Je suis bloquée dans le tram" in html
    assert f"/regie/demandes/{opened.number}?" in html
    assert f"/regie/file/open?performance={show.id}" in html
    assert "1 urgente" in plain(html)


def urgent(words: str, email: str = LEA) -> Opened:
    """An urgent request that names no order and is tied to no performance."""
    opened = a_ticket(subject=words[:40], body=words, email=email, by=spectator(None, door="portal"))
    row = session.get(Ticket, opened.ticket_id)
    assert row is not None
    row.priority, row.performance_id = "urgent", None
    session.commit()
    return opened


def beside(html: str, show: Performance) -> str:
    """What stands in the part of the page about one performance."""
    return html.partition(f'aria-labelledby="s{show.id}"')[2].partition('<section class="card pad')[0]


def test_whoever_has_seats_tonight_needs_no_order_number(karim: FlaskClient, show: Performance) -> None:
    opened = urgent("Je suis coincée dans le métro, que faire ?")
    other = urgent("Je suis coincé dans le métro, que faire ?", STRANGER)
    here = beside(plain(page(karim, HERE)), show)
    assert str(opened.number) in here
    assert "a des places ce soir" in here
    assert "1 urgente" in here
    assert str(other.number) not in plain(page(karim, HERE))


def test_an_address_that_only_the_household_has_is_enough(
    karim: FlaskClient, show: Performance, noon: datetime
) -> None:
    home = session.query(Household).one()
    session.add(Contact(household_id=home.id, email="marc@exemple.fr", optin_email=None, optin_sms=None))
    session.commit()
    opened = urgent("Le train a du retard, nous arrivons !", "marc@exemple.fr")
    assert str(opened.number) in beside(page(karim, HERE), show)


def test_a_message_that_names_the_performance_or_the_evening_stands_beside_it(
    karim: FlaskClient, show: Performance
) -> None:
    named = urgent("Je n’ai pas reçu mes billets pour Carmen !", STRANGER)
    dated = urgent("Aidez-moi, mes billets de ce soir ne s’ouvrent pas.", "autre@exemple.fr")
    here = beside(plain(page(karim, HERE)), show)
    assert str(named.number) in here
    assert "nomme la représentation" in here
    assert str(dated.number) in here
    assert "parle de ce soir" in here


def test_tonight_with_two_performances_is_of_neither_in_particular(
    karim: FlaskClient, show: Performance, noon: datetime
) -> None:
    a_performance("Tosca", "Tosca", noon + timedelta(hours=1))
    dated = urgent("Aidez-moi, mes billets de ce soir ne s’ouvrent pas.", STRANGER)
    html = page(karim, HERE)
    assert str(dated.number) not in beside(html, show)
    assert str(dated.number) in html.partition('id="loose-t"')[2]


def test_what_is_about_another_date_is_not_about_tonight(karim: FlaskClient, show: Performance, noon: datetime) -> None:
    a_performance("Tosca", "Tosca", noon + timedelta(days=1))
    tomorrow = urgent("Je n’ai pas mes billets pour Tosca demain soir !")
    old = urgent("Je suis coincée dans le métro, que faire ?")
    session.query(Ticket).filter_by(id=old.ticket_id).update({"opened_at": noon - timedelta(days=5)})
    session.commit()
    html = page(karim, HERE)
    assert str(tomorrow.number) not in html
    assert str(old.number) not in html


def test_no_more_is_asked_for_twenty_of_them_than_for_one(karim: FlaskClient, show: Performance) -> None:
    urgent("Je suis coincée dans le métro, que faire ?")
    page(karim, HERE)
    with counted() as one:
        page(karim, HERE)
    for number in range(20):
        urgent(f"Le métro est arrêté, que faire {number} ?", f"qui{number}@exemple.fr")
    with counted() as many:
        page(karim, HERE)
    assert len(many) == len(one)


def test_requests_of_other_departments_and_less_urgent_ones_are_not_shown(
    karim: FlaskClient, show: Performance, sign_in: SignIn
) -> None:
    about(show, priority="normal")
    assert "tram" not in page(karim, HERE)
    about(show)
    assert "tram" not in page(sign_in(HUGO), HERE)


def test_who_reads_orders_only_sees_no_request(show: Performance, sign_in: SignIn) -> None:
    about(show)
    html = page(sign_in(ODILE), HERE)
    assert "Carmen" in html
    assert "tram" not in html
    assert "Demandes à son sujet" not in html


def test_the_part_that_changes_comes_by_itself(karim: FlaskClient, show: Performance) -> None:
    part = karim.get(f"{HERE}/etat", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "<html" not in part
    assert 'id="soir"' in part


def test_a_day_without_performance_names_the_next_one(karim: FlaskClient, noon: datetime) -> None:
    assert "Rien n’est à l’affiche" in unescape(page(karim, HERE))
    a_performance("Tosca", "Tosca", noon + timedelta(days=4))
    html = plain(page(karim, HERE))
    assert "Pas de représentation aujourd’hui" in html
    assert "Prochaine : Tosca" in html


def test_a_cancelled_evening_says_so_and_waits_for_nobody(karim: FlaskClient, noon: datetime) -> None:
    an_order("VAL-7K3QD", a_performance("Carmen", "Carmen", noon + timedelta(hours=1), status="cancelled"))
    html = plain(page(karim, HERE))
    assert "N’a pas lieu aujourd’hui" in html
    assert "entrés" not in html


def test_it_reads_in_english(karim: FlaskClient, show: Performance) -> None:
    press(karim, "/regie/moi", language="en", theme="auto", signature="")
    assert "50% in, doors close in 8 min" in plain(page(karim, HERE))


def test_who_works_elsewhere_may_not_enter(show: Performance, sign_in: SignIn) -> None:
    page(sign_in(SAMI), HERE, 403)


def test_after_midnight_the_page_is_of_the_evening_before_and_says_so(sign_in: SignIn, noon: datetime) -> None:
    a_performance("Carmen", "Carmen", noon + timedelta(hours=29, minutes=30))
    with clock.frozen_at(noon.replace(hour=23, minute=10)):
        html = plain(page(sign_in(KARIM), HERE))
    assert f'<p class="small soft">{DAYS[noon.weekday()]} {noon.day} ' in html
    assert "Prochaine : Carmen, mercredi 11 novembre 2026, 20 h" in html
