"""Which operations of `arith` and `math` work element by element, on scalars and tensors alike."""

from __future__ import annotations

from xdsl.dialects import arith, math
from xdsl.ir import Operation

ELEMENTWISE: tuple[type[Operation], ...] = (
    arith.AddfOp,
    arith.SubfOp,
    arith.MulfOp,
    arith.DivfOp,
    arith.NegfOp,
    arith.MaximumfOp,
    arith.MinimumfOp,
    arith.MaxnumfOp,
    arith.MinnumfOp,
    arith.CmpfOp,
    arith.SelectOp,
    math.AbsFOp,
    math.CeilOp,
    math.CosOp,
    math.ErfOp,
    math.ExpOp,
    math.ExpM1Op,
    math.FloorOp,
    math.FmaOp,
    math.LogOp,
    math.Log10Op,
    math.Log1pOp,
    math.Log2Op,
    math.PowFOp,
    math.RsqrtOp,
    math.SinOp,
    math.SqrtOp,
    math.TanhOp,
)
"""The elementwise operations that anamc lowers."""

FUNCTIONS: tuple[type[Operation], ...] = (
    math.CosOp,
    math.ErfOp,
    math.ExpOp,
    math.ExpM1Op,
    math.LogOp,
    math.Log1pOp,
    math.Log2Op,
    math.Log10Op,
    math.PowFOp,
    math.SinOp,
    math.TanhOp,
)
"""Those that are some tens of instructions each."""
