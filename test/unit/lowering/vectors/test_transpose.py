"""Transposes by shuffles, on NumPy arrays in the place of vectors."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from anamc.lowering.vectors import transpose


class Lanes:
    """Shuffles arrays; counts them."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.count = 0

    def shuffle(self, a: Any, b: Any, mask: Sequence[int]) -> Any:
        self.count += 1
        return np.concatenate([a, b])[list(mask)]


@pytest.mark.parametrize("bits", [32, 64])
@pytest.mark.parametrize("width", [2, 4, 8, 16])
def test_squares_are_turned_with_few_shuffles(width: int, bits: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transpose, "_bits", lambda vector: bits)  # pyright: ignore[reportUnknownLambdaType,reportUnknownArgumentType]
    lanes: Any = Lanes(width)
    rows: Any = np.arange(width * width).reshape(width, width)
    found: Any = transpose.square(lanes, list(rows))
    assert np.array_equal(found, rows.T)
    assert lanes.count == width * int(np.log2(width))


@pytest.mark.parametrize(("count", "width"), [(2, 4), (4, 8), (8, 2), (16, 4)])
def test_rows_are_interleaved(count: int, width: int) -> None:
    lanes: Any = Lanes(width)
    rows: Any = np.arange(count * width).reshape(count, width)
    found: Any = transpose.interleaved(lanes, list(rows), width)
    assert np.array_equal(found, rows.T.reshape(-1))


@pytest.mark.parametrize("features", [1, 3, 8, 13, 37])
def test_groups_cover_the_features(features: int) -> None:
    groups = list(transpose.groups_of(features, 8))
    assert [k for first, width in groups for k in range(first, first + width)] == list(range(features))
