"""Whether the money of campaigns agrees to the cent, by rows and chain alone."""

from __future__ import annotations

from app.kernel import audit
from app.settlements import ledger_queries, reckoning_queries


def disorders() -> list[tuple[str, int, str]]:
    """What must hold of money. Shape: (name, how many are wrong, what is counted)."""
    chain = audit.verify()
    return [
        ("money-credits", reckoning_queries.credits_astray(), "locked credits whose lines do not make them up"),
        (
            "money-lines",
            reckoning_queries.lines_astray(),
            "lines that are not the sum of their seats, or batched twice",
        ),
        ("money-batches", _batches(), "batches that are not the sum of their lines, or of their file"),
        ("money-entries", ledger_queries.unsound(), "entries that do not balance, and journals with gaps"),
        ("audit", 0 if chain.ok else 1, f"{chain.entries} steps; first that is not whole: {chain.broken}"),
    ]


def _batches() -> int:
    wrong = 0
    for row in reckoning_queries.batches():
        has_file = row.state in {"exported", "paid"}
        agrees = row.lines_cents == row.total_cents and (row.file_cents == row.total_cents or not has_file)
        wrong += not agrees
    return wrong
