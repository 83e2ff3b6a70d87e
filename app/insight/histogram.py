"""Minutes in classes, exact while they are short, and the percentiles a histogram can tell; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import ceil

#: (up to this many minutes, a class is this wide); longer than the last limit counts in the last class.
_CLASSES = ((120, 1), (480, 5), (1_440, 15), (86_400, 60))
LONGEST = _CLASSES[-1][0]


def width_at(minutes: int) -> int:
    """How wide the class is in which so many minutes fall."""
    return next((width for limit, width in _CLASSES if minutes < limit), _CLASSES[-1][1])


def bucket_of(minutes: int) -> int:
    """The lower bound of the class in which so many minutes fall."""
    bounded = min(max(minutes, 0), LONGEST)
    return bounded - bounded % width_at(bounded)


def flat(spread: Mapping[int, int]) -> list[int]:
    """A histogram as one list, each class followed by its count; empty classes are left out."""
    return [number for bucket in sorted(spread) if spread[bucket] for number in (bucket, spread[bucket])]


def counted(numbers: Sequence[int]) -> Counter[int]:
    """The histogram behind such a list."""
    return Counter(dict(zip(numbers[::2], numbers[1::2], strict=True)))


def percentile(spread: Mapping[int, int], share: float) -> int | None:
    """The minutes within which a share (0 to 1) of the cases lie, by nearest rank; None when there is no case.

    Units: minutes; exact below two hours, else the middle of a class.
    """
    total = sum(spread.values())
    if total <= 0:
        return None
    rank, passed = max(1, ceil(share * total)), 0
    for bucket in sorted(spread):
        passed += spread[bucket]
        if passed >= rank:
            return bucket + width_at(bucket) // 2
    return None
