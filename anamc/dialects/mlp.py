"""
Layers of networks on tensors: every operation acts on the last dimension, so the same operation serves
a batch `tensor<?x16xf32>` and a row `tensor<16xf32>`.

Weights are `in x out`, row-major: that is the flat parameter vector (W `out x in`, column-major)
without a copy. An activation is an operation of its own; `tanh` and `sin` are those of `math`.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Sequence
from typing import ClassVar

from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    I64,
    AnyFloatConstr,
    Float64Type,
    FloatAttr,
    IntegerAttr,
    StringAttr,
    TensorType,
    f64,
    i64,
)
from xdsl.ir import Attribute, Dialect, SSAValue
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

ROW_LOSSES = ("mse", "mae", "mape", "huber", "bce_with_logits", "cross_entropy", "hinge")
"""Elementwise losses, and `cross_entropy` over a row."""


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


def element_count(type: Attribute) -> int:
    """Number of elements of a tensor of constant shape."""
    shape = _shape(type)
    if DYNAMIC_INDEX in shape:
        raise VerifyException(f"'mlp.unpack' needs constant shapes, got {type}")
    count = 1
    for size in shape:
        count *= size
    return count


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
        lead = _shape(x.type)[:-1]
        y = TensorType(_element(x.type), [*lead, _shape(b.type)[-1]])
        super().__init__(operands=[x, w, b], result_types=[y])

    def verify_(self) -> None:
        x, w, b, y = (_shape(v.type) for v in (self.x, self.w, self.b, self.y))
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
                f"'mlp.dense' gives {TensorType(_element(self.x.type), (*x[:-1], w[1]))}, its result has {self.y.type}"
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
        x, scale, shift = (_shape(v.type) for v in (self.x, self.scale, self.shift))
        if self.y.type != self.x.type:
            raise VerifyException(f"'mlp.layer_norm' gives {self.x.type}, its result has {self.y.type}")
        if scale != x[-1:] or shift != x[-1:] or not x:
            raise VerifyException(
                f"'mlp.layer_norm' of {self.x.type} expects one scale and shift an element of the last dimension, "
                f"got {self.scale.type}, {self.shift.type}"
            )
        if not self.eps.value.data > 0:
            raise VerifyException(f"'mlp.layer_norm' needs eps > 0, got {self.eps.value.data}")


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
        if not _shape(self.x.type):
            raise VerifyException("'mlp.softmax' needs a dimension to sum over, got a tensor of rank 0")


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
            result_types=[TensorType(_element(p.type), _shape(p.type)[:-1])],
            properties={"kind": StringAttr(kind), "delta": FloatAttr(delta, f64)},
        )

    def verify_(self) -> None:
        if self.kind.data not in ROW_LOSSES:
            raise VerifyException(f"'mlp.row_loss' kind must be one of {', '.join(ROW_LOSSES)}, got '{self.kind.data}'")
        if self.p.type != self.t.type:
            raise VerifyException(f"'mlp.row_loss' compares {self.p.type} with {self.t.type}")
        if not _shape(self.p.type) or _shape(self.y.type) != _shape(self.p.type)[:-1]:
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
        if len(_shape(self.x.type)) != 1 or _shape(self.init.type) or self.y.type != self.init.type:
            raise VerifyException(
                f"'mlp.mean' takes rank 1 and gives rank 0, got {self.x.type}, {self.init.type} -> {self.y.type}"
            )


def _shape(type: Attribute) -> tuple[int, ...]:
    return type.get_shape() if isinstance(type, TensorType) else ()


def _element(type: Attribute) -> Attribute:
    if not isinstance(type, TensorType):
        raise VerifyException(f"expected a tensor, got {type}")
    return type.element_type


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
)
"""Every activation that is an operation of this dialect."""

Mlp = Dialect("mlp", [UnpackOp, DenseOp, LayerNormOp, *ACTIVATIONS, RowLossOp, MeanOp], [])
