"""How far results are from the reference."""

from __future__ import annotations

import math

import numpy as np
import pytest

from anamc.cli.measure import distance

NAN, INF = math.nan, math.inf


@pytest.mark.parametrize(
    ("found", "wanted", "expected"),
    [
        ([1.0, 2.0], [1.0, 2.0], 0.0),
        ([1.0, 2.5], [1.0, 2.0], 0.25),
        ([1.0, -10.0], [2.0, -10.0], 0.1),
        ([0.5], [0.0], 0.5),
        ([], [], 0.0),
        ([NAN, 1.0], [NAN, 1.0], 0.0),
        ([INF], [INF], 0.0),
        ([INF], [-INF], INF),
        ([NAN], [1.0], INF),
        ([1.0], [NAN], INF),
        ([INF, 1.0], [2.0, 1.0], INF),
    ],
)
def test_the_distance_is_over_the_largest_magnitude(found: list[float], wanted: list[float], expected: float) -> None:
    assert distance({"y": np.array(found)}, {"y": np.array(wanted)}) == expected


def test_the_worst_array_counts() -> None:
    one, two = np.ones(3), np.full(3, 2.0)
    assert distance({"a": one, "b": two}, {"a": one, "b": one}) == 1.0
    assert distance({}, {}) == 0.0
