"""
Between nodes and edges: gathers at an end of each edge, and sums, means and maxima over the edges of each node.

An edge list is `tensor<?x2xi32>`: left and right node, 0-based. `signs [s_l, s_r]` belong to the
left and the right node; 0 means that this end receives nothing.
"""

from __future__ import annotations

from abc import ABC
from typing import ClassVar

from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    I64,
    AnyFloatConstr,
    ArrayAttr,
    IndexType,
    IntegerAttr,
    IntegerType,
    TensorType,
    i32,
    i64,
)
from xdsl.ir import Attribute, Dialect, SSAValue
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

EDGES = TensorType(i32, [DYNAMIC_INDEX, 2])
"""Type of an edge list."""


@irdl_op_definition
class GatherOp(IRDLOperation):
    """
    Rows of a node field at one end of each edge: ``y[e, j] = x[edges[e, end], j]``.

    Shapes: ``x: N x J``, ``edges: E x 2`` -> ``y: E x J``; `end` is 0 (left) or 1 (right).
    """

    name = "scatter.gather"

    T: ClassVar = VarConstraint("T", AnyFloatConstr)

    x = operand_def(TensorType.constr(T))
    edges = operand_def(TensorType[IntegerType])
    end = prop_def(IntegerAttr[I64])
    y = result_def(TensorType.constr(T))

    traits = traits_def(Pure())

    assembly_format = "$x `at` $edges `end` $end attr-dict `:` functional-type(operands, results)"

    def __init__(self, x: SSAValue, edges: SSAValue, end: int) -> None:
        shape = x.type.get_shape() if isinstance(x.type, TensorType) else ()
        element = x.type.element_type if isinstance(x.type, TensorType) else x.type
        super().__init__(
            operands=[x, edges],
            result_types=[TensorType(element, [_rows(edges.type), *shape[1:]])],
            properties={"end": IntegerAttr(end, i64)},
        )

    def verify_(self) -> None:
        _verify_edges(self.name, self.edges.type)
        if self.end.value.data not in (0, 1):
            raise VerifyException(f"'scatter.gather' end must be 0 (left) or 1 (right), got {self.end.value.data}")
        _verify_fields(self.name, self.x.type, self.y.type)
        if _rows(self.y.type) != _rows(self.edges.type):
            raise VerifyException(
                f"'scatter.gather' gives one row an edge of {self.edges.type}, its result is {self.y.type}"
            )


class _ToNodesOp(IRDLOperation, ABC):
    """An edge field to a node field of `n` nodes."""

    T: ClassVar = VarConstraint("T", AnyFloatConstr)

    x = operand_def(TensorType.constr(T))
    edges = operand_def(TensorType[IntegerType])
    n = operand_def(IndexType)
    signs = prop_def(ArrayAttr[IntegerAttr[I64]])
    y = result_def(TensorType.constr(T))

    traits = traits_def(Pure())

    assembly_format = "$x `over` $edges `onto` $n `signs` $signs attr-dict `:` functional-type(operands, results)"

    def __init__(self, x: SSAValue, edges: SSAValue, n: SSAValue, signs: tuple[int, int]) -> None:
        shape = x.type.get_shape() if isinstance(x.type, TensorType) else ()
        element = x.type.element_type if isinstance(x.type, TensorType) else x.type
        super().__init__(
            operands=[x, edges, n],
            result_types=[TensorType(element, [DYNAMIC_INDEX, *shape[1:]])],
            properties={"signs": ArrayAttr(IntegerAttr(s, i64) for s in signs)},
        )

    @property
    def ends(self) -> tuple[tuple[int, int], ...]:
        """End (0 left, 1 right) and sign of each contribution of an edge."""
        return tuple((end, s.value.data) for end, s in enumerate(self.signs.data) if s.value.data)

    def verify_(self) -> None:
        _verify_edges(self.name, self.edges.type)
        signs = [s.value.data for s in self.signs.data]
        if len(signs) != 2 or any(s not in (-1, 0, 1) for s in signs) or not any(signs):
            raise VerifyException(f"'{self.name}' signs must be two of -1, 0, 1, not both 0; got {signs}")
        _verify_fields(self.name, self.x.type, self.y.type)
        if _rows(self.x.type) != _rows(self.edges.type):
            raise VerifyException(f"'{self.name}' takes one row an edge of {self.edges.type}, got {self.x.type}")
        if _rows(self.y.type) != DYNAMIC_INDEX:
            raise VerifyException(f"'{self.name}' gives a run-time number of rows, its result is {self.y.type}")


@irdl_op_definition
class SumOp(_ToNodesOp):
    """``y[n, j] = sum`` over the edges ``e`` and ends ``k`` with ``edges[e, k] = n`` of ``s_k x[e, j]``."""

    name = "scatter.sum"


@irdl_op_definition
class MeanOp(_ToNodesOp):
    """The sum divided by the number of contributions; 0 for a node without any."""

    name = "scatter.mean"


