"""What every connector keeps, whatever system stands behind it; a test of a connector subclasses this."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.boxoffice.connectors.port import BoxOffice, Capability, RefundLine, Unsupported, Written
from app.kernel.errors import Invalid


class Contract:
    """The system behind `office` holds one order: two seats, 83.00 paid by card, 41.50 of it given back."""

    EVENT = "La Traviata"
    ORDER = "CMD1"

    @pytest.fixture
    def office(self) -> BoxOffice:
        raise NotImplementedError

    @pytest.fixture
    def readonly(self) -> BoxOffice:
        raise NotImplementedError

    @pytest.fixture
    def performance_at(self) -> datetime:
        raise NotImplementedError

    def test_reading_twice_says_the_same(self, office: BoxOffice) -> None:
        first, again = ([(line.number, line.sale) for line in office.pull()] for _ in range(2))
        assert first == again
        assert {sale.order_code for _, sale in first if sale} == {self.ORDER}
        assert len({sale.external_id for _, sale in first if sale}) == 2

    def test_what_may_be_given_back_is_what_was_paid_and_not_yet_returned(self, office: BoxOffice) -> None:
        assert [(one.tender, one.cents) for one in office.verify([self.ORDER])] == [("card", 4150)]
        assert office.verify(["UNKNOWN"]) == []

    def test_a_refund_is_written_once_by_its_key(self, office: BoxOffice) -> None:
        line = RefundLine("AV-2027-000001/1", self.ORDER, "card", 4000)
        first, again = office.record_refund(line), office.record_refund(line)
        assert first.new
        assert again == Written(first.key, first.reference, new=False)
        assert [one.cents for one in office.verify([self.ORDER])] == [150]

    def test_never_more_is_given_back_than_is_left(self, office: BoxOffice) -> None:
        with pytest.raises(Invalid):
            office.record_refund(RefundLine("AV-2027-000001/1", self.ORDER, "card", 4151))
        assert [one.cents for one in office.verify([self.ORDER])] == [4150]

    def test_cancelling_twice_is_cancelling(self, office: BoxOffice) -> None:
        numbers = [line.sale.external_id for line in office.pull() if line.sale]
        assert office.cancel(numbers, key="AV-2027-000001").new
        assert not office.cancel(numbers, key="AV-2027-000001").new

    def test_a_gift_card_is_given_once(self, office: BoxOffice) -> None:
        line = RefundLine("AV-2027-000001/2", self.ORDER, "giftcard", 150)
        assert office.issue_giftcard(line).new
        assert not office.issue_giftcard(line).new

    def test_entries_are_counted(self, office: BoxOffice, performance_at: datetime) -> None:
        stats = office.entry_stats(self.EVENT, performance_at)
        assert (stats.sold, stats.scanned) == (2, 1)

    def test_what_it_cannot_do_it_says_beforehand(self, readonly: BoxOffice) -> None:
        assert Capability.PULL in readonly.capabilities()
        assert Capability.REFUND not in readonly.capabilities()
        with pytest.raises(Unsupported):
            readonly.record_refund(RefundLine("AV-2027-000001/1", self.ORDER, "card", 1))
