"""NumPy (and SciPy for erf and sums at nodes): expressions on whole arrays, gradients by a tape."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.peers.base import Prepared, UnavailableError, named_gradients
from benchmarks.peers.numpy_ops import NumpyOps
from benchmarks.peers.numpy_tape import value_and_gradients
from benchmarks.workloads.base import Arrays, Work


def prepare(work: Work, gradient: bool, arrays: Arrays, threads: int) -> Prepared:
    """The threads are those of NumPy's BLAS, by its environment."""
    if threads > 1 and not uses_blas(arrays):
        raise UnavailableError("NumPy has threads in matrix products alone")
    ops = NumpyOps(arrays)
    if not gradient:
        return Prepared(lambda: work.forward(ops, arrays), lambda y: {"y": np.asarray(y)})
    return Prepared(
        lambda: value_and_gradients(work, ops, arrays), lambda r: named_gradients(work, r[0], r[1], np.asarray)
    )


def uses_blas(arrays: Arrays) -> bool:
    return any(name.endswith("_w") or name in ("a", "filters") for name in arrays)


def reference(work: Work, gradient: bool, arrays: Arrays) -> Arrays:
    """The results in float64."""
    wide: dict[str, Any] = {k: v.astype("float64") if v.dtype.kind == "f" else v for k, v in arrays.items()}
    prepared = prepare(work, gradient, wide, 1)
    with np.errstate(all="ignore"):
        return prepared.results(prepared.run())
