"""Arrays for a run: those of a file, parameters, and random ones for what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import anamc
from anamc.cli.session import UsageError
from anamc.dialects import graph
from anamc.errors import CallError, shown
from anamc.program import Array, Program, Signature
from anamc.runtime.buffers import concrete_shape, full_shape

EDGES_PER_NODE = 3
ROWS = 1000


@dataclass(frozen=True)
class Choice:
    """Sizes and seed of random arrays; `None` means as many as other arrays have, or a default."""

    rows: int | None = None
    edges: int | None = None
    seed: int = 0
    sizes: Mapping[str, int] = field(default_factory=dict[str, int])

    def __post_init__(self) -> None:
        counts = {"--rows": self.rows, "--edges": self.edges, "--seed": self.seed}
        for name, value in {**counts, **{f"--size {n}": v for n, v in self.sizes.items()}}.items():
            if value is not None and value < 0:
                raise UsageError(f"{name} must be 0 or more, got {value}")


def arrays_for(
    program: Program, signature: Signature, given: Mapping[str, Any], params: Any, choice: Choice
) -> dict[str, Any]:
    """
    Every argument of a call, and every size.

    Given arrays are taken as they are, `params` too where it is not None; the rest is drawn: standard
    normal numbers, edges between any two nodes, Glorot parameters; of an index program parameters in
    their ranges, epoch 1.
    """
    found = dict(given)
    if params is not None:
        loaded = params if isinstance(params, Mapping) else {"params": params}
        if any(name in given for name in loaded):
            raise UsageError("both --params and --inputs give the parameters")
        found |= {name: value for name, value in loaded.items() if _takes(signature, name)}
    sizes = _sizes(signature, found, choice)
    rng = np.random.default_rng(choice.seed)
    for array in signature.arguments:
        if array.used and array.name not in found:
            found[array.name] = _drawn(program, array, sizes, rng, choice.seed)
    return found | {name: value for name, value in sizes.items() if name not in given}


def _takes(signature: Signature, name: str) -> bool:
    return any(a.name == name for a in signature.arguments)


def _sizes(signature: Signature, found: Mapping[str, Any], choice: Choice) -> dict[str, int]:
    """Each run-time size: that of a given array, that of an option, or a default."""
    sizes: dict[str, int] = {}
    for array in signature.arguments:
        shape = full_shape(array, np.shape(found[array.name])) if array.name in found else None
        for dim, number in zip(array.dims, shape or (), strict=False):
            if isinstance(dim, str):
                sizes.setdefault(dim, number)
    rows = sizes.get("nnodes", ROWS if choice.rows is None else choice.rows)
    sizes = {**choice.sizes, **sizes}
    if unknown := choice.sizes.keys() - set(signature.sizes):
        raise UsageError(f"'{shown(signature.name)}' has no size {min(unknown)!a}")
    dims = {str(d) for a in signature.arguments for d in a.dims}
    if "epoch" not in dims:
        sizes.setdefault("epoch", 1)
    if "seed" not in dims:
        sizes.setdefault("seed", choice.seed)
    for name in signature.sizes:
        edges = EDGES_PER_NODE * rows if choice.edges is None else choice.edges
        sizes.setdefault(name, edges if name == "nedges" else rows)
    return {name: sizes[name] for name in signature.sizes}


def _drawn(program: Program, array: Array, sizes: Mapping[str, int], rng: np.random.Generator, seed: int) -> Any:
    shape = concrete_shape(array, sizes)
    if array.name == "params" and any(isinstance(op, graph.NetworkOp) for op in program.ir.ops):
        return anamc.init_params(program, seed, dtype=array.dtype)
    try:
        if array.init is not None:
            low, high = array.init
            return (low + (high - low) * rng.random(shape)).astype(array.dtype)
        if array.dtype.startswith("float"):
            return rng.standard_normal(shape).astype(array.dtype)
        nodes = sizes.get("nnodes", 1)
        if not nodes and np.prod(shape):
            raise UsageError("--rows 0 needs --edges 0, for there are no nodes to join")
        return rng.integers(0, max(nodes, 1), shape).astype(array.dtype)
    except (MemoryError, ValueError) as error:
        raise CallError("A0518", f"no memory for argument '{shown(array.name)}' of shape {shape}") from error


def in_float64(arrays: Mapping[str, Any]) -> dict[str, Any]:
    """The same numbers as the interpreter takes them."""
    return {k: v.astype("float64") if getattr(v, "dtype", None) == np.float32 else v for k, v in arrays.items()}
