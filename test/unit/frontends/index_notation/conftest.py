"""Programs in index notation, evaluated by the interpreter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from xdsl.dialects.builtin import ModuleOp

from anamc.frontends.index_notation import parse_index_program
from anamc.interpreters import call
from anamc.program import Program

Results = dict[str, NDArray[Any]]
Evaluate = Callable[..., Results]


def evaluated(text: str, **given: Any) -> Results:
    """The results of a program for its arguments; sizes follow from the arrays, or are given by name."""
    module: ModuleOp = parse_index_program(text, "test.ix")
    signature = Program(module).function()
    sizes = {s: given[s] for s in signature.sizes if s in given}
    values: list[Any] = []
    for argument in signature.arguments:
        array = np.asarray(given[argument.name], argument.dtype)
        assert len(array.shape) == len(argument.dims)
        for dim, n in zip(argument.dims, array.shape, strict=True):
            if isinstance(dim, str):
                assert sizes.setdefault(dim, n) == n
            else:
                assert dim == n
        values.append(array)
    with np.errstate(all="ignore"):
        results = call(module, signature.name, (*[sizes[s] for s in signature.sizes], *values))
    return dict(zip([r.name for r in signature.results], results, strict=True))


@pytest.fixture
def evaluate() -> Evaluate:
    """`evaluate(text, x=..., n=...)` gives the results by name."""
    return evaluated
