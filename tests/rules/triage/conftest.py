"""A model of a few messages, learned once."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.triage import training
from app.triage.dataset import Example, read_examples
from app.triage.model import Model

MESSAGES = Path(training.__file__).parent / "messages"
LEARNED = ["refund_cancelled", "lost_property", "invoice", "venue_info", "accessibility", "other"]
EACH = 22


def slice_of_messages() -> list[Example]:
    every = read_examples(sorted(MESSAGES.glob("*.jsonl")))
    return [one for slug in LEARNED for one in [it for it in every if it.category == slug][:EACH]]


def fitted(examples: list[Example], folder: Path) -> Model:
    return training.fit(training.taught_by(examples, [], folder / "meanings.npz"))


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return fitted(slice_of_messages(), tmp_path_factory.mktemp("kept"))
