"""
Index notation in Python: operators on tensors build the kernels of an index program (docs/index-notation.md).

    from anamc import index

    i, j, k = index.iterators("i j k")
    p = index.Program("layer")
    x, W = p.input("x", "n", 2), p.param("W", 2, 4, init=(-0.1, 0.1))
    y = p.tensor("y")
    y[i, j] += x[i, k] * W[k, j]
    p.output(y)
    f = anamc.jit(p.build())
"""

from anamc.index.functions import (
    cos,
    div,
    epoch,
    erf,
    exp,
    expm1,
    ln,
    log1p,
    log2,
    log10,
    max,
    min,
    mod,
    pow,
    select,
    sin,
    sq,
    sqrt,
    tanh,
    to_index,
    to_scalar,
    wrap,
)
from anamc.index.model import Model
from anamc.index.program import Program, iterators
from anamc.index.tensors import Tensor
from anamc.index.terms import Iterator, Term, term

__all__ = [
    "Iterator",
    "Model",
    "Program",
    "Tensor",
    "Term",
    "cos",
    "div",
    "epoch",
    "erf",
    "exp",
    "expm1",
    "iterators",
    "ln",
    "log1p",
    "log2",
    "log10",
    "max",
    "min",
    "mod",
    "pow",
    "select",
    "sin",
    "sq",
    "sqrt",
    "tanh",
    "term",
    "to_index",
    "to_scalar",
    "wrap",
]
