"""Search measured on questions with known answers: asked as their readers would, on the shelf as it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from app.kernel.access import Actor, Role
from app.knowledge import shelf
from app.search import service
from app.search.measures import DEPTH, Judged, Line, Stood, lines, stood
from app.search.questions import KINDS, Question
from app.search.results import SearchResult

#: Who asks what is for colleagues; what is for finance is among it.
_COLLEAGUE: Final = Actor(roles=frozenset({Role.STAFF, Role.FINANCE}))


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured, line by line, and how many questions ask for an article that is not on the shelf."""

    mode: str
    lines: dict[str, Line]
    stood: Stood
    left_out: int
    milliseconds: float

    def plain(self) -> dict[str, Any]:
        """As values that JSON can hold, rounded."""
        found = {kind: _plain(self.lines[kind]) for kind in _ordered(self.lines)}
        stood = {name: round(getattr(self.stood, name), 4) for name in Stood.__slots__}
        return {
            "mode": self.mode, "left_out": self.left_out, "cpu_ms": round(self.milliseconds, 2), "kinds": found,
            "stood_by": stood,
        }  # fmt: skip

    def table(self) -> str:
        """A line a kind, for a terminal."""
        head = f"{'':16}{'questions':>10}{'MRR@10':>9}{'nDCG@10':>9}{'Recall@3':>10}{'unsure':>9}{'nothing':>9}"
        rows = (f"{kind:16}{_row(self.lines[kind])}" for kind in _ordered(self.lines))
        stood = self.stood
        sure = f"stood by where an article answers {stood.kept:.3f}, admitted where none does {stood.admitted:.3f}"
        sure += f", right of what is stood by {stood.right:.3f}"
        told = f"{self.mode}, {self.milliseconds:.1f} CPU ms a question, {self.left_out} left out"
        return "\n".join([head, *rows, sure, told])


def measured(questions: Iterable[Question], *, mode: str) -> Figures:
    """Ask by words (`lexical`) or with meaning (`hybrid`); those for no article of the shelf are left out."""
    there = {card.slug for card in shelf.whole().cards}
    known = list(questions)
    fitting = [one for one in known if not one.expected or there.intersection(one.expected)]
    took = 0.0
    judged = []
    for one in fitting:
        found = _asked(one, mode)
        took += found.took_ms
        judged.append(Judged(one.kind, one.expected, tuple(hit.slug for hit in found.hits), found.sure))
    return Figures(mode, lines(judged), stood(judged), len(known) - len(fitting), took / max(1, len(fitting)))


def _asked(one: Question, mode: str) -> SearchResult:
    by = _COLLEAGUE if one.audience == "staff" else None
    return service.search(one.text, one.page, by=by, limit=DEPTH, words_only=mode == "lexical")


def _ordered(found: Iterable[str]) -> list[str]:
    there = set(found)
    return [kind for kind in (*KINDS, "all") if kind in there]


def _plain(one: Line) -> dict[str, int | float | None]:
    values = {name: getattr(one, name) for name in Line.__slots__}
    return {name: value if value is None or name == "questions" else round(value, 4) for name, value in values.items()}


def _row(one: Line) -> str:
    figures = (("-" if value is None else f"{value:.3f}") for value in (one.mrr, one.ndcg, one.recall3))
    mrr, ndcg, recall3 = figures
    return f"{one.questions:>10}{mrr:>9}{ndcg:>9}{recall3:>10}{one.unsure:>9.3f}{one.nothing:>9.3f}"
