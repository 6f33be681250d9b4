"""Accesses: what the parser reads the printer prints, and what a map reaches."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xdsl.dialects.builtin import ModuleOp, f32
from xdsl.ir.affine import AffineConstantExpr, AffineDimExpr, AffineExpr
from xdsl.parser import Parser
from xdsl.utils.exceptions import VerifyException

from anamc.dialects import nest
from anamc.dialects.access import constant_bounds, element_of, identity, select, shape_of
from anamc.dialects.access_syntax import iterator_names
from anamc.pipelines import context_of_all

INDEX = st.recursive(
    st.one_of(st.sampled_from(["i", "j", "%n", "%t[i]", "%t[j + 1]"]), st.integers(0, 9).map(str)),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(inner, st.integers(0, 5)).map(lambda t: f"{t[1]} * ({t[0]})"),
        st.tuples(inner, st.sampled_from(["floordiv", "ceildiv", "mod"]), st.integers(1, 5)).map(
            lambda t: f"({t[0]}) {t[1]} {t[2]}"
        ),
    ),
    max_leaves=6,
)


def nest_of(module: ModuleOp) -> nest.MapOp:
    return next(op for op in module.walk() if isinstance(op, nest.MapOp))


def text_of(index: str) -> str:
    return f"""
    func.func @f(%n: index, %t: tensor<?xi32>, %x: tensor<?xf32>, %s: tensor<f32>) {{
      %y = nest.map (i = %n, j = 3) read(%x[{index}] : tensor<?xf32>) add(%s : tensor<f32>) {{
      ^bb0(%i: index, %j: index, %v: f32):
        nest.yield %v : f32
      }}
      func.return
    }}"""


@given(index=INDEX)
def test_what_is_printed_reads_as_the_same_map(index: str) -> None:

    first = Parser(context_of_all(), text_of(index)).parse_module()
    again = Parser(context_of_all(), str(first)).parse_module()
    assert nest_of(first).read_accesses == nest_of(again).read_accesses
    assert str(first) == str(again)


def dims_of(expr: str, parse: Callable[[str], ModuleOp]) -> AffineExpr:
    return nest_of(parse(text_of(expr))).read_accesses.data[0].indices[0]


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("j", (0, 2)),
        ("2 * j + 1", (1, 5)),
        ("5 - 2 * j", (1, 5)),
        ("j floordiv 2", (0, 1)),
        ("j ceildiv 2", (0, 1)),
        ("j mod 4", (0, 2)),
        ("(j + 2) mod 4", (0, 3)),
        ("i", None),
        ("%n + j", None),
        ("%t[j]", None),
    ],
)
def test_bounds_over_constant_ranges(
    text: str, bounds: tuple[int, int] | None, parse: Callable[[str], ModuleOp]
) -> None:
    assert constant_bounds(dims_of(text, parse), [None, 3]) == bounds


@given(coefficients=st.tuples(st.integers(-3, 3), st.integers(-3, 3)), offset=st.integers(-5, 5), by=st.integers(1, 4))
def test_bounds_hold_for_every_point(coefficients: tuple[int, int], offset: int, by: int) -> None:
    a, b = coefficients
    linear = AffineDimExpr(0) * a + AffineDimExpr(1) * b + AffineConstantExpr(offset)
    for expr in (linear, linear // by, linear.ceil_div(by), linear % by):
        bounds = constant_bounds(expr, [3, 4])
        assert bounds is not None
        values = [expr.eval([p, q], []) for p in range(3) for q in range(4)]
        assert bounds[0] <= min(values)
        assert max(values) <= bounds[1]


def test_identity_and_selection() -> None:
    assert identity(2).is_identity()
    assert not select([1, 0], 2).is_identity()
    assert select([0], 2).indices != identity(2).indices


def test_iterators_without_distinct_names_are_numbered() -> None:
    assert iterator_names(["p", "q"]) == ["p", "q"]
    assert iterator_names(["p", "p"]) == ["i0", "i1"]
    assert iterator_names(["p", None]) == ["i0", "i1"]
    assert iterator_names(["a-b", "1x"]) == ["i0", "i1"]


def test_shape_and_element_want_a_tensor_or_a_memref() -> None:
    with pytest.raises(VerifyException, match="expected a tensor or memref, got f32"):
        shape_of(f32)
    with pytest.raises(VerifyException, match="expected a tensor or memref, got f32"):
        element_of(f32)
