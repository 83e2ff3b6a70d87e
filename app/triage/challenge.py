"""Learning anew from all labelled messages and what colleagues told, and comparing the outcome with the model in use.

Runs in a process of its own, `python -m app.triage.challenge`: a question comes in, the figures go out, a file is left.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from app.search import place as search_place
from app.triage import harvest, meanings
from app.triage.classify import Incoming, classify
from app.triage.contest import Contest
from app.triage.dataset import Example, read_examples, read_seeds
from app.triage.grouping import groups
from app.triage.habits import habits
from app.triage.harvest import Told
from app.triage.model_files import ModelUnusable, load, save
from app.triage.training import ARTICLES, fitted, kept_beside, taught_by


def challenge(
    told: Sequence[Told], files: Sequence[Path], champion: Path, target: Path, since: date | None,
    left: Mapping[str, int],
) -> Contest:  # fmt: skip
    """Fit a model into `target` and compare it with the one in use, if that one can be read.

    Args:
        told: what colleagues told, newest first.
        champion: the file of the model in use.
        target: the file of the new one.
        files: the labelled messages of the project.
        since: from that day on the model in use has learned nothing.
        left: requests that were answered as they had been sorted, by type.
    """
    learned = harvest.chosen(told, groups([one.example for one in told])) if told else []
    labelled = read_examples(files)
    kept = kept_beside(champion)
    taught = taught_by([*labelled, *(one.example for one in learned)], read_seeds(ARTICLES), kept)
    meanings.keep_only([one.message for one in taught.lessons], kept)
    own = habits(taught, left)
    model, said = fitted(taught, own)
    save(model, target)
    recent = [
        (one.example, word)
        for one, word in zip(learned, said[len(labelled) :], strict=True)
        if since is None or one.day >= since
    ]
    before, knew, used = _champion(champion, [example for example, _word in recent])
    return Contest(
        version=model.version,
        labelled=len(labelled),
        house=len(learned),
        held_before=before,
        held_after=model.card.held,
        recent=len(recent),
        recent_before=knew,
        recent_after=sum(example.category == word for example, word in recent),
        other_habits={habit.kind: habit.category for habit in own} != used,
    )


def _champion(path: Path, recent: Sequence[Example]) -> tuple[float | None, int, dict[str, str]]:
    """What the model in use knew of messages left out when it was learned, and of recent ones; and its habits.

    Shape: (share of the first, number right of the others, type → category).
    """
    try:
        model = load(path)
    except ModelUnusable:
        return None, 0, {}
    given = [Incoming(one.id, one.channel, one.subject, one.body, one.received_at) for one in recent]
    pairs = zip(recent, classify(given, model), strict=True)
    right = sum(one.category == decision.category for one, decision in pairs)
    return model.card.held, right, {habit.kind: habit.category for habit in model.card.habits}


def _told(row: Mapping[str, Any]) -> Told:
    moment = datetime.fromisoformat(row["example"]["received_at"])
    example = Example(**row["example"] | {"received_at": moment, "asks": tuple(row["example"]["asks"])})
    return Told(example, row["said"], row["colleague"], date.fromisoformat(row["day"]))


def _answered(given: Mapping[str, Any]) -> Contest:
    search_place.be(None, meaning="auto" if given["meaning"] else "off")
    return challenge(
        [_told(row) for row in given["told"]],
        [Path(name) for name in given["files"]],
        Path(given["champion"]),
        Path(given["target"]),
        date.fromisoformat(given["since"]) if given["since"] else None,
        given["left"],
    )


if __name__ == "__main__":
    json.dump(asdict(_answered(json.load(sys.stdin))), sys.stdout)
