"""Operations and bytes of kernels, counted by hand."""

from __future__ import annotations

from collections.abc import Callable

from xdsl.dialects.builtin import ModuleOp

from anamc.analysis.counts import Counts, counts, kept
from anamc.dialects import kernel

Parse = Callable[[str], ModuleOp]

TEXT = """
func.func @f(%n: index, %m: index, %x: tensor<?x3xf32>, %w: tensor<3x2xf32>, %e: tensor<?x2xi32>, %y0: tensor<?x2xf32>,
             %z0: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %y = kernel.rows r = %n read(%x[r] : tensor<?x3xf32>, %w : tensor<3x2xf32>) write(%y0[r] : tensor<?x2xf32>) {
  ^bb0(%r: index, %a: tensor<3xf32>, %W: tensor<3x2xf32>):
    %zero = arith.constant dense<0.0> : tensor<2xf32>
    %s = nest.map (j = 2, i = 3) read(%a[i] : tensor<3xf32>, %W[i, j] : tensor<3x2xf32>) add(%zero[j] : tensor<2xf32>) {
    ^bb1(%j: index, %i: index, %p: f32, %q: f32):
      %pq = arith.mulf %p, %q : f32
      nest.yield %pq : f32
    }
    %t = nest.map (j = 2) read(%s[j] : tensor<2xf32>) set(%zero[j] : tensor<2xf32>) {
    ^bb1(%j: index, %p: f32):
      %u = math.tanh %p : f32
      nest.yield %u : f32
    }
    kernel.yield %t : tensor<2xf32>
  }
  %z = kernel.rows r = %m read(%y[%e[r, 0]] : tensor<?x2xf32>) add(%z0[%e[r, 0] | %e[r, 1]] : tensor<?x2xf32>) {
  ^bb0(%r: index, %a: tensor<2xf32>):
    kernel.yield %a, %a : tensor<2xf32>, tensor<2xf32>
  }
  func.return %z : tensor<?x2xf32>
}
"""


def test_a_kernel_is_counted(parse: Parse) -> None:
    layer, scatter = (op for op in parse(TEXT).walk() if isinstance(op, kernel.RowsOp))
    # 6 products and 6 sums; 2 tanh; 3 numbers in, 2 out; 6 weights
    assert counts(layer) == Counts(12, 2, 12, 8, 24, True)
    # a row and two indices in; two rows that are read, added to and written
    assert counts(scatter) == Counts(0, 0, 8 + 2 * 4, 2 * 2 * 8, 0, True)
    assert kept(layer) == [("y[2]", 8)]
    assert kept(scatter) == []
