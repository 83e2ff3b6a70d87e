"""Following a request by its private link."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from app.kernel import clock
from app.kernel.db import session
from app.mail import intake
from app.mail import queries as letters
from app.mail.intake import Envelope
from app.tickets import cases, links, merging, message_queries, queries
from app.tickets.conversation import Word, answer, note
from app.tickets.files import accept
from app.tickets.opening import Opened
from app.tickets.states import State
from app.web.forms import new_submission
from tests.cast import KARIM
from tests.conftest import counted
from tests.doors.portal.scenery import PDF, text_of
from tests.makers import a_ticket

pytestmark = pytest.mark.usefixtures("noon")


def _word(**changes: object) -> dict[str, object]:
    return {"form": new_submission(), "body": "Une précision.", **changes}


def test_the_promise_is_the_title(client: FlaskClient, link: str, ticket: Opened):
    page = text_of(client, f"{link}?lang=en")
    assert "We will answer before" in page
    assert f"Request no. {ticket.number}" in page
    assert 'aria-current="step"' in page


def test_the_page_leaves_no_trace(client: FlaskClient, link: str):
    headers = client.get(link).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in headers["X-Robots-Tag"]


def test_opening_the_link_keeps_it_alive_and_confirms_the_address(
    client: FlaskClient, link: str, ticket: Opened, noon: datetime
):
    with clock.frozen_at(noon + timedelta(days=20)):
        text_of(client, link)
    with clock.frozen_at(noon + timedelta(days=45)):
        assert client.get(link).status_code == 200


@pytest.mark.parametrize("token", ["abc", "a" * 42, "é", "x" * 3_000])
def test_a_link_nobody_got_is_nowhere(client: FlaskClient, token: str):
    assert client.get(f"/d/{token}").status_code == 404
    assert client.post(f"/d/{token}/messages", data=_word()).status_code == 404
    assert client.post(f"/d/{token}/lien").status_code == 404


def test_an_expired_link_is_replaced_by_letter(client: FlaskClient, link: str, ticket: Opened, noon: datetime):
    with clock.frozen_at(noon + timedelta(days=31)):
        gone = client.get(link)
        assert gone.status_code == 410
        assert f'action="{link}/lien"' in gone.get_data(as_text=True)
        assert client.post(f"{link}/lien").status_code == 200
    assert [row.ticket_id for row in letters.last_out(5, None)] == [ticket.ticket_id]


def test_the_page_speaks_the_language_of_the_request(client: FlaskClient):
    opened = a_ticket(language="en", subject="Change the date")
    address = f"/d/{links.token_for(opened.nonce)}"
    assert '<html lang="en"' in text_of(client, address)
    assert '<html lang="fr"' in text_of(client, f"{address}?lang=fr")


def test_an_answer_is_shown_with_the_first_name_of_who_wrote_it(client: FlaskClient, link: str, ticket: Opened, actor):
    answer(ticket.ticket_id, Word(body="Voici vos nouvelles places."), by=actor(KARIM))
    page = text_of(client, f"{link}?lang=en")
    assert "Voici vos nouvelles places." in page
    assert "Karim, box office" in page
    assert "Oulmane" not in page


def test_notes_and_held_words_are_not_shown(client: FlaskClient, link: str, ticket: Opened, actor):
    note(ticket.ticket_id, Word(body="Cliente difficile ?"), by=actor(KARIM))
    assert "Cliente difficile" not in text_of(client, link)


def test_a_letter_that_is_held_and_its_file_are_not_shown(
    client: FlaskClient, link: str, ticket: Opened, actor, run_jobs
):
    """TRUST S30: a stranger who has the key of a request, with a file."""
    answer(ticket.ticket_id, Word(body="Quelle date ?"), then=State.WAITING, by=actor(KARIM))
    run_jobs()
    ours = letters.last_out(1)[0]
    made = EmailMessage()
    made["From"], made["To"], made["Message-ID"] = "inconnu@exemple.net", ours.reply_to, "<s@x.fr>"
    made["In-Reply-To"], made["Subject"] = f"<{ours.mid}>", ours.subject
    made.set_content("Je suis Léa.")
    made.add_attachment(PDF, maintype="application", subtype="pdf", filename="faux.pdf")
    intake.store_letters([(made.as_bytes(), Envelope("", (ours.reply_to,)))])
    run_jobs()
    session.rollback()
    held = cases.case_for(actor(KARIM), ticket.number).said[-1]
    assert (held.held, [file.name for file in held.files]) == (True, ["faux.pdf"])
    page = text_of(client, link)
    assert "Je suis Léa." not in page
    assert "faux.pdf" not in page
    assert client.get(f"{link}/fichiers/{held.files[0].id}").status_code == 404


def test_when_it_is_her_turn_the_form_comes_first(client: FlaskClient, link: str, ticket: Opened, actor):
    answer(ticket.ticket_id, Word(body="Quelle date ?"), then=State.WAITING, by=actor(KARIM))
    page = text_of(client, f"{link}?lang=en")
    assert "Over to you: we are waiting for your reply" in page
    assert page.index('id="f-body"') < page.index('id="thread"')


def test_a_late_answer_is_admitted_with_its_moment(client: FlaskClient, link: str, noon: datetime):
    with clock.frozen_at(noon + timedelta(days=4)):
        page = text_of(client, f"{link}?lang=en")
    assert "We are behind the time we gave you" in page
    assert "You should have had an answer by" in page


def test_a_word_and_a_file_join_the_request(client: FlaskClient, link: str, ticket: Opened):
    sent = client.post(f"{link}/messages", data=_word(files=[(BytesIO(PDF), "billet.pdf")]))
    assert (sent.status_code, sent.headers["Location"]) == (303, f"{link}?fait=sent")
    page = text_of(client, f"{link}?fait=sent")
    assert "Une précision." in page
    assert "billet.pdf" in page


def test_the_same_word_twice_is_said_once(client: FlaskClient, link: str, ticket: Opened):
    word = _word()
    client.post(f"{link}/messages", data=word)
    client.post(f"{link}/messages", data=word)
    assert len(message_queries.public_messages(ticket.ticket_id)) == 2


def test_an_empty_word_is_refused_in_place(client: FlaskClient, link: str):
    refused = client.post(f"{link}/messages?lang=en", data=_word(body=" "))
    assert refused.status_code == 422
    assert refused.get_data(as_text=True).count("Write something here.") == 2


def test_a_refused_file_leaves_text_and_good_files_in_place(client: FlaskClient, link: str):
    files = [(BytesIO(PDF), "billet.pdf"), (BytesIO(b"MZ"), "programme.exe")]
    page = client.post(f"{link}/messages", data=_word(files=files)).get_data(as_text=True)
    assert "Une précision.</textarea>" in page
    assert 'name="kept"' in page


def test_she_ends_her_request_and_takes_it_up_again(client: FlaskClient, link: str, ticket: Opened):
    client.post(f"{link}/fin")
    assert queries.card(ticket.ticket_id).state == "solved"
    assert "Your request is ended" in text_of(client, f"{link}?lang=en")
    client.post(f"{link}/reprise")
    assert queries.card(ticket.ticket_id).state == "open"


def test_after_thirty_days_a_word_opens_another_request(client: FlaskClient, link: str, ticket: Opened, noon: datetime):
    client.post(f"{link}/fin")
    with clock.frozen_at(noon + timedelta(days=29)):
        text_of(client, link)
    with clock.frozen_at(noon + timedelta(days=40)):
        sent = client.post(f"{link}/messages", data=_word())
        assert sent.headers["Location"].startswith("/demandes/envoyee?f=")
        client.post(f"{link}/reprise")
    assert queries.card(ticket.ticket_id).state == "solved"
    assert [kind for kind, _ in queries.linked(ticket.ticket_id)] == ["follows"]


def test_a_page_still_open_on_a_merged_request_ends_nothing_by_surprise(
    client: FlaskClient, link: str, ticket: Opened, actor
):
    whole = a_ticket()
    merging.merge(ticket.ticket_id, whole.ticket_id, by=actor(KARIM))
    for press in ("fin", "reprise"):
        assert client.post(f"{link}/{press}").headers["Location"].endswith(link)
    states = {key: row.state for key, row in queries.cards([ticket.ticket_id, whole.ticket_id]).items()}
    assert set(states.values()) == {"new"}


def test_the_link_of_a_merged_request_leads_to_the_whole_one(client: FlaskClient, link: str, ticket: Opened, actor):
    whole = a_ticket(subject="La même")
    merging.merge(ticket.ticket_id, whole.ticket_id, by=actor(KARIM))
    answer_ = client.get(link)
    assert (answer_.status_code, answer_.headers["Location"]) == (302, f"/d/{links.token_for(whole.nonce)}")


def test_a_file_leaves_as_a_download_only(client: FlaskClient, link: str, ticket: Opened, actor):
    kept = accept('reçu "2"\r\nX-Evil: 1.pdf', PDF)
    answer(ticket.ticket_id, Word(body="Voici", files=(kept,)), by=actor(KARIM))
    file = message_queries.public_messages(ticket.ticket_id)[-1].attachments[0]
    sent = client.get(f"{link}/fichiers/{file.id}")
    assert sent.get_data() == PDF
    assert sent.headers["Content-Disposition"].startswith("attachment;")
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in sent.headers["Content-Security-Policy"]
    assert "X-Evil" not in sent.headers


def test_files_of_other_requests_and_of_notes_do_not_exist(client: FlaskClient, link: str, ticket: Opened, actor):
    other = a_ticket(email="autre@exemple.fr")
    kept = accept("note.txt", b"entre nous")
    note(ticket.ticket_id, Word(body="Note", files=(kept,)), by=actor(KARIM))
    answer(other.ticket_id, Word(body="Voici", files=(kept,)), by=actor(KARIM))
    for file_id in (1, 2, 3, 10**30):
        assert client.get(f"{link}/fichiers/{file_id}").status_code == 404


def test_a_link_opens_its_own_request_only(client: FlaskClient, link: str):
    other = a_ticket(email="autre@exemple.fr", body="Un autre sujet")
    assert "Un autre sujet" not in text_of(client, link)
    assert f"{other.number}" not in text_of(client, link)


def test_the_link_is_sent_again_to_her_only_and_seldom(client: FlaskClient, link: str):
    for _ in range(4):
        assert client.post(f"{link}/lien").status_code == 200
    assert len(letters.last_out(10, None)) == 3


def test_a_long_conversation_costs_no_more_statements(client: FlaskClient, link: str, ticket: Opened, actor):
    answer(ticket.ticket_id, Word(body="Un"), by=actor(KARIM))
    text_of(client, link)
    with counted() as short:
        text_of(client, link)
    for number in range(20):
        answer(ticket.ticket_id, Word(body=f"Réponse {number}"), by=actor(KARIM))
    text_of(client, link)  # what every process remembers for a moment may have grown old meanwhile
    with counted() as long:
        text_of(client, link)
    assert len(long) == len(short) <= 16
