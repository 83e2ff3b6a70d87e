"""Learning rehearsed: what each hundred corrections of a house bring, shown on messages that it never learned.

Colleagues are played by labelled messages of the project, taken in through the same gate as real corrections
(`harvest`). What is frozen for the exam is not touched.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numpy as np

from app.triage import drawing, habits, harvest
from app.triage.classify import Incoming, classify
from app.triage.contest import NOISE
from app.triage.dataset import Example, read_examples, read_seeds
from app.triage.fitting import Taught
from app.triage.grouping import Places, folds, groups
from app.triage.harvest import OURS, Told
from app.triage.labels import TYPES
from app.triage.training import ARTICLES, fit, taught_by

EXAM: Final = 0
"""The fold that is asked and never learned from."""

NEW_HOUSE: Final = (0, 100, 200, 400, 800, 1_600)
OTHER_HABITS: Final = (0, 100, 200, 400, 800)
"""Requests that colleagues sorted, from which a model is learned anew."""

HABITS: Final = {"reduced_price": "subscription", "name_change": "exchange", "special_tender": "gift_voucher"}
"""What a house sorts its own way: types of the project and the categories where its colleagues put them."""

COLLEAGUES: Final = 5
A_DAY: Final = 40
_FIRST_DAY: Final = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Step:
    """A model learned from so many corrections, and what it gets right; shares between 0 and 1.

    `followed` is the share of what this house sorts its own way that goes where its colleagues put it, `found` the
    habits that were read from the corrections; `held` is what the nightly contest compares: the share right of the
    project's own messages, each left out of learning once.
    """

    corrections: int
    learned: int
    right: float
    among_three: float
    alone: float
    alone_right: float
    held: float
    found: int
    followed: float | None = None


def rehearse(
    files: Sequence[Path], kept: Path, tell: Callable[[str], None], *, articles: Path = ARTICLES
) -> dict[str, list[Step]]:
    """Two houses: one that begins with a fifth of the messages, and one whose habits differ from the project's.

    Args:
        files: labelled messages of the project.
        kept: the file of vectors made before.
        tell: hears a line after each step.
        articles: their titles and key phrases are learned from too.

    Raises:
        BadExample: a line of a file cannot be learned from.
    """
    taught = taught_by(read_examples(files), read_seeds(articles), kept)
    places = [leave for _learn, leave in folds(taught.examples)]
    # What patterns find in messages they were written for proves nothing.
    fair = [at for at in places[EXAM] if not taught.examples[at].foreseen]
    exam = np.array(fair or places[EXAM], dtype=np.int64)
    rest = places[EXAM + 1 :]
    found = {
        "new house": _steps(taught, rest[0], _mixed(taught, rest[1:]), exam, NEW_HOUSE, {}, tell),
        "other habits": _steps(
            taught, np.concatenate(rest[:2]), _mixed(taught, rest[2:]), exam, OTHER_HABITS, HABITS, tell
        ),
    }
    return {name: steps for name, steps in found.items() if steps}


def _mixed(taught: Taught, parts: Sequence[Places]) -> Places:
    """Places in an order that has nothing to do with who wrote them, the same each time."""
    every = np.concatenate(parts)
    return np.array(sorted(every, key=lambda at: sha256(taught.examples[at].id.encode()).digest()), dtype=np.int64)


def _steps(
    taught: Taught, known: Places, coming: Places, exam: Places, counts: Sequence[int], ways: dict[str, str],
    tell: Callable[[str], None],
) -> list[Step]:  # fmt: skip
    steps = []
    for count in counts:
        if count > len(coming):
            break
        step = _step(taught, known, coming[:count], exam, ways)
        steps.append(step)
        tell(f"{count:5} corrections, {step.learned} learned: {step.right:.3f} right" + _of_habits(step))
    return steps


def _of_habits(step: Step) -> str:
    return "" if step.followed is None else f", {step.followed:.3f} of its own habits"


def _step(taught: Taught, known: Places, told: Places, exam: Places, ways: dict[str, str]) -> Step:
    corrections = _told([taught.examples[at] for at in told], ways)
    chosen = harvest.chosen(corrections, groups([one.example for one in corrections])) if corrections else []
    place_of = {taught.examples[at].id: at for at in told}
    learned = np.array([place_of[one.example.id.removeprefix(OURS)] for one in chosen], dtype=np.int64)
    part = taught.part(np.concatenate([known, learned]))
    part = replace(part, examples=[*part.examples[: len(known)], *(one.example for one in chosen)])
    own = habits.habits(part, {})
    model = fit(part, own)
    asked = [_of_house(taught.examples[at], ways) for at in exam]
    given = classify([Incoming(one.id, one.channel, one.subject, one.body, one.received_at) for one in asked], model)
    pairs = list(zip(asked, given, strict=True))
    alone = [one.category == decision.category for one, decision in pairs if not decision.abstains]
    theirs = [one.category == decision.category for at, (one, decision) in zip(exam, pairs, strict=True)
           if taught.examples[at].type in ways]  # fmt: skip
    return Step(
        corrections=len(told),
        learned=len(chosen),
        right=_share([one.category == decision.category for one, decision in pairs]),
        among_three=_share([one.category in {slug for slug, _ in decision.top3} for one, decision in pairs]),
        alone=len(alone) / len(pairs),
        alone_right=_share(alone),
        held=model.card.held,
        found=len(own),
        followed=_share(theirs) if ways else None,
    )


def _share(hits: Sequence[bool]) -> float:
    return round(sum(hits) / len(hits), 4) if hits else 0.0


def _told(examples: Sequence[Example], ways: dict[str, str]) -> list[Told]:
    """What colleagues make of messages as they come, so many a day, the newest first."""
    return [
        Told(
            replace(_of_house(one, ways), id=f"{OURS}{one.id}", house=True), "", at % COLLEAGUES,
            _FIRST_DAY + timedelta(days=at // A_DAY),
        )
        for at, one in reversed(list(enumerate(examples)))
    ]  # fmt: skip


def _of_house(example: Example, ways: dict[str, str]) -> Example:
    """The same message as a house of other habits sorts it."""
    category = ways.get(example.type)
    return example if category is None else replace(example, category=category, type=TYPES[category][0])


def table(found: dict[str, list[Step]]) -> str:
    """All steps, a line each."""
    lines = []
    for name, steps in found.items():
        lines += [
            f"{name:14}corrections   learned   right   among 3   alone   of these right   held   its own habits",
            *(
                f"{'':14}{one.corrections:11}{one.learned:10}{one.right:8.3f}{one.among_three:10.3f}{one.alone:8.3f}"
                f"{one.alone_right:17.3f}{one.held:7.3f}" + ("" if one.followed is None else f"{one.followed:17.3f}")
                for one in steps
            ),
        ]
    return "\n".join(lines)


def write(found: dict[str, list[Step]], folder: Path) -> None:
    """Write all steps and a drawing a house into a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "curve.json").write_text(json.dumps(plain(found), indent=1) + "\n", "utf-8")
    (folder / "curve.txt").write_text(table(found) + "\n", "utf-8")
    for name, drawn in _drawings(found).items():
        (folder / f"curve-{name.replace(' ', '-')}.svg").write_text(drawn, "utf-8")


def plain(found: dict[str, list[Step]]) -> dict[str, list[dict[str, Any]]]:
    """All steps as they are written to a file."""
    return {name: [asdict(one) for one in steps] for name, steps in found.items()}


def _drawings(found: dict[str, list[Step]]) -> dict[str, str]:
    """An SVG for each house, by its name: the share right as corrections come, and where the contest would say no."""
    drawn = {}
    for name, steps in found.items():
        most = max(one.corrections for one in steps) or 1
        heights = [one.right if one.followed is None else one.followed for one in steps]
        told = "share right" if steps[0].followed is None else "share of its own habits followed"
        drawn[name] = drawing.curve(
            [(one.corrections / most, height) for one, height in zip(steps, heights, strict=True)],
            f"corrections, of {most}", told, f"{name}: what corrections bring", wanted=heights[0],
        )  # fmt: skip
    return drawn


def refused(steps: Sequence[Step]) -> list[int]:
    """Counts of corrections at which the nightly contest would keep the model learned from none."""
    return [one.corrections for one in steps[1:] if one.held < steps[0].held - NOISE]
