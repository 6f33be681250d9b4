"""The formula of each elementary operation of `math`: a table keyed by operation class."""

from __future__ import annotations

from collections.abc import Callable

from xdsl.dialects import math
from xdsl.ir import Operation, SSAValue

from anamc.numerics.exponentials import exp, exp2, expm1
from anamc.numerics.floats import Floats
from anamc.numerics.logarithms import log, log1p, log2, log10
from anamc.numerics.saturating import erf, tanh
from anamc.numerics.trigonometry import LARGEST, cos, sin

FORMULAS: dict[type[Operation], Callable[[Floats, SSAValue], SSAValue]] = {
    math.ExpOp: exp,
    math.Exp2Op: exp2,
    math.ExpM1Op: expm1,
    math.LogOp: log,
    math.Log1pOp: log1p,
    math.Log2Op: log2,
    math.Log10Op: log10,
    math.TanhOp: tanh,
    math.ErfOp: erf,
    math.SinOp: sin,
    math.CosOp: cos,
}
"""Functions of one number. At most 4 units in the last place from the exact value."""

LIMITS: dict[type[Operation], dict[str, float]] = {math.SinOp: LARGEST, math.CosOp: LARGEST}
"""The largest argument that a formula is for, by type; larger ones go to libm."""
