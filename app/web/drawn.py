"""Markup that is drawn once and then kept by the process: macros that only depend on what they are given, and blocks.

Nothing of one reader may be kept for another: whatever a drawing shows must be in its key, and the proof of a form is
never part of a drawing.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, Final

from markupsafe import Markup

from app.web.tongue import language

Drawing = Callable[..., Markup]
#: Drawings one process keeps of each macro, and of all blocks together; a full store is emptied and fills again.
_MOST: Final = 2_048
#: What most drawings are given besides text; asking whether it is a mapping costs more than the rest of a key.
_SINGLE: Final = frozenset((bool, int, type(None), Markup))
#: Surroundings of rows that are kept at a time: lists, readers' languages, minutes.
_SURROUNDINGS: Final = 16


def kept(macro: Drawing) -> Drawing:
    """A macro that draws the same arguments in the same language only once."""
    drawings: dict[Hashable, Markup] = {}

    def drawn(*given: Any, **named: Any) -> Markup:  # noqa: ANN401 - whatever the macro takes
        try:
            key = (language(), tuple(_shapes(given)), *named, tuple(_shapes(named.values())))
            found = drawings.get(key)
        except TypeError:  # an argument that cannot be a key
            return macro(*given, **named)
        return found if found is not None else _keep(drawings, key, macro(*given, **named))

    return drawn


def once() -> Drawing:
    """A global of templates: a `call` block under it is drawn once for each key, its name and whatever it shows."""
    drawings: dict[Hashable, Markup] = {}

    def drawn(*what: Any, caller: Callable[[], Markup]) -> Markup:  # noqa: ANN401 - whatever the block shows
        try:
            key = (language(), *_shapes(what))
            found = drawings.get(key)
        except TypeError:
            return caller()
        return found if found is not None else _keep(drawings, key, caller())

    return drawn


def each_once() -> Drawing:
    """A global of templates: a `call(row)` block under it is drawn once for each row among equal surroundings.

    Rows are tuples of plain values, and `around` is whatever else the block shows, moments included.
    """
    surroundings: dict[Hashable, dict[Hashable, Markup]] = {}

    def drawn(rows: Iterable[Hashable], *around: Any, caller: Drawing) -> Markup:  # noqa: ANN401 - whatever is shown
        key = (language(), *_shapes(around))
        drawings = surroundings.get(key)
        if drawings is None:
            if len(surroundings) >= _SURROUNDINGS:
                surroundings.clear()
            drawings = surroundings.setdefault(key, {})
        lines = [drawings.get(row) or _keep(drawings, row, caller(row)) for row in rows]
        return Markup("").join(lines)

    return drawn


def _keep(drawings: dict[Hashable, Markup], key: Hashable, drawing: Markup) -> Markup:
    if len(drawings) >= _MOST:
        drawings.clear()
    drawings[key] = drawing
    return drawing


def _shapes(values: Any) -> list[Hashable]:  # noqa: ANN401 - any iterable of any values
    return [_shape(value) for value in values]


def _shape(value: Any) -> Hashable:  # noqa: ANN401 - any value
    kind: type = type(value)
    if kind is str:
        return value  # type: ignore[no-any-return]
    # Equal values of other kinds may be drawn differently: markup and plain text, true and one.
    if kind in _SINGLE:
        return (kind, value)
    if isinstance(value, Mapping):
        return (kind, *value, *_shapes(value.values()))
    if kind is list or kind is tuple:
        return (kind, *_shapes(value))
    return (kind, value)
