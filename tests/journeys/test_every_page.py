"""Every page of the stories, in both themes and at two widths: axe finds nothing, nothing sticks out, nobody complains."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.routing import MapAdapter

from app.announcements import board as announcement_board
from app.announcements import leaving, proposing, telling
from app.announcements.telling import Wanted
from app.boxoffice import changing, picking
from app.boxoffice import service as boxoffice
from app.boxoffice.models import Contact, HouseholdPair, Performance
from app.cancellations import board as campaign_board
from app.cancellations import choosing, managing, regimes, revoking, sparing, supplementing
from app.cancellations.choosing import Wish
from app.cancellations.models import Credit
from app.cancellations.plans import OptionPlan, Plan
from app.catalogue import service as catalogue
from app.health import worker
from app.incidents import answering, belonging, board, declaring
from app.incidents.declaring import Telling
from app.incidents.filling import Words
from app.incidents.first_words import ADVICE, first_words
from app.kernel import clock
from app.kernel.db import session
from app.kernel.jobs import Slot
from app.kernel.transaction import begun
from app.knowledge import arriving, editing
from app.knowledge.editing import DraftInput
from app.mail import fetching, intake, mailboxes, register
from app.mail.fetching import Fetched
from app.mail.intake import Envelope
from app.mail.mailbox_draft import MailboxDraft
from app.people import service as people
from app.search import gaps
from app.tickets import views
from app.tickets.filters import Filter
from app.tickets.opening import Opened
from app.tickets.states import State
from app.venue import service as venue
from tests import crowds
from tests.cast import LEA, STRANGER
from tests.domains.cancellations.world import a_household, a_plan, bought, cancelled, run
from tests.journeys import choices, payments, settlements
from tests.journeys import house as houses
from tests.journeys.conftest import at_work, screens
from tests.journeys.house import NOON, House
from tests.journeys.letters import link_in
from tests.journeys.looks import faults
from tests.journeys.pages import ANSWERS, NO_PAGES, REFUSED, VISITS
from tests.journeys.test_trouble import database_out_of_reach
from tests.journeys.watch import Watch
from tests.makers import a_letter
from tests.parcels import BAR, an_archive

pytestmark = pytest.mark.browser


@dataclass
class Stage:
    """The house of this file, a browser for each person, and what the addresses leave open."""

    house: House
    page_of: Callable[[str], Page]
    words: dict[str, str]
    watch: Watch


@pytest.fixture(scope="module")
def stage(browser: Browser, premiere: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Everybody at their place, with a request in every state that has a page of its own."""
    watch, kept = Watch(), dict[str, Page]()
    folder = tmp_path_factory.mktemp("every-page") / "house"
    with houses.opened(premiere, folder, RATE_LIMITS="off") as house, screens(browser, house, watch) as screen:

        def page_of(who: str) -> Page:
            if who not in kept:
                page = screen(reduced_motion="reduce")
                kept[who] = page if who == "public" else at_work(page, who)
            return kept[who]

        yield Stage(house, page_of, scenery(house, page_of), watch)


def scenery(house: House, page_of: Callable[[str], Page]) -> dict[str, str]:
    """A request in every state that has a page of its own, and what the addresses name of it."""
    with clock.frozen_at(NOON - timedelta(days=45)):
        house.ask(subject="Il y a longtemps", type="exchange_date", email="avant@exemple.fr", name="Avant")
    open_one = house.ask(subject="Deux places", type="refund_cancelled", order_code="VAL-7K3QD", submission="a" * 16)
    ended = house.ask(subject="Terminée", type="exchange_date", email="autre@exemple.fr", name="Autre")
    house.answer(ended.ticket_id, "Bonjour, c’est fait.", then=State.SOLVED)
    theirs = house.sink.to("autre@exemple.fr")
    adele = page_of("adele")
    adele.goto(f"/regie/demandes/{open_one.number}")
    person = adele.get_by_role("link", name="Tout sur ce spectateur").get_attribute("href") or ""
    adele.goto("/lettres")
    letter = adele.get_by_role("main").get_by_role("row").nth(1).get_by_role("link").get_attribute("href") or ""
    internal = page_of("sami").get_by_role("main").get_by_role("row").nth(1).get_by_role("link").get_attribute("href")
    return {
        "number": str(open_one.number), "solved": str(ended.number), "internal": (internal or "").rpartition("/")[2],
        "page": link_in(house.sink.to(LEA)[-1], "/d/"), "ended": link_in(theirs[-1], "/d/"),
        "expired": link_in(house.sink.to("avant@exemple.fr")[-1], "/d/"), "opinion": link_in(theirs[-1], "/avis/"),
        "submission": "a" * 16, "person": person.rpartition("/")[2], "letter": letter.rpartition("/")[2],
        **kept_work(house), **wanting(house), **letters_to_decide(house, open_one), **incidents(house),
        **a_crowd_answered(house), **a_shelf_brought_in(house), **credits_of_households(house),
        **announcements(house), **campaigns(house), **changed(house), **settlements.of_two_campaigns(house),
    }  # fmt: skip


