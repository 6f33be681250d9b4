"""An index program with its state: parameters, caches, epoch and seed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anamc.api import init_params
from anamc.errors import CallError, shown
from anamc.program import Program, Signature
from anamc.runtime.buffers import concrete_shape
from anamc.runtime.callable import Function
from anamc.runtime.compiler import jit
from anamc.runtime.sizes import Sizes


class Model:
    """
    Computes targets of a program, each compiled when it is first asked for.

        model = index.Model(program, seed=0)
        y = model("predict", x=x)["y"]

    `params` and `caches` are dicts of arrays that calls take and that may be changed between them; a
    cache that is a result is kept for the next call. `epoch` counts from 1 and is the caller's to
    raise; `seed` goes up by one with each call that draws random numbers.
    """

    def __init__(self, program: Program, seed: int = 0, dtype: str = "float32", **sizes: int) -> None:
        """`sizes`: run-time sizes of parameters."""
        self.program = program
        self.dtype = dtype
        self.params: dict[str, NDArray[Any]] = (
            init_params(program, seed, None, dtype, **sizes) if program.params else {}
        )
        self.caches: dict[str, NDArray[Any]] = {}
        self.epoch = 1
        self.seed = seed
        self._functions: dict[str, Function] = {}

    def __call__(self, target: str | None = None, /, **arrays: Any) -> dict[str, NDArray[Any]]:
        """The results of a target, or of the program's outputs; CallError as of any compiled function."""
        function = self.function(target)
        signature = function.signature
        state = {"epoch": self.epoch, "seed": self.seed, **self.params, **self.caches}
        taken = {*signature.sizes, *(a.name for a in signature.arguments)}
        given = {name: value for name, value in state.items() if name in taken} | arrays
        results = function(**given, **self._empty_caches(signature, given))
        self.caches |= {a.name: results[a.name] for a in signature.arguments if a.is_cache and a.name in results}
        self.seed += "seed" in signature.sizes and "seed" not in arrays
        return results

    def function(self, target: str | None = None) -> Function:
        """The compiled function of a target."""
        name = self._name(target)
        if name not in self._functions:
            self._functions[name] = jit(self.program, name, self.dtype)
        return self._functions[name]

    def _name(self, target: str | None) -> str:
        names, stem = list(self.program.functions), self.program.name
        name = stem if target is None else f"{stem}_{target}"
        if name in names:
            return name
        known = ", ".join(f"'{shown(n.removeprefix(stem + '_'))}'" for n in names if n != stem) or "none"
        what = "the program has no outputs" if target is None else f"the program has no target '{shown(target)}'"
        raise CallError("A0803", what, why=f"its targets are {known}")

    def _empty_caches(self, signature: Signature, given: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
        """Zeros for the caches that no call has written yet."""
        missing = [a for a in signature.arguments if a.is_cache and a.name not in given]
        if not missing:
            return {}
        sizes = Sizes(signature, given)
        for array in signature.arguments:
            if array.name in given and len(shape := np.shape(given[array.name])) == len(array.dims):
                sizes.add(array, shape)
        known = sizes.resolve(signature)
        return {a.name: np.zeros(concrete_shape(a, known), a.dtype) for a in missing}
