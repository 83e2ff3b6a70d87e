"""What the exam found, as tables and drawings to be read by people: one folder, plain files, nothing else written."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from app.triage import drawing
from app.triage.exam import Paper
from app.triage.figures import BINS, calibration_error, intervals, measure, rounded, shares
from app.triage.labels import CATEGORIES, PRIORITIES

LANGUAGES: Final = ("fr", "en")


def figures(papers: Sequence[Paper]) -> dict[str, Any]:
    """All figures of all papers, by the name of the paper."""
    return {
        _key(paper): rounded(measure(paper.truth, paper.given, paper.milliseconds)) | {"asked": round(paper.asked, 4)}
        for paper in papers
    }


def table(papers: Sequence[Paper]) -> str:
    """All figures, a line each, a column a paper; the first paper with its intervals."""
    found = figures(papers)
    within = intervals(papers[0].truth, papers[0].given)
    width = max(len(paper.name) for paper in papers) + 2
    lines = [f"{'':24}{papers[0].name:>10}{'95 % within':>17}" + "".join(f"{one.name:>{width}}" for one in papers[1:])]
    for name in next(iter(found.values())):
        first, *others = (_shown(values[name]) for values in found.values())
        span = "–".join(f"{bound:.3f}" for bound in within.get(name, ()))
        lines.append(f"{name.replace('_', ' '):24}{first:>10}{span:>17}" + "".join(f"{one:>{width}}" for one in others))
    return "\n".join(lines)


def write(papers: Sequence[Paper], folder: Path) -> None:
    """Write tables and drawings of all papers into a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "figures.json").write_text(json.dumps(figures(papers), indent=1) + "\n", "utf-8")
    (folder / "figures.txt").write_text(table(papers) + "\n", "utf-8")
    for paper in papers:
        name = _key(paper)
        (folder / f"{name}-categories.md").write_text(_categories(paper), "utf-8")
        (folder / f"{name}-confusion.svg").write_text(_confusion(paper), "utf-8")
        (folder / f"{name}-calibration.svg").write_text(_calibration(paper), "utf-8")
        (folder / f"{name}-coverage.svg").write_text(_coverage(paper), "utf-8")


def _key(paper: Paper) -> str:
    return paper.name.replace(" ", "_")


def _shown(value: float | None) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def _categories(paper: Paper) -> str:
    """Recall, precision and F1 of each category in each language, and of each priority."""
    pairs = list(zip(paper.truth, paper.given, strict=True))
    lines = [f"# {paper.name}: {len(pairs)} messages", "", "| category | n | recall | precision | F1 | fr | en |"]
    lines.append("|---|--:|--:|--:|--:|--:|--:|")
    for slug in CATEGORIES:
        met = [one.category == decision.category for one, decision in pairs if one.category == slug]
        by_language = [
            [
                one.category == decision.category
                for one, decision in pairs
                if (one.category, one.language) == (slug, code)
            ]
            for code in LANGUAGES
        ]
        recall, precision, f1 = shares([(one.category, decision.category) for one, decision in pairs], slug)
        told = "|".join(f" {sum(hits) / len(hits):.2f} " if hits else " – " for hits in by_language)
        lines.append(f"| `{slug}` | {len(met)} | {recall:.2f} | {precision:.2f} | {f1:.2f} |{told}|")
    lines += ["", "| priority | n | recall | precision | F1 |", "|---|--:|--:|--:|--:|"]
    for level in PRIORITIES:
        recall, precision, f1 = shares([(one.priority, decision.priority) for one, decision in pairs], level)
        many = sum(one.priority == level for one, _ in pairs)
        lines.append(f"| {level} | {many} | {recall:.2f} | {precision:.2f} | {f1:.2f} |")
    return "\n".join(lines) + "\n"


def _confusion(paper: Paper) -> str:
    met = Counter((one.category, decision.category) for one, decision in zip(paper.truth, paper.given, strict=True))
    rows = [[met[truth, given] for given in CATEGORIES] for truth in CATEGORIES]
    return drawing.grid(CATEGORIES, rows, f"{paper.name}: what it was (rows) and what it was taken for")


def _calibration(paper: Paper) -> str:
    pairs = [
        (one.confidence, one.category == true.category) for true, one in zip(paper.truth, paper.given, strict=True)
    ]
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for sure, right in pairs:
        bins[min(BINS - 1, int(sure * BINS))].append((sure, right))
    points = [
        (sum(sure for sure, _ in one) / len(one), sum(right for _, right in one) / len(one), len(one))
        for one in bins
        if one
    ]
    error = calibration_error([sure for sure, _ in pairs], [right for _, right in pairs])
    return drawing.points(points, "confidence", "share right", f"{paper.name}: calibration error {error:.3f}")


def _coverage(paper: Paper) -> str:
    ordered = sorted(
        ((one.confidence, one.category == true.category) for true, one in zip(paper.truth, paper.given, strict=True)),
        reverse=True,
    )
    curve, hits = [], 0
    for count, (_sure, right) in enumerate(ordered, 1):
        hits += right
        curve.append((count / len(ordered), hits / count))
    return drawing.curve(curve, "share sorted alone, the surest first", "share right", f"{paper.name}: precision")