def a_crowd_answered(house: House) -> dict[str, str]:
    """An incident with an answer whose first wave is told, with somebody left out of it, and another one being written."""
    with house.app.app_context():
        by = house.actor("ines")
        incident = crowds.an_incident(by)
        crowds.a_crowd(incident, 20)
        people.mark_undeliverable("personne3@laposte.example", "5.1.1")
        answer = crowds.a_written_answer(incident, by, by_itself=True)
        answering.start(answer, seen_version=1, by=by)
    house.work()
    with house.app.app_context():
        words = Words("Bonjour, c’est annulé.", "Dear all, it is cancelled.")
        answering.correct(answer, words, seen_revision=1, by=house.actor("ines"))
        crowds.a_written_answer(incident, by, without=(1,))
    return {"incident": str(incident), "crowd_answer": str(answer)}


def a_shelf_brought_in(house: House) -> dict[str, str]:
    """The knowledge base of another desk, of which something was left out."""
    with house.app.app_context():
        by, wanted = house.actor("paul"), arriving.Wanted(lang="fr")
        content = an_archive(("aide/le-bar.md", BAR), ("aide/latin.md", "# Déjà".encode("latin-1")))
        found = arriving.rehearse(content, name="aide.zip", wanted=wanted, by=by)
        bringing_id = arriving.ask(found.mark, name="aide.zip", wanted=wanted, by=by)
    house.work()
    return {"brought": str(bringing_id)}


def credits_of_households(house: House) -> dict[str, str]:
    """A household for every page of a choice; the tokens of their links."""
    open_one, chosen, settled, replaced = choices.a_cancelled_evening(
        house, *(f"foyer-{n}@exemple.fr" for n in range(4))
    )
    (partly,) = choices.a_cancelled_evening(
        house, "foyer-4@exemple.fr", title="Carmen", paid={"card": 7_000, "ancv": 5_000}
    )
    choices.choose(house, chosen, voucher=12_000)
    choices.choose(house, chosen, refund_card=8_000, donation=4_000)
    choices.choose(house, settled, refund_card=12_000)
    choices.change(house, settled, state="settled", locked_at=NOON, settled_at=NOON)
    keys = {"choice": open_one, "chosen": chosen, "settled": settled, "replaced": replaced, "partly": partly}
    words = {name: choices.path_of(house, key).rpartition("/")[2] for name, key in keys.items()}
    choices.change(house, replaced, link_generation=2)
    (returned,) = payments.a_paid_evening(house, "foyer-5@exemple.fr", refund_transfer=7_000, voucher=5_000)
    payments.came_back(house, returned)
    return {**words, "returned": choices.path_of(house, returned).rpartition("/")[2]}


def kept_work(house: House) -> dict[str, str]:
    """A view and a draft that colleagues have kept, and a reason to write to them."""
    text = "---\nslug: show-cancelled\nlang: fr\ntitle: Autre titre\n---\n\nAutre texte.\n"
    with house.app.app_context():
        draft = editing.save_draft(DraftInput(slug="show-cancelled", lang="fr", source=text), by=house.actor("paul"))
        view = views.save_view("Au vestiaire", Filter(category="lost_property"), by=house.actor("karim"))
        kind = next(card.code for card in catalogue.types().values() if card.internal)
        mailbox = two_mailboxes(house)
    return {"draft": str(draft.draft_id), "view": str(view), "kind": kind, "mailbox": str(mailbox)}


