"""Links of a choice that are forged, over, replaced or lost; and the papers behind those that are right."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.boxoffice.models import Admission, Order
from app.cancellations import companions
from app.cancellations.companions import Named
from app.cancellations.models import Credit, CreditCompanion, CreditItem
from app.kernel import clock
from app.kernel.db import session
from app.mail.models import LetterOut
from app.tickets.models import Message, Ticket
from tests.doors.portal.choice_forms import (
    checked,
    confirmed,
    letters,
    link_of,
    owed,
    told,
)

PAGES = ("", "/recapitulatif", "/bulletin")
FORMS = ("", "/verification", "/coordonnees", "/code", "/confirmation")
YEARS = timedelta(days=366 * 6)


@pytest.fixture(autouse=True)
def _house(app: Flask, noon: datetime) -> None:
    """Every story begins at noon in a house of its own."""


@pytest.fixture
def credit() -> int:
    """A credit of 120 euros."""
    return owed(default_option="refund_card")


@pytest.fixture
def link(credit: int) -> str:
    """The address of its page."""
    return link_of(credit)


def renewed(credit_id: int) -> None:
    """Another link takes the place of the one that was sent."""
    row = session.get(Credit, credit_id)
    assert row is not None
    row.link_generation += 1
    session.commit()


def ticket_of(credit_id: int) -> dict[str, str]:
    """What stands on a ticket of a credit's order."""
    code, email, number = (
        session.query(Order.code, Order.email, Admission.external_id).join(Admission, Admission.order_id == Order.id)
    ).first() or ("", "", "")
    return {"order": code, "last4": number[-4:], "email": email}


@pytest.mark.parametrize("token", ["abc", "a" * 42, "é", "x" * 3_000])
def test_a_link_nobody_got_is_nowhere(client: FlaskClient, token: str) -> None:
    for page in PAGES:
        assert client.get(f"/c/{token}{page}").status_code == 404
    for form in FORMS:
        assert client.post(f"/c/{token}{form}").status_code == 404


def test_a_link_that_leads_nowhere_says_what_to_do(client: FlaskClient, credit: int, link: str) -> None:
    page = told(client.get(link[:-9]).get_data(as_text=True))
    assert "Nous ne reconnaissons pas ce lien" in page
    session.query(Credit).filter_by(id=credit).update({"state": "void"})
    session.query(CreditItem).filter_by(credit_id=credit).update({"live": False})
    session.commit()
    for address in (link, f"{link}/bulletin"):
        answer = client.get(address)
        assert answer.status_code == 410
        html = answer.get_data(as_text=True)
        assert "Il n’y a plus rien à choisir ici" in told(html)
        assert 'href="/spectacle-annule"' in html
    assert client.post(f"{link}/confirmation").status_code == 410


def test_a_link_with_one_letter_changed_is_nowhere(client: FlaskClient, link: str) -> None:
    forged = link[:-1] + ("a" if link[-1] != "a" else "b")
    assert client.get(forged).status_code == 404
    # The last character holds bits of no byte: every other one is tried too.
    forged = link[:-5] + ("a" if link[-5] != "a" else "b") + link[-4:]
    assert client.get(forged).status_code == 404


def test_a_claim_that_is_over_says_so_on_every_page(client: FlaskClient, link: str, noon: datetime) -> None:
    with clock.frozen_at(noon + YEARS):
        for page in PAGES:
            answer = client.get(f"{link}{page}")
            assert answer.status_code == 410
        for form in FORMS:
            assert client.post(f"{link}{form}").status_code == 410
        assert "Ce lien a expiré" in answer.get_data(as_text=True)
        assert "120,00" not in answer.get_data(as_text=True)


def test_a_link_that_was_replaced_sends_the_new_one_to_its_household_only(
    client: FlaskClient, credit: int, link: str
) -> None:
    renewed(credit)
    gone = client.get(link)
    assert gone.status_code == 410
    assert f'action="{link}/lien"' in gone.get_data(as_text=True)
    assert client.post(f"{link}/verification", data={"tout": "refund_card"}).status_code == 410
    assert client.post(f"{link}/lien").status_code == 200
    (letter,) = letters("choice_invite")
    assert link_of(credit) in letter
    assert client.get(link_of(credit)).status_code == 200


def test_a_forged_link_has_nothing_sent_and_hears_the_same(client: FlaskClient, link: str, credit: int) -> None:
    forged = client.post(f"/c/{'a' * 42}/lien")
    assert letters("choice_invite") == []
    assert forged.get_data() == client.post(f"{link}/lien").get_data()


def test_whoever_knows_a_ticket_is_sent_the_link(client: FlaskClient, credit: int, link: str) -> None:
    typed = ticket_of(credit)
    answer = client.post("/en/cancelled-show", data={**typed, "order": f" {typed['order'].lower()} "})
    assert answer.status_code == 200
    assert "Look at your mail" in answer.get_data(as_text=True)
    (letter,) = letters("choice_invite")
    assert link in letter


