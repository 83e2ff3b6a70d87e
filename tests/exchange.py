"""Exchange files as ticketing systems write them, for tests."""

from __future__ import annotations

from pathlib import Path

HEADERS = {
    "ticket_id": ("Numéro billet", "Ticket ID"), "order_code": ("Numéro commande", "Order code"),
    "ordered_at": ("Date commande", "Order date"), "channel": ("Canal", "Channel"), "event": ("Spectacle", "Event"),
    "performance_at": ("Date représentation", "Performance date"), "price": ("Prix TTC", "Price incl. VAT"),
    "fees": ("Frais", "Fees"), "vat_rate": ("Taux TVA", "VAT rate"), "tender": ("Mode de paiement", "Payment method"),
    "barcode": ("Code-barres", "Barcode"), "card_last4": ("Fin de carte", "Card ending"),
    "ticket_kind": ("Nature billet", "Ticket kind"), "already_refunded": ("Déjà remboursé", "Already refunded"),
    "ticket_status": ("État billet", "Ticket status"), "scanned_at": ("Date contrôle", "Scanned at"),
    "customer_id": ("Numéro client", "Customer ID"), "mother_id": ("Numéro fiche mère", "Parent customer ID"),
    "customer_kind": ("Type client", "Customer type"), "last_name": ("Nom", "Last name"),
    "first_name": ("Prénom", "First name"), "company": ("Société", "Company"), "email": ("Courriel", "Email"),
    "mobile": ("Mobile", "Mobile"), "address1": ("Adresse", "Address"), "postcode": ("Code postal", "Postcode"),
    "city": ("Ville", "City"), "country": ("Pays", "Country"), "language": ("Langue", "Language"),
}  # fmt: skip
GIVEN = {
    "order_code": "CMD1", "ordered_at": "01/09/2026 10:00", "channel": "web", "event": "La Traviata",
    "performance_at": "10/01/2027 20:00", "price": "40,00", "fees": "1,50", "vat_rate": "5,5", "tender": "CB",
    "customer_id": "C1", "last_name": "Fontanel", "first_name": "Léa", "email": "lea.fontanel@exemple.fr",
}  # fmt: skip
Row = dict[str, str]


def a_row(ticket_id: str, **cells: str) -> Row:
    """One admission of Léa's, where nothing else is said."""
    return {"ticket_id": ticket_id, **GIVEN, **cells}


def a_file(
    path: Path, *rows: Row, language: int = 0, separator: str = ";", encoding: str = "utf-8", columns: list[str] | None = None
) -> Path:  # fmt: skip
    """A file of rows; `columns` gives another order, or others than all."""
    names = columns or list(HEADERS)
    heads = [HEADERS[name][language] if name in HEADERS else name for name in names]
    lines = [heads, *([quoted(row.get(name, ""), separator) for name in names] for row in rows)]
    path.write_bytes("".join(separator.join(line) + "\r\n" for line in lines).encode(encoding))
    return path


def quoted(cell: str, separator: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if separator in cell or '"' in cell or "\n" in cell else cell