def wanting(house: House) -> dict[str, str]:
    """What is wanting: words that found nothing, and a worker that works."""
    with house.app.app_context():
        for words in ("tarif groupe scolaire", "vestiaire de l’entracte"):
            gaps.note(words, "fr")
        with begun():
            session.query(Slot).delete()
            session.add(Slot(name="sweep promises", taken_at=clock.now() - timedelta(minutes=50)))
        worker.seen_alarm.forget()
    return {}


def incidents(house: House) -> dict[str, str]:
    """One that is over, one declared with a crowd and an exception, one proposed."""
    with house.app.app_context():
        ines, karim = house.actor("ines"), house.actor("karim")
        past = declaring.declare(told_of("sale", None), by=ines)
        declaring.end(past, "over", by=ines)
        order = boxoffice.find("VAL-7K3QD")
        show = order.performance.id if order and order.performance else 0
        declared = declaring.declare(told_of("cancelled", show), by=ines)
    house.ask(subject="Et notre fauteuil roulant ?", order_code="VAL-7K3QD", type="refund_cancelled")
    with house.app.app_context():
        for row in board.members(declared, "crowd", by=karim)[0][:1]:
            belonging.pull_out(declared, row.ticket_id, by=karim)
        apart = board.exceptions(declared, by=karim).rows[0]
        other = next(card.id for card in boxoffice.coming() if card.id != show)
        evidence = {"by": "performance", "key": str(other), "count": 41, "senders": 38, "expected": 3, "minutes": 30}
        proposed = declaring.propose(told_of("late", other), evidence)
    return {"past": str(past), "declared": str(declared), "proposed": str(proposed), "apart": str(apart.number)}


def told_of(cause: str, show: int | None) -> Telling:
    """What is told of an incident, in the words a declaration begins with."""
    card = boxoffice.performance(show) if show else None
    return Telling(
        cause=cause, performance_id=show, words=() if show else ("paiement",), article=ADVICE.get(cause),
        **first_words(cause, card, venue.house().tz),
    )  # fmt: skip


def campaigns(house: House) -> dict[str, str]:
    """A campaign whose households choose, one of which has; and one that is simulated only."""
    with house.app.app_context():
        ines, adele = house.actor("ines"), house.actor("adele")
        shows = [card for card in picking.found("", changed_only=True) if card.status == "cancelled"]
        options = tuple(
            OptionPlan(code=code) for code in ("refund_card", "refund_transfer", "refund_cheque", "donation", "voucher")
        )
        plan = Plan(
            title_fr="Soirée annulée", title_en="Cancelled evening", performances={card.id: None for card in shows},
            options=options, deadline_at=clock.now() + timedelta(days=30), receipts_mode="waiver",
            claim_until=clock.now() + timedelta(days=900), text_fr="Nous sommes désolés.", text_en="We are sorry.",
        )  # fmt: skip
        regimes.enter(regimes.LAPSED[0], by=ines)
        opened, simulated = managing.create(plan, by=ines), managing.create(plan, by=ines)
        for one in (opened, simulated):
            cents = managing.simulate(one, by=ines)["cents"]
        managing.approve(opened, f"{cents / 100:.2f}", seen_version=1, by=adele)
        managing.start(opened, seen_version=1, by=ines)
    house.work()
    with house.app.app_context():
        some = campaign_board.listing(opened, by=house.actor("karim"))
        first = some[0]
        wish = Wish(lines={"donation": first.cents}, form="une-seule")
        choosing.choose_for(first.id, wish, channel="counter", by=house.actor("ines"))
        bought(a_household("Tardif"), session.get_one(Performance, shows[0].id))
        supplementing.simulate(opened, by=house.actor("adele"))
        revoking.revoke(first.id, stranger=True, by=house.actor("karim"))
    with house.app.app_context():
        low, high = sorted((some[0].household_id, some[1].household_id))
        why = ["address", "phone"]
        session.add(HouseholdPair(low_id=low, high_id=high, score=95, reasons=why, at=clock.now()))
        session.commit()
    return {
        "home": some[0].code,
        "campaign": str(opened),
        "simulated": str(simulated),
        "credit": some[1].number,
        "credit_chosen": first.number,
        "evening": str(shows[0].id),
    }


