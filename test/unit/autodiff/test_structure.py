"""What derivatives look like as IR: their kernels, what is folded away, that they are valid, and how they grow."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from xdsl.dialects import arith
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Block, Operation, SSAValue

import anamc
from anamc.autodiff.simplify import constant_of
from anamc.derivatives import request
from anamc.dialects import ad, kernel
from anamc.pipelines import STAGES, context_of_all, passes, run

Calls = Callable[[Callable[[], object]], int]
SOURCE = {
    "id": 1,
    "kind": "graph-source",
    "node_features": [{"name": "u", "size": 3, "pin": -1}],
    "edge_features": [{"name": "e", "size": 2, "pin": -2}],
}


def encoder(id: int, output: int, *sizes: int, **rest: Any) -> dict[str, Any]:
    layers = [{"size": size, "activation": "tanh", "layer_norm": size == 4} for size in sizes]
    return {"id": id, "kind": "encoder", "input": id, "output": output, "layers": layers, **rest}


def graph(blocks: list[dict[str, Any]], links: list[tuple[int, int]]) -> anamc.Program:
    pairs = [{"from": a, "to": b} for a, b in links]
    document = {"format": "anamc-graph", "version": 1, "name": "net", "blocks": [SOURCE, *blocks], "links": pairs}
    return anamc.parse(json.dumps(document), "json")


def loss(of: int) -> tuple[dict[str, Any], list[tuple[int, int]]]:
    return {"id": 9, "kind": "loss", "function": "mse", "of": 90, "target": 91, "target_name": "t"}, [(of, 90)]


def nodes() -> anamc.Program:
    """An encoder of nodes."""
    block, links = loss(-3)
    return graph([encoder(3, -3, 5, 4, 2), block], [(-1, 3), *links])


def edges(scatter: str) -> anamc.Program:
    """An encoder of edges that reads their nodes."""
    return graph([encoder(3, -3, 5, 4, 2, scatter=scatter)], [(-2, 3), (-1, 3)])


def passing() -> anamc.Program:
    """Nodes, then edges that add to nodes, then nodes again, and a loss."""
    block, links = loss(-5)
    blocks = [encoder(3, -3, 4, 5), encoder(4, -4, 4, 5, scatter="-+"), encoder(5, -5, 4, 1), block]
    return graph(blocks, [(-1, 3), (-2, 4), (-3, 4), (-4, 5), *links])


INDEX = """
input x[n, 3]
param W[3, 4]
h[i, k] ++= tanh(x[i, j] * W[j, k]) + max(x[i, j], 0.0) * 2.0 | (i, j, k)
h[i, k] ++= select(h[i, k] > 0.0, sqrt(h[i, k]), -h[i, k]) | (i, k)
loss[0] ++= pow(abs(h{i}) + 1.0, 1.5) | i
output loss
"""


def index() -> anamc.Program:
    return anamc.parse(INDEX, "ix")


RULE = """
func.func private @g(%a: tensor<2xf64>, %b: tensor<2xf64>) -> (tensor<2xf64>, tensor<2xf64>) {
  %y = arith.mulf %a, %b : tensor<2xf64>
  func.return %y, %b : tensor<2xf64>, tensor<2xf64>
}
func.func private @g_vjp(
  %a: tensor<2xf64>, %b: tensor<2xf64>, %u: tensor<2xf64>, %v: tensor<2xf64>
) -> (tensor<2xf64>, tensor<2xf64>) {
  %p = arith.mulf %b, %u : tensor<2xf64>
  %q = arith.mulf %a, %u : tensor<2xf64>
  %r = arith.mulf %b, %v : tensor<2xf64>
  %s = arith.addf %q, %r : tensor<2xf64>
  func.return %p, %s : tensor<2xf64>, tensor<2xf64>
}
ad.custom @g {vjp = @g_vjp}
func.func @f(%a: tensor<2xf64>, %b: tensor<2xf64>) -> tensor<2xf64> {
  %y:2 = func.call @g(%a, %b) : (tensor<2xf64>, tensor<2xf64>) -> (tensor<2xf64>, tensor<2xf64>)
  func.return %y#0 : tensor<2xf64>
}
"""
"""A rule that is given zeros for the result that nothing depends on."""
ONE = """
func.func @f(%x: tensor<1xf64>, %w: tensor<1xf64>) -> tensor<1xf64> {
  %a = arith.mulf %x, %w : tensor<1xf64>
  %y = math.fma %a, %a, %x : tensor<1xf64>
  func.return %y : tensor<1xf64>
}
"""
"""A gradient starts from a cotangent of 1."""


DERIVATIVES: dict[str, Callable[[], anamc.Program]] = {
    "gradient of nodes": lambda: anamc.value_and_grad(nodes()),
    "all cotangents of edges": lambda: anamc.vjp(edges("-+"), wrt=["params", "u", "e"]),
    "tangents of edges": lambda: anamc.jvp(edges("++"), wrt=["u", "e"]),
    "gradient of message passing": lambda: anamc.value_and_grad(passing(), wrt=["params", "u"]),
    "second derivatives of message passing": lambda: anamc.hvp(passing()),
    "Gauss-Newton of message passing": lambda: anamc.gauss_newton(passing()),
    "gradient of an index program": lambda: anamc.value_and_grad(index()),
    "a rule given zeros": lambda: anamc.vjp(anamc.parse(RULE), wrt=["a", "b"]),
    "gradient from a one": lambda: anamc.value_and_grad(anamc.parse(ONE), wrt=["x", "w"]),
    "second derivatives of an index program": lambda: anamc.hvp(index(), wrt=["W", "x"]),
}


# Kernels


def intervals(program: anamc.Program) -> list[str]:
    """The rows of the kernels, in order, without those that put parameters together (of one row)."""
    names = STAGES["kernels"][: STAGES["kernels"].index("fuse-kernels") + 1]
    module = run(program.tensors.clone(), names)
    kernels = [op for op in module.walk() if isinstance(op, kernel.RowsOp)]
    return [rows_of(op) for op in kernels if rows_of(op) != "1"]


def rows_of(op: kernel.RowsOp) -> str:
    """`nnodes`, or a number."""
    extent = op.extent
    return str(extent.name_hint) if isinstance(extent, SSAValue) else str(extent)


@pytest.mark.parametrize("scatter", ["none", "++", "-+", "+-"])
def test_the_backward_of_an_encoder_is_one_kernel(scatter: str) -> None:
    """With its forward: nothing between the two waits for other rows."""
    assert intervals(anamc.value_and_grad(nodes())) == ["nnodes"]
    assert intervals(anamc.vjp(nodes(), wrt=["params", "u"], function="net")) == ["nnodes"]
    assert intervals(anamc.vjp(edges(scatter), wrt=["params", "u", "e"])) == ["nedges"]


def test_backward_and_forward_are_one_kernel_an_interval() -> None:
    """A sum over edges that is read again is a barrier: three intervals forward, and the last turns around."""
    assert intervals(passing())[-3:] == ["nnodes", "nedges", "nnodes"]
    assert intervals(anamc.value_and_grad(passing())) == ["nnodes", "nedges", "nnodes", "nedges", "nnodes"]
    assert intervals(anamc.vjp(passing(), wrt=["u"], function="net")) == [
        "nnodes",
        "nedges",
        "nnodes",
        "nedges",
        "nnodes",
    ]


# Zeros and ones


def wasted(module: ModuleOp, neutral: dict[type[Operation], tuple[float, ...]]) -> list[str]:
    """Operations on floats that such an operand makes superfluous."""
    return [str(op) for op in module.walk() if any(constant_of(v) in neutral.get(type(op), ()) for v in op.operands)]


Neutral = dict[type[Operation], tuple[float, ...]]
ZEROS: Neutral = {arith.AddfOp: (0.0,), arith.SubfOp: (0.0,), arith.MulfOp: (0.0,)}
ONES: Neutral = {arith.MulfOp: (1.0, -1.0)}


@pytest.mark.parametrize("name", DERIVATIVES)
def test_nothing_is_multiplied_by_zero_or_added_to_it(name: str) -> None:
    module = DERIVATIVES[name]().tensors
    assert wasted(module, ZEROS) == []
    assert wasted(module, ONES) == []
    assert wasted(run(module.clone(), STAGES["kernels"]), ZEROS) == []


# Validity


def check(module: ModuleOp) -> None:
    """Verified, and every operand is defined in front of its use, in the same block or in one around it."""
    module.verify()
    dominated(module.body.block, set())


def dominated(block: Block, seen: set[SSAValue]) -> None:
    mine = list[SSAValue](block.args)
    seen.update(mine)
    for op in block.ops:
        assert seen.issuperset(op.operands), f"'{op.name}' uses what is not defined in front of it"
        for region in op.regions:
            for inner in region.blocks:
                dominated(inner, seen)
        seen.update(op.results)
        mine += op.results
    seen.difference_update(mine)


@pytest.mark.parametrize("name", DERIVATIVES)
def test_every_pass_leaves_a_valid_module(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`ad-expand` itself, and all that runs behind it, down to loops."""
    seen: list[str] = []

    def after(name: str, module: ModuleOp) -> None:
        check(module)
        seen.append(name)

    def expanded(module: ModuleOp) -> ModuleOp:
        check(module)
        return run(module, request.PASSES, after=after)

    monkeypatch.setattr(request, "expanded", expanded)
    program = DERIVATIVES[name]()
    assert seen[0] == "ad-expand"
    run(program.ir.clone(), [*STAGES["tensors"], *STAGES["kernels"], *STAGES["loops"]], after=after)
    assert seen[-1] == STAGES["loops"][-1]


# Growth


def chain(length: int, monkeypatch: pytest.MonkeyPatch) -> ModuleOp:
    """A request for the gradient of as many encoders, one behind the other."""
    blocks = [encoder(10 + k, -10 - k, 3) for k in range(length)]
    program = graph(blocks, [(-1, 10), *((-10 - k, 11 + k) for k in range(length - 1))])
    with monkeypatch.context() as patched:
        patched.setattr(request, "expanded", lambda module: module)
        return anamc.vjp(program, wrt=["params", "u"]).ir


def test_expanding_a_chain_of_encoders_is_linear(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted in calls of functions, and in operations that come out."""
    work: list[int] = []
    sizes: list[int] = []
    for length in (50, 100, 200):
        module = chain(length, monkeypatch)
        assert any(isinstance(op, ad.VjpOp) for op in module.walk())
        (step,) = passes(["ad-expand"])
        work.append(calls(lambda module=module, step=step: step.apply(context_of_all(), module)))
        sizes.append(sum(1 for _ in module.walk()))
    for found in (work, sizes):
        first, second = found[1] - found[0], found[2] - found[1]
        assert second <= 2.1 * first  # twice as many more encoders: twice as much more work, but for what is shared
