"""Sizes as operations: the texts of `anamc.dims` to arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from xdsl.dialects import arith
from xdsl.dialects.builtin import IndexType
from xdsl.ir import Operation, SSAValue
from xdsl.utils.exceptions import DiagnosticException, PassFailedException

from anamc.dialects.size_syntax import parse_size
from anamc.dialects.sizes import fold
from anamc.numerics.constants import index_constant

Add = Callable[[Operation], SSAValue]


def divisor(add: Add, b: SSAValue) -> SSAValue:
    """``b``, or 1 in place of 0: a division by 0 would stop the program."""
    if isinstance(b.owner, arith.ConstantOp):
        return b
    is_zero = add(arith.CmpiOp(b, add(index_constant(0)), "eq"))
    return add(arith.SelectOp(is_zero, add(index_constant(1)), b))


def _mod(add: Add, a: SSAValue, b: SSAValue) -> SSAValue:
    """``a - (a floordiv b) b``"""
    b = divisor(add, b)
    whole = add(arith.MuliOp(add(arith.FloorDivSIOp(a, b)), b))
    return add(arith.SubiOp(a, whole))


_BINARY: Mapping[str, Callable[[Add, SSAValue, SSAValue], SSAValue]] = {
    "+": lambda add, a, b: add(arith.AddiOp(a, b)),
    "*": lambda add, a, b: add(arith.MuliOp(a, b)),
    "floordiv": lambda add, a, b: add(arith.FloorDivSIOp(a, divisor(add, b))),
    "ceildiv": lambda add, a, b: add(arith.CeilDivSIOp(a, divisor(add, b))),
    "mod": _mod,
    "div": lambda add, a, b: add(arith.DivSIOp(a, divisor(add, b))),
    "rem": lambda add, a, b: add(arith.RemSIOp(a, divisor(add, b))),
    "max": lambda add, a, b: add(arith.MaxSIOp(a, b)),
    "min": lambda add, a, b: add(arith.MinSIOp(a, b)),
}


def size_operations(pass_name: str, text: str, sizes: Mapping[str, SSAValue], add: Add) -> SSAValue:
    """
    A size as a value of type index, computed by operations that `add` appends.

    `sizes`: the run-time sizes by name, of type index or an integer type. PassFailedException for a
    text that is no size.
    """
    try:
        size = parse_size(text, tuple(sizes))
    except DiagnosticException as error:
        raise PassFailedException(f'{pass_name}: the dimension "{text}" is no size of the function: {error}') from None
    cast: dict[str, SSAValue] = {}

    def name(text: str) -> SSAValue:
        if text not in cast:
            value = sizes[text]
            cast[text] = value if isinstance(value.type, IndexType) else add(arith.IndexCastOp(value, IndexType()))
        return cast[text]

    return fold(size, name, lambda c: add(index_constant(c)), lambda function, a, b: _BINARY[function](add, a, b))
