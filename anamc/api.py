"""Parameters and interpretation of programs, as `anamc` offers them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from anamc.params.layout import layout
from anamc.program import Program

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, DTypeLike, NDArray


def init_params(
    program: Program, seed: int = 0, kind: str = "glorot", dtype: DTypeLike = "float32", **options: float
) -> NDArray[np.floating[Any]]:
    """
    A flat vector of parameters, drawn by an initializer with a seed.

    `kind`: glorot, he, lecun, normal, uniform, orthogonal or zeros. Biases are 0, scales of layer
    normalisation 1. Raises ParamsError for an unknown kind or option.
    """
    from anamc.params.initializers import init_params as draw

    return draw(layout(program.network), kind=kind, seed=seed, dtype=dtype, **options)


def load_params(
    path: str | os.PathLike[str], program: Program, dtype: DTypeLike | None = None
) -> NDArray[np.floating[Any]]:
    """The flat vector in an HDF5 file. Raises ParamsError where it does not fit the program."""
    from anamc.params.hdf5 import load_params as read

    return read(path, layout(program.network), dtype)


def save_params(path: str | os.PathLike[str], program: Program, values: ArrayLike) -> None:
    """Writes the flat vector to an HDF5 file, with one group a layer beside it; whole or not at all."""
    from anamc.params.hdf5 import save_params as write

    write(path, layout(program.network), values)


def interpret(
    program: Program, function: str | None = None, dtype: str = "float64", **arrays: Any
) -> dict[str, NDArray[Any]]:
    """
    Runs a function in the NumPy interpreter: slow, simple, what compiled code is compared with.

    Arguments and results as those of `anamc.jit`. Raises CallError where they do not fit.
    """
    return interpret_arrays(program, function, dtype, arrays)


def interpret_arrays(
    program: Program, function: str | None, dtype: str, arrays: Mapping[str, Any]
) -> dict[str, NDArray[Any]]:
    """The same with the arguments in a mapping, for an argument may have any name: `dtype` too."""
    import numpy as np

    from anamc.interpreters import call
    from anamc.pipelines import run
    from anamc.runtime.buffers import check_arguments, concrete_shape
    from anamc.runtime.callable import with_dtype

    signature = with_dtype(program.function(function), dtype)
    checked = check_arguments(signature, arrays)
    values: list[Any] = [checked.sizes[name] for name in signature.sizes]
    for array in signature.arguments:
        shape = concrete_shape(array, checked.sizes)
        buffer = checked.buffers.get(array.name)
        values.append(np.zeros(shape, array.dtype) if buffer is None else buffer.reshape(shape))
    module = run(program.tensors.clone(), [], dtype=dtype)
    with np.errstate(all="ignore"):
        results = call(module, signature.name, tuple(values))
    return {r.name: np.asarray(v) for r, v in zip(signature.results, results, strict=True)}
