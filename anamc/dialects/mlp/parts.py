"""Rows put together, taken apart and chosen: what the derivatives of parameters, joined fields and losses need."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from xdsl.dialects.builtin import (
    I64,
    AnyFloatConstr,
    ArrayAttr,
    IntegerAttr,
    StringAttr,
    TensorType,
    i64,
)
from xdsl.ir import Attribute, SSAValue
from xdsl.irdl import (
    IRDLOperation,
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

from anamc.dialects.mlp.types import element_count, element_of, shape_of


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
