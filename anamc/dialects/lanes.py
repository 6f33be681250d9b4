"""
What vectors of rows need beyond xDSL's `vector`, `arith` and `math`: comparisons, choices and sums lane by lane.

A lane holds one row. xDSL's `arith.cmpf` and `arith.select` take scalar conditions only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from xdsl.dialects import arith
from xdsl.dialects.builtin import (
    I64,
    AnyFloatConstr,
    IndexType,
    IntegerAttr,
    IntegerType,
    MemRefType,
    StringAttr,
    VectorType,
    i1,
    i64,
)
from xdsl.ir import Attribute, Dialect, SSAValue
from xdsl.irdl import (
    AnyAttr,
    IRDLOperation,
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

PREDICATES = arith.CMPF_COMPARISON_OPERATIONS
ROLLED = "anamc.rolled"
"""The attribute of a loop, and of its jump back, that LLVM is not to unroll: its body fills the registers."""


def lanes_of(type: Attribute) -> int:
    """The number of lanes of a vector type; VerifyException for another type."""
    if not isinstance(type, VectorType) or type.get_num_dims() != 1:
        raise VerifyException(f"expected a vector of rank 1, got {type}")
    return type.get_shape()[0]


def mask_type(type: Attribute) -> VectorType[IntegerType]:
    """One truth value a lane of `type`."""
    return VectorType(i1, [lanes_of(type)])


@irdl_op_definition
class CmpfOp(IRDLOperation):
    """``m[l] = a[l] kind b[l]``; `kind` as in `arith.cmpf`."""

    name = "lanes.cmpf"

    T: ClassVar = VarConstraint("T", VectorType.constr(AnyFloatConstr))

    kind = prop_def(StringAttr)
    lhs = operand_def(T)
    rhs = operand_def(T)
    mask = result_def(VectorType[IntegerType])

    traits = traits_def(Pure())

    assembly_format = "$kind $lhs `,` $rhs attr-dict `:` type($lhs) `to` type($mask)"

    def __init__(self, lhs: SSAValue, rhs: SSAValue, kind: str) -> None:
        super().__init__(operands=[lhs, rhs], result_types=[mask_type(lhs.type)], properties={"kind": StringAttr(kind)})

    def verify_(self) -> None:
        if self.kind.data not in PREDICATES:
            raise VerifyException(f"'lanes.cmpf' has no predicate '{self.kind.data}'")
        if self.mask.type != mask_type(self.lhs.type):
            raise VerifyException(f"'lanes.cmpf' of {self.lhs.type} gives {mask_type(self.lhs.type)}")


@irdl_op_definition
class SelectOp(IRDLOperation):
    """``y[l] = a[l]`` where ``m[l]``, else ``b[l]``."""

    name = "lanes.select"

    T: ClassVar = VarConstraint("T", VectorType.constr())

    mask = operand_def(VectorType[IntegerType])
    lhs = operand_def(T)
    rhs = operand_def(T)
    result = result_def(T)

    traits = traits_def(Pure())

    assembly_format = "$mask `,` $lhs `,` $rhs attr-dict `:` type($mask) `,` type($lhs)"

    def __init__(self, mask: SSAValue, lhs: SSAValue, rhs: SSAValue) -> None:
        super().__init__(operands=[mask, lhs, rhs], result_types=[lhs.type])

    def verify_(self) -> None:
        if self.mask.type != mask_type(self.lhs.type):
            raise VerifyException(f"'lanes.select' of {self.lhs.type} needs a mask {mask_type(self.lhs.type)}")


@irdl_op_definition
class FirstOp(IRDLOperation):
    """``m[l] = l < count``: the lanes that hold rows."""

    name = "lanes.first"

    count = operand_def(IntegerType(64))
    mask = result_def(VectorType[IntegerType])

    traits = traits_def(Pure())

    assembly_format = "$count attr-dict `:` type($mask)"

    def __init__(self, count: SSAValue, lanes: int) -> None:
        super().__init__(operands=[count], result_types=[VectorType(i1, [lanes])])


@irdl_op_definition
class SumOp(IRDLOperation):
    """``s = sum_l x[l]``, halves added to halves: always in the same order."""

    name = "lanes.sum"

    T: ClassVar = VarConstraint("T", AnyFloatConstr)

    x = operand_def(VectorType.constr(T))
    sum = result_def(T)

    traits = traits_def(Pure())

    assembly_format = "$x attr-dict `:` type($x) `to` type($sum)"

    def __init__(self, x: SSAValue) -> None:
        if not isinstance(x.type, VectorType):
            raise VerifyException(f"'lanes.sum' takes a vector, got {x.type}")
        super().__init__(operands=[x], result_types=[x.type.element_type])  # pyright: ignore[reportUnknownMemberType]

    def verify_(self) -> None:
        if lanes_of(self.x.type) & (lanes_of(self.x.type) - 1):
            raise VerifyException(f"'lanes.sum' needs a power of 2 of lanes, got {self.x.type}")


@irdl_op_definition
class GetOp(IRDLOperation):
    """``x[k]``, one lane."""

    name = "lanes.get"

    T: ClassVar = VarConstraint("T", AnyFloatConstr)

    lane = prop_def(IntegerAttr[I64])
    x = operand_def(VectorType.constr(T))
    value = result_def(T)

    traits = traits_def(Pure())

    assembly_format = "$x $lane attr-dict `:` type($x) `to` type($value)"

    def __init__(self, x: SSAValue, lane: int) -> None:
        if not isinstance(x.type, VectorType):
            raise VerifyException(f"'lanes.get' takes a vector, got {x.type}")
        super().__init__(
            operands=[x],
            result_types=[x.type.element_type],  # pyright: ignore[reportUnknownMemberType]
            properties={"lane": IntegerAttr(lane, i64)},
        )

    def verify_(self) -> None:
        if not 0 <= self.lane.value.data < lanes_of(self.x.type):
            raise VerifyException(f"'lanes.get' of {self.x.type} has no lane {self.lane.value.data}")


@irdl_op_definition
class AnyOp(IRDLOperation):
    """Whether `m[l]` holds in any lane."""

    name = "lanes.any"

    mask = operand_def(VectorType[IntegerType])
    any = result_def(IntegerType(1))

    traits = traits_def(Pure())

    assembly_format = "$mask attr-dict `:` type($mask)"

    def __init__(self, mask: SSAValue) -> None:
        super().__init__(operands=[mask], result_types=[i1])

    def verify_(self) -> None:
        if self.mask.type != mask_type(self.mask.type):
            raise VerifyException(f"'lanes.any' takes a vector of i1, got {self.mask.type}")


@irdl_op_definition
class PrefetchOp(IRDLOperation):
    """Asks for the numbers around `buffer[indices]`, of type `element`, for they are needed soon; no result changes."""

    name = "lanes.prefetch"

    T: ClassVar = VarConstraint("T", AnyAttr())

    element = prop_def(T)
    buffer = operand_def(MemRefType.constr(T))
    indices = var_operand_def(IndexType)

    assembly_format = "$element $buffer `[` $indices `]` attr-dict `:` type($buffer)"

    def __init__(self, buffer: SSAValue, indices: Sequence[SSAValue]) -> None:
        if not isinstance(buffer.type, MemRefType):
            raise VerifyException(f"'lanes.prefetch' takes a buffer, got {buffer.type}")
        element: Attribute = buffer.type.element_type  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        super().__init__(operands=[buffer, indices], properties={"element": element})

    def verify_(self) -> None:
        rank = len(self.buffer.type.get_shape())  # pyright: ignore
        if len(self.indices) != rank:
            raise VerifyException(
                f"'lanes.prefetch' of {self.buffer.type} needs {rank} indices, got {len(self.indices)}"
            )


Lanes = Dialect("lanes", [CmpfOp, SelectOp, FirstOp, SumOp, GetOp, AnyOp, PrefetchOp], [])
