"""Forms as a browser would send them, and the pages that answer."""

from __future__ import annotations

from datetime import timedelta

from flask.testing import FlaskClient

from app.kernel import clock
from app.web.forms import new_submission
from tests.cast import LEA

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"


def a_form(**changes: object) -> dict[str, object]:
    """A request filled in as it should be; opened ten seconds ago."""
    with clock.frozen_at(clock.now() - timedelta(seconds=10)):
        key = new_submission()
    return {
        "form": key, "motif": "exchange", "type": "exchange_date", "commande": "", "email": LEA, "name": "Léa",
        "body": "Bonjour, je voudrais venir la semaine suivante.", "site": "", **changes,
    }  # fmt: skip


def text_of(browser: FlaskClient, address: str) -> str:
    """The page at an address."""
    answer = browser.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.get_data(as_text=True)
