"""Why banks send transfers back: their codes, and rejects brought as a plain table; pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.people.names import folded

#: What a household is told. Shape: code to (French, English); ISO 20022, external code set ExternalStatusReason1Code.
WORDS: Mapping[str, tuple[str, str]] = {
    "AC01": ("le numéro de compte n’existe pas", "the account number does not exist"),
    "AC04": ("le compte est fermé", "the account is closed"),
    "AC06": ("le compte est bloqué", "the account is blocked"),
    "AG01": ("ce compte ne reçoit pas de virement", "this account takes no transfers"),
    "AM05": ("la banque y voit un doublon", "the bank takes it for a double"),
    "BE01": ("le nom du titulaire n’est pas celui du compte", "the holder’s name is not that of the account"),
    "BE04": ("il manque l’adresse du titulaire", "the holder’s address is missing"),
    "MD07": ("le titulaire du compte est décédé", "the account’s holder has died"),
    "MS02": ("le titulaire a refusé le virement", "the account’s holder refused the transfer"),
    "MS03": ("la banque n’en dit pas la raison", "the bank does not say why"),
    "RC01": ("la banque de ce compte n’a pas été reconnue", "the bank of this account was not recognised"),
    "RR04": ("la banque doit vérifier le virement", "the bank must check the transfer"),
    "HOUSE": ("nous avons préféré vérifier le compte avec vous", "we would rather check the account with you"),
}
UNSAID = "MS03"
#: Of a line that was refused here rather than by a bank: a household is told nothing that it is not to blame for.
REFUSED = "HOUSE"
#: After these, no other account is asked for by letter: a colleague looks first.
DELICATE = frozenset({"MD07"})
#: After these, the same account would send it back again.
OF_ACCOUNT = frozenset({"AC01", "AC04", "AC06", "AG01", "RC01"})
_CODE = re.compile(r"[A-Z0-9]{2,35}")
#: Names of columns, folded.
_REFERENCE = ("reference", "endtoendid", "end to end id", "identifiant de bout en bout")
_REASON = ("motif", "code", "reason", "code motif")


class BadRejects(ValueError):
    """A table of rejects that cannot be read; `code` says why, `line` where."""

    def __init__(self, code: str, line: int = 0) -> None:
        super().__init__(f"{code} {line}")
        self.code, self.line = code, line


@dataclass(frozen=True, slots=True)
class Reject:
    """One transfer that came back, and the bank's reason."""

    reference: str
    code: str


def read(data: bytes) -> list[Reject]:
    """The rejects of a table: a column `reference` (or EndToEndId) and one `motif` (or code), in any order.

    Raises:
        BadRejects: it has no such column, or a line without its reference.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    head = text.partition("\n")[0]
    delimiter = max(";,\t", key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        raise BadRejects("file_form") from None
    if not rows:
        raise BadRejects("file_empty")
    names = [folded(cell) for cell in rows[0]]
    at = next((place for place, name in enumerate(names) if name in _REFERENCE), None)
    why = next((place for place, name in enumerate(names) if name in _REASON), None)
    if at is None:
        raise BadRejects("reference_column")
    return [_reject(row, at, why, place) for place, row in enumerate(rows[1:], start=2) if any(row)]


def _reject(row: list[str], at: int, why: int | None, place: int) -> Reject:
    reference = row[at].strip().lstrip("'") if at < len(row) else ""
    if not reference:
        raise BadRejects("reference_missing", place)
    code = row[why].strip().upper() if why is not None and why < len(row) else ""
    return Reject(reference, code if _CODE.fullmatch(code) else UNSAID)


def said(code: str, language: str) -> str:
    """A reason in words; one that is not known is told as its code."""
    french, english = WORDS.get(code, (f"motif {code}", f"reason {code}"))
    return french if language == "fr" else english
