"""Small drawings as SVG, made of text: a grid of counts, points against a diagonal, a curve. They read no data."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

SIDE: Final = 420
MARGIN: Final = 60
CELL: Final = 26
LABELS: Final = 190
_INK: Final = "#1f2937"
_BLUE: Final = "29, 78, 216"


def grid(labels: Sequence[str], rows: Sequence[Sequence[int]], title: str) -> str:
    """Counts as a grid, darker where they are a greater part of their row."""
    parts = [_text(8, 22, title, size=15)]
    for at, (label, row) in enumerate(zip(labels, rows, strict=True)):
        y = LABELS + at * CELL
        parts.append(_text(LABELS - 6, y + CELL - 8, label, anchor="end"))
        parts.append(_text(0, 0, label, turn=f"translate({LABELS + at * CELL + 17} {LABELS - 6}) rotate(-60)"))
        parts += [_cell(LABELS + column * CELL, y, count, sum(row)) for column, count in enumerate(row) if count]
    side = LABELS + len(labels) * CELL + 10
    return _drawing(side + 60, side, parts)


def _cell(x: int, y: int, count: int, of: int) -> str:
    share = count / max(1, of)
    square = f'<rect x="{x}" y="{y}" width="{CELL - 1}" height="{CELL - 1}" fill="rgba({_BLUE}, {share:.2f})"/>'
    colour = "#fff" if share > 0.5 else _INK
    return square + _text(x + CELL // 2, y + CELL - 9, str(count), anchor="middle", colour=colour)


def points(found: Sequence[tuple[float, float, int]], across: str, up: str, title: str) -> str:
    """Points (x, y, how many) between nought and one, larger where there are more, against the diagonal."""
    most = max((count for _, _, count in found), default=1)
    parts = _axes(across, up, title)
    parts.append(_line([(0, 0), (1, 1)], dashed=True))
    for x, y, count in found:
        radius = 3 + 9 * (count / most) ** 0.5
        parts.append(f'<circle cx="{_x(x):.1f}" cy="{_y(y):.1f}" r="{radius:.1f}" fill="rgba({_BLUE}, 0.7)"/>')
    return _drawing(SIDE + 2 * MARGIN, SIDE + 2 * MARGIN, parts)


def curve(found: Sequence[tuple[float, float]], across: str, up: str, title: str, wanted: float = 0.95) -> str:
    """A curve between nought and one, and the height that is wanted."""
    parts = [*_axes(across, up, title), _line([(0, wanted), (1, wanted)], dashed=True), _line(found)]
    return _drawing(SIDE + 2 * MARGIN, SIDE + 2 * MARGIN, parts)


def _axes(across: str, up: str, title: str) -> list[str]:
    frame = f'<rect x="{MARGIN}" y="{MARGIN}" width="{SIDE}" height="{SIDE}" fill="none" stroke="{_INK}"/>'
    ticks = [part / 5 for part in range(6)]
    marks = [_text(_x(tick), _y(0) + 18, f"{tick:.1f}", anchor="middle") for tick in ticks]
    marks += [_text(MARGIN - 6, _y(tick) + 4, f"{tick:.1f}", anchor="end") for tick in ticks]
    names = [
        _text(MARGIN, 28, title, size=15), _text(_x(0.5), _y(0) + 42, across, anchor="middle"),
        _text(0, 0, up, anchor="middle", turn=f"translate(18 {_y(0.5)}) rotate(-90)"),
    ]  # fmt: skip
    return [frame, *marks, *names]


def _line(found: Sequence[tuple[float, float]], *, dashed: bool = False) -> str:
    path = " ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y in found)
    look = f'stroke="{_INK}" stroke-dasharray="5 4"' if dashed else f'stroke="rgb({_BLUE})" stroke-width="2"'
    return f'<polyline points="{path}" fill="none" {look}/>'


def _x(share: float) -> float:
    return MARGIN + share * SIDE


def _y(share: float) -> float:
    return MARGIN + (1 - share) * SIDE


def _text(
    x: float, y: float, words: str, *, anchor: str = "start", size: int = 11, colour: str = _INK, turn: str = ""
) -> str:
    place = f'transform="{turn}"' if turn else f'x="{x:.0f}" y="{y:.0f}"'
    return f'<text {place} text-anchor="{anchor}" font-size="{size}" fill="{colour}">{escape(words)}</text>'


def _drawing(width: int, height: int, parts: Sequence[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        ' font-family="sans-serif"><rect width="100%" height="100%" fill="#fff"/>'
    )
    return "\n".join([head, *parts, "</svg>"]) + "\n"
