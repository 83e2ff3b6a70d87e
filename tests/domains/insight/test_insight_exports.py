"""Figures for other programs."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from app.insight import exports
from app.insight.access import today
from app.kernel.access import Role
from app.kernel.errors import Forbidden
from tests.cast import LEA
from tests.domains.insight.stories import a_fortnight, answered, asked, counted, given, mine, solved, somebody

pytestmark = pytest.mark.usefixtures("app", "noon")


def table(lines: object) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO("".join(exports.csv_lines(lines)))))  # type: ignore[arg-type]


def test_days_by_category():
    answered(asked("eticket_missing"), after=5)
    asked(None)
    counted()
    rows = table(exports.days(somebody(Role.MANAGER), mine()))
    found = [(row["day"], row["department"], row["category"], row["received"], row["first_kept"]) for row in rows]
    day = today().isoformat()
    assert found == [(day, "billetterie", "", "1", "0"), (day, "billetterie", "ticket_not_received", "1", "1")]


def test_the_days_add_up_to_the_dashboard():
    a_fortnight()
    counted()
    rows = table(exports.days(somebody(Role.MANAGER), mine(30)))
    assert sum(int(row["received"]) for row in rows) == 6
    assert sum(int(row["first_late"]) for row in rows) == 2


def test_tickets_of_the_period():
    ticket = solved(answered(asked("eticket_missing"), after=150), after=10)
    given(ticket, 4)
    counted()
    (row,) = table(exports.tickets(somebody(Role.MANAGER), mine()))
    assert (row["category"], row["state"], row["priority"]) == ("ticket_not_received", "solved", "normal")
    assert (row["first_answer"], row["first_answer_minutes"]) == ("late", "150")
    assert (row["solution"], row["solution_minutes"], row["mark"]) == ("kept", "160", "4")
    assert row["opened"].startswith(f"{today().isoformat()}T14:30+01:00")


def test_an_export_names_nobody():
    asked(subject="Fontanel", body="Je suis Léa Fontanel")
    counted()
    text = "".join(exports.csv_lines(exports.tickets(somebody(Role.MANAGER), mine())))
    assert "Fontanel" not in text
    assert LEA not in text


def test_a_category_narrows_both_exports():
    asked("eticket_missing")
    asked("wrong_seat")
    counted()
    by, scope = somebody(Role.MANAGER), mine(category="seating")
    assert [row["category"] for row in table(exports.days(by, scope))] == ["seating"]
    assert [row["category"] for row in table(exports.tickets(by, scope))] == ["seating"]


@pytest.mark.parametrize("export", [exports.days, exports.tickets])
def test_exports_are_refused_before_the_first_line(export: object):
    with pytest.raises(Forbidden):
        export(somebody(Role.AGENT), mine())  # type: ignore[operator]


@pytest.mark.parametrize("text", ["=1+1", "+33", "-2", "@SUM(A1)", "\tx", "\rx"])
def test_what_a_spreadsheet_would_run_is_defused(text: str):
    assert exports.defused(text) == f"'{text}"


@pytest.mark.parametrize("cell", ["seating", "", "a=b", -3, None])
def test_other_cells_stay_as_they_are(cell: str | int | None):
    assert exports.defused(cell) == cell
