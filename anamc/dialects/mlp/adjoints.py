"""
What the derivatives of layers are made of: each operation's adjoint and tangent is made of these again.

As all of `mlp`, they act on batches and on single rows alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    I64,
    AnyFloatConstr,
    ArrayAttr,
    Float64Type,
    FloatAttr,
    IndexType,
    IntegerAttr,
    StringAttr,
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
    var_operand_def,
    var_result_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from anamc.dialects.mlp.types import element_count, element_of, shape_of, tensor_of


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


@irdl_op_definition
class PackOp(IRDLOperation):
    """
    A flat vector from tensors that lie in it from given elements on, row-major; 0 elsewhere.

    `%p = mlp.pack %W, %b at [31 : i64, 231 : i64] : tensor<10x20xf64>, tensor<20xf64> to tensor<461xf64>`:
    the adjoint of `mlp.unpack`. Parts do not overlap and stand in order.
    """

    name = "mlp.pack"

    T: ClassVar = VarConstraint("T", AnyFloatConstr)

    parts = var_operand_def(TensorType.constr(T))
    offsets = prop_def(ArrayAttr[IntegerAttr[I64]])
    params = result_def(TensorType.constr(T))

    traits = traits_def(Pure())

    assembly_format = "$parts `at` $offsets attr-dict `:` type($parts) `to` type($params)"

    def __init__(self, parts: Sequence[SSAValue], offsets: Sequence[int], type: Attribute) -> None:
        super().__init__(
            operands=[list(parts)],
            result_types=[type],
            properties={"offsets": ArrayAttr(IntegerAttr(o, i64) for o in offsets)},
        )

    @property
    def places(self) -> tuple[int, ...]:
        """First element of each part."""
        return tuple(o.value.data for o in self.offsets)

    @property
    def covers(self) -> bool:
        """True where the parts leave no element out."""
        return sum(element_count(p.type, self.name) for p in self.parts) == element_count(self.params.type, self.name)

    def verify_(self) -> None:
        if len(self.places) != len(self.parts):
            raise VerifyException(f"'mlp.pack' has {len(self.places)} offsets for {len(self.parts)} parts")
        if len(shape_of(self.params.type)) != 1:
            raise VerifyException(f"'mlp.pack' gives a flat vector, got {self.params.type}")
        length, end = element_count(self.params.type, self.name), 0
        for offset, part in zip(self.places, self.parts, strict=True):
            if offset < end:
                raise VerifyException(f"'mlp.pack' puts a part at {offset}, before the end {end} of the one before it")
            end = offset + element_count(part.type, self.name)
        if end > length:
            raise VerifyException(f"'mlp.pack' fills up to element {end} of a vector of {length}")


@irdl_op_definition
class SplitOp(IRDLOperation):
    """
    Parts of the last dimension, one after the other: the adjoint of `tensor.concat` along it.

    Shapes: ``x: .. x (J1 + J2 + ...)`` -> ``.. x J1``, ``.. x J2``, ...
    """

    name = "mlp.split"

    T: ClassVar = VarConstraint("T", AnyFloatConstr)

    x = operand_def(TensorType.constr(T))
    parts = var_result_def(TensorType.constr(T))

    traits = traits_def(Pure())

    assembly_format = "$x attr-dict `:` type($x) `to` type($parts)"

    def __init__(self, x: SSAValue, widths: Sequence[int]) -> None:
        lead = shape_of(x.type)[:-1]
        super().__init__(operands=[x], result_types=[[TensorType(element_of(x.type), (*lead, w)) for w in widths]])

    @property
    def starts(self) -> tuple[int, ...]:
        """Where each part begins in the last dimension."""
        found = [0]
        for part in self.parts:
            found.append(found[-1] + shape_of(part.type)[-1])
        return tuple(found[:-1])

    def verify_(self) -> None:
        x = shape_of(self.x.type)
        shapes = [shape_of(p.type) for p in self.parts]
        if not x or any(len(s) != len(x) or s[:-1] != x[:-1] or s[-1] < 0 for s in shapes):
            raise VerifyException(f"'mlp.split' parts differ from {self.x.type} in more than the last dimension")
        if sum(s[-1] for s in shapes) != x[-1]:
            raise VerifyException(f"'mlp.split' of {self.x.type} gives parts of {sum(s[-1] for s in shapes)} in all")


COMPARISONS = ("oeq", "ogt", "oge", "olt", "ole", "one", "une")
"""The comparisons of `arith.cmpf` that `mlp.where` knows."""


@irdl_op_definition
class WhereOp(IRDLOperation):
    """
    A choice for each element: ``r = yes`` where ``x kind y``, else ``no``.

    `%r = mlp.where "ogt" %x, %y then %yes else %no : tensor<?x16xf64>`. One type for all. (`arith.cmpf`
    and `arith.select` make one choice for a whole tensor.)
    """

    name = "mlp.where"

    T: ClassVar = VarConstraint("T", TensorType.constr(AnyFloatConstr))

    kind = prop_def(StringAttr)
    x = operand_def(T)
    y = operand_def(T)
    yes = operand_def(T)
    no = operand_def(T)
    r = result_def(T)

    traits = traits_def(Pure())

    assembly_format = "$kind $x `,` $y `then` $yes `else` $no attr-dict `:` type($x)"

    def __init__(self, kind: str, x: SSAValue, y: SSAValue, yes: SSAValue, no: SSAValue) -> None:
        super().__init__(operands=[x, y, yes, no], result_types=[x.type], properties={"kind": StringAttr(kind)})

    def verify_(self) -> None:
        if self.kind.data not in COMPARISONS:
            raise VerifyException(f"'mlp.where' compares by {', '.join(COMPARISONS)}, got '{self.kind.data}'")


ADJOINTS = (
    WhereOp,
    DenseTransposedOp,
    OuterOp,
    SumRowsOp,
    BroadcastOp,
    RowDotOp,
    ScaleRowsOp,
    StandardizeOp,
    StandardizeTangentOp,
    MeanTransposedOp,
    PackOp,
    SplitOp,
)
