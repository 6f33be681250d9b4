"""
Dialects, passes and targets of anamc in one table: the entry point `xdsl.universe`.

Stock `xdsl-opt` finds them here. Everything is imported only when asked for, so that the tools
start fast. A new dialect, pass or target is one row.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from xdsl.universe import Universe

DIALECTS = {
    "graph": "anamc.dialects.graph:Graph",
    "mlp": "anamc.dialects.mlp:Mlp",
    "scatter": "anamc.dialects.scatter:Scatter",
    "nest": "anamc.dialects.nest:Nest",
    "kernel": "anamc.dialects.kernel:Kernel",
    "ad": "anamc.dialects.ad:Ad",
    "lanes": "anamc.dialects.lanes:Lanes",
}

PASSES = (
    "graph-infer-shapes",
    "convert-graph-to-mlp",
    "hoist-gathered-layers",
    "lift-numbers",
    "ad-expand",
    "inline-calls",
    "simplify-floats",
    "set-float-type",
    "expose-sizes",
    "check-indices",
    "slice-nests",
    "unroll-tables",
    "split-nests",
    "gather-nests",
    "form-kernels",
    "fuse-kernels",
    "narrow-kept-rows",
    "split-reductions",
    "stash-or-recompute",
    "plan-edges",
    "reorder-rows",
    "turn-matrices",
    "bufferize-kernels",
    "pair-arguments",
    "outline-kernels",
    "merge-functions",
    "decompose-to-nest",
    "schedule-kernels",
    "block-kernels",
    "convert-kernel-to-vectors",
    "convert-kernel-to-loops",
    "convert-nest-to-linalg",
    "flatten-memrefs",
    "convert-vector-to-loops",
    "outline-chunks",
    "convert-parallel-to-acc",
    "convert-parallel-to-for",
    "convert-vector-to-llvm",
    "outline-parallel",
    "convert-launch-to-llvm",
    "convert-memref-to-llvm-pointers",
    "add-plain-functions",
    "convert-index-to-i64",
    "expand-math",
    "convert-math-to-llvm",
    "convert-arith-to-llvm",
    "convert-scf-to-llvm",
    "convert-func-to-llvm",
    "set-llvm-target",
)
"""Pass `a-b` is class `ABPass` of `anamc/transforms/a_b.py`."""

TARGETS = {
    "graph-json": "anamc.backends.graph_json:GraphJsonTarget",
    "graph-dot": "anamc.backends.dot:GraphDotTarget",
    "graph-svg": "anamc.backends.graph_svg:GraphSvgTarget",
    "openacc-c": "anamc.backends.openacc_c.target:OpenAccCTarget",
    "llvm-ir": "anamc.backends.llvm_ir.target:LlvmIrTarget",
}


def _pass_path(name: str) -> str:
    words = name.split("-")
    return f"anamc.transforms.{'_'.join(words)}:{''.join(w.capitalize() for w in words)}Pass"


def _factory(path: str) -> Callable[[], Any]:
    module, name = path.split(":")
    return lambda: getattr(import_module(module), name)


UNIVERSE = Universe(
    all_dialects={name: _factory(path) for name, path in DIALECTS.items()},
    all_passes={name: _factory(_pass_path(name)) for name in PASSES},
    all_targets={name: _factory(path) for name, path in TARGETS.items()},
)
