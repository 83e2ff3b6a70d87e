"""Every way a credit may go, from its letter to the letter that repeats it: by phone without scripts, and by keys."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from app.cancellations.letters import OPTION_WORDS
from app.cancellations.models import Choice, ChoiceLine
from app.kernel.db import session
from tests.journeys.choices import IBAN, a_cancelled_evening
from tests.journeys.conftest import PHONE, OpenPage
from tests.journeys.house import House
from tests.journeys.keys import enter, reach, write
from tests.journeys.letters import link_in, text_of
from tests.journeys.looks import faults

pytestmark = pytest.mark.browser

#: What a house offers for an evening that was cancelled, and for one that moved.
OFFERED = (
    "refund_card", "refund_transfer", "refund_cheque", "refund_cash", "refund_local", "donation", "voucher",
    "carryover",
)  # fmt: skip
MOVED = ("refund_card", "keep_ticket", "exchange")
#: How somebody parts a credit of 120 euros; its last part is put there as what is left.
PARTED = {"refund_transfer": "50", "refund_cash": "20,5", "donation": "30", "voucher": ""}
PARTS = [("refund_transfer", 5_000), ("refund_cash", 2_050), ("donation", 3_000), ("voucher", 1_950)]
HOME = {"name": "Léa Fontanel", "line1": "3, rue des Arts", "postcode": "33000", "city": "Valmorin"}
#: Words of the pages in the two languages.
WORDS = {
    "fr": {
        "check": "Vérifier mon choix", "on": "Continuer", "divide": "Ou répartir entre plusieurs",
        "rest": "Mettre le reste ici – Bon d’achat", "done": "Succès : votre choix est enregistré",
        "money": "Confirmer et recevoir mes 120,00", "donation": "Confirmer mon don de 120,00",
        "other": "Confirmer mon choix", "parted": "Confirmer et recevoir mes 70,50", "stays": "ne sont plus valables",
    },
    "en": {
        "check": "Check my choice", "on": "Go on", "divide": "Or divide it between several",
        "rest": "Put the rest here – Voucher", "done": "Success: your choice is recorded",
        "money": "Confirm and get my €120.00", "donation": "Confirm my gift of €120.00", "other": "Confirm my choice",
        "parted": "Confirm and get my €70.50", "stays": "are no longer valid",
    },
}  # fmt: skip


def invited(house: House, language: str) -> dict[str, int]:
    """A household for each way, and one that parts its credit; all of them got their letters. Shape: way to credit."""
    ways = (*OFFERED, "parted")
    of_cancelled = a_cancelled_evening(house, *map(address, ways), language=language, options=OFFERED)
    of_moved = a_cancelled_evening(
        house, *map(address, MOVED[1:]), title="Carmen", language=language, options=MOVED, kind="postpone"
    )  # fmt: skip
    house.work()
    return dict(zip((*ways, *MOVED[1:]), (*of_cancelled, *of_moved), strict=True))


def address(way: str) -> str:
    """Where letters of the household that chooses a way go."""
    return f"{way}@exemple.fr"


def chosen(house: House, credit_id: int) -> list[tuple[str, int]]:
    """What is kept of a choice. Shape: (option, cents)."""
    with house.app.app_context():
        query = session.query(ChoiceLine.option, ChoiceLine.amount_cents).join(Choice)
        return [tuple(row) for row in query.filter(Choice.credit_id == credit_id).order_by(ChoiceLine.id)]


def code_for(house: House, way: str) -> str:
    """The code that came by letter."""
    house.work()
    found = re.search(r"^\d{6}$", text_of(house.sink.to(address(way))[-1]), re.MULTILINE)
    assert found
    return found[0]


def deciding(way: str, words: dict[str, str]) -> str:
    """What the button that decides says."""
    return words.get(way) or words["money" if way.startswith("refund") else "other"]


def kept_and_repeated(house: House, way: str, credit_id: int, language: str) -> None:
    """What was chosen is kept to the cent, and repeated by one letter in the household's own language."""
    lines = PARTS if way == "parted" else [(way, 12_000)]
    assert chosen(house, credit_id) == lines
    house.work()
    recap = text_of(house.sink.to(address(way))[-1])
    for code, cents in lines:
        amount = f"{cents / 100:.2f}".replace(".", "," if language == "fr" else ".")
        assert re.search(rf"^{re.escape(OPTION_WORDS[language][code])} ?: .*{amount}", recap, re.MULTILINE), recap
    assert IBAN.replace(" ", "") not in recap.replace(" ", "")


