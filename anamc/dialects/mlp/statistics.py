"""What the derivatives of normalisations and means are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    AnyFloatConstr,
    Float64Type,
    FloatAttr,
    IndexType,
    TensorType,
    f64,
)
from xdsl.ir import Attribute, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    ParsePropInAttrDict,
    VarConstraint,
    irdl_op_definition,
    operand_def,
    prop_def,
    result_def,
    traits_def,
    var_operand_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from anamc.dialects.mlp.types import shape_of, tensor_of


@irdl_op_definition
class StandardizeOp(IRDLOperation):
    """
    Rows of mean 0 and variance 1: ``inv = (var(x) + eps)^(-1/2)``, ``y = (x - mean(x)) inv``.

    The variance is the biased one. Shapes: ``x: .. x J`` -> ``y: .. x J``, ``inv: ..``.
    """

    name = "mlp.standardize"
    irdl_options = (ParsePropInAttrDict(),)

    T: ClassVar = VarConstraint("T", AnyFloatConstr)

    x = operand_def(TensorType.constr(T))
    eps = prop_def(FloatAttr[Float64Type])
    y = result_def(TensorType.constr(T))
    inv = result_def(TensorType.constr(T))

    traits = traits_def(Pure())

    assembly_format = "$x `eps` $eps attr-dict `:` functional-type(operands, results)"

    def __init__(self, x: SSAValue, eps: float) -> None:
        super().__init__(
            operands=[x],
            result_types=[x.type, tensor_of(x.type, shape_of(x.type)[:-1])],
            properties={"eps": FloatAttr(eps, f64)},
        )

    def verify_(self) -> None:
        x = shape_of(self.x.type)
        if not x or self.y.type != self.x.type or shape_of(self.inv.type) != x[:-1]:
            raise VerifyException(
                f"'mlp.standardize' gives the rows and a number a row, got {self.x.type} -> "
                f"{self.y.type}, {self.inv.type}"
            )
        if not self.eps.value.data > 0:
            raise VerifyException(f"'mlp.standardize' needs eps > 0, got {self.eps.value.data}")


@irdl_op_definition
class StandardizeTangentOp(IRDLOperation):
    """
    The derivative of `mlp.standardize` along `v`: ``y = inv (v - mean(v) - h mean(h v))``, `h` the standardized rows.

    Symmetric in `v`, so it is its own adjoint. Shapes: ``v, h: .. x J``, ``inv: ..`` -> ``y: .. x J``.
    """

    name = "mlp.standardize_tangent"

    T: ClassVar = VarConstraint("T", AnyFloatConstr)

    v = operand_def(TensorType.constr(T))
    h = operand_def(TensorType.constr(T))
    inv = operand_def(TensorType.constr(T))
    y = result_def(TensorType.constr(T))

    traits = traits_def(Pure())

    assembly_format = "$v `at` $h `,` $inv attr-dict `:` functional-type(operands, results)"

    def __init__(self, v: SSAValue, h: SSAValue, inv: SSAValue) -> None:
        super().__init__(operands=[v, h, inv], result_types=[v.type])

    def verify_(self) -> None:
        v = shape_of(self.v.type)
        if not v or self.h.type != self.v.type or self.y.type != self.v.type or shape_of(self.inv.type) != v[:-1]:
            raise VerifyException(
                f"'mlp.standardize_tangent' takes rows, rows and a number a row, got {self.v.type}, {self.h.type}, "
                f"{self.inv.type} -> {self.y.type}"
            )


@irdl_op_definition
class MeanTransposedOp(IRDLOperation):
    """
    The adjoint of `mlp.mean`: ``y[n] = factor/N g`` for N rows; `g` of rank 0.

    `%y = mlp.mean_transposed %g[%n] times 1.0 : tensor<f64> to tensor<?xf64>`
    """

    name = "mlp.mean_transposed"

    T: ClassVar = VarConstraint("T", AnyFloatConstr)

    g = operand_def(TensorType.constr(T))
    sizes = var_operand_def(IndexType)
    factor = prop_def(FloatAttr[Float64Type])
    y = result_def(TensorType.constr(T))

    traits = traits_def(Pure())

    assembly_format = "$g `[` $sizes `]` `times` $factor attr-dict `:` type($g) `to` type($y)"

    def __init__(self, g: SSAValue, sizes: Sequence[SSAValue], factor: float, type: Attribute) -> None:
        super().__init__(operands=[g, list(sizes)], result_types=[type], properties={"factor": FloatAttr(factor, f64)})

    def verify_(self) -> None:
        g, y = shape_of(self.g.type), shape_of(self.y.type)
        if g or len(y) != 1 or y.count(DYNAMIC_INDEX) != len(self.sizes):
            raise VerifyException(
                f"'mlp.mean_transposed' takes rank 0 and gives rank 1, got {self.g.type} to {self.y.type}"
            )
