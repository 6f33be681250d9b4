"""Parameters and interpretation of programs, as `anamc` offers them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from anamc.errors import ParamsError, shown
from anamc.params.layout import layout
from anamc.params.named import NamedParam
from anamc.program import Program

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, DTypeLike, NDArray


def init_params(
    program: Program, seed: int = 0, kind: str | None = None, dtype: DTypeLike = "float32", **options: float
) -> Any:
    """
    First values of the parameters, drawn with a seed.

    Of a block graph a flat vector, by an initializer. `kind`: glorot (the default), he, lecun,
    normal, uniform, orthogonal or zeros. Biases are 0, scales of layer normalisation 1.

    Of an index program a dict of arrays by name, each uniform in the range of its `param`; `options`
    are the run-time sizes that params have. Raises ParamsError for an unknown kind, option or size.
    """
    if params := named_params(program):
        from anamc.params.named import init_named

        if kind is not None:
            what = f"the params of an index program have ranges of their own, got kind {shown(repr(kind))}"
            raise ParamsError("A0402", what, help="write the range in the program: param W[2] = uniform(-0.1, 0.1)")
        return init_named(params, seed, dtype, options)  # pyright: ignore[reportArgumentType]
    from anamc.params.initializers import init_params as draw

    return draw(layout(program.network), kind=kind or "glorot", seed=seed, dtype=dtype, **options)


def load_params(path: str | os.PathLike[str], program: Program, dtype: DTypeLike | None = None) -> Any:
    """
    The parameters in an HDF5 file: a flat vector, or of an index program a dict of arrays by name.

    Raises ParamsError where they do not fit the program.
    """
    from anamc.params.hdf5 import load_named
    from anamc.params.hdf5 import load_params as read

    if params := named_params(program):
        return load_named(path, params, dtype)
    return read(path, layout(program.network), dtype)


def save_params(path: str | os.PathLike[str], program: Program, values: ArrayLike | Mapping[str, ArrayLike]) -> None:
    """
    Writes parameters to an HDF5 file, whole or not at all.

    Of a block graph the flat vector, with one group a layer beside it; of an index program a dict of
    arrays. Raises ParamsError where they do not fit the program.
    """
    from anamc.params.hdf5 import save_named
    from anamc.params.hdf5 import save_params as write

    params = named_params(program)
    if params and isinstance(values, Mapping):
        return save_named(path, params, values)
    if params:
        what = f"the parameters of an index program are a dict of arrays, got {shown(type(values).__name__)}"
        raise ParamsError("A0409", what)
    return write(path, layout(program.network), values)  # pyright: ignore[reportArgumentType]


def named_params(program: Program) -> list[NamedParam]:
    """The parameters of an index program; none of a block graph."""
    if program.is_graph:
        return []
    return [NamedParam(a.name, a.dims, *a.init) for a in program.params if a.init is not None]


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
    from anamc.interpreters.nest import CheckFailedError
    from anamc.pipelines import run
    from anamc.runtime.bounds import computed_error
    from anamc.runtime.buffers import check_arguments, concrete_shape
    from anamc.runtime.callable import with_dtype

    signature = with_dtype(program.function(function), dtype)
    checked = check_arguments(signature, arrays)
    values: list[Any] = [checked.sizes[name] for name in signature.sizes]
    for array in signature.arguments:
        shape = concrete_shape(array, checked.sizes)
        buffer = checked.buffers.get(array.name)
        values.append(np.zeros(shape, array.dtype) if buffer is None else buffer.reshape(shape))
    module = run(program.checked.clone(), [], dtype=dtype)
    try:
        with np.errstate(all="ignore"):
            results = call(module, signature.name, tuple(values))
    except CheckFailedError as error:
        raise computed_error(signature.computed[error.number], checked.sizes, error.extremes) from None
    return {r.name: np.asarray(v) for r, v in zip(signature.results, results, strict=True)}
