"""Every operation of `mlp` and `scatter` has nests, and these compute what the operation computes."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xdsl.dialects.builtin import ModuleOp
from xdsl.parser import Parser

from anamc.dialects.mlp import Mlp
from anamc.dialects.scatter import Scatter
from anamc.interpreters import call
from anamc.lowering.decompositions import RULES
from anamc.pipelines import context_of_all
from anamc.transforms.decompose_to_nest import DecomposeToNestPass

Parse = Callable[[str], ModuleOp]
Apply = Callable[[ModuleOp, str], ModuleOp]
Evaluate = Callable[..., list[np.ndarray]]
SIGNS = [(1, 1), (1, -1), (-1, 1), (-1, -1), (1, 0), (0, 1), (-1, 0), (0, -1)]
FIELD, EDGES = "tensor<?x2xf64>", "tensor<?x2xi32>"


def test_every_operation_has_nests() -> None:
    for op in (*Mlp.operations, *Scatter.operations):
        assert op in RULES, op.name


def function(arguments: str, body: str, type: str) -> str:
    return f"func.func @f({arguments}) -> {type} {{ %y = {body} func.return %y : {type} }}"


def scatters() -> dict[str, str]:
    """Functions of a field, an edge list and a number of nodes."""
    arguments = f"%x: {FIELD}, %e: {EDGES}, %n: index"
    found = {
        f"scatter.gather at end {end}": function(
            arguments, f"scatter.gather %x at %e end {end} : ({FIELD}, {EDGES}) -> {FIELD}", FIELD
        )
        for end in (0, 1)
    }
    for signs in SIGNS:
        given = f"signs [{signs[0]}, {signs[1]}]"
        for kind in ("sum", "mean", "max"):
            op = f"scatter.{kind} %x over %e onto %n {given} : ({FIELD}, {EDGES}, index) -> {FIELD}"
            found[f"scatter.{kind} {signs}"] = function(arguments, op, FIELD)
        op = f"scatter.count %e onto %n {given} : ({EDGES}, index) -> tensor<?xf64>"
        found[f"scatter.count {signs}"] = function(arguments, op, "tensor<?xf64>")
    pair = f"scatter.pair_sum %x, %x over %e onto %n : ({FIELD}, {FIELD}, {EDGES}, index) -> {FIELD}"
    return found | {"scatter.pair_sum": function(arguments, pair, FIELD)}


SCATTERS = scatters()


@pytest.mark.parametrize("name", SCATTERS)
@settings(max_examples=15)
@given(data=st.data())
def test_scatters(name: str, data: st.DataObject) -> None:
    """Bit by bit, NaN and nodes without edges, self-loops and repeated edges included: the order is the same."""
    nodes, edges = data.draw(st.integers(1, 4)), data.draw(st.integers(0, 5))
    ends = data.draw(st.lists(st.integers(0, nodes - 1), min_size=2 * edges, max_size=2 * edges))
    values = st.sampled_from([-2.0, -0.0, 0.1, 3.0, np.nan, np.inf])
    rows = nodes if "gather" in name else edges
    x = np.array(data.draw(st.lists(values, min_size=2 * rows, max_size=2 * rows)), np.float64).reshape(rows, 2)
    arguments = (x, np.array(ends, np.int32).reshape(edges, 2), nodes)
    module = Parser(context_of_all(), SCATTERS[name]).parse_module()
    nests = module.clone()
    DecomposeToNestPass().apply(context_of_all(), nests)
    nests.verify()
    assert "scatter." not in str(nests)
    with np.errstate(all="ignore"):
        (expected,), (found,) = call(module, "f", arguments), call(nests, "f", arguments)
    assert np.asarray(found).dtype == np.asarray(expected).dtype
    np.testing.assert_array_equal(found, expected)


def test_parts_of_a_vector(parse: Parse, apply: Apply, evaluate: Evaluate) -> None:
    module = parse("""func.func @f(%p: tensor<20xf32>)
        -> (tensor<2x3xf32>, tensor<f32>, tensor<0x4xf32>, tensor<5xf32>) {
      %a, %b, %c, %d = mlp.unpack %p at 3 : tensor<20xf32>
        to tensor<2x3xf32>, tensor<f32>, tensor<0x4xf32>, tensor<5xf32>
      func.return %a, %b, %c, %d : tensor<2x3xf32>, tensor<f32>, tensor<0x4xf32>, tensor<5xf32>
    }""")
    nests = apply(module, "decompose-to-nest")
    assert "mlp." not in str(nests)
    p = np.arange(20, dtype=np.float32)
    for found, expected in zip(evaluate(nests, p), evaluate(module, p), strict=True):
        assert found.shape == expected.shape
        assert found.tolist() == expected.tolist()


@pytest.mark.parametrize("rows", [0, 1, 7])
@pytest.mark.parametrize("static", [False, True])
def test_means(rows: int, static: bool, parse: Parse, apply: Apply, evaluate: Evaluate) -> None:
    type = f"tensor<{rows}xf64>" if static else "tensor<?xf64>"
    size = "" if static else "%n"
    module = parse(f"""func.func @f(%x: {type}, %s: tensor<f64>, %n: index) -> (tensor<f64>, {type}) {{
      %y = mlp.mean %x times 0.3 onto %s : ({type}, tensor<f64>) -> tensor<f64>
      %z = mlp.mean_transposed %s[{size}] times 0.3 : tensor<f64> to {type}
      func.return %y, %z : tensor<f64>, {type}
    }}""")
    nests = apply(module, "decompose-to-nest")
    assert "mlp." not in str(nests)
    x, s = np.random.default_rng(0).normal(size=rows), np.array(2.0)
    for found, expected in zip(evaluate(nests, x, s, rows), evaluate(module, x, s, rows), strict=True):
        # A weighted sum of 7 numbers, and the weight times their mean.
        np.testing.assert_allclose(found, expected, rtol=1e-15 * 16)
