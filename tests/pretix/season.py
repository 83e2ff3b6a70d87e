"""What stands in the pretix of the tests: a work with one date, customers, and orders as a test asks for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.pretix.server import Organizer

PERFORMANCE_AT = "2027-01-10T19:00:00Z"


@dataclass(frozen=True, slots=True)
class Season:
    """One work on sale."""

    organizer: Organizer
    event: str
    item: int
    subevent: int
    doors: int

    def order(self, code: str, *, seats: int = 2, price: str = "41.50", provider: str = "manual") -> dict[str, Any]:
        """A paid order of Marie's."""
        said = {
            "code": code, "status": "p", "email": "marie@exemple.fr", "locale": "fr", "sales_channel": "web",
            "payment_provider": provider, "customer": self._marie(),
            "positions": [
                {
                    "positionid": place, "item": self.item, "variation": None, "price": price, "answers": [],
                    "attendee_name_parts": {}, "subevent": self.subevent, "seat": None,
                }
                for place in range(1, seats + 1)
            ],
        }  # fmt: skip
        return dict(self.organizer.call("POST", f"/events/{self.event}/orders/", said))

    def refund(self, code: str, amount: str) -> None:
        """Money given back at the counter, noted in pretix."""
        path = f"/events/{self.event}/orders/{code}/refunds/"
        body = {
            "state": "created", "source": "admin", "amount": amount, "payment": 1, "provider": "manual",
            "comment": "", "mark_canceled": False,
        }  # fmt: skip
        number = self.organizer.call("POST", path, body)["local_id"]
        self.organizer.call("POST", f"{path}{number}/done/", {})

    def refunds(self, code: str) -> list[tuple[str, str]]:
        """What pretix notes as given back. Shape: (amount, state)."""
        found = self.organizer.call("GET", f"/events/{self.event}/orders/{code}/refunds/")["results"]
        return [(one["amount"], one["state"]) for one in found]

    def enter(self, secret: str) -> None:
        """Somebody comes in by the doors."""
        body = {"secret": secret, "lists": [self.doors], "nonce": secret[:20]}
        assert self.organizer.call("POST", "/checkinrpc/redeem/", body)["status"] == "ok"

    def _marie(self) -> str:
        found = self.organizer.call("GET", "/customers/?email=marie@exemple.fr")["results"]
        return str(found[0]["identifier"])


def opened(organizer: Organizer, slug: str = "traviata") -> Season:
    """Put La Traviata on sale, as a series of one date."""
    organizer.call("PATCH", "/", {"plugins": ["pretix.plugins.banktransfer"]})
    path = f"/events/{slug}"
    name = {"fr": "La Traviata"}
    organizer.call("POST", "/events/", {
        "name": name, "slug": slug, "currency": "EUR", "date_from": PERFORMANCE_AT, "has_subevents": True,
        "plugins": ["pretix.plugins.banktransfer", "pretix.plugins.manualpayment"], "timezone": "Europe/Paris",
        "meta_data": {},
    })  # fmt: skip
    organizer.call("PATCH", f"{path}/settings/", {"locales": ["de", "fr"]})
    tax = organizer.call("POST", f"{path}/taxrules/", {"name": {"fr": "TVA"}, "rate": "5.50"})["id"]
    item = organizer.call("POST", f"{path}/items/", {
        "name": {"fr": "Plein tarif"}, "default_price": "41.50", "tax_rule": tax, "admission": True, "active": True,
    })["id"]  # fmt: skip
    date = organizer.call("POST", f"{path}/subevents/", {
        "name": name, "date_from": PERFORMANCE_AT, "active": True, "item_price_overrides": [],
        "variation_price_overrides": [], "meta_data": {},
    })["id"]  # fmt: skip
    organizer.call("POST", f"{path}/quotas/", {
        "name": "salle", "size": 500, "items": [item], "variations": [], "subevent": date,
    })  # fmt: skip
    doors = organizer.call("POST", f"{path}/checkinlists/", {
        "name": "Entrée", "all_products": True, "limit_products": [], "subevent": date,
    })["id"]  # fmt: skip
    if not organizer.call("GET", "/customers/?email=marie@exemple.fr")["results"]:
        organizer.call("POST", "/customers/", {
            "email": "marie@exemple.fr", "locale": "fr",
            "name_parts": {"_scheme": "given_family", "given_name": "Marie", "family_name": "Roy"},
        })  # fmt: skip
    return Season(organizer, slug, item, date, doors)
