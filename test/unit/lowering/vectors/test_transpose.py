"""Transposes by shuffles, on NumPy arrays in the place of vectors."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from anamc.lowering.vectors import neighbours, transpose


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
    found: Any = transpose.squares(lanes, list(rows))
    assert np.array_equal(found, rows.T)
    assert lanes.count == width * int(np.log2(width))


@pytest.mark.parametrize("bits", [32, 64])
@pytest.mark.parametrize(("features", "width"), [(2, 16), (4, 16), (8, 16), (2, 8), (4, 8), (2, 4)])
def test_narrow_rows_are_turned_side_by_side(
    features: int, width: int, bits: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transpose, "_bits", lambda vector: bits)  # pyright: ignore[reportUnknownLambdaType,reportUnknownArgumentType]
    lanes: Any = Lanes(width)
    rows: Any = np.arange(width * features).reshape(width, features)
    vectors: Any = [np.concatenate(rows[k::features]) for k in range(features)]
    found: Any = transpose.squares(lanes, vectors)
    assert np.array_equal(found, rows.T)
    assert lanes.count == features * int(np.log2(features))
    back: Any = transpose.squares(lanes, found)
    assert np.array_equal(back, vectors)


@pytest.mark.parametrize(("features", "shuffles"), [(1, 0), (2, 2), (3, 6), (4, 8), (6, 18), (7, 42), (12, 48)])
@pytest.mark.parametrize("width", [4, 16])
def test_neighbouring_rows_are_dealt_out_and_collected(features: int, shuffles: int, width: int) -> None:
    lanes: Any = Lanes(width)
    rows: Any = np.arange(width * features).reshape(width, features)
    found: Any = neighbours.dealt(lanes, list(rows.reshape(features, width)))
    assert np.array_equal(found, rows.T)
    assert lanes.count == shuffles
    back: Any = neighbours.collected(lanes, found)
    assert np.array_equal(np.concatenate(back), rows.reshape(-1))
    assert lanes.count == 2 * shuffles


def test_rows_of_many_prime_numbers_are_not_dealt_out() -> None:
    assert [f for f in range(1, 15) if neighbours.can_be_dealt(f, 16)] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14]
    assert not neighbours.can_be_dealt(4, 1)


@pytest.mark.parametrize("features", [1, 3, 8, 13, 37])
def test_groups_cover_the_features(features: int) -> None:
    groups = list(transpose.groups_of(features, 8))
    assert [k for first, width in groups for k in range(first, first + width)] == list(range(features))
