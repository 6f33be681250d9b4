"""What every contender gives: something to call and time, and its results."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from benchmarks.workloads.base import Arrays, Work


class UnavailableError(Exception):
    """A contender that is not installed, or has no way to compute this; the text says which."""


@dataclass(frozen=True)
class Prepared:
    """
    A work with its arguments bound.

    `run` computes, and comes back when the results are there; `results` turns what it gave to NumPy
    arrays by name: `y`, or `loss` and the gradients by the names of the parameters.
    """

    run: Callable[[], Any]
    results: Callable[[Any], Arrays]


class Prepare(Protocol):
    """How a contender gets ready; raises UnavailableError."""

    def __call__(self, work: Work, gradient: bool, arrays: Arrays, threads: int) -> Prepared: ...


@dataclass(frozen=True)
class Contender:
    """
    A row of the table.

    `module` has a function `prepare`; `threads` are the numbers of threads it can be given,
    `environment` what its process needs, `{threads}` in it the number. `pinned`: the number of
    threads is set by the cores that the process may use.
    """

    name: str
    module: str
    is_anamc: bool = False
    threads: tuple[int, ...] = (1, 2)
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    options: Mapping[str, str] = field(default_factory=dict[str, str])
    pinned: bool = False


def named_gradients(work: Work, loss: Any, gradients: Any, to_numpy: Callable[[Any], Any]) -> Arrays:
    """Results with a gradient, as all peers give them."""
    found: Arrays = {"loss": np.asarray(to_numpy(loss)).reshape(())}
    return found | {name: np.asarray(to_numpy(g)) for name, g in zip(work.params, gradients, strict=True)}


def contender_of(key: str) -> tuple[Contender, int]:
    """The contender and the number of threads of a key such as `torch-eager:2`."""
    name, _, threads = key.partition(":")
    return CONTENDERS[name], int(threads)


def _of(*contenders: Contender) -> dict[str, Contender]:
    return {c.name: c for c in contenders}


BLAS = {"OMP_NUM_THREADS": "{threads}", "OPENBLAS_NUM_THREADS": "{threads}"}
INDUCTOR = {**BLAS, "TORCHINDUCTOR_COMPILE_THREADS": "1"}
CONTENDERS = _of(
    Contender("anamc", "anamc_jit", is_anamc=True),
    Contender("anamc-c-gcc", "anamc_c", is_anamc=True, environment=BLAS, options={"compiler": "gcc"}),
    Contender("anamc-c-clang", "anamc_c", is_anamc=True, environment=BLAS, options={"compiler": "clang"}),
    Contender("numpy", "numpy_peer", environment=BLAS),
    Contender("torch-eager", "torch_eager", environment=BLAS),
    Contender("torch-compiled", "torch_compiled", environment=INDUCTOR),
    Contender("jax", "jax_peer", pinned=True),
    Contender("onnxruntime", "onnx_peer"),
)
