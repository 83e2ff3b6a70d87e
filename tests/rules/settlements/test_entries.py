"""Entries: balanced whatever is owed and however it is settled, and on the accounts that the house named."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cancellations.choices import OPTIONS
from app.cancellations.shaping import contained
from app.settlements.charts import USUAL, Chart, MissingAccount, Named, fault
from app.settlements.entries import Entry, Line, Owed, Settled, Unbalanced, issued, returned, settled
from app.settlements.parting import Cell

DAY = date(2026, 11, 21)
BOHÈME = [Cell(7, 550, 10_000, 522)]
cells = st.lists(
    st.tuples(st.integers(1, 90), st.sampled_from((210, 550, 1000, 2000)), st.integers(1, 400_000)),
    min_size=1, max_size=6,
).map(lambda rows: [Cell(one, rate, cents, contained(cents, rate)) for one, rate, cents in rows])  # fmt: skip


def owed(of: list[Cell]) -> Owed:
    return Owed(number="AV-2026-000123", issued_on=DAY, household_id=3, cells=of, texts={7: "Bohème 10/01"})


def paid(of: list[Cell], option: str = "refund_transfer") -> Settled:
    return Settled(
        credit="AV-2026-000123", option=option, household_id=3, cents=sum(cell.cents for cell in of),
        piece="VIR-2026-001/17", piece_on=DAY, cells=of,
    )  # fmt: skip


def sides(entry: Entry) -> list[tuple[str, int, int]]:
    return [(line.account.code, line.debit_cents, line.credit_cents) for line in entry.lines]


@given(cells, st.sampled_from(OPTIONS), st.booleans())
def test_what_is_owed_and_settled_leaves_nothing_owed(of: list[Cell], option: str, at_credit: bool) -> None:
    chart = Chart({}, vat_at_credit=at_credit)
    entries = [issued(owed(of), chart), settled(paid(of, option), chart)]
    for entry in [*entries, returned(paid(of, option), chart)]:
        assert sum(line.debit_cents for line in entry.lines) == sum(line.credit_cents for line in entry.lines)
    balance: dict[str, int] = {}
    for code, debit, credit in (side for entry in entries for side in sides(entry)):
        balance[code] = balance.get(code, 0) + debit - credit
    assert balance["467100"] == 0
    assert balance.get("445870", 0) == 0
    taxes = sum(cents for code, cents in balance.items() if code.startswith("44571"))
    assert taxes == sum(cell.vat_cents for cell in of)


def test_two_seats_of_la_boheme_refunded_and_given() -> None:
    chart = Chart({})
    assert sides(issued(owed(BOHÈME), chart)) == [("487100", 9_478, 0), ("445712", 522, 0), ("467100", 0, 10_000)]
    assert sides(settled(paid([Cell(7, 550, 6_000, 313)]), chart)) == [("467100", 6_000, 0), ("512100", 0, 6_000)]
    gift = settled(paid([Cell(7, 550, 4_000, 209)], "donation"), chart)
    assert (sides(gift), gift.journal.code) == ([("467100", 4_000, 0), ("754110", 0, 4_000)], "DON")
    assert sides(returned(paid(BOHÈME), chart)) == [("467100", 0, 10_000), ("512100", 10_000, 0)]


def test_a_performance_a_rate_and_an_option_may_have_accounts_of_their_own() -> None:
    own = {
        ("income", "7"): Named("487207", "Bohème"), ("vat", "550"): Named("445790", "TVA"),
        ("settled", "donation"): Named("758800", "Dons"),
    }  # fmt: skip
    chart = Chart(own)
    assert [side[0] for side in sides(issued(owed(BOHÈME), chart))] == ["487207", "445790", "467100"]
    assert sides(settled(paid(BOHÈME, "donation"), chart))[1][0] == "758800"


def test_a_rate_without_an_account_is_named_and_one_of_nothing_needs_none() -> None:
    with pytest.raises(MissingAccount) as problem:
        issued(owed([Cell(7, 850, 10_000, 783)]), Chart({}))
    assert (problem.value.purpose, problem.value.key) == ("vat", "850")
    assert sides(issued(owed([Cell(7, 0, 10_000, 0)]), Chart({}))) == [("487100", 10_000, 0), ("467100", 0, 10_000)]
    with pytest.raises(MissingAccount):
        Chart({("owed", ""): Named("", "")}).find("owed")


def test_an_entry_that_does_not_balance_cannot_be_made() -> None:
    account = Named("467100", "Avoirs")
    for lines in (
        (Line(account=account, text="x", debit_cents=1),),
        (Line(account=account, text="x", debit_cents=1), Line(account=account, text="x", credit_cents=2)),
        (Line(account=account, text="x", debit_cents=1, credit_cents=1),),
        (),
    ):
        with pytest.raises(Unbalanced):
            Entry(account, "x", DAY, lines)


@pytest.mark.parametrize(
    ("purpose", "key", "named", "field"),
    [
        ("vat", "0", Named("445712", "TVA"), "key"), ("vat", "abc", Named("445712", "TVA"), "key"),
        ("settled", "gold", Named("512100", "Or"), "key"), ("owed", "7", Named("467100", "Avoirs"), "key"),
        ("owed", "", Named("ABC", "Avoirs"), "code"), ("owed", "", Named("", "Avoirs"), "code"),
        ("owed", "", Named("467100", " "), "label"), ("journal", "issue", Named("av o", "Avoirs"), "code"),
    ],
)  # fmt: skip
def test_what_accountants_could_not_import_is_refused(purpose: str, key: str, named: Named, field: str) -> None:
    assert field in fault(purpose, key, named)


def test_the_usual_accounts_are_all_sound() -> None:
    assert {key: fault(*key, named) for key, named in USUAL.items() if fault(*key, named)} == {}
    assert {("settled", option) for option in OPTIONS} <= set(USUAL)
    assert {("journal", option) for option in OPTIONS} <= set(USUAL)
