"""
The whole compiler on one page: passes in their order, from one level to the next.

Each prefix is a legal place to stop, print, and start again from text.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager

from xdsl.context import Context
from xdsl.dialects import get_all_dialects
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass
from xdsl.transforms import get_all_passes
from xdsl.utils.arg_spec import ArgSpec, parse_pipeline

from anamc.errors import Error
from anamc.universe import UNIVERSE

STAGES: dict[str, tuple[str, ...]] = {
    "tensors": (
        "graph-infer-shapes",
        "convert-graph-to-mlp",
        "hoist-gathered-layers",
        "lift-numbers",
        "ad-expand",
        "inline-calls",
        "lift-numbers",
        "expose-sizes",
    ),
    "kernels": (
        "check-indices",
        "slice-nests",
        "unroll-tables",
        "split-nests",
        "gather-nests",
        "form-kernels",
        "fuse-kernels",
        "narrow-kept-rows",
        "stash-or-recompute",
        "split-reductions",
    ),
    "loops": ("bufferize-kernels", "pair-arguments", "outline-kernels", "decompose-to-nest", "convert-kernel-to-loops"),
    "blocks": (
        "bufferize-kernels",
        "pair-arguments",
        "outline-kernels",
        "decompose-to-nest",
        "block-kernels",
        "convert-kernel-to-vectors{shuffles=false}",
        "convert-kernel-to-loops",
    ),
    "planned": (
        "plan-edges{beside=true}",
        "bufferize-kernels",
        "pair-arguments",
        "outline-kernels",
        "merge-functions{beside=true}",
        "decompose-to-nest",
        "block-kernels",
        "convert-kernel-to-vectors{shuffles=false}",
        "convert-kernel-to-loops",
    ),
    "vectors": (
        "plan-edges",
        "reorder-rows",
        "turn-matrices",
        "bufferize-kernels",
        "pair-arguments",
        "outline-kernels",
        "merge-functions",
        "decompose-to-nest",
        "schedule-kernels",
        "convert-kernel-to-vectors",
        "convert-kernel-to-loops",
    ),
    "flat": ("flatten-memrefs",),
    "c": (
        "convert-vector-to-loops",
        "outline-chunks",
        "merge-functions{beside=true}",
        "expand-math{functions=true}",
        "convert-parallel-to-acc",
    ),
    "llvm": (
        "convert-parallel-to-for",
        "convert-memref-to-llvm-pointers",
        "add-plain-functions",
        "convert-index-to-i64",
        "expand-math",
        "convert-vector-to-llvm",
        "convert-math-to-llvm",
        "convert-arith-to-llvm",
        "convert-scf-to-llvm",
        "convert-func-to-llvm",
    ),
}
"""What leads to each level from the one before."""

PIPELINES: dict[str, tuple[str, ...]] = {
    "to-tensors": STAGES["tensors"],
    "to-kernels": (*STAGES["tensors"], *STAGES["kernels"]),
    "to-loops": (*STAGES["tensors"], *STAGES["kernels"], *STAGES["loops"]),
    "to-flat": (*STAGES["tensors"], *STAGES["kernels"], *STAGES["loops"], *STAGES["flat"]),
    "to-c": (*STAGES["tensors"], *STAGES["kernels"], *STAGES["blocks"], *STAGES["flat"], *STAGES["c"]),
    "to-llvm": (*STAGES["tensors"], *STAGES["kernels"], *STAGES["loops"], *STAGES["flat"], *STAGES["llvm"]),
}
"""Named pipelines of `anamc-opt --pipeline`, from any level above to the one named."""

OPTIONAL = (
    "hoist-gathered-layers",
    "unroll-tables",
    "gather-nests",
    "fuse-kernels",
    "narrow-kept-rows",
    "stash-or-recompute",
    "split-reductions",
    "plan-edges",
    "reorder-rows",
    "turn-matrices",
    "merge-functions",
    "block-kernels",
    "schedule-kernels",
)
"""Passes that may be left out: they make code faster or smaller, and change no result beyond rounding."""

MATH_MODES = ("default", "fast", "precise")
"""How elementary functions are computed: the `mode` of `expand-math`."""

FLOAT_TYPES = {"float32": "f32", "float64": "f64"}
"""IR name of each NumPy float type."""


def passes(
    names: Sequence[str], options: dict[str, dict[str, tuple[str | int | bool, ...]]] | None = None
) -> list[ModulePass]:
    """Pass objects by name, which may have options behind it as in `-p`; `options` adds to them."""
    found: list[ModulePass] = []
    for text in names:
        (spec,) = parse_pipeline(text)
        factory = UNIVERSE.all_passes.get(spec.name) or get_all_passes().get(spec.name)
        if factory is None:
            raise Error("A0801", f"no pass is named '{spec.name}'")
        found.append(factory().from_spec(ArgSpec(spec.name, spec.parameters | (options or {}).get(spec.name, {}))))
    return found


def remaining(names: Sequence[str], without: Sequence[str]) -> tuple[str, ...]:
    """The passes of a pipeline but some, which are named without options."""
    return tuple(name for name in names if name.partition("{")[0] not in without)


def run(
    module: ModuleOp,
    names: Sequence[str],
    *,
    dtype: str | None = None,
    options: dict[str, dict[str, tuple[str | int | bool, ...]]] | None = None,
    after: Callable[[str, ModuleOp], None] | None = None,
    verify: bool = True,
) -> ModuleOp:
    """
    Runs passes on a module in place; verifies once at the end.

    With `dtype` ("float32" or "float64") floats are set in front of the kernels. `options` of passes by
    name. `after` sees the module behind each pass.
    """
    order = list(names)
    options = dict(options or {})
    if dtype is not None:
        first = next((k for k, name in enumerate(order) if name == "form-kernels"), len(order))
        order.insert(first, "set-float-type")
        options["set-float-type"] = {"type": (FLOAT_TYPES[dtype],)}
    context = context_of_all()
    with paused_collection():
        for name, step in zip(order, passes(order, options), strict=True):
            step.apply(context, module)
            if after is not None:
                after(name, module)
        if verify:
            module.verify()
    return module


@contextmanager
def paused_collection() -> Generator[None]:
    """No garbage collection: it walks the whole IR again and again, a third of the time of a long pipeline."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def context_of_all() -> Context:
    """A context that knows every dialect of xDSL and anamc."""
    context = Context()
    for name, factory in (*get_all_dialects().items(), *UNIVERSE.all_dialects.items()):
        context.register_dialect(name, factory)
    return context


def lowered(module: ModuleOp, level: str, *, dtype: str | None = None) -> ModuleOp:
    """A copy of a module at a level: tensors, kernels, loops, flat, c or llvm."""
    return run(module.clone(), PIPELINES[f"to-{level}"], dtype=dtype)
