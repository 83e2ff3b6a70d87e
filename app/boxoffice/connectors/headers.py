"""The columns of an exchange file, by their French, English and technical names; pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from app.kernel.errors import Invalid

#: Column to its headers, French and English, then names that other systems give it.
COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "ticket_id": ("Numéro billet", "Ticket ID", "N° billet", "No billet", "Ticket number"),
    "order_code": ("Numéro commande", "Order code", "N° commande", "Order number"),
    "ordered_at": ("Date commande", "Order date"),
    "channel": ("Canal", "Channel"),
    "event": ("Spectacle", "Event"),
    "event_code": ("Code spectacle", "Event code"),
    "performance_at": ("Date représentation", "Performance date"),
    "performance_status": ("État représentation", "Performance status"),
    "hall": ("Salle", "Venue hall", "Hall"),
    "category": ("Catégorie", "Category"),
    "seat": ("Place", "Seat"),
    "tariff": ("Tarif", "Price type"),
    "ticket_kind": ("Nature billet", "Ticket kind"),
    "price": ("Prix TTC", "Price incl. VAT", "Prix", "Price"),
    "fees": ("Frais", "Fees"),
    "ticketing_fees": ("Frais de billetterie", "Ticketing fees", "dont frais de billetterie"),
    "vat_rate": ("Taux TVA", "VAT rate", "TVA", "VAT"),
    "currency": ("Devise", "Currency"),
    "tender": ("Mode de paiement", "Payment method", "Tender"),
    "card_last4": ("Fin de carte", "Card ending", "4 derniers chiffres carte", "Card last four"),
    "disputed": ("Contestation bancaire", "Chargeback", "Contestation", "Rétrofacturation", "Disputed"),
    "already_refunded": ("Déjà remboursé", "Already refunded"),
    "ticket_status": ("État billet", "Ticket status"),
    "scanned_at": ("Date contrôle", "Scanned at"),
    "barcode": ("Code-barres", "Barcode", "Numéro code-barres", "Barcode number"),
    "customer_id": ("Numéro client", "Customer ID", "N° client"),
    "mother_id": ("Numéro fiche mère", "Parent customer ID", "Mother ID"),
    "customer_kind": ("Type client", "Customer type", "Customer kind"),
    "typologies": ("Typologies", "Tags"),
    "title": ("Civilité", "Title"),
    "last_name": ("Nom", "Last name"),
    "first_name": ("Prénom", "First name"),
    "company": ("Société", "Company"),
    "email": ("Courriel", "Email", "E-mail", "Adresse électronique"),
    "phone": ("Téléphone", "Phone"),
    "mobile": ("Mobile", "Portable"),
    "address1": ("Adresse", "Address", "Address 1", "Adresse 1"),
    "address2": ("Complément", "Address 2", "Adresse 2"),
    "postcode": ("Code postal", "Postcode"),
    "city": ("Ville", "City"),
    "country": ("Pays", "Country"),
    "language": ("Langue", "Language"),
    "optin_email": ("Optin courriel", "Email opt-in", "Opt-in courriel"),
    "optin_sms": ("Optin SMS", "SMS opt-in"),
}
REQUIRED: Final = (
    "ticket_id", "order_code", "event", "performance_at", "price", "tender", "customer_id", "last_name",
)  # fmt: skip
#: More columns than this is no table of admissions.
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Headers:
    """Where each column stands. Shape: column to place; further columns as (place, own name)."""

    places: dict[str, int]
    extra: tuple[tuple[int, str], ...]
    width: int


def flat(header: str) -> str:
    """A header without case, accents, blanks and signs: `Numéro  BILLET` is numerobillet."""
    return "".join(c for c in unicodedata.normalize("NFKD", header).lower() if c.isascii() and c.isalnum())


@cache
def _known() -> dict[str, str]:
    names = {flat(name): column for column, names in COLUMNS.items() for name in names}
    return names | {flat(column): column for column in COLUMNS}


def recognised(cells: Sequence[str]) -> int:
    """How many of some cells are headers we know."""
    return sum(flat(cell) in _known() for cell in cells)


def read_headers(cells: Sequence[str]) -> Headers:
    """Where each column stands.

    Raises:
        Invalid: a required column is missing, or one is there twice; `columns` names them in French.
    """
    places: dict[str, int] = {}
    extra: list[tuple[int, str]] = []
    twice = []
    for place, cell in enumerate(cells[:MOST]):
        column = _known().get(flat(cell))
        if column is None:
            extra += [(place, cell.strip()[:80])] if cell.strip() else []
        elif column in places:
            twice.append(cell.strip())
        else:
            places[column] = place
    if twice:
        raise Invalid({"file": "column_twice"}, columns=", ".join(twice))
    if missing := [COLUMNS[column][0] for column in REQUIRED if column not in places]:
        raise Invalid({"file": "columns_missing"}, columns=", ".join(missing))
    return Headers(places, tuple(extra), len(cells))