def changed(house: House) -> dict[str, str]:
    """A campaign in which everything changed since it opened, and one whose credits came to another amount."""
    with house.app.app_context():
        ines, adele, karim = (house.actor(one) for one in ("ines", "adele", "karim"))
        off, on, late = (cancelled(title).id for title in ("Tosca", "Aïda", "Norma"))
        for name in ("Roux", "Sorel"):
            bought(a_household(name), *(session.get_one(Performance, one) for one in (off, on)))
        bought(a_household("Blanc"), session.get_one(Performance, late))
        one = run(a_plan(*(session.get_one(Performance, key) for key in (off, on))), ines, adele)
        other = run(a_plan(session.get_one(Performance, late)), ines, adele)
        bought(a_household("Noir"), session.get_one(Performance, late))
    house.work()
    with house.app.app_context():
        first = campaign_board.listing(one, by=karim)[0]
        choosing.choose_for(first.id, Wish(lines={"refund_card": first.cents}, form="x"), channel="phone", by=karim)
        session.query(Credit).filter_by(id=first.id).update({"state": "locked", "locked_at": clock.now()})
        bought(a_household("Gris"), session.get_one(Performance, off))
        supplementing.simulate(one, by=ines)
        supplementing.approve(one, "120", by=adele)
    house.work()
    with house.app.app_context():
        sparing.spare(one, on, "plays", by=adele)
        changing.change(off, "postponed", clock.now() + timedelta(days=60), by=ines)
    house.work()
    return {"changed": str(one), "differs": str(other)}


def announcements(house: House) -> dict[str, str]:
    """One that waits for somebody, and one that was told, with a household on a list."""
    with house.app.app_context():
        ines = house.actor("ines")
        shows = [card.id for card in boxoffice.coming() if card.status == "scheduled"]
        waits = proposing.say(shows[-1], "postponed", clock.now() + timedelta(days=90), by=ines)
        bought(a_household("Sans courriel", preferred_channel="phone"), session.get_one(Performance, shows[-2]))
        session.query(Contact).filter(Contact.family == "Sans courriel").update({"mobile": "+33612345678"})
        session.commit()
        told = proposing.say(shows[-2], "cancelled", None, by=ines)
        card = announcement_board.one(told, by=ines)
        values = {name: getattr(card, name) for name in ("title_fr", "title_en", "text_fr", "text_en")}
        wanted = Wanted(telling=telling.shaped(values, card.performance, card.cause), banner=False)
        telling.go(told, wanted, seen_version=card.version, by=ines)
    house.work()
    with house.app.app_context():
        household = session.query(Contact.household_id).filter(Contact.family == "Sans courriel").scalar()
        leave = leaving.link_of(household).rpartition("/")[2]
    return {"announcement": str(waits), "announced": str(told), "leave": leave}


def two_mailboxes(house: House) -> int:
    """A mailbox that works and one whose server refuses us."""
    by = house.actor("adele")
    draft = MailboxDraft(
        name="Groupes", department_id=people.department("billetterie").id, language="fr", host="imap.example.org",
        port=993, security="tls", user="groupes@valmorin.example", auth="password", folder="INBOX", after="seen",
    )  # fmt: skip
    works, refused = (
        mailboxes.add(replace(draft, name=name), secret="rideau", by=by) for name in ("Groupes", "Scolaires")
    )
    for one in (works, refused):
        mailboxes.switch(one, on=True, by=by)
    fetching.met(works, 7, 1)
    fetching.take_in(works, 7, [Fetched(1, a_letter(mid="<boite@exemple.fr>"))], up_to=1)
    fetching.went_well(works)
    fetching.failed(refused, "sign_in", "[AUTHENTICATIONFAILED] Authentication failed.")
    return refused


