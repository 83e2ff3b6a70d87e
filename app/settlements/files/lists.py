"""What each kind of batch puts on paper or into another program: one table a kind, in two languages; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.settlements.files import fec, tables
from app.settlements.spoken import euros


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of a batch with what its list needs; what it does not need is empty. Units: cents.

    `address` is street, complement, postcode, city, country.
    """

    reference: str
    credit: str
    household: str
    name: str
    cents: int
    option: str = ""
    payee: str = ""
    address: tuple[str, str, str, str, str] = ("", "", "", "", "")
    iban: str = ""
    order: str = ""
    payment: str = ""
    code: str = ""
    season: str = ""
    until: date | None = None
    donor: str = ""
    donor_address: tuple[str, str, str, str, str] = ("", "", "", "", "")
    siren: str = ""
    title: str = ""
    #: At which counter it is handed over; empty where none was chosen.
    counter: str = ""


Cells = Callable[[Item, str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of list: its columns, in French and in English, and what stands in them."""

    fr: tuple[str, ...]
    en: tuple[str, ...]
    cells: Cells

    @property
    def amount_at(self) -> int:
        """The column that adds up to the batch."""
        return self.en.index("amount")


def written(kind: str, items: Iterable[Item], language: str) -> bytes:
    """The list of a batch."""
    sheet = SHEETS[kind]
    head = sheet.fr if language == "fr" else sheet.en
    return tables.written(head, (sheet.cells(item, language) for item in items), language)


def total(kind: str, data: bytes) -> int:
    """What a list that was written adds up to, read from its bytes. Units: cents."""
    at = SHEETS[kind].amount_at
    return sum(tables.cents(row[at]) for row in tables.read(data)[1:])


def journal(rows: Iterable[fec.Row], language: str) -> bytes:
    """Entries as a plain table, the columns of their legal layout."""
    return tables.written(fec.COLUMNS, (_entry(row, language) for row in rows), language)


def _entry(row: fec.Row, language: str) -> Sequence[str]:
    return (
        row.journal, row.journal_label, row.number, row.on.isoformat(), row.account, row.account_label, row.aux,
        row.aux_label, row.piece, row.piece_on.isoformat(), row.text, tables.amount(row.debit_cents, language),
        tables.amount(row.credit_cents, language), "", "", row.valid_on.isoformat(), "", "",
    )  # fmt: skip


def _cheque(item: Item, language: str) -> Sequence[str]:
    words = euros(item.cents) if language == "fr" else ""
    amount = tables.amount(item.cents, language)
    return (item.reference, item.credit, item.household, item.payee, amount, words, *item.address)


def _cash(item: Item, language: str) -> Sequence[str]:
    amount = tables.amount(item.cents, language)
    return (item.reference, item.credit, item.household, item.name, amount, item.counter, "", "")


def _card(item: Item, language: str) -> Sequence[str]:
    return (item.reference, item.credit, item.order, item.payment, tables.amount(item.cents, language), item.name)


def _voucher(item: Item, language: str) -> Sequence[str]:
    until = item.until.isoformat() if item.until else ""
    return (
        item.reference,
        item.credit,
        item.household,
        item.name,
        item.code,
        tables.amount(item.cents, language),
        until,
    )


def _carryover(item: Item, language: str) -> Sequence[str]:
    until = item.until.isoformat() if item.until else ""
    amount = tables.amount(item.cents, language)
    return (item.reference, item.credit, item.household, item.name, amount, item.season, until)


def _donation(item: Item, language: str) -> Sequence[str]:
    amount = tables.amount(item.cents, language)
    return (item.reference, item.credit, item.household, item.name, amount, item.donor, *item.donor_address, item.siren)


def _kept(item: Item, language: str) -> Sequence[str]:
    amount = tables.amount(item.cents, language)
    return (item.reference, item.credit, item.household, item.name, amount, item.option, item.order)


def _public(item: Item, language: str) -> Sequence[str]:
    amount = tables.amount(item.cents, language)
    return (item.reference, item.payee, item.iban, *item.address, amount, item.title, item.credit)


_WHERE_FR = ("Adresse", "Complément", "Code postal", "Ville", "Pays")
_WHERE_EN = ("address", "address 2", "postcode", "city", "country")
#: Shape: kind of batch to its list.
SHEETS: Mapping[str, Sheet] = {
    "cheque": Sheet(
        ("Référence", "Avoir", "Foyer", "Bénéficiaire", "Montant", "Montant en lettres", *_WHERE_FR),
        ("reference", "credit", "household", "payee", "amount", "amount in words", *_WHERE_EN), _cheque,
    ),
    "cash": Sheet(
        ("Référence", "Avoir", "Foyer", "Nom", "Montant", "Guichet", "Remis le", "Signature"),
        ("reference", "credit", "household", "name", "amount", "counter", "handed over on", "signature"), _cash,
    ),
    "local": Sheet(
        ("Référence", "Avoir", "Foyer", "Nom", "Montant", "Guichet", "Remis le", "Signature"),
        ("reference", "credit", "household", "name", "amount", "counter", "handed over on", "signature"), _cash,
    ),
    "card": Sheet(
        ("Référence", "Avoir", "Commande", "Paiement", "Montant", "Nom"),
        ("reference", "credit", "order", "payment", "amount", "name"), _card,
    ),
    "voucher": Sheet(
        ("Référence", "Avoir", "Foyer", "Nom", "Code", "Montant", "Valable jusqu'au"),
        ("reference", "credit", "household", "name", "code", "amount", "valid until"), _voucher,
    ),
    "carryover": Sheet(
        ("Référence", "Avoir", "Foyer", "Nom", "Montant", "Saison", "Jusqu'au"),
        ("reference", "credit", "household", "name", "amount", "season", "until"), _carryover,
    ),
    "donation": Sheet(
        ("Référence", "Avoir", "Foyer", "Nom", "Montant", "Donateur du reçu", *_WHERE_FR, "SIREN"),
        ("reference", "credit", "household", "name", "amount", "donor of the receipt", *_WHERE_EN, "SIREN"), _donation,
    ),
    "kept": Sheet(
        ("Référence", "Avoir", "Foyer", "Nom", "Montant", "Choix", "Commandes"),
        ("reference", "credit", "household", "name", "amount", "choice", "orders"), _kept,
    ),
    "public": Sheet(
        ("Référence", "Créancier", "IBAN", *_WHERE_FR, "Montant", "Objet", "Pièce justificative"),
        ("reference", "creditor", "IBAN", *_WHERE_EN, "amount", "object", "supporting document"), _public,
    ),
}  # fmt: skip
