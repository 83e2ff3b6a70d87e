"""Papers: the same words are the same bytes, names keep their letters as far as there are any, sums are said twice."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from app.settlements.files import counter_papers, papers, receipts
from app.settlements.files.counter_papers import Sender
from app.settlements.files.lists import Item
from app.settlements.files.receipts import Words

AT = datetime(2026, 12, 11, 9, 30, tzinfo=UTC)
HOUSE = Sender("Opéra de Valmorin", ("1 place de la Comédie", "33000 Valmorin"))
WORDS = Words(
    number="REC-2026-00001", house=(HOUSE.name, *HOUSE.lines), siren="732829320", statute="Association loi 1901",
    object="Spectacle vivant", articles="articles 200 et 238 bis du CGI", ruling="",
    donor=("Łucja Œuvrard", "3, rue <des> Arts", "", "33000 Valmorin"), donor_siren="", cents=123_450, mode="waiver",
    credit="AV-2026-000001", given_on=date(2026, 12, 1), made_at=AT, signer="Odile Perrin", signer_role="administratrice",
)  # fmt: skip


def item(number: int, name: str = "Durand Zoé", cents: int = 8_050) -> Item:
    return Item(
        reference=f"AV-2026-{number:06}-Q1.1-1", credit=f"AV-2026-{number:06}", household="F1", name=name, cents=cents,
        payee=name, address=("3, rue des Arts", "", "33000", "Valmorin", "FR"), title="La Traviata",
    )  # fmt: skip


def said(pdf: bytes) -> str:
    """What stands on a paper: its texts, in order."""
    texts = re.findall(rb"\((.*?)(?<!\\)\) Tj", pdf)
    return plain(" ".join(re.sub(rb"\\(.)", rb"\1", text).decode("cp1252") for text in texts))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_a_receipt_says_what_the_law_asks_on_paper_and_on_its_page() -> None:
    pdf, page = receipts.paper(WORDS), plain(receipts.page(WORDS).decode())
    for told in (said(pdf), page):
        for words in ("REC-2026-00001", "732829320", "***1 234,50***", "mille deux cent trente-quatre euros et",
                      "articles 200 et 238 bis", "1er décembre 2026", "11 décembre 2026", "Odile Perrin"):  # fmt: skip
            assert words in told
    assert "Lucja Œuvrard" in said(pdf)
    assert "Łucja Œuvrard" in page
    assert "rue &lt;des&gt; Arts" in page
    company = replace(WORDS, donor_siren="552100554", ruling="Rescrit 2026-12")
    assert "552100554" in said(receipts.paper(company))
    assert "Rescrit 2026-12" in receipts.page(company).decode()


def test_the_same_words_are_the_same_bytes() -> None:
    assert receipts.paper(WORDS) == receipts.paper(WORDS)
    assert receipts.paper(WORDS) != receipts.paper(replace(WORDS, cents=1))
    items = [(item(1), "fr"), (item(2), "en")]
    assert counter_papers.letters(HOUSE, "CHQ-2026-001", items, AT) == counter_papers.letters(
        HOUSE, "CHQ-2026-001", items, AT
    )


def test_each_cheque_has_a_page_in_the_language_of_its_household() -> None:
    pdf = counter_papers.letters(HOUSE, "CHQ-2026-001", [(item(1), "fr"), (item(2, "Smith"), "en")], AT)
    assert pdf.count(b"/Type /Page\n") == 2
    told = said(pdf)
    assert "quatre-vingts euros et cinquante centimes" in told
    assert "to the order of Smith" in told
    assert told.count("3, rue des Arts 33000 Valmorin") == 2  # each on a line of its own
    assert "?" not in told


def test_a_cash_sheet_goes_by_name_and_adds_up_over_its_pages() -> None:
    items = [item(number, f"Foyer {90 - number:02} " + "x" * 40) for number in range(1, 61)]
    pdf = counter_papers.sheet("ESP-2026-001", items, AT, "fr")
    told = said(pdf)
    names = re.findall(r"Foyer (\d\d)", told)
    assert names == sorted(names)
    assert len(names) == 60
    assert "60 personnes, 4830,00 € en tout" in told
    assert pdf.count(b"/Type /Page\n") > 1


@given(st.text(max_size=60))
def test_any_text_can_stand_on_paper(text: str) -> None:
    flat = papers.signs(text)
    flat.encode("cp1252")
    assert papers.signs(flat) == flat
    paper = papers.begun(text, AT, "fr")
    paper.add_page()
    papers.line(paper, text)
    assert paper.output().startswith(b"%PDF-")
