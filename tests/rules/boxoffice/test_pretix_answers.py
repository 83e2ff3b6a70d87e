"""A pretix whose answers lack what we read: told by a code of ours, never a fault; and pages are read as they come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.boxoffice.connectors.calling import Answer
from app.boxoffice.connectors.port import RefundLine, Trouble
from app.boxoffice.connectors.pretix import PAGE, Account, Pretix
from tests.rules.boxoffice.test_pretix_words import a_seat, an_order

START = datetime(2026, 9, 1, tzinfo=UTC)
HEADERS = {"x-page-generated": "2026-12-01T10:00:00Z"}
FULL = an_order(a_seat(1), event="traviata", customer=None, testmode=False, valid_if_pending=False)


class Wire:
    """Answers each address as a test says."""

    def __init__(self, **answers: Any) -> None:
        self.answers, self.asked = answers, list[dict[str, object]]()

    def get(self, path: str, **asked: object) -> Answer:
        self.asked.append(asked)
        return Answer(200, HEADERS, self.answers[path.strip("/").split("/")[0]])


def a_pretix(**answers: Any) -> Pretix:
    wire: Any = Wire(**answers)
    return Pretix(Account("http://localhost", "maison", "t"), wire)


@pytest.mark.parametrize(
    "said", [{}, [], "oui", None, {"results": None, "next": None}, {"results": ["x"], "next": None}]
)
def test_a_list_that_is_none_is_a_broken_answer(said: Any) -> None:
    for ask in (
        lambda office: list(office.pull(START)), lambda office: list(office.pull()),
        lambda office: office.verify(["CMD01"]), lambda office: office.entry_stats("La Traviata", START),
    ):  # fmt: skip
        with pytest.raises(Trouble) as found:
            ask(a_pretix(orders=said, customers=said, events=said))
        assert found.value.code == "office_broken"


@pytest.mark.parametrize("lacks", ["positions", "payments", "refunds", "status", "event"])
def test_an_order_without_what_a_refund_needs_is_a_broken_answer(lacks: str) -> None:
    order = {name: value for name, value in FULL.items() if name != lacks}
    for write in (
        lambda office: office.record_refund(RefundLine("AV-1/1", "CMD01", "card", 100)),
        lambda office: office.cancel(["1"], key="AV-1"),
    ):
        with pytest.raises(Trouble) as found:
            write(a_pretix(orders={"results": [order], "next": None}, orderpositions={"order": "CMD01"}))
        assert found.value.code == "office_broken"


@pytest.mark.parametrize("lacks", ["code", "status", "testmode", "positions", "payments", "datetime"])
def test_an_order_that_lacks_something_is_named_and_stops_no_other(lacks: str) -> None:
    order = {name: value for name, value in FULL.items() if name != lacks}
    (line,) = a_pretix(orders={"results": [order], "next": None}).pull(START)
    assert line.sale is None
    assert (line.flaws[0].code, line.flaws[0].value) == ("required", "" if lacks == "code" else "CMD01")


def test_an_order_without_a_moment_cannot_be_put_in_order() -> None:
    order = {name: value for name, value in FULL.items() if name != "last_modified"}
    with pytest.raises(Trouble) as found:
        list(a_pretix(orders={"results": [order], "next": None}).pull(START))
    assert found.value.code == "office_broken"


@pytest.mark.parametrize("number", ["B4100012", "", "12a", "²"])
def test_a_seat_that_was_never_sold_there_is_unknown_there(number: str) -> None:
    with pytest.raises(Trouble) as found:
        a_pretix().cancel([number], key="AV-1")
    assert found.value.code == "office_unknown"


class Season(Wire):
    """Many orders, given in pages from a moment on, some of one moment; it counts what is still held of them."""

    def __init__(self, count: int, together: int) -> None:
        super().__init__()
        self.all = [
            {**FULL, "code": f"C{n:05}", "testmode": True,
             "last_modified": (START + timedelta(seconds=n // together)).isoformat()}
            for n in range(count)
        ]  # fmt: skip

    def get(self, path: str, **asked: object) -> Answer:
        since = str(asked.get("modified_since") or "")
        found = [one for one in self.all if one["last_modified"] >= since]
        first = (int(str(asked["page"])) - 1) * PAGE
        return Answer(200, HEADERS, {"results": found[first : first + PAGE], "next": found[first + PAGE :] or None})


@pytest.mark.parametrize("together", [1, 7, 50, 130])
def test_every_order_comes_once_however_many_changed_together(together: int) -> None:
    wire: Any = Season(400, together)
    office = Pretix(Account("http://localhost", "maison", "t"), wire)
    codes = [one["code"] for one in office._changed(None)]
    assert codes == [one["code"] for one in wire.all]
