"""F25: whoever seals everything anew is killed; what was committed stays, the next run goes on, no row is unreadable."""

from __future__ import annotations

import json

import pytest

from app.cancellations import payees
from app.cancellations.models import Payee
from app.kernel import clock, keys, sealing
from app.kernel.db import session
from app.kernel.queries import write
from tests.domains.cancellations.world import a_campaign, a_household, bought, cancelled, opened
from tests.faults.house import House

COUNT = 1_200


@pytest.fixture
def accounts(house: House) -> int:
    """As many accounts as three batches hold, of one credit."""
    show = cancelled()
    bought(a_household(), show)
    (credit_id,) = opened(a_campaign(show, options=("refund_transfer",)))
    write(Payee, [
        {
            "credit_id": credit_id, "kind": "account", "print": f"p{n}", "name": "Léa", "details": {},
            "iban_masked": "", "account_print": "", "at": clock.now(), "proven_at": None,
            "iban_sealed": sealing.seal(f"FR76{n:010}", bound=payees.place(credit_id, f"p{n}")),
        }
        for n in range(COUNT)
    ])  # fmt: skip
    session.commit()
    return credit_id


def by_key() -> dict[int, int]:
    session.rollback()
    session.expire_all()
    found: dict[int, int] = {}
    for row in session.query(Payee.iban_sealed):
        found[sealing.key_of(row[0])] = found.get(sealing.key_of(row[0]), 0) + 1
    return found


def readable() -> list[str]:
    session.rollback()
    rows = session.query(Payee.credit_id, Payee.print, Payee.iban_sealed).order_by(Payee.id)
    return [payees.number_of(*row) for row in rows]


@pytest.mark.parametrize(
    ("point", "times", "anew"), [("batch sealed", 1, 0), ("sealed anew", 1, 500), ("batch sealed", 3, 1_000)]
)
def test_killed_anywhere_the_next_run_goes_on(house: House, accounts: int, point: str, times: int, anew: int) -> None:
    assert house.flask("keys", "renew").returncode == 0
    house.dies_at(point, "keys", "reseal", times=times)
    assert by_key() == {key: count for key, count in ((1, COUNT - anew), (2, anew)) if count}
    assert readable() == [f"FR76{n:010}" for n in range(COUNT)]
    done = house.flask("keys", "reseal", "--json")
    assert done.returncode == 0, done.stderr
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert said[-1] == {"newest": 2, "rows": {"2": COUNT}, "missing": [], "wrong": []}
    assert said[-2]["done"] == COUNT - anew
    assert readable() == [f"FR76{n:010}" for n in range(COUNT)]
    assert house.doctor() == []


def test_a_house_that_misses_a_key_says_which_and_serves_all_the_rest(house: House, accounts: int) -> None:
    assert house.flask("keys", "renew").returncode == 0
    assert house.flask("keys", "reseal").returncode == 0
    key = house.folder / "keys" / "seal-2.key"
    key.rename(house.folder / "seal-2.away")
    keys.unlock(house.folder / "keys", production=False)
    told = house.flask("keys", "reseal")
    assert told.returncode == 1
    assert "key 2 is missing from DATA_DIR/keys" in told.stderr
    found = house.flask("doctor", "--json")
    checks = {check["id"]: check for check in json.loads(found.stdout)["checks"]}
    assert (checks["keys"]["ok"], checks["keys"]["found"]) == (False, "key 2 is missing from DATA_DIR/keys")
    assert house.flask("permissions", "--json").returncode == 0


def test_with_the_key_of_another_house_nothing_is_written(house: House, accounts: int) -> None:
    place = house.folder / "keys" / "house.key"
    right = place.read_bytes()
    place.write_bytes(b"x" * 48)
    refused = house.flask("work", "--once")
    assert refused.returncode == 1
    assert "house.key in DATA_DIR/keys did not seal what is in this database" in refused.stderr
    place.write_bytes(right)
    assert house.flask("work", "--once").returncode == 0
    assert readable() == [f"FR76{n:010}" for n in range(COUNT)]
