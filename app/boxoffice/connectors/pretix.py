"""pretix as a connector: read by pages, written line by line; what was done is read back, never taken from words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from app.boxoffice.connectors import pretix_words as words
from app.boxoffice.connectors.calling import Answer, Wire
from app.boxoffice.connectors.cells import CellError
from app.boxoffice.connectors.port import (
    Capability,
    EntryStats,
    Flaw,
    Line,
    Refundable,
    RefundLine,
    Trouble,
    Unsupported,
    Written,
)
from app.boxoffice.connectors.pretix_words import Around, Date, Item, Said
from app.kernel.errors import Invalid

#: Most that pretix gives at once.
PAGE: Final = 50
#: A change may be committed a little after the moment it carries: so far a pull looks back.
LOOK_BACK: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Account:
    """Where pretix is and who we are there; `tenders` names means of payment by plugin, beside the usual ones."""

    url: str
    organizer: str
    token: str
    currency: str = "EUR"
    language: str = "fr"
    writes: bool = True
    tenders: Mapping[str, str] = field(default_factory=lambda: words.TENDERS)


class Pretix:
    """A pretix server with one of its organisers."""

    def __init__(self, account: Account, wire: Wire | None = None) -> None:
        self._account = account
        base = f"{account.url.rstrip('/')}/api/v1/organizers/{account.organizer}"
        self._wire = wire or Wire(base, {"Authorization": f"Token {account.token}"})
        self._dates: dict[str, dict[int | None, Date]] = {}
        self._items: dict[str, dict[int, Item]] = {}
        self._customers: dict[str, Said | None] = {}

    @property
    def system(self) -> str:
        """Under which name its numbers are unique."""
        return "pretix"

    def capabilities(self) -> frozenset[Capability]:
        """All, unless we may only read."""
        reading = {Capability.PULL, Capability.VERIFY, Capability.ENTRY_STATS}
        return frozenset(Capability) if self._account.writes else frozenset(reading)

    def pull(self, since: datetime | None = None) -> Iterator[Line]:
        """Admissions of orders that changed since a moment, the longest unchanged first.

        Orders that change while we read are left to the next pull: read twice they would contradict themselves.
        """
        if since is None:
            self._customers |= {one["identifier"]: one for one in self._pages("/customers/")}
        number = 1
        for order in self._changed(since - LOOK_BACK if since else None):
            for line in self._lines(order, number):
                yield line
                number += 1

    def _lines(self, order: Said, number: int) -> list[Line]:
        """Admissions of an order; one that cannot be read is a flaw, and stops no other."""
        code = str(order.get("code") or "")
        try:
            if order["testmode"]:
                return []
            around = self._around(order)
            return words.lines_of(order, around, number, self._account.tenders, self._account.currency)
        except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as problem:
            why = str(problem) if isinstance(problem, CellError) else "required"
            return [
                Line(number, None, (Flaw(number, why, "order_code", code),), 0, words.moment(order["last_modified"]))
            ]

    def _changed(self, since: datetime | None) -> Iterator[Said]:
        """Orders by the moment of their last change: pages are asked by moment, as numbers of pages would shift."""
        asked: dict[str, object] = {
            "ordering": "last_modified", "include_canceled_positions": "true", "page_size": PAGE
        }  # fmt: skip
        end, seen, page = None, set[str](), 1
        cursor = since.isoformat() if since else ""
        while True:
            answer = self._got("/orders/", **asked, page=page, **({"modified_since": cursor} if cursor else {}))
            found, more = _results(answer)
            try:
                end = end or words.moment(answer.headers["x-page-generated"])
                moments = [words.moment(order["last_modified"]) for order in found]
            except (KeyError, TypeError, ValueError):
                raise Trouble("office_broken") from None
            for order, at in zip(found, moments, strict=True):
                if at <= end and _named(order) not in seen:
                    yield order
            if not more or not found:
                return
            last = found[-1]["last_modified"]
            # Fifty orders of one moment would be asked for for ever.
            page = page + 1 if last == found[0]["last_modified"] else 1
            # The next page begins with the moment this one ends with: only its orders can come twice.
            kept = seen if page > 1 else set()
            seen = kept | {_named(order) for order in found if order["last_modified"] == last}
            cursor = last if page == 1 else cursor

    def verify(self, order_codes: Sequence[str]) -> list[Refundable]:
        """What may still be given back of the payments of some orders."""
        found = []
        for code in order_codes:
            order = self._order(code)
            back: dict[str, int] = {}
            for _, tender, cents in words.left(order, self._account.tenders) if order else ():
                back[tender] = back.get(tender, 0) + cents
            found += [Refundable(code, tender, max(0, cents)) for tender, cents in sorted(back.items())]
        return found

    def cancel(self, admissions: Sequence[str], *, key: str, attempt: int = 1) -> Written:
        """Cancel admissions: whole orders where nothing is left of them, else the seats alone. Nobody is written to.

        Raises:
            Trouble: `office_refused` where an admission is not known there, or cannot be cancelled.
        """
        self._may_write()
        orders: dict[str, set[int]] = {}
        for number in admissions:
            orders.setdefault(self._position(number), set()).add(int(number))
        done = [self._cancelled(code, numbers, f"{key}#{attempt}/{code}") for code, numbers in sorted(orders.items())]
        return Written(key, " ".join(sorted(orders)), new=any(done))

    def _cancelled(self, code: str, numbers: set[int], key: str) -> bool:
        """Whether anything was left to cancel."""
        order = self._must(code)
        there = _seats(order)
        gone = numbers & there
        if order["status"] in ("c", "e") or not gone:
            return False
        path = f"/events/{order['event']}/orders/{code}"
        if gone == there:
            body: dict[str, object] = {"send_email": False, "cancellation_fee": None, "comment": ""}
            self._write(f"{path}/mark_canceled/", body, key)
        else:
            seats = [{"position": number} for number in sorted(gone)]
            self._write(
                f"{path}/change/", {"cancel_positions": seats, "send_email": False, "reissue_invoice": False}, key
            )
        after = self._must(code)
        if after["status"] != "c" and gone & _seats(after):
            raise Trouble("office_refused")
        return True

    def record_refund(self, line: RefundLine) -> Written:
        """Note that money was given back, of each payment of this kind in turn.

        Raises:
            Invalid: more than may still be given back; pretix itself would take any amount.
        """
        self._may_write()
        order = self._must(line.order_code)
        mark = _mark(line.key)
        mine = [one for one in order["refunds"] if mark in (one["comment"] or "") and one["state"] not in _UNDONE]
        path = f"/events/{order['event']}/orders/{line.order_code}/refunds/"
        noted = sum(words.cents(one["amount"]) for one in mine)
        new = noted < line.cents
        for payment, cents in self._parts(order, line, max(0, line.cents - noted)):
            body = {
                "state": "created", "source": "admin", "amount": _amount(cents), "payment": payment,
                "provider": "manual", "comment": f"{mark} {line.comment}".strip(), "execution_date": None,
                "mark_canceled": False,
            }  # fmt: skip
            mine.append(self._write(path, body, f"{line.key}#{line.attempt}/{payment}").said)
        for one in mine:
            if one["state"] == "created":
                self._write(f"{path}{one['local_id']}/done/", {}, f"{line.key}#{line.attempt}/{one['local_id']}/done")
        return Written(line.key, " ".join(f"{line.order_code}-R-{one['local_id']}" for one in mine), new=new)

    def _parts(self, order: Said, line: RefundLine, wanted: int) -> Iterator[tuple[int, int]]:
        there = [
            (number, cents) for number, tender, cents in words.left(order, self._account.tenders)
            if tender == line.tender and cents > 0
        ]  # fmt: skip
        if wanted > sum(cents for _, cents in there):
            raise Invalid({"amount": "refund_more"})
        for number, cents in there:
            if part := min(cents, wanted):
                yield number, part
                wanted -= part

    def issue_giftcard(self, line: RefundLine) -> Written:
        """Give a gift card; its secret is our own code where the line has one, so that it exists once."""
        self._may_write()
        secret = line.comment or hashlib.blake2b(line.key.encode(), digest_size=10).hexdigest().upper()
        there, _ = _results(self._got("/giftcards/", secret=secret))
        if not there:
            body = {"secret": secret, "value": _amount(line.cents), "currency": self._account.currency}
            self._write("/giftcards/", body, f"{line.key}#{line.attempt}/card")
        return Written(line.key, secret, new=not there)

    def entry_stats(self, event: str, performance_at: datetime) -> EntryStats:
        """How many of a performance were sold and have entered, by its largest list at the doors."""
        sold = scanned = 0
        for series in self._pages("/events/"):
            for number, date in self._dates_of(series["slug"]).items():
                if (date.title, date.at) != (event, performance_at):
                    continue
                lists = self._pages(f"/events/{series['slug']}/checkinlists/")
                counts = [(one["position_count"], one["checkin_count"]) for one in lists if one["subevent"] == number]
                most = max(counts, default=(0, 0))
                sold, scanned = sold + most[0], scanned + most[1]
        return EntryStats(sold, scanned)

    def _around(self, order: Said) -> Around:
        event = order["event"]
        if event not in self._items:
            self._items[event] = {
                one["id"]: Item(words.word(one["name"], self._account.language), bool(one["admission"]))
                for one in self._pages(f"/events/{event}/items/")
            }
        dates = self._dates_of(event)
        if any(one["subevent"] not in dates for one in order["positions"]):
            # A date made after we began to read.
            del self._dates[event]
            dates = self._dates_of(event)
        return Around(dates, self._items[event], self._customer(order["customer"]))

    def _dates_of(self, event: str) -> dict[int | None, Date]:
        if event not in self._dates:
            series = self._got(f"/events/{event}/").said
            listed = self._pages(f"/events/{event}/subevents/") if series["has_subevents"] else [series]
            self._dates[event] = {one.get("id"): self._date(series, one) for one in listed}
        return self._dates[event]

    def _date(self, series: Said, one: Said) -> Date:
        title, above = (words.word(said["name"], self._account.language) for said in (one, series))
        hall = words.word(one["location"] or series["location"], self._account.language)
        # A season kept as one series holds many works: the slug is the code of a work of the same name only.
        code = series["slug"][:40] if title == above else ""
        return Date(title, code, words.moment(one["date_from"]), hall, series["currency"])

    def _customer(self, number: str | None) -> Said | None:
        if number and number not in self._customers:
            answer = self._wire.get(f"/customers/{number}/")
            self._customers[number] = answer.said if answer.good else None
        return self._customers[number] if number else None

    def _order(self, code: str) -> Said | None:
        found, _ = _results(self._got("/orders/", code=code, include_canceled_positions="true"))
        order = next((one for one in found if one.get("code") == code), None)
        if order is not None:
            self._checked(order)
        return order

    def _checked(self, order: Said) -> None:
        try:
            words.left(order, self._account.tenders)
            complete = order.keys() >= _ASKED
        except (KeyError, TypeError, ValueError, AttributeError):
            complete = False
        if not complete:
            raise Trouble("office_broken")

    def _must(self, code: str) -> Said:
        order = self._order(code)
        if order is None:
            raise Trouble("office_unknown")
        return order

    def _position(self, number: str) -> str:
        """The order of a seat."""
        # A file may have brought in seats under our name that were never sold there.
        if not (number.isascii() and number.isdigit()):
            raise Trouble("office_unknown")
        answer = self._wire.get(f"/orderpositions/{number}/", include_canceled_positions="true")
        if not answer.good:
            raise Trouble("office_unknown")
        try:
            return str(answer.said["order"])
        except (KeyError, TypeError):
            raise Trouble("office_broken") from None

    def _pages(self, path: str) -> Iterator[Said]:
        page, more = 1, True
        while more:
            found, more = _results(self._got(path, page=page, page_size=PAGE))
            yield from found
            page += 1

    def _got(self, path: str, **asked: Any) -> Answer:  # noqa: ANN401 - whatever an address asks
        answer = self._wire.get(path, **asked)
        if not answer.good:
            raise Trouble("office_refused")
        return answer

    def _may_write(self) -> None:
        if not self._account.writes:
            raise Unsupported("this pretix is only read")

    def _write(self, path: str, body: Mapping[str, object], key: str) -> Answer:
        answer = self._wire.send("POST", path, body, key=hashlib.sha256(key.encode()).hexdigest())
        if not answer.good:
            raise Trouble("office_refused")
        return answer


#: What we read of an order before anything of it is changed.
_ASKED: Final = frozenset({"code", "event", "status", "positions", "payments", "refunds"})
#: States of a refund that came to nothing.
_UNDONE: Final = frozenset({"canceled", "failed"})


def _results(answer: Answer) -> tuple[list[Said], bool]:
    """What a page lists, and whether more follows.

    Raises:
        Trouble: `office_broken`, it is no page.
    """
    try:
        found, more = answer.said["results"], answer.said["next"] is not None
    except (KeyError, TypeError):
        raise Trouble("office_broken") from None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Trouble("office_broken")
    return found, more


def _named(order: Said) -> str:
    return str(order.get("code"))


def _seats(order: Said) -> set[int]:
    """Seats of an order that were not cancelled."""
    try:
        return {one["id"] for one in order["positions"] if not one["canceled"]}
    except (KeyError, TypeError):
        raise Trouble("office_broken") from None


def _mark(key: str) -> str:
    """What tells our own note among others: the key between brackets."""
    return f"[{key}]"


def _amount(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"