@irdl_op_definition
class MaxOp(_ToNodesOp):
    """The largest contribution, signs applied before; 0 for a node without any. NaN wins."""

    name = "scatter.max"


@irdl_op_definition
class PairSumOp(IRDLOperation):
    """
    ``y[n, j] = sum`` of ``l[e, j]`` over edges with ``edges[e, 0] = n`` and of ``r[e, j]`` over those with
    ``edges[e, 1] = n``: the adjoint of a gather at both ends.

    Shapes: ``l, r: E x J``, ``edges: E x 2`` -> ``y: n x J``.
    """

    name = "scatter.pair_sum"

    T: ClassVar = VarConstraint("T", AnyFloatConstr)

    l = operand_def(TensorType.constr(T))
    r = operand_def(TensorType.constr(T))
    edges = operand_def(TensorType[IntegerType])
    n = operand_def(IndexType)
    y = result_def(TensorType.constr(T))

    traits = traits_def(Pure())

    assembly_format = "$l `,` $r `over` $edges `onto` $n attr-dict `:` functional-type(operands, results)"

    def __init__(self, l: SSAValue, r: SSAValue, edges: SSAValue, n: SSAValue) -> None:
        shape = l.type.get_shape() if isinstance(l.type, TensorType) else ()
        element = l.type.element_type if isinstance(l.type, TensorType) else l.type
        super().__init__(operands=[l, r, edges, n], result_types=[TensorType(element, [DYNAMIC_INDEX, *shape[1:]])])

    def verify_(self) -> None:
        _verify_edges(self.name, self.edges.type)
        _verify_fields(self.name, self.l.type, self.y.type)
        if self.l.type != self.r.type:
            raise VerifyException(f"'{self.name}' adds fields of one type, got {self.l.type} and {self.r.type}")
        if _rows(self.l.type) != _rows(self.edges.type):
            raise VerifyException(f"'{self.name}' takes one row an edge of {self.edges.type}, got {self.l.type}")
        if _rows(self.y.type) != DYNAMIC_INDEX:
            raise VerifyException(f"'{self.name}' gives a run-time number of rows, its result is {self.y.type}")


@irdl_op_definition
class CountOp(IRDLOperation):
    """
    How many contributions each node gets: ``y[n] = sum`` of ``|s_k|`` over edges and ends with ``edges[e, k] = n``.

    A float field, since it divides sums. Shapes: ``edges: E x 2`` -> ``y: n``.
    """

    name = "scatter.count"

    edges = operand_def(TensorType[IntegerType])
    n = operand_def(IndexType)
    signs = prop_def(ArrayAttr[IntegerAttr[I64]])
    y = result_def(TensorType.constr(AnyFloatConstr))

    traits = traits_def(Pure())

    assembly_format = "$edges `onto` $n `signs` $signs attr-dict `:` functional-type(operands, results)"

    def __init__(self, edges: SSAValue, n: SSAValue, signs: tuple[int, int], element: Attribute) -> None:
        super().__init__(
            operands=[edges, n],
            result_types=[TensorType(element, [DYNAMIC_INDEX])],
            properties={"signs": ArrayAttr(IntegerAttr(s, i64) for s in signs)},
        )

    @property
    def ends(self) -> tuple[int, ...]:
        """The ends (0 left, 1 right) that receive something."""
        return tuple(end for end, s in enumerate(self.signs.data) if s.value.data)

    def verify_(self) -> None:
        _verify_edges(self.name, self.edges.type)
        signs = [s.value.data for s in self.signs.data]
        if len(signs) != 2 or any(s not in (-1, 0, 1) for s in signs) or not any(signs):
            raise VerifyException(f"'{self.name}' signs must be two of -1, 0, 1, not both 0; got {signs}")
        if not isinstance(self.y.type, TensorType) or self.y.type.get_shape() != (DYNAMIC_INDEX,):
            raise VerifyException(f"'{self.name}' gives one number a node, its result is {self.y.type}")


def _rows(type: Attribute) -> int:
    return type.get_shape()[0] if isinstance(type, TensorType) else DYNAMIC_INDEX


def _verify_edges(op: str, type: Attribute) -> None:
    if not isinstance(type, TensorType) or type.get_num_dims() != 2 or type.get_shape()[1] != 2:
        raise VerifyException(f"'{op}' expects an edge list tensor<?x2xi32>, got {type}")


def _verify_fields(op: str, x: Attribute, y: Attribute) -> None:
    shapes = [t.get_shape() if isinstance(t, TensorType) else () for t in (x, y)]
    if len(shapes[0]) != 2 or len(shapes[1]) != 2 or shapes[0][1] != shapes[1][1]:
        raise VerifyException(f"'{op}' keeps the width of a field of rank 2, got {x} -> {y}")


Scatter = Dialect("scatter", [GatherOp, SumOp, MeanOp, MaxOp, PairSumOp, CountOp], [])
