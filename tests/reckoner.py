"""Adds a campaign up anew, from raw rows and from the bytes of its files, with nothing of the house's own code.

python -m tests.reckoner DATABASE_URL FOLDER     exit 1 and a line for each disagreement
"""

from __future__ import annotations

import csv
import io
import re
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

from sqlalchemy import Connection, create_engine, text

#: Which prefix of a file's name carries which choices.
OPTIONS = {
    "VIR": {"refund_transfer"}, "ETA": {"refund_transfer"}, "CAR": {"refund_card"}, "CHQ": {"refund_cheque"},
    "ESP": {"refund_cash"}, "LOC": {"refund_local"}, "DON": {"donation"}, "BON": {"voucher"}, "REP": {"carryover"},
    "GAR": {"keep_ticket", "exchange"},
}  # fmt: skip
FEC_HEAD = [
    "JournalCode",
    "JournalLib",
    "EcritureNum",
    "EcritureDate",
    "CompteNum",
    "CompteLib",
    "CompAuxNum",
    "CompAuxLib",
    "PieceRef",
    "PieceDate",
    "EcritureLib",
    "Debit",
    "Credit",
    "EcritureLet",
    "DateLet",
    "ValidDate",
    "Montantdevise",
    "Idevise",
]


def reckon(connection: Connection, folder: Path) -> list[str]:
    """What does not agree to the cent between credits, choices, lines, files and entries; nothing when all does."""
    wrong = [*_rows(connection)]
    files, back = Counter[str](), Counter[str]()
    for path in sorted(folder.glob("[A-Z]*-*-*.*")):
        if path.name.endswith("-retour.csv"):
            back[path.name[:3]] += _list(path)
        elif path.name[:3] in OPTIONS and path.suffix != ".pdf":
            files[path.name[:3]] += _order(path, wrong) if path.suffix == ".xml" else _list(path)
    batches = Counter[str]()
    for number, cents in _asked(
        connection, "SELECT number, total_cents FROM settlement_batch WHERE state IN ('exported', 'paid')"
    ):
        batches[str(number)[:3]] += int(cents)
    _same(wrong, "files and batches", dict(files), dict(batches))
    _same(wrong, "files and what the ticketing system is told", dict(back), dict(files))
    _same(wrong, "entries", _entries(folder, wrong), _ledger(connection))
    return wrong


def _rows(connection: Connection) -> list[str]:
    """Each credit is the sum of its seats, its choice, its last lines, and their parts."""
    wrong: list[str] = []
    owed = dict(_asked(connection, "SELECT id, amount_cents FROM credit WHERE state IN ('locked', 'settled')"))
    last = "NOT EXISTS (SELECT 1 FROM settlement_line n WHERE n.supersedes_id = l.id)"
    sums = {
        "seats": "SELECT credit_id, sum(amount_cents) FROM credit_item GROUP BY credit_id",
        "choice": "SELECT c.credit_id, sum(l.amount_cents) FROM choice_line l JOIN choice c ON c.id = l.choice_id JOIN "
        "credit k ON k.id = c.credit_id AND k.choice_version = c.version GROUP BY c.credit_id",
        "lines": f"SELECT l.credit_id, sum(l.amount_cents) FROM settlement_line l WHERE {last} GROUP BY l.credit_id",
        "parts": "SELECT l.credit_id, sum(p.amount_cents) FROM settlement_line l JOIN settlement_part p ON "
        f"p.line_id = l.id WHERE {last} GROUP BY l.credit_id",
    }
    for name, statement in sums.items():
        found = {key: int(cents) for key, cents in _asked(connection, statement) if key in owed}
        _same(wrong, name, found, owed)
    seats = dict(_asked(connection, "SELECT id, vat_bp FROM credit_item"))
    wrong += [f"rate {rate}" for rate in set(seats.values()) - {0, 210, 550, 850, 1000, 2000}]
    return wrong


