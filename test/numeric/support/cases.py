"""A graph with a mesh, arguments, and what must come out: in front of all routes."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

import anamc
from support.compare import Expectation
from support.graphs import random_arrays, random_graph, random_mesh
from support.routes import CRoute, Runner, arguments
from support.walk import Mesh

Values = NDArray[Any]


class Case:
    """One document on one mesh; arguments are drawn by a seed where they are not given."""

    def __init__(
        self, document: Mapping[str, Any], mesh: Mesh, arrays: Mapping[str, Values] | None = None, seed: int = 0
    ) -> None:
        self.document = document
        self.mesh = mesh
        self.program = anamc.parse(json.dumps(document), "json")
        # The last function takes the most: the loss has all that the network has, and the targets.
        widest = list(self.program.functions.values())[-1]
        drawn = random_arrays(dict(document), mesh, widest, seed, "float32")
        # Numbers that float32 can hold, so that both types compute on the same.
        self.arrays = {k: v.astype("float64") if v.dtype.kind == "f" else v for k, v in drawn.items()}
        self.arrays.update({k: np.asarray(v) for k, v in (arrays or {}).items()})

    def expectation(self) -> Expectation:
        """What plain NumPy makes of it."""
        return Expectation(self.document, self.mesh, self.arrays)

    def arguments(self, function: str, dtype: str) -> dict[str, Any]:
        """Keyword arguments of a function."""
        names = [a.name for a in self.program.function(function).arguments]
        return arguments(self.mesh, {name: self.arrays[name] for name in names}, dtype)

    def results(self, runner: Runner, function: str, dtype: str) -> dict[str, Values]:
        """What a compiled or interpreted function gives."""
        return runner(**self.arguments(function, dtype))

    def check(self, make: Callable[[anamc.Program, str, str], Runner], dtype: str, route: str) -> None:
        """Every function of the program, by a route, against plain NumPy."""
        wanted = self.expectation()
        for function in self.program.functions:
            runner = make(self.program, function, dtype)
            wanted.check(self.results(runner, function, dtype), dtype, f"{route} {function}")

    def check_c(self, route: CRoute, dtype: str) -> None:
        """The same by a C compiler."""
        wanted = self.expectation()
        for function in self.program.functions:
            with route.runner(self.program, function, dtype) as runner:
                wanted.check(self.results(runner, function, dtype), dtype, f"{route} {function}")


def random_case(seed: int, most: int = 5) -> Case:
    """The same case for a seed, always."""
    rng = random.Random(seed)
    return Case(random_graph(rng, most), random_mesh(rng), seed=seed)
