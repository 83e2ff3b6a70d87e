"""Where the points of a chart lie: scales, lines, bands and shades; pure geometry, the drawing is in the templates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, log10
from typing import Any, Final

Values = Sequence[float | None]

#: The frame of a line chart, in the units of its view box.
WIDTH: Final = 740
HEIGHT: Final = 256
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 716, 24, 222
#: No more words than this under a line chart.
_TICKS: Final = 12


@dataclass(frozen=True, slots=True)
class Spark:
    """A small line: its points and where it ends."""

    points: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Line:
    """One drawn series: the known part, the expected part, where the known part ends."""

    label: str
    series: int
    points: str
    dashed: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Plot:
    """Everything a line chart draws. Shape: grid of (y, value), ticks of (x, word), lines, outline of the band."""

    grid: tuple[tuple[float, float], ...]
    ticks: tuple[tuple[float, str], ...]
    lines: tuple[Line, ...]
    band: str
    band_series: int
    today: float | None


def spark(values: Values, width: int = 88, height: int = 32) -> Spark:
    """Points of a sparkline; missing values are left out, a flat line runs in the middle."""
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    if not known:
        return Spark("", 0, 0)
    low, high = min(v for _, v in known), max(v for _, v in known)
    reach, last = (high - low) or 1, max(len(values) - 1, 1)
    flat = 0.5 if high == low else 0.0
    spots = [
        (round(3 + place / last * (width - 6), 1), round(height - 4 - ((value - low) / reach + flat) * (height - 8), 1))
        for place, value in known
    ]
    return Spark(_joined(spots), *spots[-1])


def plot(
    series: Sequence[dict[str, Any]],
    labels: Sequence[str],
    today: int | None = None,
    band: dict[str, Any] | None = None,
) -> Plot:
    """Lay out a line chart.

    Shape: each series `{label, values, series?, expected?}`; the band `{low, high, series?}`; all lists as long as
    `labels`, None where nothing is known.
    """
    values = [*_all(series), *((band or {}).get("high") or ())]
    step = _step(values)
    top = step * max(ceil(max((value for value in values if value is not None), default=0) / step), 1)
    lines = tuple(_line(one, number, len(labels), top) for number, one in enumerate(series, start=1))
    return Plot(
        grid=tuple((_y(place * step, top), place * step) for place in range(round(top / step) + 1)),
        ticks=_ticks(labels),
        lines=lines,
        band=_outline(band, len(labels), top) if band else "",
        band_series=(band or {}).get("series", 1),
        today=_x(today, len(labels)) if today is not None else None,
    )


def shades(rows: Sequence[Sequence[float]]) -> list[list[int]]:
    """How dark each cell of a heat table is: 0 to 4, by its share of the highest."""
    highest = max((value for row in rows for value in row), default=0) or 1
    return [[min(int(value / highest * 5), 4) for value in row] for row in rows]


def _all(series: Iterable[dict[str, Any]]) -> list[float | None]:
    return [value for one in series for name in ("values", "expected") for value in one.get(name) or ()]


def _step(values: Iterable[float | None]) -> float:
    """The distance between grid lines: 1, 2 or 5 times a power of ten, at most five of them above zero."""
    highest = max((value for value in values if value is not None), default=0)
    unit = 10.0 ** int(log10(highest)) / 10 if highest > 1 else 1.0
    return next(step * unit for step in (1, 2, 5, 10, 20) if step * unit >= 1 and step * unit * 5 >= highest)


def _x(place: int, count: int) -> float:
    return round(_LEFT + place / max(count - 1, 1) * (_RIGHT - _LEFT), 1)


def _y(value: float, top: float) -> float:
    return round(_BOTTOM - value / top * (_BOTTOM - _TOP), 1)


def _line(one: dict[str, Any], number: int, count: int, top: float) -> Line:
    known, expected = _spots(one["values"], count, top), _spots(one.get("expected") or (), count, top)
    x, y = known[-1] if known else (0.0, 0.0)
    return Line(one["label"], one.get("series", number), _joined(known), _joined(expected), x, y)


def _spots(values: Values, count: int, top: float) -> list[tuple[float, float]]:
    return [(_x(place, count), _y(value, top)) for place, value in enumerate(values) if value is not None]


def _outline(band: dict[str, Any], count: int, top: float) -> str:
    return _joined([*_spots(band["high"], count, top), *reversed(_spots(band["low"], count, top))])


def _ticks(labels: Sequence[str]) -> tuple[tuple[float, str], ...]:
    every = max(ceil(len(labels) / _TICKS), 1)
    return tuple((_x(place, len(labels)), word) for place, word in enumerate(labels) if place % every == 0)


def _joined(spots: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in spots)