def _order(path: Path, wrong: list[str]) -> int:
    root = ElementTree.fromstring(path.read_text("ascii"))
    space = root.tag.partition("}")[0] + "}"
    paid = [_cents(node.text or "") for node in root.iter(f"{space}InstdAmt")]
    _same(wrong, f"{path.name} control sums", {_cents(n.text or "") for n in root.iter(f"{space}CtrlSum")}, {sum(paid)})
    _same(wrong, f"{path.name} counts", {int(n.text or 0) for n in root.iter(f"{space}NbOfTxs")}, {len(paid)})
    names = [node.text or "" for node in root.iter(f"{space}EndToEndId")]
    _same(wrong, f"{path.name} references", len(set(names)), len(paid))
    return sum(paid)


def _list(path: Path) -> int:
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline=""), delimiter=";"))
    return sum(_cents(row["Montant"]) for row in rows)


def _entries(folder: Path, wrong: list[str]) -> dict[str, int]:
    """What each account stands at by the files in the layout of the law, all of them together."""
    accounts: Counter[str] = Counter()
    entries: Counter[tuple[str, str]] = Counter()
    numbers: dict[str, list[int]] = {}
    for path in sorted(folder.glob("*FEC*.txt")):
        head, *lines = path.read_bytes().decode().split("\r\n")[:-1]
        _same(wrong, f"{path.name} columns", head.split("\t"), FEC_HEAD)
        for line in lines:
            cells = line.split("\t")
            _same(wrong, f"{path.name} width", len(cells), 18)
            amount = _cents(cells[11]) - _cents(cells[12])
            accounts[cells[4]] += amount
            entries[cells[0], cells[2]] += amount
            found = numbers.setdefault(cells[0], [])
            serial = int(re.sub(r"^\D+", "", cells[2]))
            if not found or found[-1] != serial:
                found.append(serial)
    wrong += [f"entry {number} is not balanced" for (_, number), rest in entries.items() if rest]
    for journal, found in numbers.items():
        _same(wrong, f"numbers of {journal}", sorted(found), list(range(1, len(found) + 1)))
    return {account: cents for account, cents in accounts.items() if cents}


def _ledger(connection: Connection) -> dict[str, int]:
    """What each account must stand at by rows alone: credits, seats and lines that were carried out."""
    found: Counter[str] = Counter()
    for rate, cents in _asked(
        connection, "SELECT i.vat_bp, i.amount_cents FROM credit_item i JOIN credit c ON c.id = i.credit_id "
        "WHERE c.state <> 'void'",
    ):  # fmt: skip
        rate, cents = int(rate), int(cents)
        tax = (2 * cents * rate + 10_000 + rate) // (2 * (10_000 + rate))
        found["467100"] -= cents
        found["487100"] += cents - tax
        found[{210: "445711", 550: "445712", 1000: "445713", 2000: "445714"}.get(rate, "445715")] += tax
    settled = {
        "refund_transfer": "512100", "refund_cheque": "512100", "refund_card": "511500", "refund_cash": "531000",
        "refund_local": "531900", "donation": "754110", "voucher": "419700", "carryover": "419100",
        "keep_ticket": "487100", "exchange": "487100",
    }  # fmt: skip
    for option, cents in _asked(
        connection, "SELECT l.option, l.amount_cents FROM settlement_line l JOIN settlement_fate f ON f.line_id = l.id "
        "AND f.state = 'done' WHERE NOT EXISTS (SELECT 1 FROM settlement_fate r WHERE r.line_id = l.id AND "
        "r.state = 'rejected')",
    ):  # fmt: skip
        found["467100"] += int(cents)
        found[settled[str(option)]] -= int(cents)
    return {account: cents for account, cents in found.items() if cents}


def _asked(connection: Connection, statement: str) -> list[tuple[object, object]]:
    return [(row[0], row[1]) for row in connection.execute(text(statement))]


def _cents(amount: str) -> int:
    return int(re.sub(r"[.,]", "", amount))


def _same(wrong: list[str], name: str, found: object, expected: object) -> None:
    if found != expected:
        wrong.append(f"{name}: {found!r} is not {expected!r}"[:400])


if __name__ == "__main__":
    with create_engine(sys.argv[1]).connect() as opened:
        told = reckon(opened, Path(sys.argv[2]))
    sys.stdout.write(("\n".join(told) or "everything agrees to the cent") + "\n")
    sys.exit(1 if told else 0)
