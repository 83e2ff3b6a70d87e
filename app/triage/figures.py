"""The figures by which triage is judged, from decisions and the truth; no model is fitted or asked here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from random import Random
from typing import Any, Final

from app.triage.classify import Decision
from app.triage.dataset import Example
from app.triage.labels import CATEGORIES, PRIORITIES

BINS: Final = 10
DRAWS: Final = 400
_NO_INTERVAL: Final = ("messages", "milliseconds")
PRECISION: Final = 0.95


@dataclass(frozen=True, slots=True)
class Measures:
    """Figures between 0 and 1 on one set of messages; `milliseconds` of processor time for each, where measured."""

    messages: int
    category_accuracy: float
    category_macro_f1: float
    category_top3: float
    category_accuracy_fr: float
    category_accuracy_en: float
    category_top3_fr: float
    category_top3_en: float
    type_accuracy: float
    calibration_error: float
    routed_at_95: float
    routed: float
    routed_precision: float
    language_accuracy: float
    priority_macro_f1: float
    urgent_recall: float
    urgent_precision: float
    high_recall: float
    high_precision: float
    refund_f1: float
    legal_f1: float
    within_24h_f1: float
    anger_accuracy: float
    milliseconds: float | None = None


def rounded(measures: Measures) -> dict[str, Any]:
    """The figures as they are told: four decimals."""
    return {name: value if value is None else round(value, 4) for name, value in asdict(measures).items()}


def intervals(truth: Sequence[Example], given: Sequence[Decision]) -> dict[str, tuple[float, float]]:
    """Where each figure lies in 95 of 100 draws of as many messages from these, by its name."""
    draw = Random(0)  # noqa: S311 - the same draws each time, nothing secret
    places = range(len(truth))
    drawn: dict[str, list[float]] = {}
    for _ in range(DRAWS):
        chosen = draw.choices(places, k=len(truth))
        for name, value in asdict(measure([truth[at] for at in chosen], [given[at] for at in chosen])).items():
            if name not in _NO_INTERVAL:
                drawn.setdefault(name, []).append(value)
    low, high = round(DRAWS * 0.025), round(DRAWS * 0.975) - 1
    return {name: (sorted(values)[low], sorted(values)[high]) for name, values in drawn.items()}


def measure(truth: Sequence[Example], given: Sequence[Decision], milliseconds: float | None = None) -> Measures:
    """Compare decisions with the truth."""
    pairs = list(zip(truth, given, strict=True))
    right = [one.category == decision.category for one, decision in pairs]
    in_top = [one.category in dict(decision.top3) for one, decision in pairs]
    routed = [hit for hit, (_one, decision) in zip(right, pairs, strict=True) if not decision.abstains]
    levels = [(one.priority, decision.priority) for one, decision in pairs]
    return Measures(
        messages=len(pairs),
        category_accuracy=_share(right),
        category_macro_f1=macro_f1([(one.category, decision.category) for one, decision in pairs], CATEGORIES),
        category_top3=_share(in_top),
        category_accuracy_fr=_share(_in("fr", truth, right)),
        category_accuracy_en=_share(_in("en", truth, right)),
        category_top3_fr=_share(_in("fr", truth, in_top)),
        category_top3_en=_share(_in("en", truth, in_top)),
        type_accuracy=_share([one.type == decision.type for one, decision in pairs]),
        calibration_error=calibration_error([decision.confidence for decision in given], right),
        routed_at_95=routed_at([decision.confidence for decision in given], right),
        routed=len(routed) / max(1, len(pairs)),
        routed_precision=_share(routed),
        language_accuracy=_share([one.language == decision.language for one, decision in pairs]),
        priority_macro_f1=macro_f1(levels, PRIORITIES),
        urgent_recall=_recall(levels, "urgent"),
        urgent_precision=_precision(levels, "urgent"),
        high_recall=_recall(levels, "high"),
        high_precision=_precision(levels, "high"),
        refund_f1=_flag_f1(pairs, lambda it: it.wants_refund),
        legal_f1=_flag_f1(pairs, lambda it: it.legal_threat),
        within_24h_f1=_flag_f1(pairs, lambda it: it.event_within_24h),
        anger_accuracy=_share([one.anger == decision.anger for one, decision in pairs]),
        milliseconds=milliseconds,
    )


def macro_f1(pairs: Sequence[tuple[str, str]], labels: Sequence[str]) -> float:
    """The mean F1 of the labels that occur, in (truth, given) pairs."""
    there = [label for label in labels if any(label in pair for pair in pairs)]
    return sum(_f1(_recall(pairs, label), _precision(pairs, label)) for label in there) / max(1, len(there))


def calibration_error(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """Expected calibration error over ten bins of equal width."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for pair in zip(confidences, right, strict=True):
        bins[min(BINS - 1, int(pair[0] * BINS))].append(pair)
    gaps = [abs(sum(sure for sure, _hit in one) - sum(hit for _sure, hit in one)) for one in bins]
    return sum(gaps) / max(1, len(right))


def routed_at(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """The largest share of messages, the surest first, of which 95 % are right."""
    best = hits = 0
    for count, (_confidence, hit) in enumerate(sorted(zip(confidences, right, strict=True), reverse=True), 1):
        hits += hit
        best = count if hits / count >= PRECISION else best
    return best / max(1, len(right))


def shares(pairs: Sequence[tuple[str, str]], label: str) -> tuple[float, float, float]:
    """Recall, precision and F1 of one label, in (truth, given) pairs."""
    recall, precision = _recall(pairs, label), _precision(pairs, label)
    return recall, precision, _f1(recall, precision)


def _in(language: str, truth: Sequence[Example], hits: Sequence[bool]) -> list[bool]:
    return [hit for one, hit in zip(truth, hits, strict=True) if one.language == language]


def _share(hits: Sequence[bool]) -> float:
    return sum(hits) / max(1, len(hits))


def _recall(pairs: Sequence[tuple[str, str]], label: str) -> float:
    return _share([given == label for truth, given in pairs if truth == label])


def _precision(pairs: Sequence[tuple[str, str]], label: str) -> float:
    return _share([truth == label for truth, given in pairs if given == label])


def _f1(recall: float, precision: float) -> float:
    return 2 * recall * precision / (recall + precision) if recall + precision else 0.0


def _flag_f1(pairs: Sequence[tuple[Example, Decision]], flag: Callable[[Example | Decision], bool]) -> float:
    marks = [(str(flag(one)), str(flag(decision))) for one, decision in pairs]
    return _f1(_recall(marks, "True"), _precision(marks, "True"))
