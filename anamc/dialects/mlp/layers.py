"""Layers: flat parameters as tensors, affine maps, layer normalisation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from xdsl.dialects.builtin import (
    I64,
    AnyFloatConstr,
    Float64Type,
    FloatAttr,
    IntegerAttr,
    TensorType,
    f64,
    i64,
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
    var_result_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from anamc.dialects.mlp.types import element_count, element_of, shape_of, tensor_of


@irdl_op_definition
class UnpackOp(IRDLOperation):
    """
    Tensors that lie one after the other in a flat vector from element `offset` on, row-major.

    `%W, %b = mlp.unpack %p at 31 : tensor<461xf64> to tensor<10x20xf64>, tensor<20xf64>`
    """

    name = "mlp.unpack"

    T: ClassVar = VarConstraint("T", AnyFloatConstr)

    params = operand_def(TensorType.constr(T))
    offset = prop_def(IntegerAttr[I64])
    parts = var_result_def(TensorType.constr(T))

    traits = traits_def(Pure())

    assembly_format = "$params `at` $offset attr-dict `:` type($params) `to` type($parts)"

    def __init__(self, params: SSAValue, offset: int, parts: Sequence[Attribute]) -> None:
        super().__init__(operands=[params], result_types=[parts], properties={"offset": IntegerAttr(offset, i64)})

    @property
    def offsets(self) -> tuple[int, ...]:
        """First element of each part in the vector."""
        found = [self.offset.value.data]
        for part in self.parts:
            found.append(found[-1] + element_count(part.type))
        return tuple(found[:-1])

    def verify_(self) -> None:
        length, end = element_count(self.params.type), self.offset.value.data
        if end < 0:
            raise VerifyException(f"'mlp.unpack' starts at {end}")
        for part in self.parts:
            end += element_count(part.type)
        if end > length:
            raise VerifyException(f"'mlp.unpack' reads up to element {end} of a vector of {length}")


@irdl_op_definition
class DenseOp(IRDLOperation):
    """
    Affine layer: ``y[.., j] = b[j] + sum_i x[.., i] w[i, j]``.

    Shapes: ``x: .. x I``, ``w: I x J``, ``b: J`` -> ``y: .. x J``; one float type.
    """

    name = "mlp.dense"

    T: ClassVar = VarConstraint("T", AnyFloatConstr)

    x = operand_def(TensorType.constr(T))
    w = operand_def(TensorType.constr(T))
    b = operand_def(TensorType.constr(T))
    y = result_def(TensorType.constr(T))

    traits = traits_def(Pure())

    assembly_format = "$x `,` $w `,` $b attr-dict `:` functional-type(operands, results)"

    def __init__(self, x: SSAValue, w: SSAValue, b: SSAValue) -> None:
        lead = shape_of(x.type)[:-1]
        y = TensorType(element_of(x.type), [*lead, shape_of(b.type)[-1]])
        super().__init__(operands=[x, w, b], result_types=[y])

    def verify_(self) -> None:
        x, w, b, y = (shape_of(v.type) for v in (self.x, self.w, self.b, self.y))
        if len(x) < 1 or len(w) != 2 or len(b) != 1:
            raise VerifyException(
                "'mlp.dense' expects x of rank >= 1, w of rank 2 and b of rank 1, "
                f"got {self.x.type}, {self.w.type}, {self.b.type}"
            )
        if x[-1] != w[0]:
            raise VerifyException(f"'mlp.dense' contracts x dim {len(x) - 1} = {x[-1]} with w dim 0 = {w[0]}")
        if w[1] != b[0]:
            raise VerifyException(f"'mlp.dense' adds b of size {b[0]} to {w[1]} outputs")
        if y != (*x[:-1], w[1]):
            raise VerifyException(
                f"'mlp.dense' gives {tensor_of(self.x.type, (*x[:-1], w[1]))}, its result has {self.y.type}"
            )


@irdl_op_definition
class LayerNormOp(IRDLOperation):
    """
    Layer normalisation: ``y = (x - mean(x)) / sqrt(var(x) + eps) * scale + shift`` over the last dimension.

    The variance is the biased one. Shapes: ``x: .. x J``, ``scale, shift: J``.
    """

    name = "mlp.layer_norm"
    irdl_options = (ParsePropInAttrDict(),)

    T: ClassVar = VarConstraint("T", AnyFloatConstr)

    x = operand_def(TensorType.constr(T))
    scale = operand_def(TensorType.constr(T))
    shift = operand_def(TensorType.constr(T))
    eps = prop_def(FloatAttr[Float64Type])
    y = result_def(TensorType.constr(T))

    traits = traits_def(Pure())

    assembly_format = "$x `,` $scale `,` $shift `eps` $eps attr-dict `:` functional-type(operands, results)"

    def __init__(self, x: SSAValue, scale: SSAValue, shift: SSAValue, eps: float = 1e-5) -> None:
        super().__init__(operands=[x, scale, shift], result_types=[x.type], properties={"eps": FloatAttr(eps, f64)})

    def verify_(self) -> None:
        x, scale, shift = (shape_of(v.type) for v in (self.x, self.scale, self.shift))
        if self.y.type != self.x.type:
            raise VerifyException(f"'mlp.layer_norm' gives {self.x.type}, its result has {self.y.type}")
        if scale != x[-1:] or shift != x[-1:] or not x:
            raise VerifyException(
                f"'mlp.layer_norm' of {self.x.type} expects one scale and shift an element of the last dimension, "
                f"got {self.scale.type}, {self.shift.type}"
            )
        if not self.eps.value.data > 0:
            raise VerifyException(f"'mlp.layer_norm' needs eps > 0, got {self.eps.value.data}")
