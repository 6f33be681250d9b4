"""Sums over many rows in float32."""

from __future__ import annotations

import numpy as np
import pytest

import anamc

TEXT = "input x[n] total[0] ++= x{i} | i square[0] ++= sq(x{i}) | i output total, square"


@pytest.mark.parametrize("vectors", [True, False])
def test_a_sum_over_millions_of_rows_is_accurate(vectors: bool) -> None:
    """
    Relative error at most 1e-6. Plain additions of all partial sums, each of 1,024 rows, one after the other are off by
    3 to 5 e-6 here.
    """
    x = np.random.default_rng(0).random(10_000_000, "float32")
    found = anamc.jit(anamc.parse(TEXT, format="ix", name="sums"), vectors=vectors)(x=x)
    wide = x.astype("float64")
    for name, wanted in (("total", wide.sum()), ("square", np.square(wide).sum())):
        assert abs(float(found[name][0]) / wanted - 1) < 1e-6
