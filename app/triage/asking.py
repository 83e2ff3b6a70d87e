"""The cascade: which messages the meaning model is asked about, and which inherit from a twin. Sparing on purpose.

A question costs a hundred times what words cost: of ordinary messages three in ten may ask; in a storm nobody does.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from app.triage.features import Floats, Ids, Rows
from app.triage.text import Prepared

SHARE: Final = 0.3
"""Questions for each message."""

SAVED: Final = 6.0
"""Questions that may be saved up for messages that come one by one."""

TWINS: Final = 0.85
"""Cosine of letters from which a message means what another did."""

REMEMBERED: Final = 200
Ask = Callable[[str], Floats | None]


class Asker:
    """Asks what messages mean while its allowance lasts, and remembers the last answers for their twins.

    `questions` counts what was asked.
    """

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self.questions = 0
        self._saved = SAVED
        self._known: deque[tuple[Ids, Floats, Floats]] = deque(maxlen=REMEMBERED)

    def meanings(
        self, messages: Sequence[Prepared], letters: Rows, sureness: Floats, below: float
    ) -> dict[int, Floats]:
        """Row → vector of what it means, for those in doubt, the least sure first."""
        self._saved += len(messages) * SHARE
        found: dict[int, Floats] = {}
        for row in np.argsort(sureness, kind="stable"):
            if sureness[row] >= below:
                break
            vector = self._vector(messages[row].plain, *letters.of(int(row)), letters.width)
            if vector is not None:
                found[int(row)] = vector
        self._saved = min(self._saved, SAVED)
        return found

    def _vector(self, text: str, columns: Ids, values: Floats, width: int) -> Floats | None:
        twin = self._twin(columns, values, width)
        if twin is not None or self._saved < 1:
            return twin
        vector = self._ask(text)
        if vector is None:
            return None
        self._saved -= 1
        self.questions += 1
        self._known.append((columns.copy(), values.copy(), vector))
        return vector

    def _twin(self, columns: Ids, values: Floats, width: int) -> Floats | None:
        mine = np.zeros(width, dtype=np.float32)
        mine[columns] = values
        for theirs, weights, vector in reversed(self._known):
            if float((mine[theirs] * weights).sum()) >= TWINS:
                return vector
        return None
