"""A performance was cancelled: by phone, by keyboard, without scripts, in both languages, its public chooses."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from app.cancellations import amounts
from app.kernel import clock
from app.web.presentation import money
from tests.cast import LEA
from tests.journeys.choices import IBAN, a_cancelled_evening, change, choose, path_of, ticket_of
from tests.journeys.conftest import PHONE, OpenPage
from tests.journeys.house import House
from tests.journeys.letters import link_in, text_of
from tests.journeys.looks import faults
from tests.journeys.watch import sent_without_origin

pytestmark = pytest.mark.browser

CHECK = "Vérifier mon choix"
#: Keys it takes at most to reach what is next by Tab.
FAR = 40


def divide(page: Page) -> None:
    """Unfold the amounts."""
    page.get_by_role("heading", name="Ou répartir entre plusieurs").click()


def code_in(house: House) -> str:
    """The code that came by letter."""
    found = [re.search(r"^\d{6}$", text_of(letter), re.MULTILINE) for letter in house.sink.to(LEA)]
    (code,) = [one[0] for one in found if one]
    return code


def confirm(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Vérifiez votre choix, puis confirmez")
    page.get_by_role("button", name=words).click()
    expect(page.get_by_role("main")).to_contain_text("Succès : votre choix est enregistré")


def test_from_the_letter_to_the_recap_in_three_presses(house: House, lea: Page) -> None:
    a_cancelled_evening(house, LEA)
    house.work()
    invitation = house.sink.to(LEA)[-1]
    lea.goto(link_in(invitation, "/c/"))
    expect(lea.get_by_role("heading", level=1)).to_have_text(re.compile("Que souhaitez-vous faire de vos 120,00"))
    with sent_without_origin(lea):
        lea.get_by_role("button", name="Remboursement sur la carte").tap()
    with sent_without_origin(lea):
        confirm(lea, "Confirmer et recevoir mes 120,00")
    house.work()
    recap = text_of(house.sink.to(LEA)[-1])
    assert "Remboursement sur la carte" in recap
    assert "120,00" in recap
    assert link_in(house.sink.to(LEA)[-1], "/c/")


def test_the_rest_is_told_while_she_divides_and_everything_is_done_with_keys(house: House, screen: OpenPage) -> None:
    (credit,) = a_cancelled_evening(house, LEA)
    lea = screen()
    lea.goto(path_of(house, credit))
    to_heading(lea, "Ou répartir entre plusieurs")
    lea.keyboard.press("Enter")
    left = lea.get_by_role("status").filter(has_text="Reste à répartir")
    expect(left).to_have_text("Reste à répartir : 120,00 €")
    to_field(lea, "refund_card")
    lea.keyboard.type("80")
    expect(left).to_have_text("Reste à répartir : 40,00 €")
    to_field(lea, "donation")
    lea.keyboard.type("12,5 €")
    expect(left).to_have_text("Reste à répartir : 27,50 €")
    to_field(lea, "voucher")
    lea.keyboard.press("Tab")
    lea.keyboard.press("Enter")
    expect(lea.locator("#f-voucher")).to_have_value("27,50")
    expect(lea.locator("#f-voucher")).to_be_focused()
    expect(left).to_have_text("Reste à répartir : 0,00 €")
    lea.keyboard.press("Enter")  # as in any form: on to the next step, never to one of the buttons before
    expect(lea.get_by_role("heading", level=1)).to_have_text("Vos coordonnées")
    to_field(lea, "receipt")
    lea.keyboard.press("ArrowDown")
    expect(lea.get_by_label("Sans reçu")).to_be_checked()
    lea.keyboard.press("Enter")
    expect(lea.get_by_role("main")).to_contain_text("Je donne 12,50 € à la maison")
    to_button(lea, "Confirmer et recevoir mes 80,00")
    lea.keyboard.press("Enter")
    expect(lea.get_by_role("main")).to_contain_text("Succès : votre choix est enregistré")


def to_heading(page: Page, words: str) -> None:
    tab_to(page, f"document.activeElement.textContent.includes({words!r})")


def to_field(page: Page, name: str) -> None:
    tab_to(page, f"document.activeElement.name === {name!r}")


def to_button(page: Page, words: str) -> None:
    tab_to(page, f"document.activeElement.textContent.replace(/\\u00a0/g, ' ').includes({words!r})")


def tab_to(page: Page, there: str) -> None:
    for _ in range(FAR):
        page.keyboard.press("Tab")
        if page.evaluate(there):
            return
    raise AssertionError(f"no key leads to {there}")


def test_amounts_that_do_not_fit_are_told_beside_them_and_first_on_the_page(house: House, lea: Page) -> None:
    (credit,) = a_cancelled_evening(house, LEA, paid={"card": 7_000, "ancv": 5_000})
    lea.goto(path_of(house, credit))
    expect(lea.get_by_role("button", name="Bon d’achat").first).to_be_visible()
    lea.locator("#f-refund_card").fill("100")
    lea.locator("#f-voucher").fill("vingt")
    expect(lea.get_by_role("status").filter(has_text="Un montant est illisible")).to_be_visible()
    lea.get_by_role("button", name=CHECK).tap()
    summary = lea.get_by_role("alert").filter(has=lea.get_by_role("heading"))
    expect(summary).to_be_focused()
    expect(lea.locator("#f-voucher")).to_have_value("vingt")
    lea.locator("#f-voucher").fill("20")
    lea.get_by_role("button", name=CHECK).tap()
    expect(summary).to_contain_text("70,00 € au plus")
    summary.get_by_role("link").first.tap()
    expect(lea.locator("#f-refund_card")).to_be_focused()


def test_an_amount_is_read_on_the_page_as_it_is_by_the_house(house: House, lea: Page) -> None:
    (credit,) = a_cancelled_evening(house, LEA)
    lea.goto(path_of(house, credit))
    divide(lea)
    odd = lea.get_by_role("status").filter(has_text="Un montant est illisible")
    for text in (
        "12,5",
        "12.50 €",
        "1 234,50",
        "1.234,50",
        "1,234.50",
        "EUR 7",
        "80 euros",
        "",
        "1e9",
        "1,2,3",
        "douze",
    ):
        lea.locator("#f-voucher").fill(text)
        cents, wrong = amounts.read(text)
        expect(odd).to_have_count(1 if wrong else 0)
        if not wrong:
            expect(lea.locator("[data-sum]")).to_have_text(
                f"{money(cents, 'EUR', 'fr')} sur {money(12_000, 'EUR', 'fr')}"
            )


def test_a_transfer_is_asked_without_scripts_and_proven_by_a_code(house: House, screen: OpenPage) -> None:
    (credit,) = a_cancelled_evening(house, LEA)
    lea = screen(**PHONE, java_script_enabled=False)
    lea.goto(path_of(house, credit))
    divide(lea)
    lea.locator("#f-refund_transfer").fill("1OO")
    lea.get_by_role("button", name="Mettre le reste ici – Bon d’achat").tap()
    expect(lea.locator("#f-refund_transfer")).to_have_value("1OO")
    lea.locator("#f-refund_transfer").fill("100")
    lea.get_by_role("button", name="Mettre le reste ici – Bon d’achat").tap()
    expect(lea.locator("#f-voucher")).to_have_value("20,00")
    lea.get_by_role("button", name=CHECK).tap()
    lea.get_by_label("Numéro de compte (IBAN)").fill(IBAN[:-1] + "0")
    lea.get_by_label("Nom du titulaire du compte").fill("Léa Fontanel")
    lea.get_by_role("button", name=CHECK).tap()
    expect(lea.get_by_role("alert").filter(has=lea.get_by_role("heading"))).to_contain_text("Cet IBAN")
    lea.get_by_label("Numéro de compte (IBAN)").fill(IBAN)
    lea.get_by_role("button", name=CHECK).tap()
    expect(lea.get_by_role("heading", level=1)).to_have_text("Donnez le code que nous vous avons envoyé")
    house.work()
    lea.get_by_label("Code à six chiffres").fill(code_in(house))
    lea.get_by_role("button", name="Continuer").tap()
    expect(lea.get_by_role("main")).to_contain_text("FR76 •••• 189")
    confirm(lea, "Confirmer et recevoir mes 100,00")
    assert IBAN.replace(" ", "") not in lea.content().replace(" ", "")


def test_in_english_she_changes_her_mind_until_it_is_carried_out(house: House, lea: Page) -> None:
    (credit,) = a_cancelled_evening(house, LEA, language="en")
    choose(house, credit, voucher=12_000)
    lea.goto(path_of(house, credit))
    expect(lea.get_by_role("heading", name="Your choice is recorded")).to_be_visible()
    lea.get_by_role("link", name="Change my mind").tap()
    expect(lea.locator("#f-voucher")).to_have_value("120.00")
    lea.locator("#f-voucher").fill("50.50")
    lea.get_by_role("button", name="Put the rest here – Refund to the card").tap()
    expect(lea.locator("#f-refund_card")).to_have_value("69.50")
    lea.get_by_role("button", name="Check my choice").tap()
    lea.get_by_role("button", name="Confirm and get my €69.50 back").tap()
    expect(lea.get_by_role("main")).to_contain_text("Version 2")
    lea.get_by_text("The version before").tap()
    expect(lea.get_by_role("main")).to_contain_text("Voucher €120.00")
    lea.get_by_role("link", name="Change my mind").tap()
    expect(lea.get_by_role("button", name="Voucher").first).to_be_visible()
    change(house, credit, state="locked", locked_at=clock.now())
    lea.get_by_role("button", name="Voucher").first.tap()
    told = lea.get_by_role("alert").filter(has=lea.get_by_role("heading"))
    expect(told).to_contain_text("can no longer be changed here")
    expect(lea.get_by_role("heading", name="We are carrying your choice out")).to_be_visible()
    change(house, credit, state="settled", settled_at=clock.now())
    lea.goto(path_of(house, credit))
    expect(lea.get_by_role("heading", name="It is done")).to_be_visible()


def test_receipt_and_coupon_are_one_sheet_of_paper_each(house: House, screen: OpenPage) -> None:
    first, second = a_cancelled_evening(house, LEA, "autre@exemple.fr")
    choose(house, first, refund_card=8_000, donation=4_000)
    paper = screen(viewport={"width": 660, "height": 930})
    for address in (f"{path_of(house, first)}/recapitulatif", f"{path_of(house, second)}/bulletin"):
        paper.goto(address)
        paper.emulate_media(media="print")
        expect(paper.get_by_role("button", name="Imprimer")).to_be_hidden()
        assert paper.pdf(format="A4").count(b"/Type /Page\n") == 1


def test_whom_no_letter_reached_finds_the_way_with_a_ticket(house: House, lea: Page) -> None:
    (credit,) = a_cancelled_evening(house, LEA)
    house.work()
    before = len(house.sink.taken)
    order, number = ticket_of(house, credit)
    for end in ("0000", number[-4:]):
        lea.goto("/spectacle-annule")
        lea.get_by_label("Numéro de commande").fill(order)
        lea.get_by_label("Quatre derniers caractères du code-barres").fill(end)
        lea.get_by_label("Adresse électronique de la commande").fill(LEA)
        lea.get_by_role("button", name="Recevoir mon lien").tap()
        expect(lea.get_by_role("heading", level=1)).to_have_text("Consultez votre messagerie")
    house.work()
    (letter,) = house.sink.taken[before:]
    lea.goto(link_in(letter, "/c/"))
    expect(lea.get_by_role("heading", level=1)).to_have_text(re.compile("Que souhaitez-vous faire"))


def test_a_link_that_was_replaced_sends_the_new_one(house: House, lea: Page) -> None:
    (credit,) = a_cancelled_evening(house, LEA)
    old = path_of(house, credit)
    change(house, credit, link_generation=2)
    lea.goto(old)
    expect(lea.get_by_role("heading", level=1)).to_have_text("Ce lien a expiré")
    with sent_without_origin(lea):
        lea.get_by_role("button", name="Recevoir le nouveau lien").tap()
    expect(lea.get_by_role("heading", level=1)).to_have_text("Consultez votre messagerie")
    house.work()
    assert link_in(house.sink.to(LEA)[-1], "/c/").endswith(path_of(house, credit))


def test_every_step_can_be_used_by_everybody(house: House, screen: OpenPage) -> None:
    (credit,) = a_cancelled_evening(house, LEA)
    page = screen(reduced_motion="reduce")
    page.goto(path_of(house, credit))
    divide(page)
    page.locator("#f-refund_transfer").fill("80")
    page.locator("#f-donation").fill("-3")
    page.get_by_role("button", name=CHECK).click()
    expect(page.get_by_role("alert").filter(has=page.get_by_role("heading"))).to_be_visible()
    assert faults(page) == []
    page.locator("#f-donation").fill("20")
    page.get_by_role("button", name="Mettre le reste ici – Remboursement par chèque").click()
    page.get_by_role("button", name=CHECK).click()
    page.get_by_label("Oui, avec un reçu").check()
    page.get_by_role("button", name=CHECK).click()
    expect(page.get_by_role("alert").filter(has=page.get_by_role("heading"))).to_be_visible()
    assert faults(page) == []
    page.get_by_label("Numéro de compte (IBAN)").fill(IBAN)
    page.get_by_label("Nom du titulaire du compte").fill("Léa Fontanel")
    for name in ("name", "line1", "postcode", "city", "donor_name", "donor_line1", "donor_postcode", "donor_city"):
        page.locator(f"#f-{name}").fill("33000" if name.endswith("postcode") else "Léa Fontanel")
    page.get_by_role("button", name=CHECK).click()
    expect(page.get_by_label("Code à six chiffres")).to_be_visible()
    assert faults(page) == []
    house.work()
    page.get_by_label("Code à six chiffres").fill(code_in(house))
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vérifiez votre choix, puis confirmez")
    assert faults(page) == []
