"""Where trained models lie, and the one in use: loaded once by each process, swapped when a newer one is put there."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.triage import classify
from app.triage.classify import Categoriser, Incoming
from app.triage.house import House

if TYPE_CHECKING:
    from app.triage.explaining import Explanation
    from app.triage.features import Vectoriser
    from app.triage.model import Model

log = logging.getLogger(__name__)

#: A process looks for a newer model this often.
LOOK_SECONDS = 30.0


class _Place:
    """The folder of models, and what this process has loaded from it."""

    folder: Path = Path()
    model: Model | None = None
    trouble: str = ""
    mark: float = 0.0
    looked: float = 0.0


def be(folder: Path) -> None:
    """Name the folder of models; what was loaded from another is dropped."""
    _Place.folder, _Place.model, _Place.trouble, _Place.mark, _Place.looked = folder, None, "", 0.0, 0.0


def model_file() -> Path:
    """Where the model in use lies."""
    return _Place.folder / "triage.npz"


def categoriser() -> Categoriser | None:
    """The trained model, or None when there is none that fits; rules then do the work and say so."""
    path = model_file()
    if time.monotonic() - _Place.looked < LOOK_SECONDS and _Place.looked:
        return _Place.model
    _Place.looked = time.monotonic()
    mark = path.stat().st_mtime if path.exists() else 0.0
    if mark != _Place.mark:
        _Place.mark, _Place.trouble = mark, ""
        _Place.model = _loaded(path) if mark else None
    return _Place.model


def vectoriser() -> Vectoriser | None:
    """What makes rows of words with the model in use; None where rules sort."""
    categoriser()
    return _Place.model.vectoriser if _Place.model is not None else None


def questions() -> int:
    """How often this process has asked what a message means since it loaded the model in use."""
    return _Place.model.questions if _Place.model is not None else 0


def look_again() -> None:
    """Look for a newer model at the next message rather than in half a minute."""
    _Place.looked = 0.0


@dataclass(frozen=True, slots=True)
class Standing:
    """Which model sorts, by its version; without one, rules sort alone, and `trouble` says what is wrong with its file.

    No trouble and no version: nobody has trained one yet.
    """

    version: str
    trouble: str


def standing() -> Standing:
    """Which model sorts in this process, or why none does."""
    categoriser()
    return Standing(_Place.model.version if _Place.model else "", _Place.trouble)


def explained(one: Incoming, house: House, *, objected: bool = False) -> Explanation:
    """The decision on one message and what weighed in it, what the house says of its reasons included.

    No model decides where its writer objected.
    """
    from app.triage import explaining  # noqa: PLC0415 - docs/decisions/0015

    categoriser()
    found = explaining.explain(one, None if objected else _Place.model, house)
    return replace(found, decision=classify.objected(found.decision)) if objected else found


def trained_from(files: Sequence[Path]) -> str:
    """Train on labelled messages and put the model where it is used. Returns one sentence of what was learned."""
    from app.triage import training  # noqa: PLC0415 - docs/decisions/0015

    said = training.train_to(model_file(), files)
    look_again()
    return said


def measured_on(files: Sequence[Path], *, frozen: bool, folder: Path | None) -> tuple[dict[str, Any], str]:
    """Measure on messages that were left out of learning, and on the frozen part; tables and drawings go to a folder.

    Shape: (figures, the same as a table).
    """
    from app.triage import exam, report  # noqa: PLC0415 - docs/decisions/0015

    papers = exam.sit(files, _kept(), frozen=frozen)
    if folder is not None:
        report.write(papers, folder)
    return report.figures(papers), report.table(papers)


def learning_rehearsed(
    files: Sequence[Path], tell: Callable[[str], None], folder: Path | None
) -> tuple[dict[str, Any], str]:
    """What each hundred corrections of a house bring; tables and drawings go to a folder.

    Shape: (figures, the same as a table); `tell` hears a line after each step.
    """
    from app.triage import practice  # noqa: PLC0415 - docs/decisions/0015

    found = practice.rehearse(files, _kept(), tell)
    if folder is not None:
        practice.write(found, folder)
    return practice.plain(found), practice.table(found)


def measured_on_banking(folder: Path) -> dict[str, dict[str, float]]:
    """The figures of the same engine on a public set that lies in a folder.

    Raises:
        OSError: it does not lie there.
    """
    from app.triage import banking  # noqa: PLC0415 - docs/decisions/0015

    return banking.regression(folder, _kept().with_name("banking.npz"))


def _kept() -> Path:
    return model_file().with_name("meanings.npz")


def _loaded(path: Path) -> Model | None:
    # Its tables and numpy are loaded by the first message to be sorted, in the process that sorts.
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 - docs/decisions/0015

    from app.triage.model_files import ModelUnusable, load  # noqa: PLC0415 - docs/decisions/0015

    # Products this small are done before a second thread wakes, and one that waits for more burns a processor.
    threadpool_limits(1, user_api="blas")
    try:
        return load(path)
    except ModelUnusable as problem:
        _Place.trouble = problem.reason
        log.error("the triage model cannot be used, sorting goes on by rules: %s", problem)
        return None
