"""The figures are what their names say."""

from __future__ import annotations

import pytest

from app.triage.figures import calibration_error, macro_f1, routed_at


def test_macro_f1_weighs_labels_alike() -> None:
    pairs = [("a", "a")] * 8 + [("b", "a"), ("b", "b")]
    assert macro_f1(pairs, ["a", "b", "c"]) == pytest.approx((16 / 17 + 2 / 3) / 2)


def test_macro_f1_of_a_label_never_right_is_nought() -> None:
    assert macro_f1([("a", "b"), ("b", "a")], ["a", "b"]) == 0


@pytest.mark.parametrize(
    ("confidences", "right", "error"),
    [([0.95, 0.95], [True, True], 0.05), ([0.9, 0.9], [True, False], 0.4), ([1.0], [True], 0.0), ([], [], 0.0)],
)
def test_calibration_error_is_the_gap_between_sure_and_right(
    confidences: list[float], right: list[bool], error: float
) -> None:
    assert calibration_error(confidences, right) == pytest.approx(error)


def test_the_surest_are_routed_while_they_are_right() -> None:
    confidences = [1 - at / 100 for at in range(40)]
    right = [at != 30 for at in range(39)] + [False]
    assert routed_at(confidences, right) == pytest.approx(1.0)
    assert routed_at([0.9, 0.8], [False, True]) == 0