def test_every_way_by_telephone_without_scripts_in_french(house: House, screen: OpenPage) -> None:
    words = WORDS["fr"]
    for way, credit_id in invited(house, "fr").items():
        phone = screen(**PHONE, java_script_enabled=False)
        phone.goto(link_in(house.sink.to(address(way))[-1], "/c/"))
        if way == "parted":
            phone.get_by_role("heading", name=words["divide"]).tap()
            for code, amount in PARTED.items():
                phone.locator(f"#f-{code}").fill(amount)
            phone.get_by_role("button", name=words["rest"]).tap()
            phone.get_by_role("button", name=words["check"]).tap()
        else:
            phone.locator(f"button[name=tout][value={way}]").tap()
        give_details(house, phone, way)
        main = phone.get_by_role("main")
        expect(main).to_contain_text("Rien n’est encore enregistré.")
        expect(main).to_contain_text(address(way))
        expect(main.get_by_text(words["stays"])).to_have_count(0 if way in MOVED[1:] else 1)
        phone.get_by_role("button", name=deciding(way, words)).tap()
        expect(main).to_contain_text(words["done"])
        kept_and_repeated(house, way, credit_id, "fr")
        phone.context.close()


def give_details(house: House, phone: Page, way: str) -> None:
    """Fill in what a way cannot do without, and nothing else is asked for."""
    if way in {"refund_transfer", "parted"}:
        phone.get_by_label("Numéro de compte (IBAN)").fill(IBAN)
        phone.get_by_label("Nom du titulaire du compte").fill("Léa Fontanel")
    if way == "refund_cheque":
        for name, text in HOME.items():
            phone.locator(f"#f-{name}").fill(text)
    if way in {"donation", "parted"}:
        phone.get_by_label("Sans reçu").check()
    if way in {"refund_transfer", "refund_cheque", "donation", "parted"}:
        phone.get_by_role("button", name=WORDS["fr"]["check"]).tap()
    if way in {"refund_transfer", "parted"}:
        expect(phone.get_by_label("Code à six chiffres")).to_be_visible()
        phone.get_by_label("Code à six chiffres").fill(code_for(house, way))
        phone.get_by_role("button", name=WORDS["fr"]["on"]).tap()


def test_every_way_with_keys_only_in_english(house: House, screen: OpenPage) -> None:
    words = WORDS["en"]
    for way, credit_id in invited(house, "en").items():
        page = screen(reduced_motion="reduce")
        page.goto(link_in(house.sink.to(address(way))[-1], "/c/"))
        if way == "parted":
            enter(page, page.locator("#divide > summary"))
            for code, amount in PARTED.items():
                write(page, page.locator(f"#f-{code}"), amount)
            enter(page, page.get_by_role("button", name=words["rest"]))
            expect(page.locator("#f-sum")).to_have_text("€0.00 left to place")
            assert faults(page) == []
            page.locator("#f-voucher").focus()
            page.keyboard.press("Enter")
        else:
            enter(page, page.locator(f"button[name=tout][value={way}]"))
        type_details(house, page, way)
        expect(page.get_by_role("main")).to_contain_text("Nothing has been recorded yet.")
        assert faults(page) == []
        enter(page, page.get_by_role("button", name=deciding(way, words)))
        expect(page.get_by_role("main")).to_contain_text(words["done"])
        kept_and_repeated(house, way, credit_id, "en")
        page.context.close()


def type_details(house: House, page: Page, way: str) -> None:
    """The same with keys: the last field is left by the Enter key."""
    if way in {"refund_transfer", "parted"}:
        write(page, page.locator("#f-iban"), IBAN)
        write(page, page.locator("#f-holder"), "Léa Fontanel")
    if way == "refund_cheque":
        for name, text in HOME.items():
            write(page, page.locator(f"#f-{name}"), text)
    if way in {"donation", "parted"}:
        reach(page, page.locator("input[name=receipt]").first)
        page.keyboard.press("ArrowDown")
        expect(page.get_by_label("No receipt")).to_be_checked()
    if way in {"refund_transfer", "refund_cheque", "donation", "parted"}:
        page.keyboard.press("Enter")
    if way in {"refund_transfer", "parted"}:
        expect(page.locator("#f-code")).to_be_visible()
        write(page, page.locator("#f-code"), code_for(house, way))
        page.keyboard.press("Enter")
