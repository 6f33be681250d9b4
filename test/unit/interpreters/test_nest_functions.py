"""Nests and kernels in the interpreter, against loops in Python."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from xdsl.dialects.builtin import ModuleOp
from xdsl.parser import Parser
from xdsl.utils.exceptions import InterpretationError

from anamc.interpreters import call
from anamc.pipelines import context_of_all

Parse = Callable[[str], ModuleOp]
Evaluate = Callable[..., list[np.ndarray]]
COMBINE: dict[str, Callable[[float, float], float]] = {"add": lambda a, b: a + b, "max": max, "min": min}


@given(combiner=st.sampled_from(sorted(COMBINE)), n=st.integers(0, 5), data=st.data())
def test_combiners_through_a_table(combiner: str, n: int, data: st.DataObject) -> None:
    text = f"""func.func @f(%n: index, %x: tensor<?xf64>, %t: tensor<?xi32>, %y0: tensor<3xf64>) -> tensor<3xf64> {{
      %y = nest.map (i = %n) read(%x[i] : tensor<?xf64>) {combiner}(%y0[%t[i] + 1] : tensor<3xf64>) {{
      ^bb0(%i: index, %v: f64):
        nest.yield %v : f64
      }}
      func.return %y : tensor<3xf64>
    }}"""
    x = [float(v) for v in data.draw(st.lists(st.integers(-9, 9), min_size=n, max_size=n))]
    t = data.draw(st.lists(st.integers(-1, 1), min_size=n, max_size=n))
    expected = [0.5, -0.5, 0.0]
    for value, place in zip(x, t, strict=True):
        expected[place + 1] = COMBINE[combiner](expected[place + 1], value)
    module = Parser(context_of_all(), text).parse_module()
    (y,) = call(module, "f", (n, np.array(x), np.array(t, np.int32), np.array([0.5, -0.5, 0.0])))
    assert y.tolist() == expected


def test_iterators_are_values_and_divisions_are_mathematical(parse: Parse, evaluate: Evaluate) -> None:
    module = parse("""func.func @f(%x: tensor<9xf64>, %y0: tensor<4x3xf64>) -> (tensor<4x3xf64>, tensor<4x3xindex>) {
      %k0 = tensor.empty() : tensor<4x3xindex>
      %y, %k = nest.map (i = 4, j = 3) read(%x[(i - 3) mod 3 + (j - 2) floordiv 2 + j ceildiv 2 + 1] : tensor<9xf64>)
          set(%y0[i, j] : tensor<4x3xf64>, %k0[i, j] : tensor<4x3xindex>) {
      ^bb0(%i: index, %j: index, %v: f64):
        %s = arith.addi %i, %j : index
        nest.yield %v, %s : f64, index
      }
      func.return %y, %k : tensor<4x3xf64>, tensor<4x3xindex>
    }""")
    y, k = evaluate(module, np.arange(9.0), np.zeros((4, 3)))
    expected = [[(i - 3) % 3 + (j - 2) // 2 + -(-j // 2) + 1 for j in range(3)] for i in range(4)]
    assert y.tolist() == expected
    assert k.tolist() == [[i + j for j in range(3)] for i in range(4)]


def test_a_nest_without_iterators_and_a_nest_without_iterations(parse: Parse, evaluate: Evaluate) -> None:
    module = parse("""func.func @f(%x: tensor<f64>, %n: index) -> (tensor<f64>, tensor<f64>, tensor<f64>) {
      %a = nest.map () read(%x : tensor<f64>) add(%x : tensor<f64>) {
      ^bb0(%v: f64):
        nest.yield %v : f64
      }
      %b = nest.map () read(%x : tensor<f64>) set(%a : tensor<f64>) {
      ^bb0(%v: f64):
        nest.yield %v : f64
      }
      %c = nest.map (i = %n) read(%x : tensor<f64>) max(%x : tensor<f64>) {
      ^bb0(%i: index, %v: f64):
        nest.yield %v : f64
      }
      func.return %a, %b, %c : tensor<f64>, tensor<f64>, tensor<f64>
    }""")
    assert [float(v) for v in evaluate(module, np.float64(3.0), 0)] == [6.0, 3.0, 3.0]


@pytest.mark.parametrize(("size", "found"), [(3, 3), (-1, -1)])
def test_an_index_out_of_range_is_refused(size: int, found: int, parse: Parse, evaluate: Evaluate) -> None:
    module = parse("""func.func @f(%k: index, %x: tensor<3xf64>, %s: tensor<f64>) -> tensor<f64> {
      %y = nest.map (i = 1) read(%x[i + %k] : tensor<3xf64>) add(%s : tensor<f64>) {
      ^bb0(%i: index, %v: f64):
        nest.yield %v : f64
      }
      func.return %y : tensor<f64>
    }""")
    with pytest.raises(InterpretationError, match=f"index {found} is out of range of dimension 0 of size 3"):
        evaluate(module, size, np.zeros(3), np.float64(0.0))


def test_kernel_rows_write_add_and_take_maxima(parse: Parse, evaluate: Evaluate) -> None:
    module = parse("""func.func @f(%x: tensor<3x2xf64>, %t: tensor<3x2xi32>, %z: tensor<2x2xf64>, %w: tensor<4x2xf64>)
        -> (tensor<4x2xf64>, tensor<2x2xf64>, tensor<2x2xf64>) {
      %a, %b, %c = kernel.rows r = 3 read(%x[r] : tensor<3x2xf64>)
          write(%w[r + 1] : tensor<4x2xf64>)
          add(%z[%t[r, 0] | %t[r, 1]] : tensor<2x2xf64>)
          max(%z[r floordiv 2] : tensor<2x2xf64>) {
      ^bb0(%r: index, %v: tensor<2xf64>):
        %m = arith.negf %v : tensor<2xf64>
        kernel.yield %v, %v, %m, %v : tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>
      }
      func.return %a, %b, %c : tensor<4x2xf64>, tensor<2x2xf64>, tensor<2x2xf64>
    }""")
    x = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    t = np.array([[0, 1], [0, 0], [1, 0]], np.int32)
    a, b, c = evaluate(module, x, t, np.zeros((2, 2)), np.full((4, 2), 9.0))
    assert a.tolist() == [[9, 9], [1, 2], [3, 4], [5, 6]]
    assert b.tolist() == [[1 + 3 - 3 - 5, 2 + 4 - 4 - 6], [-1 + 5, -2 + 6]]
    assert c.tolist() == [[3, 4], [5, 6]]
