"""One verb on several requests."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.catalogue import service as catalogue
from app.catalogue.service import CannedDraft
from app.kernel.access import SYSTEM, Actor
from app.people import staff
from app.tickets import cases, handling
from app.tickets.opening import Opened
from tests.cast import ADELE, HUGO, KARIM, NADIA, SAMI, Character
from tests.doors.desk.steps import page, press, seen, told
from tests.makers import a_ticket

SignIn = Callable[[Character], FlaskClient]
Act = Callable[[Character], Actor]
LOT = "/regie/file/lot?vue=todo"


@pytest.fixture
def pair(ticket: Opened) -> list[int]:
    """Two requests of Léa's."""
    return [ticket.number, a_ticket().number]


def both(pair: list[int]) -> str:
    return " ".join(map(str, pair))


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({"do": "take"}, ("new", KARIM.name, False)),
        ({"do": "solve"}, ("solved", "", False)),
        ({"do": "snooze"}, ("snoozed", "", False)),
        ({"do": "spam"}, ("new", "", True)),
    ],
)
def test_every_chosen_request_changes(
    pair: list[int], karim: FlaskClient, actor: Act, fields: dict[str, str], outcome: tuple[str, str, bool]
) -> None:
    told(karim, press(karim, LOT, numbers=both(pair), **fields))
    by = actor(KARIM)
    found = {(case.state, case.assignee, case.spam) for case in (seen(by, number) for number in pair)}
    assert found == {outcome}


def test_a_colleague_chosen_in_the_palette_gets_them(pair: list[int], karim: FlaskClient, actor: Act) -> None:
    nadia = actor(NADIA).person_id
    press(karim, LOT, numbers=both(pair), do="", assignee=nadia)
    assert seen(actor(KARIM), pair[0]).assignee == NADIA.name


def test_a_closed_account_gets_nothing_and_is_not_offered(
    pair: list[int], karim: FlaskClient, sign_in: SignIn, actor: Act
) -> None:
    nadia = actor(NADIA).person_id
    staff.close(nadia or 0, by=actor(ADELE))
    html = told(karim, press(karim, LOT, numbers=both(pair), do="assign", assignee=nadia))
    assert html.count("le compte de ce collègue est fermé") == 2
    assert NADIA.name not in page(karim, f"/regie/demandes/{pair[0]}") + page(karim, "/regie/file/todo")
    assert seen(actor(KARIM), pair[0]).assignee == ""


def test_a_tag_is_put_on(pair: list[int], karim: FlaskClient, actor: Act) -> None:
    press(karim, LOT, numbers=both(pair), do="tag", tag="Presse")
    assert seen(actor(KARIM), pair[1]).tags == ("presse",)


def test_what_stayed_as_it_was_is_named_with_its_reason(pair: list[int], karim: FlaskClient) -> None:
    html = told(karim, press(karim, LOT, numbers=f"{both(pair)} 123456", do="tag", tag="?!"))
    assert f"{pair[0]} (" in html
    assert "123456 (" in html


def test_requests_out_of_sight_stay_as_they_are(pair: list[int], sign_in: SignIn, actor: Act) -> None:
    press(sign_in(HUGO), LOT, numbers=both(pair), do="solve")
    assert seen(actor(KARIM), pair[0]).state == "new"


def test_merging_keeps_the_oldest_and_can_be_undone(pair: list[int], karim: FlaskClient, actor: Act) -> None:
    html = told(karim, press(karim, LOT, numbers=both(reversed(pair)), do="merge"))  # type: ignore[arg-type]
    by = actor(KARIM)
    assert [seen(by, number).merged for number in pair] == [False, True]
    undo = dict(re.findall(r'<input type="hidden" name="(do|numbers)" value="([^"]*)">', html.split('id="undo"')[1]))
    told(karim, press(karim, LOT, **undo))
    assert seen(by, pair[1]).merged is False


def test_ending_can_be_undone(pair: list[int], karim: FlaskClient, actor: Act) -> None:
    assert 'id="undo"' in told(karim, press(karim, LOT, numbers=both(pair), do="solve"))
    press(karim, LOT, numbers=both(pair), do="reopen")
    assert seen(actor(KARIM), pair[0]).state == "open"


def test_nothing_chosen_changes_nothing(karim: FlaskClient, ticket: Opened, actor: Act) -> None:
    told(karim, press(karim, LOT, do="solve"))
    assert seen(actor(KARIM), ticket.number).state == "new"


def test_an_unknown_verb_is_refused(karim: FlaskClient, pair: list[int]) -> None:
    assert press(karim, LOT, numbers=both(pair), do="delete").status_code == 422


def test_who_handles_no_requests_may_not(pair: list[int], sign_in: SignIn) -> None:
    assert press(sign_in(SAMI), LOT, numbers=both(pair), do="solve").status_code == 403


def canned(body: str = "Bonjour {{name}}, c’est fait.") -> int:
    draft = CannedDraft(title_fr="Fait", title_en="Done", body_fr=body, body_en=body, then_state="solved")
    return catalogue.save_canned(draft, by=SYSTEM)


def test_a_canned_answer_shows_samples_before_it_leaves(pair: list[int], karim: FlaskClient, actor: Act) -> None:
    answer = press(karim, LOT, numbers=both(pair), canned=canned())
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Bonjour Léa Fontanel, c’est fait." in html
    assert all(word.kind == "spectator" for word in seen(actor(KARIM), pair[0]).said)


def test_a_canned_answer_goes_to_each_once(pair: list[int], karim: FlaskClient, actor: Act) -> None:
    card = canned()
    preview = press(karim, LOT, numbers=both(pair), canned=card).get_data(as_text=True)
    submission = re.search(r'name="submission" value="([^"]+)"', preview)
    assert submission is not None
    for _ in range(2):
        press(karim, "/regie/file/lot/envoi?vue=todo", numbers=both(pair), canned=card, submission=submission[1])
    case = seen(actor(KARIM), pair[0])
    assert [word.body for word in case.said if word.kind == "agent"] == ["Bonjour Léa Fontanel, c’est fait."]
    assert case.state == "solved"


def test_an_answer_with_a_blank_is_not_sent(pair: list[int], karim: FlaskClient, actor: Act) -> None:
    card = canned("Votre commande {{order}} est prête.")
    preview = press(karim, LOT, numbers=both(pair), canned=card).get_data(as_text=True)
    submission = re.search(r'name="submission" value="([^"]+)"', preview)
    assert submission is not None
    press(karim, "/regie/file/lot/envoi?vue=todo", numbers=both(pair), canned=card, submission=submission[1])
    assert len(seen(actor(KARIM), pair[0]).said) == 1


def test_an_unknown_canned_answer_does_not_exist(pair: list[int], karim: FlaskClient) -> None:
    assert press(karim, LOT, numbers=both(pair), canned=999).status_code == 404


def test_everybody_of_every_department_is_offered_to_who_works_in_all(sign_in: SignIn, pair: list[int]) -> None:
    html = page(sign_in(ADELE), "/regie/file/todo")
    assert HUGO.name in html
    assert SAMI.name not in html


def test_a_solved_request_is_not_solved_twice(pair: list[int], karim: FlaskClient, actor: Act) -> None:
    handling.solve(cases.spot_of(actor(KARIM), pair[0]).id, by=actor(KARIM))
    told(karim, press(karim, LOT, numbers=both(pair), do="solve"))
    assert seen(actor(KARIM), pair[0]).state == "solved"
