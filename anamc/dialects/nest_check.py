"""`nest.check`: an index that only the run of a function knows must lie inside of a dimension."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xdsl.dialects.builtin import I64, ArrayAttr, IndexType, IntegerAttr, StringAttr, TensorType, i64
from xdsl.ir import Operation, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    ParsePropInAttrDict,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    var_operand_def,
)
from xdsl.utils.exceptions import VerifyException

NUMBER = TensorType(i64, [])
"""The type of an extreme of an index, and of the iteration that reaches it."""


@irdl_op_definition
class CheckOp(IRDLOperation):
    """
    `nest.check %low at %i, %high at %j sizes(%n, ...) {...}`

    The function fails unless ``0 <= low`` and ``high < bound``: the least and the largest value of an
    index over the iterations of `ranges`, and the linear numbers of the iterations that reach them
    (row-major; -1 for the value from which the search started). What is computed after a check that
    fails means nothing. `tensor`, `axis` and `names` (of the iterators) are for people.

    `others`: the ranges of iterators on which the index does not depend. Where there are none of size 0
    and none of `ranges`, a bound of 0 fails before anything runs: no index could be inside.

    A compiled function has status ``2 + k`` where its check of `number` k fails, and those of lower ones
    do not: passes may change the order of operations, but not of numbers.
    """

    name = "nest.check"
    irdl_options = (ParsePropInAttrDict(),)

    low = operand_def(NUMBER)
    low_at = operand_def(NUMBER)
    high = operand_def(NUMBER)
    high_at = operand_def(NUMBER)
    sizes = var_operand_def(IndexType)
    limit = prop_def(IntegerAttr[I64])
    ranges = prop_def(ArrayAttr[IntegerAttr[I64]])
    tensor = prop_def(StringAttr)
    axis = prop_def(IntegerAttr[I64])
    names = prop_def(ArrayAttr[StringAttr])
    number = prop_def(IntegerAttr[I64])
    others = opt_prop_def(ArrayAttr[IntegerAttr[I64]])

    assembly_format = "$low `at` $low_at `,` $high `at` $high_at `sizes` `(` $sizes `)` attr-dict"

    def __init__(
        self,
        extremes: Sequence[SSAValue],
        bound: int | SSAValue,
        ranges: Sequence[int | SSAValue],
        tensor: str,
        axis: int,
        names: Sequence[str],
        number: int,
        others: Sequence[int | SSAValue] | None = None,
    ) -> None:
        """`extremes`: low, its iteration, high, its iteration."""
        sizes = list(dict.fromkeys(s for s in (bound, *ranges, *(others or ())) if isinstance(s, SSAValue)))

        def place(size: int | SSAValue) -> IntegerAttr[I64]:
            return IntegerAttr(size if isinstance(size, int) else -1 - sizes.index(size), i64)

        super().__init__(
            operands=[*extremes, sizes],
            properties={
                "limit": place(bound),
                "ranges": ArrayAttr(map(place, ranges)),
                "tensor": StringAttr(tensor),
                "axis": IntegerAttr(axis, i64),
                "names": ArrayAttr(map(StringAttr, names)),
                "number": IntegerAttr(number, i64),
                "others": None if others is None else ArrayAttr(map(place, others)),
            },
        )

    @property
    def bound(self) -> int | SSAValue:
        """The size of the dimension."""
        return self._size(self.limit.value.data)

    @property
    def extents(self) -> tuple[int | SSAValue, ...]:
        """The size of each range."""
        return tuple(self._size(r.value.data) for r in self.ranges.data)

    @property
    def all_extents(self) -> tuple[int | SSAValue, ...] | None:
        """The sizes of all ranges of the nest, where one of 0 means that nothing is reached; else None."""
        return None if self.others is None else (*self.extents, *(self._size(r.value.data) for r in self.others.data))

    def _size(self, number: int) -> int | SSAValue:
        return number if number >= 0 else self.sizes[-1 - number]

    def verify_(self) -> None:
        for number in (self.limit, *self.ranges.data, *(self.others.data if self.others is not None else ())):
            if -1 - number.value.data >= len(self.sizes):
                raise VerifyException(f"'nest.check' names size {-1 - number.value.data} of {len(self.sizes)}")
        if len(self.names.data) != len(self.ranges.data):
            raise VerifyException("'nest.check' needs one name for each range")
        if self.axis.value.data < 0:
            raise VerifyException("'nest.check' needs a dimension >= 0")


def checks_of(ops: Iterable[Operation]) -> list[CheckOp]:
    """The checks among operations, in the order of their numbers."""
    return sorted((op for op in ops if isinstance(op, CheckOp)), key=lambda op: op.number.value.data)