def letters_to_decide(house: House, asked: Opened) -> dict[str, str]:
    """An e-mail that names nobody, one filed by its number, and one that a stranger wrote into the same request."""
    stamp = house.sink.to(LEA)[-1]["Message-ID"]
    raws = (
        b"Subject: Ma place\r\n\r\nUn mot.\r\n",
        a_letter(subject=f"Re [#{asked.number}]", body="Et mon fauteuil ?"),
        a_letter(sender=STRANGER, name="Son mari", mid="<h@x.fr>", in_reply_to=stamp, body="C’est moi."),
        a_letter(subject="Absence", mid="<abs@x.fr>", headers={"Auto-Submitted": "auto-replied"}),
    )
    with house.app.app_context():
        keys = intake.store_letters([(raw, Envelope("qui@guichet")) for raw in raws])
    house.work()
    with house.app.app_context():
        fates = dict(register.fates_of([(str(key), key) for key in keys]))
    assert [fate["fate"] for fate in fates.values()] == ["unparsed", "reply", "held", "automatic"]
    return {"unread": str(keys[0]), "robot": str(keys[3]), "misfiled": str(fates[str(keys[1])]["message"])}


@pytest.mark.parametrize(("who", "address"), VISITS, ids=[f"{who} {address}" for who, address in VISITS])
def test_a_page_can_be_used_by_everybody(stage: Stage, who: str, address: str) -> None:
    page = stage.page_of(who)
    stage.watch.complaints.clear()
    answer = page.goto(address.format(**stage.words))
    assert answer is not None
    assert answer.status == REFUSED.get((who, address), ANSWERS.get(address, 200)), page.url
    assert faults(page) == []
    assert stage.watch.complaints == []


def test_no_page_is_forgotten(stage: Stage) -> None:
    roads = stage.house.app.url_map
    at = roads.bind("localhost")
    filled = (urlsplit(address.format(**stage.words)).path for _who, address in VISITS)
    visited = {
        rule.rule for rule in (at.match(unquote(path), return_rule=True)[0] for path in filled if known(at, path))
    }
    pages = {rule.rule for rule in roads.iter_rules() if "GET" in (rule.methods or ())}
    assert pages - visited == NO_PAGES


def known(roads: MapAdapter, path: str) -> bool:
    return roads.test(unquote(path), method="GET")


def form_with_faults(page: Page) -> None:
    page.goto("/demandes/nouvelle?type=refund_cancelled")
    page.get_by_role("button", name="Vérifier ma demande").click()
    expect(page.get_by_role("heading", name="réponses sont à corriger")).to_be_visible()


def second_step(page: Page) -> None:
    page.goto("/demandes/nouvelle?type=exchange_date&q=Bonjour, je voudrais venir la semaine suivante.")
    page.get_by_label("Numéro de commande").fill("VAL-7K3QD")
    page.get_by_label("Votre adresse électronique").fill(LEA)
    page.get_by_role("button", name="Vérifier ma demande").click()
    expect(page.get_by_role("main")).to_contain_text("Rien n’est encore envoyé.")


