"""What one message costs to sort: a model learned from half of the labelled messages decides on the other half.

python -m bench.sorting FOLDER        prints {"words": ms, "cascade": ms, "asked": share, "messages": count}
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

from app.search import place as search_place
from app.triage.classify import Incoming, classify
from app.triage.dataset import Example, read_examples
from app.triage.model_files import load
from app.triage.training import train_to

MESSAGES = Path(__file__).resolve().parents[1] / "app" / "triage" / "messages"
#: What the model learns from; the others are sorted.
LEARNED = ("phrasings", "written-1", "written-2", "written-3", "written-4")
#: Messages decided at once, in a storm and on an ordinary day, and the characters of each.
STORM, BATCH, LENGTH = 500, 20, 600


def incoming(one: Example) -> Incoming:
    """A message as it comes in, filled up to the length that is measured."""
    body = (one.body + "\n") * (LENGTH // (len(one.body) + 1) + 1)
    return Incoming(one.id, one.channel, one.subject, body[:LENGTH], datetime(2026, 3, 3, 10, tzinfo=UTC))


def spent(work: Callable[[], object], many: int) -> float:
    """Milliseconds of processor time for each message."""
    started = process_time()
    work()
    return (process_time() - started) * 1000 / many


def main(folder: str) -> None:
    """Learn, warm up, measure."""
    search_place.be(None, meaning="auto")
    files = sorted(MESSAGES.glob("*.jsonl"))
    target = Path(folder) / "triage.npz"
    train_to(target, [file for file in files if file.stem in LEARNED])
    model = load(target)
    given = [incoming(one) for one in read_examples([file for file in files if file.stem not in LEARNED])][:STORM]
    classify(given, model, hurried=True)
    classify(given[:BATCH], model)
    asked = model.questions
    words = spent(lambda: classify(given, model, hurried=True), len(given))
    groups = [given[at : at + BATCH] for at in range(0, len(given), BATCH)]
    cascade = spent(lambda: [classify(group, model) for group in groups], len(given))
    share = (model.questions - asked) / len(given)
    print(json.dumps({"words": words, "cascade": cascade, "asked": share, "messages": len(given)}))


if __name__ == "__main__":
    main(sys.argv[1])
