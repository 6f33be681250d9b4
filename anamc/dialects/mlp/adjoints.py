"""
Products that the derivatives of layers are made of: each operation's adjoint and tangent is made of these again.

As all of `mlp`, they act on batches and on single rows alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    AnyFloatConstr,
    IndexType,
    TensorType,
)
from xdsl.ir import Attribute, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    VarConstraint,
    irdl_op_definition,
    operand_def,
    result_def,
    traits_def,
    var_operand_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from anamc.dialects.mlp.types import shape_of, tensor_of


@irdl_op_definition
class DenseTransposedOp(IRDLOperation):
    """
    The adjoint of a layer in its input: ``y[.., i] = sum_j g[.., j] w[i, j]``.

    Shapes: ``g: .. x J``, ``w: I x J`` -> ``y: .. x I``.
    """

    name = "mlp.dense_transposed"

    T: ClassVar = VarConstraint("T", AnyFloatConstr)

    g = operand_def(TensorType.constr(T))
    w = operand_def(TensorType.constr(T))
    y = result_def(TensorType.constr(T))

    traits = traits_def(Pure())

    assembly_format = "$g `,` $w attr-dict `:` functional-type(operands, results)"

    def __init__(self, g: SSAValue, w: SSAValue) -> None:
        y = tensor_of(g.type, (*shape_of(g.type)[:-1], *shape_of(w.type)[:1]))
        super().__init__(operands=[g, w], result_types=[y])

    def verify_(self) -> None:
        g, w, y = (shape_of(v.type) for v in (self.g, self.w, self.y))
        if not g or len(w) != 2 or g[-1] != w[1] or y != (*g[:-1], w[0]):
            raise VerifyException(
                f"'mlp.dense_transposed' contracts the last dimensions, got {self.g.type}, {self.w.type} -> "
                f"{self.y.type}"
            )


@irdl_op_definition
class OuterOp(IRDLOperation):
    """
    The adjoint of a layer in its weights: ``w[i, j] = sum x[.., i] g[.., j]`` over all leading dimensions.

    Of two rows: their outer product. Shapes: ``x: .. x I``, ``g: .. x J`` -> ``w: I x J``.
    """

    name = "mlp.outer"

    T: ClassVar = VarConstraint("T", AnyFloatConstr)

    x = operand_def(TensorType.constr(T))
    g = operand_def(TensorType.constr(T))
    w = result_def(TensorType.constr(T))

    traits = traits_def(Pure())

    assembly_format = "$x `,` $g attr-dict `:` functional-type(operands, results)"

    def __init__(self, x: SSAValue, g: SSAValue) -> None:
        w = tensor_of(x.type, (shape_of(x.type)[-1], shape_of(g.type)[-1]))
        super().__init__(operands=[x, g], result_types=[w])

    def verify_(self) -> None:
        x, g, w = (shape_of(v.type) for v in (self.x, self.g, self.w))
        if not x or x[:-1] != g[:-1] or len(g) != len(x) or w != (x[-1], g[-1]):
            raise VerifyException(
                f"'mlp.outer' sums products of the same rows, got {self.x.type}, {self.g.type} -> {self.w.type}"
            )


@irdl_op_definition
class SumRowsOp(IRDLOperation):
    """
    The sum of all rows: ``y[j] = sum x[.., j]`` over all leading dimensions; a row is its own sum.

    The adjoint of a layer in its bias. Shapes: ``x: .. x J`` -> ``y: J``.
    """

    name = "mlp.sum_rows"

    T: ClassVar = VarConstraint("T", AnyFloatConstr)

    x = operand_def(TensorType.constr(T))
    y = result_def(TensorType.constr(T))

    traits = traits_def(Pure())

    assembly_format = "$x attr-dict `:` functional-type(operands, results)"

    def __init__(self, x: SSAValue) -> None:
        super().__init__(operands=[x], result_types=[tensor_of(x.type, shape_of(x.type)[-1:])])

    def verify_(self) -> None:
        x, y = shape_of(self.x.type), shape_of(self.y.type)
        if not x or y != x[-1:]:
            raise VerifyException(f"'mlp.sum_rows' keeps the last dimension, got {self.x.type} -> {self.y.type}")


@irdl_op_definition
class BroadcastOp(IRDLOperation):
    """
    The same values in every row: ``y[.., j] = x[j]``; the adjoint of `mlp.sum_rows`.

    `%y = mlp.broadcast %x[%n] : tensor<16xf64> to tensor<?x16xf64>`: the run-time sizes of `y` in order.
    """

    name = "mlp.broadcast"

    T: ClassVar = VarConstraint("T", AnyFloatConstr)

    x = operand_def(TensorType.constr(T))
    sizes = var_operand_def(IndexType)
    y = result_def(TensorType.constr(T))

    traits = traits_def(Pure())

    assembly_format = "$x `[` $sizes `]` attr-dict `:` type($x) `to` type($y)"

    def __init__(self, x: SSAValue, sizes: Sequence[SSAValue], type: Attribute) -> None:
        super().__init__(operands=[x, list(sizes)], result_types=[type])

    def verify_(self) -> None:
        x, y = shape_of(self.x.type), shape_of(self.y.type)
        if len(x) != 1 or DYNAMIC_INDEX in x or y[-1:] != x:
            raise VerifyException(f"'mlp.broadcast' repeats a row of constant size, got {self.x.type} to {self.y.type}")
        if y.count(DYNAMIC_INDEX) != len(self.sizes):
            raise VerifyException(f"'mlp.broadcast' to {self.y.type} needs {y.count(DYNAMIC_INDEX)} sizes")


@irdl_op_definition
class RowDotOp(IRDLOperation):
    """
    The inner product of rows: ``y[..] = sum_j a[.., j] b[.., j]``.

    Shapes: ``a, b: .. x J`` -> ``y: ..``.
    """

    name = "mlp.row_dot"

    T: ClassVar = VarConstraint("T", AnyFloatConstr)

    a = operand_def(TensorType.constr(T))
    b = operand_def(TensorType.constr(T))
    y = result_def(TensorType.constr(T))

    traits = traits_def(Pure())

    assembly_format = "$a `,` $b attr-dict `:` functional-type(operands, results)"

    def __init__(self, a: SSAValue, b: SSAValue) -> None:
        super().__init__(operands=[a, b], result_types=[tensor_of(a.type, shape_of(a.type)[:-1])])

    def verify_(self) -> None:
        a = shape_of(self.a.type)
        if not a or self.a.type != self.b.type or shape_of(self.y.type) != a[:-1]:
            raise VerifyException(
                f"'mlp.row_dot' multiplies rows of one type, got {self.a.type}, {self.b.type} -> {self.y.type}"
            )


@irdl_op_definition
class ScaleRowsOp(IRDLOperation):
    """
    Each row times a number of its own: ``y[.., j] = s[..] x[.., j]``.

    Shapes: ``x: .. x J``, ``s: ..`` -> ``y: .. x J``. The adjoint of `mlp.row_dot`.
    """

    name = "mlp.scale_rows"

    T: ClassVar = VarConstraint("T", AnyFloatConstr)

    x = operand_def(TensorType.constr(T))
    s = operand_def(TensorType.constr(T))
    y = result_def(TensorType.constr(T))

    traits = traits_def(Pure())

    assembly_format = "$x `by` $s attr-dict `:` functional-type(operands, results)"

    def __init__(self, x: SSAValue, s: SSAValue) -> None:
        super().__init__(operands=[x, s], result_types=[x.type])

    def verify_(self) -> None:
        x = shape_of(self.x.type)
        if not x or shape_of(self.s.type) != x[:-1] or self.y.type != self.x.type:
            raise VerifyException(
                f"'mlp.scale_rows' takes a number a row, got {self.x.type}, {self.s.type} -> {self.y.type}"
            )
