"""The exam: what triage gets right on messages it never learned, of folds left out and of the part that is frozen.

The only place that opens the frozen file. What is measured is the whole decision, not the model alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import process_time
from typing import Final

from threadpoolctl import threadpool_limits

from app.triage.classify import Decision, Incoming, classify, conclude
from app.triage.dataset import ROWS, Example, read_examples, read_seeds, split
from app.triage.fitting import Marks, Taught
from app.triage.grouping import folds, groups
from app.triage.model import MEANT, Model, guesses
from app.triage.training import ARTICLES, fit, left_out, taught_by
from app.triage.tuning import LeftOut, beliefs_of, dials_of, doubtful, judge_of

FROZEN: Final = Path(__file__).parent / "frozen"
"""Messages that nothing learns from and nobody tunes to."""

WAYS: Final[dict[str, float | None]] = {"cross validated": None, "words alone": -1.0, "meaning always": 2.0}
"""How messages left out are decided, and the confidence below which meaning is asked, if it is not the model's own."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One set of messages with the decisions taken on them.

    `asked` is the share of them for which the meaning model was asked, `milliseconds` the processor time for each.
    """

    name: str
    truth: Sequence[Example]
    given: Sequence[Decision]
    asked: float = 0.0
    milliseconds: float | None = None


def sit(files: Sequence[Path], kept: Path, *, frozen: bool = True, articles: Path = ARTICLES) -> list[Paper]:
    """Every paper of the exam, from labelled messages; the frozen part only if it is asked for.

    Messages that have no frozen part of their own, as those of a house, are parted by their groups.
    """
    examples, seeds = read_examples(files), read_seeds(articles)
    held: Sequence[Example] = ()
    if frozen:
        examples, held = _parted(files, examples)
    taught = taught_by(examples, seeds, kept)
    papers = _held_out(held, fit(taught)) if held else []
    with threadpool_limits(1):
        return [*papers, *_cross_validated(taught)]


def _parted(files: Sequence[Path], examples: list[Example]) -> tuple[list[Example], list[Example]]:
    ours = FROZEN.parent / "messages"
    if {path.resolve().parent for path in files} == {ours.resolve()}:
        return examples, read_examples(sorted(FROZEN.glob(ROWS)), frozen=True)
    learned, held = split(examples, groups(examples))
    return [examples[at] for at in learned], [examples[at] for at in held]


def _held_out(held: Sequence[Example], model: Model) -> list[Paper]:
    given = incoming(held)
    classify(given, model, hurried=True)  # words met for the first time cost more; a batch is priced without
    before, started = model.questions, process_time()
    hurried = classify(given, model, hurried=True)
    spent, asked = process_time() - started, model.questions
    decisions = classify(given, model)
    return [
        Paper("held out", held, decisions, (model.questions - asked) / len(held)),
        Paper("hurried", held, hurried, (asked - before) / len(held), spent * 1000 / len(held)),
        Paper("rules alone", held, classify(given, None)),
    ]


def incoming(examples: Sequence[Example]) -> list[Incoming]:
    """Examples as if they had just come in."""
    return [Incoming(one.id, one.channel, one.subject, one.body, one.received_at) for one in examples]


def _cross_validated(taught: Taught) -> list[Paper]:
    """The same messages decided three ways, each by tables, numbers and a judge that had not learned it."""
    left = left_out(taught)
    parts = folds(taught.examples)
    fair = [at for at, one in enumerate(taught.examples) if not one.foreseen] or [*range(len(taught.examples))]
    papers = []
    for name, ask_below in WAYS.items():
        decided: dict[int, Decision] = {}
        asked: set[int] = set()
        for learn, leave in parts:
            found, unsure = _decided(left.part(learn), left.part(leave), taught.part(leave), ask_below)
            decided |= dict(zip(leave.tolist(), found, strict=True))
            asked |= set(leave[unsure].tolist())
        truth, given = [taught.examples[at] for at in fair], [decided[at] for at in fair]
        papers.append(Paper(name, truth, given, len(asked & set(fair)) / len(fair)))
    return papers


def _decided(known: LeftOut, unknown: LeftOut, taught: Taught, ask_below: float | None) -> tuple[list[Decision], Marks]:
    """Decisions on messages left out, by what was tuned on the others; and in which of them meaning was asked."""
    known = known.fair()
    dials = dials_of(known)
    dials = dials if ask_below is None else replace(dials, ask_below=ask_below)
    judge = judge_of(known, dials)
    beliefs = beliefs_of(unknown, dials)
    flags = judge.flags(unknown.facts, beliefs.kinds, unknown.scores[:, MEANT:], unknown.heard)
    found = guesses(beliefs, flags, [()] * len(flags), unknown.strange.tolist(), dials.route_at, [()] * len(flags))
    messages = [one.message for one in taught.lessons]
    return conclude(incoming(unknown.examples), messages, unknown.facts, found, "left out"), doubtful(unknown, dials)
