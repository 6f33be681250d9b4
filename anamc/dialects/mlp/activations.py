"""Activations: functions of one tensor with a result of the same type."""

from __future__ import annotations

from abc import ABC
from typing import ClassVar

from xdsl.dialects.builtin import (
    AnyFloatConstr,
    Float64Type,
    FloatAttr,
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

from anamc.dialects.mlp.types import shape_of


class ActivationOp(IRDLOperation, ABC):
    """A function of one tensor with a result of the same type."""

    T: ClassVar = VarConstraint("T", TensorType.constr(AnyFloatConstr))

    x = operand_def(T)
    y = result_def(T)

    traits = traits_def(Pure())

    assembly_format = "$x attr-dict `:` type($x)"

    def __init__(self, x: SSAValue) -> None:
        super().__init__(operands=[x], result_types=[x.type])


@irdl_op_definition
class SigmoidOp(ActivationOp):
    """``1 / (1 + exp(-x))``, without overflow at either end."""

    name = "mlp.sigmoid"


@irdl_op_definition
class ReluOp(ActivationOp):
    """``max(x, 0)``; NaN stays NaN."""

    name = "mlp.relu"


@irdl_op_definition
class LeakyReluOp(ActivationOp):
    """``x`` where ``x > 0``, else ``slope x``."""

    name = "mlp.leaky_relu"

    slope = prop_def(FloatAttr[Float64Type])

    assembly_format = "$x `slope` $slope attr-dict `:` type($x)"

    def __init__(self, x: SSAValue, slope: float = 0.01) -> None:
        IRDLOperation.__init__(self, operands=[x], result_types=[x.type], properties={"slope": FloatAttr(slope, f64)})


@irdl_op_definition
class EluOp(ActivationOp):
    """``x`` where ``x > 0``, else ``alpha (exp(x) - 1)``."""

    name = "mlp.elu"

    alpha = prop_def(FloatAttr[Float64Type])

    assembly_format = "$x `alpha` $alpha attr-dict `:` type($x)"

    def __init__(self, x: SSAValue, alpha: float = 1.0) -> None:
        IRDLOperation.__init__(self, operands=[x], result_types=[x.type], properties={"alpha": FloatAttr(alpha, f64)})


@irdl_op_definition
class SeluOp(ActivationOp):
    """
    ``lambda x`` where ``x > 0``, else ``lambda alpha (exp(x) - 1)``.

    Source: Klambauer et al., Self-Normalizing Neural Networks, 2017.
    """

    name = "mlp.selu"


@irdl_op_definition
class GeluOp(ActivationOp):
    """``x/2 (1 + erf(x / sqrt(2)))``."""

    name = "mlp.gelu"


@irdl_op_definition
class GeluTanhOp(ActivationOp):
    """``x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))``."""

    name = "mlp.gelu_tanh"


@irdl_op_definition
class SiluOp(ActivationOp):
    """``x sigmoid(x)``."""

    name = "mlp.silu"


@irdl_op_definition
class SoftplusOp(ActivationOp):
    """``log(1 + exp(x))``, computed as ``max(x, 0) + log1p(exp(-|x|))``."""

    name = "mlp.softplus"


@irdl_op_definition
class SoftmaxOp(ActivationOp):
    """``exp(x - max(x)) / sum(exp(x - max(x)))`` over the last dimension."""

    name = "mlp.softmax"

    def verify_(self) -> None:
        if not shape_of(self.x.type):
            raise VerifyException("'mlp.softmax' needs a dimension to sum over, got a tensor of rank 0")


@irdl_op_definition
class LogSoftmaxOp(ActivationOp):
    """``x - max(x) - log sum(exp(x - max(x)))`` over the last dimension."""

    name = "mlp.log_softmax"

    def verify_(self) -> None:
        if not shape_of(self.x.type):
            raise VerifyException("'mlp.log_softmax' needs a dimension to sum over, got a tensor of rank 0")


ACTIVATIONS: tuple[type[ActivationOp], ...] = (
    SigmoidOp,
    ReluOp,
    LeakyReluOp,
    EluOp,
    SeluOp,
    GeluOp,
    GeluTanhOp,
    SiluOp,
    SoftplusOp,
    SoftmaxOp,
    LogSoftmaxOp,
)
"""Every activation that is an operation of this dialect."""
