"""Which lines are paid together: each in one batch, none larger than it may be, and every change of one is noticed."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.cancellations.choices import OPTIONS
from app.settlements import kinds
from app.settlements.files.target import easter, is_closed, next_day
from app.settlements.kinds import Free

free = st.lists(
    st.tuples(st.sampled_from(OPTIONS), st.integers(1, 50_000)), max_size=30
).map(lambda rows: [Free(place, option, cents, f"R{place}", "p") for place, (option, cents) in enumerate(rows)])  # fmt: skip


@given(free, st.integers(50_000, 200_000), st.sampled_from(("private", "association", "public")))
def test_every_line_stands_in_one_batch_of_its_kind(lines: list[Free], most: int, form: str) -> None:
    found = list(kinds.batches(lines, legal_form=form, most_cents=most))
    assert sorted(line.id for _, group in found for line in group) == [line.id for line in lines]
    for kind, group in found:
        assert {kinds.kind_of(line.option, form) for line in group} == {kind}
        assert 0 < sum(line.cents for line in group) <= most
        assert kind in kinds.PREFIXES
    assert ("transfer" in dict(found)) <= (form != "public")


@given(free.filter(len), st.data())
def test_another_amount_account_or_order_is_another_batch(lines: list[Free], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(lines) - 1))
    mark = kinds.digest(lines)
    for change in ({"cents": lines[place].cents + 1}, {"print": "q"}, {"reference": "other"}):
        other = [line._replace(**change) if line.id == place else line for line in lines]  # type: ignore[arg-type]
        assert kinds.digest(other) != mark
    assert kinds.digest(lines) == mark


def test_references_tell_credit_way_and_attempt_and_fit_a_bank_s_column() -> None:
    assert kinds.reference("AV-2026-000123", 12, "refund_transfer", 1, 1) == "AV-2026-000123-T12.1-1"
    assert len({kinds.reference("A", 1, option, 1, 1) for option in OPTIONS}) == len(OPTIONS)
    assert len(kinds.reference("AV-2026-000123", 999, "refund_card", 99, 99)) <= 35
    assert kinds.number("transfer", 2026, 7) == "VIR-2026-007"


def test_banks_rest_on_weekends() -> None:
    assert next_day(date(2026, 11, 19), 1) == date(2026, 11, 20)
    assert {next_day(date(2026, 11, 20), days) for days in (1, 2, 3)} == {date(2026, 11, 23)}


def test_banks_rest_on_the_closing_days_of_target() -> None:
    # Dates of Easter as almanacs give them, the earliest and the latest among them.
    almanac = {2000: (4, 23), 2008: (3, 23), 2011: (4, 24), 2024: (3, 31), 2026: (4, 5), 2027: (3, 28), 2038: (4, 25)}
    assert {year: (easter(year).month, easter(year).day) for year in almanac} == almanac
    closed = {date(2027, 3, 26), date(2027, 3, 29), date(2026, 12, 25), date(2026, 5, 1), date(2026, 1, 1)}
    assert all(is_closed(day) for day in closed)
    open_days = (date(2026, 11, 11), date(2026, 7, 14), date(2026, 5, 14))  # rest in France, none for banks of the euro
    assert not any(is_closed(day) for day in open_days)
    assert next_day(date(2026, 12, 24), 1) == date(2026, 12, 28)
    assert next_day(date(2027, 3, 25), 1) == date(2027, 3, 30)
    assert next_day(date(2026, 12, 31), 1) == date(2027, 1, 4)
