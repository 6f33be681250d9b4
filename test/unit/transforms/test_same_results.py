"""Every pass above buffers keeps the results: the interpreter gives the same numbers before and behind it."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from xdsl.dialects import func
from xdsl.dialects.builtin import ModuleOp
from xdsl.parser import Parser
from xdsl.utils.arg_spec import parse_pipeline

from anamc.analysis.rows import size_arguments
from anamc.interpreters import call
from anamc.pipelines import context_of_all
from anamc.universe import UNIVERSE

WAYS = {
    "nests": "decompose-to-nest",
    "kernels": "expose-sizes,form-kernels",
    "fused": "expose-sizes,form-kernels,fuse-kernels",
    "split": "expose-sizes,form-kernels,fuse-kernels,split-reductions{block=2}",
    "nests in kernels": "expose-sizes,form-kernels,fuse-kernels,decompose-to-nest",
}


@dataclass(frozen=True)
class Case:
    """A line of text that computes %y from %x and constants of shapes that depend on the rows and the width."""

    line: str
    result: str
    extra: dict[str, str] = field(default_factory=dict[str, str])


def same(line: str) -> Case:
    return Case(line, "{x}")


DENSE = {"w": "tensor<{j}x{k}xf64>", "b": "tensor<{k}xf64>"}
CASES: dict[str, Case] = {
    **{
        name: same(f"mlp.{name} %x : {{x}}")
        for name in ("sigmoid", "relu", "selu", "gelu", "gelu_tanh", "silu", "softplus", "softmax")
    },
    "leaky_relu": same("mlp.leaky_relu %x slope 0.25 : {x}"),
    "elu": same("mlp.elu %x alpha 1.5 : {x}"),
    "tanh": same("math.tanh %x : {x}"),
    "square": same("arith.mulf %x, %x : {x}"),
    "dense": Case(
        "mlp.dense %x, %w, %b : ({x}, tensor<{j}x{k}xf64>, tensor<{k}xf64>) -> tensor<{lead}{k}xf64>",
        "tensor<{lead}{k}xf64>",
        DENSE,
    ),
    "layer_norm": Case(
        "mlp.layer_norm %x, %s, %t eps 0.1 : ({x}, tensor<{j}xf64>, tensor<{j}xf64>) -> {x}",
        "{x}",
        {"s": "tensor<{j}xf64>", "t": "tensor<{j}xf64>"},
    ),
    "concat": Case("tensor.concat dim({last}) %x, %x : ({x}, {x}) -> tensor<{lead}{jj}xf64>", "tensor<{lead}{jj}xf64>"),
    **{
        kind: Case(f'mlp.row_loss "{kind}" delta 0.5 %x, %p : ({{x}}, {{x}}) -> {{row}}', "{row}", {"p": "{x}"})
        for kind in ("mse", "mae", "mape", "huber", "bce_with_logits", "cross_entropy", "hinge")
    },
}
NUMBERS = st.floats(-4, 4, allow_nan=False, width=16)


def apply_text(text: str, passes: str) -> ModuleOp:
    """The module behind passes, read again from its text."""
    context = context_of_all()
    module = Parser(context, text).parse_module()
    module.verify()
    for spec in parse_pipeline(passes):
        UNIVERSE.all_passes[spec.name]().from_spec(spec).apply(context, module)
    module.verify()
    again = Parser(context_of_all(), str(module)).parse_module()
    again.verify()
    return again


def filled(type: str, sizes: dict[str, object]) -> str:
    return type.format(**sizes)


def shape_of(type: str, rows: int) -> tuple[int, ...]:
    dims = type.removeprefix("tensor<").removesuffix("f64>").split("x")[:-1]
    return tuple(rows if d == "?" else int(d) for d in dims)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", CASES)
@settings(max_examples=6)
@given(data=st.data())
def test_operation_keeps_its_result(name: str, way: str, data: st.DataObject) -> None:
    case = CASES[name]
    rank = data.draw(st.integers(1, 3), "rank")
    rows, j, k = (data.draw(st.integers(1, 5)) for _ in range(3))
    lead = {1: "", 2: "?x", 3: "?x2x"}[rank]
    sizes: dict[str, object] = {"j": j, "jj": 2 * j, "k": k, "lead": lead, "last": rank - 1}
    sizes |= {"x": f"tensor<{lead}{j}xf64>", "row": f"tensor<{lead.removesuffix('x')}{'x' if lead else ''}f64>"}
    types = {"x": filled("{x}", sizes), **{a: filled(t, sizes) for a, t in case.extra.items()}}
    result = filled(case.result, sizes)
    text = f"""func.func @f({", ".join(f"%{a}: {t}" for a, t in types.items())}) -> {result} {{
      %y = {filled(case.line, sizes)}
      func.return %y : {result}
    }}"""
    values = [data.draw(arrays(np.float64, shape_of(t, rows), elements=NUMBERS)) for t in types.values()]
    check(text, WAYS[way], values)


def check(text: str, passes: str, values: list[np.ndarray]) -> None:
    before = apply_text(text, "")
    with np.errstate(all="ignore"):
        expected = call(before, "f", tuple(values))
        behind = apply_text(text, passes)
        function = next(op for op in behind.ops if isinstance(op, func.FuncOp))
        sizes = [values_of(name, values, text) for name in size_arguments(function)]
        found = call(behind, "f", (*sizes, *values))
    for e, f in zip(expected, found, strict=True):
        # Sums in another order.
        np.testing.assert_allclose(np.asarray(f), np.asarray(e), rtol=1e-12, atol=1e-12)


def values_of(name: str, values: list[np.ndarray], text: str) -> int:
    """The size `x_size_0` from the argument `x`."""
    argument, axis = name.rsplit("_size_", 1)
    order = [part.split(":")[0].strip() for part in text.split("(", 1)[1].split(")", 1)[0].split("%")[1:]]
    return values[order.index(argument)].shape[int(axis)]


GRAPH = """func.func @f(%x: tensor<?x2xf64>, %e: tensor<?x2xi32>, %w: tensor<2x3xf64>, %b: tensor<3xf64>)
    -> (tensor<?x3xf64>, tensor<?x3xf64>, tensor<?x3xf64>, tensor<f64>, tensor<?x3xf64>) {
  %zero = arith.constant 0 : index
  %n = tensor.dim %x, %zero : tensor<?x2xf64>
  %h = mlp.dense %x, %w, %b : (tensor<?x2xf64>, tensor<2x3xf64>, tensor<3xf64>) -> tensor<?x3xf64>
  %t = math.tanh %h : tensor<?x3xf64>
  %l = scatter.gather %t at %e end 0 : (tensor<?x3xf64>, tensor<?x2xi32>) -> tensor<?x3xf64>
  %r = scatter.gather %t at %e end 1 : (tensor<?x3xf64>, tensor<?x2xi32>) -> tensor<?x3xf64>
  %d = arith.subf %l, %r : tensor<?x3xf64>
  %s = scatter.sum %d over %e onto %n signs [-1, 1] : (tensor<?x3xf64>, tensor<?x2xi32>, index) -> tensor<?x3xf64>
  %m = scatter.mean %d over %e onto %n signs [1, 1] : (tensor<?x3xf64>, tensor<?x2xi32>, index) -> tensor<?x3xf64>
  %g = scatter.max %d over %e onto %n signs [1, -1] : (tensor<?x3xf64>, tensor<?x2xi32>, index) -> tensor<?x3xf64>
  %q = arith.addf %s, %t : tensor<?x3xf64>
  %c = mlp.row_loss "mse" delta 1.0 %q, %m : (tensor<?x3xf64>, tensor<?x3xf64>) -> tensor<?xf64>
  %k = mlp.row_loss "mae" delta 1.0 %l, %r : (tensor<?x3xf64>, tensor<?x3xf64>) -> tensor<?xf64>
  %start = arith.constant dense<0.5> : tensor<f64>
  %u = mlp.mean %c times 2.0 onto %start : (tensor<?xf64>, tensor<f64>) -> tensor<f64>
  %v = mlp.mean %k times 3.0 onto %u : (tensor<?xf64>, tensor<f64>) -> tensor<f64>
  func.return %q, %m, %g, %v, %q : tensor<?x3xf64>, tensor<?x3xf64>, tensor<?x3xf64>, tensor<f64>, tensor<?x3xf64>
}"""


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=10)
@given(data=st.data())
def test_message_passing_keeps_its_results(way: str, data: st.DataObject) -> None:
    nodes, edges = data.draw(st.integers(1, 4)), data.draw(st.integers(0, 5))
    shapes = [(nodes, 2), (edges, 2), (2, 3), (3,)]
    values = [data.draw(arrays(np.float64, s, elements=NUMBERS)) for s in shapes]
    values[1] = data.draw(arrays(np.int32, shapes[1], elements=st.integers(0, nodes - 1)))
    check(GRAPH, WAYS[way], values)


def test_sizes_in_indices_of_fused_kernels(
    parse: Callable[[str], ModuleOp], apply: Callable[[ModuleOp, str], ModuleOp]
) -> None:
    module = parse("""func.func @f(%k: index, %j: index, %x: tensor<?xf64>, %e: tensor<4xf64>) -> tensor<4xf64> {
      %a = kernel.rows r = 4 read(%x[r + %j] : tensor<?xf64>) write(%e[r] : tensor<4xf64>) {
      ^bb0(%r: index, %v: tensor<f64>):
        kernel.yield %v : tensor<f64>
      }
      %b = kernel.rows r = 4 read(%a[r] : tensor<4xf64>, %x[r + %k] : tensor<?xf64>) write(%e[r] : tensor<4xf64>) {
      ^bb0(%r: index, %v: tensor<f64>, %w: tensor<f64>):
        %s = arith.subf %v, %w : tensor<f64>
        kernel.yield %s : tensor<f64>
      }
      func.return %b : tensor<4xf64>
    }""")
    arguments = (1, 3, np.arange(9.0) ** 2, np.zeros(4))
    (expected,) = call(module, "f", arguments)
    (found,) = call(apply(module, "fuse-kernels"), "f", arguments)
    assert found.tolist() == expected.tolist() == [(r + 3) ** 2 - (r + 1) ** 2 for r in range(4)]
