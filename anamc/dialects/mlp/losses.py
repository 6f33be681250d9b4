"""Losses of rows, and their mean."""

from __future__ import annotations

from typing import ClassVar

from xdsl.dialects.builtin import (
    AnyFloatConstr,
    Float64Type,
    FloatAttr,
    StringAttr,
    TensorType,
    f64,
)
from xdsl.ir import SSAValue
from xdsl.irdl import (
    IRDLOperation,
    VarConstraint,
    irdl_op_definition,
    operand_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from anamc.dialects.mlp.types import element_of, shape_of

ROW_LOSSES = ("mse", "mae", "mape", "huber", "bce_with_logits", "cross_entropy", "hinge")
"""Elementwise losses, and `cross_entropy` over a row."""


@irdl_op_definition
class RowLossOp(IRDLOperation):
    """
    The loss of each row, summed over its last dimension: ``y[..] = sum_j l(p[.., j], t[.., j])``.

    `mse` (p-t)^2; `mae` |p-t|; `mape` 100 |p-t| / max(|t|, 1e-8); `huber` d^2/2 where |d| < delta,
    else delta (|d| - delta/2); `bce_with_logits` softplus(p) - p t; `hinge` max(0, 1 - t p);
    `cross_entropy` t (logsumexp(p) - p).
    """

    name = "mlp.row_loss"

    T: ClassVar = VarConstraint("T", AnyFloatConstr)

    kind = prop_def(StringAttr)
    delta = prop_def(FloatAttr[Float64Type])
    p = operand_def(TensorType.constr(T))
    t = operand_def(TensorType.constr(T))
    y = result_def(TensorType.constr(T))

    traits = traits_def(Pure())

    assembly_format = "$kind `delta` $delta $p `,` $t attr-dict `:` functional-type(operands, results)"

    def __init__(self, kind: str, p: SSAValue, t: SSAValue, delta: float = 1.0) -> None:
        super().__init__(
            operands=[p, t],
            result_types=[TensorType(element_of(p.type), shape_of(p.type)[:-1])],
            properties={"kind": StringAttr(kind), "delta": FloatAttr(delta, f64)},
        )

    def verify_(self) -> None:
        if self.kind.data not in ROW_LOSSES:
            raise VerifyException(f"'mlp.row_loss' kind must be one of {', '.join(ROW_LOSSES)}, got '{self.kind.data}'")
        if self.p.type != self.t.type:
            raise VerifyException(f"'mlp.row_loss' compares {self.p.type} with {self.t.type}")
        if not shape_of(self.p.type) or shape_of(self.y.type) != shape_of(self.p.type)[:-1]:
            raise VerifyException(f"'mlp.row_loss' of {self.p.type} cannot give {self.y.type}")
        if not self.delta.value.data > 0:
            raise VerifyException(f"'mlp.row_loss' needs delta > 0, got {self.delta.value.data}")


@irdl_op_definition
class MeanOp(IRDLOperation):
    """
    A weighted mean over rows, added to a scalar: ``y = init + factor/N sum_n x[n]``; `init` where N = 0.

    Shapes: ``x: N``, ``init`` of rank 0.
    """

    name = "mlp.mean"

    T: ClassVar = VarConstraint("T", AnyFloatConstr)

    x = operand_def(TensorType.constr(T))
    init = operand_def(TensorType.constr(T))
    factor = prop_def(FloatAttr[Float64Type])
    y = result_def(TensorType.constr(T))

    traits = traits_def(Pure())

    assembly_format = "$x `times` $factor `onto` $init attr-dict `:` functional-type(operands, results)"

    def __init__(self, x: SSAValue, init: SSAValue, factor: float) -> None:
        super().__init__(operands=[x, init], result_types=[init.type], properties={"factor": FloatAttr(factor, f64)})

    def verify_(self) -> None:
        if len(shape_of(self.x.type)) != 1 or shape_of(self.init.type) or self.y.type != self.init.type:
            raise VerifyException(
                f"'mlp.mean' takes rank 1 and gives rank 0, got {self.x.type}, {self.init.type} -> {self.y.type}"
            )
