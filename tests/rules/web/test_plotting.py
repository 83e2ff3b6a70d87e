"""Charts: points lie where the figures say."""

from __future__ import annotations

import pytest

from app.web.plotting import plot, shades, spark


def spots(points: str) -> list[tuple[float, float]]:
    return [tuple(float(part) for part in spot.split(",")) for spot in points.split()]


def test_a_small_line_rises_with_its_figures() -> None:
    drawn = spark([1, 2, 4])
    heights = [y for _, y in spots(drawn.points)]
    assert heights == sorted(heights, reverse=True)
    assert (drawn.x, drawn.y) == spots(drawn.points)[-1]


def test_a_flat_line_runs_in_the_middle_and_nothing_draws_nothing() -> None:
    assert {y for _, y in spots(spark([5, 5, 5]).points)} == {16.0}
    assert spark([None, None]).points == ""


@pytest.mark.parametrize(
    ("highest", "lines"),
    [(0, [0, 1]), (3, [0, 1, 2, 3]), (7, [0, 2, 4, 6, 8]), (42, [0, 10, 20, 30, 40, 50]), (280, [0, 100, 200, 300])],
)
def test_grid_lines_are_round_start_at_zero_and_reach_the_top(highest: int, lines: list[int]) -> None:
    drawn = plot([{"label": "Reçues", "values": [0, highest]}], ["a", "b"])
    assert [value for _, value in drawn.grid] == lines


def test_twice_the_figure_is_twice_the_height() -> None:
    (line,) = plot([{"label": "Reçues", "values": [0, 50, 100]}], ["a", "b", "c"]).lines
    zero, half, whole = (y for _, y in spots(line.points))
    assert zero - whole == pytest.approx(2 * (zero - half), abs=0.2)


def test_what_is_expected_is_drawn_apart_and_starts_where_the_known_ends() -> None:
    (line,) = plot(
        [{"label": "Reçues", "values": [1, 2, None], "expected": [None, 2, 5]}], ["a", "b", "c"], today=1
    ).lines
    assert spots(line.dashed)[0] == (line.x, line.y)
    assert len(spots(line.points)) == 2


def test_the_band_is_a_closed_outline_around_what_is_expected() -> None:
    drawn = plot([{"label": "Reçues", "values": [1, 2]}], ["a", "b"], band={"low": [1, 1], "high": [2, 3], "series": 2})
    assert len(spots(drawn.band)) == 4
    assert drawn.band_series == 2


def test_words_under_the_chart_never_crowd() -> None:
    assert len(plot([{"label": "Reçues", "values": [1] * 90}], [str(day) for day in range(90)]).ticks) <= 12


def test_the_busiest_cell_is_the_darkest() -> None:
    assert shades([[0, 27], [13, 5]]) == [[0, 4], [2, 0]]
    assert shades([[0, 0]]) == [[0, 0]]
