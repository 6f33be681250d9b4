"""ONNX Runtime: the work as an ONNX graph; it has no gradients."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from benchmarks.peers.base import Prepared, UnavailableError
from benchmarks.peers.onnx_ops import OnnxOps, OnnxValue
from benchmarks.workloads.base import Arrays, Work

OPSET = 20
"""The first with Gelu."""


def prepare(work: Work, gradient: bool, arrays: Arrays, threads: int) -> Prepared:
    """Parameters are constants of the graph, as models are shipped; arguments and result are bound once."""
    if gradient:
        raise UnavailableError("ONNX Runtime has no gradients")
    if threads > 1 and "edgelist" in arrays:
        # Found off by 13 % of the largest value in one run and right in the next.
        raise UnavailableError("ScatterND adds to a node from several threads at once: sums are right by chance")
    try:
        onnx: Any = import_module("onnx")
        runtime: Any = import_module("onnxruntime")
    except ImportError as error:
        raise UnavailableError(f"ONNX Runtime is not installed: {error}") from None
    inputs = {k: v for k, v in arrays.items() if k not in (*work.params, "target")}
    if "edgelist" in inputs:
        ends = inputs.pop("edgelist")
        inputs |= {f"end{k}": ends[:, k].astype("int64") for k in range(2)}
    constants = {k: v for k, v in arrays.items() if k in work.params}
    session = runtime.InferenceSession(
        model(onnx, work, inputs, constants), options_of(runtime, threads), providers=["CPUExecutionProvider"]
    )
    binding = session.io_binding()
    for name, values in inputs.items():
        if name in {i.name for i in session.get_inputs()}:
            binding.bind_cpu_input(name, values)
    binding.bind_output("y", "cpu")

    def run() -> Any:
        session.run_with_iobinding(binding)
        return binding

    return Prepared(run, lambda found: {"y": found.get_outputs()[0].numpy()})


def options_of(runtime: Any, threads: int) -> Any:
    options = runtime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return options


def model(onnx: Any, work: Work, inputs: Arrays, constants: Arrays) -> bytes:
    """The graph with its constants, as bytes."""
    ops = OnnxOps(onnx)
    for name, values in constants.items():
        ops.constant(values, name)
    named: dict[str, Any] = {name: OnnxValue(ops, name) for name in (*inputs, *constants)}
    if "end0" in inputs:
        named["edgelist"] = (named["end0"], named["end1"])
    result = work.forward(ops, named)
    ops.nodes.append(onnx.helper.make_node("Identity", [result.name], ["y"]))
    helper, types = onnx.helper, onnx.TensorProto
    kinds = {np.dtype("float32"): types.FLOAT, np.dtype("int64"): types.INT64}
    graph = helper.make_graph(
        ops.nodes,
        "work",
        [helper.make_tensor_value_info(k, kinds[v.dtype], v.shape) for k, v in inputs.items()],
        [helper.make_tensor_value_info("y", types.FLOAT, None)],
        initializer=ops.constants,
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10)
    return made.SerializeToString()
