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
}

PASSES = {
    "graph-infer-shapes": "anamc.transforms.graph_infer_shapes:GraphInferShapesPass",
    "convert-graph-to-mlp": "anamc.transforms.convert_graph_to_mlp:ConvertGraphToMlpPass",
    "set-float-type": "anamc.transforms.set_float_type:SetFloatTypePass",
    "expose-sizes": "anamc.transforms.expose_sizes:ExposeSizesPass",
    "form-kernels": "anamc.transforms.form_kernels:FormKernelsPass",
    "fuse-kernels": "anamc.transforms.fuse_kernels:FuseKernelsPass",
    "split-reductions": "anamc.transforms.split_reductions:SplitReductionsPass",
    "bufferize-kernels": "anamc.transforms.bufferize_kernels:BufferizeKernelsPass",
    "outline-kernels": "anamc.transforms.outline_kernels:OutlineKernelsPass",
    "decompose-to-nest": "anamc.transforms.decompose_to_nest:DecomposeToNestPass",
    "convert-kernel-to-loops": "anamc.transforms.convert_kernel_to_loops:ConvertKernelToLoopsPass",
    "convert-nest-to-linalg": "anamc.transforms.convert_nest_to_linalg:ConvertNestToLinalgPass",
    "flatten-memrefs": "anamc.transforms.flatten_memrefs:FlattenMemrefsPass",
    "convert-parallel-to-acc": "anamc.transforms.convert_parallel_to_acc:ConvertParallelToAccPass",
    "convert-parallel-to-for": "anamc.transforms.convert_parallel_to_for:ConvertParallelToForPass",
    "convert-memref-to-llvm-pointers": "anamc.transforms.convert_memref_to_llvm_pointers:ConvertMemrefToLlvmPointersPass",
    "add-plain-functions": "anamc.transforms.add_plain_functions:AddPlainFunctionsPass",
    "convert-index-to-i64": "anamc.transforms.convert_index_to_i64:ConvertIndexToI64Pass",
    "convert-math-to-llvm": "anamc.transforms.convert_math_to_llvm:ConvertMathToLlvmPass",
    "convert-arith-to-llvm": "anamc.transforms.convert_arith_to_llvm:ConvertArithToLlvmPass",
    "convert-scf-to-llvm": "anamc.transforms.convert_scf_to_llvm:ConvertScfToLlvmPass",
    "convert-func-to-llvm": "anamc.transforms.convert_func_to_llvm:ConvertFuncToLlvmPass",
    "set-llvm-target": "anamc.transforms.set_llvm_target:SetLlvmTargetPass",
}

TARGETS = {
    "graph-json": "anamc.backends.graph_json:GraphJsonTarget",
    "graph-dot": "anamc.backends.dot:GraphDotTarget",
    "graph-svg": "anamc.backends.graph_svg:GraphSvgTarget",
    "openacc-c": "anamc.backends.openacc_c.target:OpenAccCTarget",
    "llvm-ir": "anamc.backends.llvm_ir.target:LlvmIrTarget",
}


def _factory(path: str) -> Callable[[], Any]:
    module, name = path.split(":")
    return lambda: getattr(import_module(module), name)


UNIVERSE = Universe(
    all_dialects={name: _factory(path) for name, path in DIALECTS.items()},
    all_passes={name: _factory(path) for name, path in PASSES.items()},
    all_targets={name: _factory(path) for name, path in TARGETS.items()},
)