@pytest.mark.parametrize("wrong", [{"order": "VAL-99999"}, {"last4": "0000"}, {"email": "autre@exemple.fr"}])
def test_nobody_learns_whether_it_fits(client: FlaskClient, credit: int, wrong: dict[str, str]) -> None:
    right = client.post("/spectacle-annule", data=ticket_of(credit))
    other = client.post("/spectacle-annule", data={**ticket_of(credit), **wrong})
    assert right.status_code == other.status_code == 200
    assert right.get_data() == other.get_data()
    assert len(letters("choice_invite")) == 1


def test_a_link_is_sent_again_once_an_hour(client: FlaskClient, credit: int, noon: datetime) -> None:
    for _ in range(3):
        client.post("/spectacle-annule", data=ticket_of(credit))
    assert len(letters("choice_invite")) == 1
    with clock.frozen_at(noon + timedelta(hours=1)):
        client.post("/spectacle-annule", data=ticket_of(credit))
    assert len(letters("choice_invite")) == 2


def test_what_is_missing_is_asked_for_in_place(client: FlaskClient) -> None:
    answer = client.post("/en/cancelled-show", data={"order": "", "last4": "123", "email": "lea.exemple"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Fill in this field." in page
    assert "Give the last four signs, no more and no fewer." in page
    assert "Write the address like this: name@example.org." in page
    assert 'value="123"' in page
    assert 'value="lea.exemple"' in page


def test_wrong_digits_hear_what_may_be_wrong_and_not_which(client: FlaskClient, credit: int) -> None:
    answer = client.post("/en/cancelled-show", data={**ticket_of(credit), "last4": "0000"})
    page = answer.get_data(as_text=True)
    assert "If what you gave fits one of our orders" in page
    assert "Perhaps one sign was mistyped" in page
    assert letters("choice_invite") == []


def test_of_what_was_bought_without_any_address_a_colleague_is_asked_once_a_day(
    client: FlaskClient, credit: int, noon: datetime
) -> None:
    typed = {**ticket_of(credit), "email": "qui@exemple.fr"}
    session.query(Order).update({"email": ""})
    session.commit()
    wrong = client.post("/spectacle-annule", data={**typed, "last4": "0000"})
    assert session.query(Ticket.id).count() == 0
    for _ in range(2):
        right = client.post("/spectacle-annule", data=typed)
    assert right.get_data() == wrong.get_data()
    (row,) = session.query(Ticket).all()
    assert (row.order_code, row.type) == (typed["order"], "refund_cancelled")
    assert "la fin du code-barres est exacte" in session.query(Message.body).scalar()
    assert letters("choice_invite") == []


def test_asking_over_and_over_is_slowed_down(client: FlaskClient) -> None:
    typed = {"order": "VAL-1", "last4": "1234", "email": "qui@exemple.fr"}
    answers = [client.post("/spectacle-annule", data=typed).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]


def test_the_receipt_repeats_what_was_chosen_and_agreed_to(client: FlaskClient, link: str) -> None:
    assert client.get(f"{link}/recapitulatif").headers["Location"] == link
    confirmed(client, link, checked(client, link, refund_card="80", donation="40")[1])
    page = told(client.get(f"{link}/recapitulatif?lang=en").get_data(as_text=True))
    assert "File AV-2026-000001 · La Traviata" in page
    assert "I give €40.00 to the house, of my own free will, and ask nothing for it." in page
    assert "This paper is no tax receipt." in page


def test_the_coupon_is_blank_and_says_everything_one_needs_to_answer_by_post(client: FlaskClient, link: str) -> None:
    page = told(client.get(f"{link}/bulletin?lang=en").get_data(as_text=True))
    assert "File AV-2026-000001 · La Traviata · €120.00" in page
    assert "Refund by cheque" in page
    assert "Account number (IBAN)" in page
    assert "before Thursday 10 December 2026" in page
    assert link in page


def test_codes_are_tried_so_often_behind_one_link_and_others_are_not_slowed_down(
    client: FlaskClient, link: str
) -> None:
    other = link_of(owed())
    answers = [client.post(f"{link}/code", data={"code": "000000"}).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
    assert client.post(f"{other}/code", data={"code": "000000"}).status_code == 422


def handed_over(credit_id: int, email: str = "ada@exemple.fr") -> int:
    """One of the two seats becomes a companion's own; returns the companion's credit."""
    link = link_of(credit_id)
    token = link.rpartition("/")[2]
    (seat, *_others) = [row[0] for row in session.query(CreditItem.admission_id).filter_by(credit_id=credit_id)]
    asked = companions.ask(token, Named(seats=frozenset([seat]), name="Ada Roux", email=email, form="ada"))
    companions.prove(token, asked.id, re.findall(r"^(\d{6})$", letters("companion_code")[-1], re.MULTILINE)[0])
    session.rollback()
    return int(session.query(Credit.id).filter(Credit.id != credit_id).order_by(Credit.id.desc()).first()[0])  # type: ignore[index]


def hint_of(html: str) -> str:
    """What a page says to whom somebody else bought seats for."""
    found = re.findall(r'<section[^>]*aria-labelledby="handed-over">.*?</section>', html, re.DOTALL)
    return str(found[0]) if found else ""


@pytest.mark.parametrize(
    ("lang", "sentence"), [("fr", "Notre courriel la nomme"), ("en", "Our e-mail names that person")]
)
def test_a_companion_reads_where_to_go_and_a_stranger_reads_the_same(
    client: FlaskClient, credit: int, link: str, lang: str, sentence: str
) -> None:
    companion = handed_over(credit)
    theirs, speaks = link_of(companion), {"query_string": {"lang": lang}}
    assert client.get(theirs).status_code == 200
    renewed(companion)
    replaced = client.get(theirs, **speaks)  # type: ignore[arg-type]
    session.query(Credit).filter_by(id=companion).update({"state": "void"})
    session.query(CreditItem).filter_by(credit_id=companion).update({"live": False})
    session.commit()
    void = client.get(theirs, **speaks)  # type: ignore[arg-type]
    pages = [client.get(one, **speaks) for one in (theirs[:-7], f"/c/{'a' * 42}", "/c/abc")]  # type: ignore[arg-type]
    assert [one.status_code for one in (replaced, void, *pages)] == [410, 410, 404, 404, 404]
    hints = {hint_of(one.get_data(as_text=True)) for one in (replaced, void, *pages)}
    assert len(hints) == 1
    assert sentence in told(hints.pop())
    # Nobody is named, and of two links that nobody knows neither is told from the other.
    for one in (replaced, void, *pages):
        html = one.get_data(as_text=True)
        assert not {"Fontanel", "Ada Roux", "ada@exemple.fr", "lea@exemple.fr", "60,00"} & set(
            re.split(r"[<>\s]", html)
        )
        assert "Fontanel" not in html
    assert (
        len({re.sub(r"/c/[\w-]+", "", re.sub(r'value="[^"]+"', "", one.get_data(as_text=True))) for one in pages}) == 1
    )


def test_a_lost_link_speaks_the_language_of_whoever_it_was_sent_to(client: FlaskClient, credit: int, link: str) -> None:
    english = {"Accept-Language": "en-GB,en;q=0.9,fr;q=0.5"}
    unknown, renewed_link = f"/c/{'a' * 42}", link
    renewed(credit)
    assert '<html lang="en"' in client.get(unknown, headers=english).get_data(as_text=True)
    assert '<html lang="fr"' in client.get(unknown).get_data(as_text=True)
    html = client.get(renewed_link, headers=english).get_data(as_text=True)
    assert '<html lang="fr"' in html
    assert f'href="{link}?lang=en"' in html
    session.query(Credit).update({"language": "en"})
    session.commit()
    assert '<html lang="en"' in client.get(renewed_link).get_data(as_text=True)


def test_of_a_claim_that_is_over_no_new_link_is_promised(client: FlaskClient, link: str, noon: datetime) -> None:
    with clock.frozen_at(noon + YEARS):
        hint = told(hint_of(client.get(link).get_data(as_text=True)))
    assert "Notre courriel la nomme" in hint
    assert "nouveau lien" not in hint


def test_a_companion_who_knows_their_ticket_is_sent_their_own_link(client: FlaskClient, credit: int, link: str) -> None:
    companion = handed_over(credit)
    admission = session.query(CreditItem.admission_id).filter_by(credit_id=companion, live=True).scalar()
    number, code = (
        session.query(Admission.external_id, Order.code).join(Order, Order.id == Admission.order_id)
        .filter(Admission.id == admission)
    ).one()  # fmt: skip
    typed = {"order": code, "last4": number[-4:], "email": "Ada@exemple.fr"}
    answer = client.post("/spectacle-annule", data=typed)
    (letter,) = letters("choice_invite")
    assert link_of(companion) in letter
    assert link not in letter
    # Another address, another seat of the same order, a seat that was taken back: nothing, and the same page.
    other = (
        session.query(Admission.external_id).join(CreditItem, CreditItem.admission_id == Admission.id)
        .filter(CreditItem.credit_id == credit, CreditItem.live.is_(True))
    ).scalar()  # fmt: skip
    for wrong in ({"email": "qui@exemple.fr"}, {"last4": other[-4:]}, {"order": "VAL-99999"}):
        assert client.post("/spectacle-annule", data={**typed, **wrong}).get_data() == answer.get_data()
    clock.advance(timedelta(hours=2))
    companions.undo(link.rpartition("/")[2], session.query(CreditCompanion.id).scalar())
    client.post("/spectacle-annule", data=typed)
    assert len(letters("choice_invite")) == 1


def test_a_replaced_link_of_a_companion_is_sent_anew_to_them_alone(client: FlaskClient, credit: int, link: str) -> None:
    companion = handed_over(credit)
    theirs = link_of(companion)
    renewed(companion)
    client.post(f"{theirs}/lien")
    assert [row.to_email for row in session.query(LetterOut).filter_by(kind="choice_invite")] == ["ada@exemple.fr"]