def answers_while_typing(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Votre question, avec vos mots").press_sequentially("billet perdu")
    expect(page.locator(".found").get_by_role("link").first).to_be_visible()


def queue_with_a_selection(karim: Page) -> None:
    karim.goto("/regie/file/todo")
    karim.locator("tr[data-row]").nth(1).get_by_role("checkbox").check()
    karim.get_by_text("Filtrer", exact=True).first.click()
    expect(karim.get_by_text("1 demande choisie")).to_be_visible()


def canned_answer_before_it_goes(karim: Page) -> None:
    queue_with_a_selection(karim)
    karim.keyboard.press("Escape")
    karim.get_by_role("button", name="Réponse type").click()
    karim.get_by_role("dialog", name="Appliquer une réponse type").get_by_role("option").first.click()
    expect(karim.get_by_role("main")).to_contain_text("Rien n’est encore envoyé.")


def a_request(karim: Page) -> None:
    karim.goto("/regie/file/todo")
    karim.goto(karim.locator("tr[data-row] .subj").first.get_attribute("href") or "")


def palette_of_canned_answers(karim: Page) -> None:
    a_request(karim)
    karim.keyboard.press("m")
    expect(karim.get_by_role("dialog", name="Appliquer une réponse type")).to_be_visible()


def list_of_keys(karim: Page) -> None:
    karim.goto("/regie/file/todo")
    karim.keyboard.press("?")
    expect(karim.get_by_role("dialog", name="Raccourcis clavier")).to_be_visible()


def reply_refused_with_all_parts_open(karim: Page) -> None:
    a_request(karim)
    karim.get_by_role("button", name="Envoyer et rester").click()
    expect(karim.get_by_role("main")).to_contain_text("Écrivez quelque chose ici.")
    for part in ("Pourquoi cette échéance ?", "Modifier", "Corriger", "Historique"):
        karim.get_by_label("À propos de cette demande").get_by_text(part, exact=True).click()


def article_with_faults(paul: Page) -> None:
    paul.goto("/regie/base/show-cancelled/fr")
    paul.get_by_label("Titre, comme le dirait un spectateur").fill("")
    paul.get_by_role("button", name="Publier").click()
    expect(paul.get_by_role("main")).to_contain_text("Donnez un titre à l’article.")


def letter_as_mail_programs_show_it(adele: Page) -> None:
    adele.goto("/lettres")
    adele.get_by_role("main").get_by_role("row").nth(1).get_by_role("link").click()
    frame = adele.get_by_title("Le courriel en HTML")
    expect(frame.content_frame.get_by_role("link").first).to_be_visible()
    # In its frame a letter may run nothing, and axe is something that runs: it is shown as a page of mail would show it.
    letter = adele.request.get(f"{frame.get_attribute('src')}").text()
    around = re.sub(r"(<body[^>]*>)(.*)(</body>)", r"\1<main><h1>Courriel</h1>\2</main>\3", letter, flags=re.DOTALL)
    adele.goto("about:blank")
    adele.set_content(around)


STATES: tuple[tuple[str, Callable[[Page], None]], ...] = (
    ("public", form_with_faults), ("public", second_step), ("public", answers_while_typing),
    ("karim", queue_with_a_selection), ("karim", canned_answer_before_it_goes), ("karim", palette_of_canned_answers),
    ("karim", list_of_keys), ("karim", reply_refused_with_all_parts_open), ("paul", article_with_faults),
    ("adele", letter_as_mail_programs_show_it),
)  # fmt: skip


@pytest.mark.parametrize(("who", "reach"), STATES, ids=[reach.__name__ for _, reach in STATES])
def test_a_page_in_use_can_be_used_by_everybody(stage: Stage, who: str, reach: Callable[[Page], None]) -> None:
    page = stage.page_of(who)
    stage.watch.complaints.clear()
    reach(page)
    assert faults(page) == []
    assert stage.watch.complaints == []


@pytest.mark.parametrize("who", ["public", "karim"])
def test_a_page_of_trouble_can_be_used_by_everybody(stage: Stage, who: str) -> None:
    page = stage.page_of(who)
    if who == "public":
        second_step(page)
    else:
        page.goto(f"/regie/demandes/{stage.words['number']}?mode=note")
        page.get_by_label("Votre note pour l’équipe").fill("Oui")
    stage.watch.expected = {503}
    with database_out_of_reach(stage.house):
        page.get_by_role("button", name="Envoyer ma demande" if who == "public" else "Ajouter la note").click()
        expect(page.get_by_role("button", name="Réessayer")).to_be_visible()
    stage.watch.expected = set()
    assert faults(page) == []


def test_a_fault_would_be_seen(stage: Stage) -> None:
    page = stage.page_of("public")
    page.goto("/contact")
    page.evaluate("document.querySelector('main').innerHTML = '<img src=data:,><p style=width:500px>…</p>'")
    assert next(fault.split(": ")[1] for fault in faults(page)) == "image-alt"
