"""NumPy semantics of `arith`, `math` and `tensor`, on scalars and arrays alike."""

from __future__ import annotations

import math as pymath
from collections.abc import Callable
from typing import Any

import numpy as np
from xdsl.dialects import arith, math, tensor
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    DenseIntOrFPElementsAttr,
    Float32Type,
    Float64Type,
    FloatAttr,
    IndexType,
    IntegerAttr,
    IntegerType,
    TensorType,
)
from xdsl.interpreter import Interpreter, InterpreterFunctions, PythonValues, impl, register_impls
from xdsl.ir import Attribute, Operation
from xdsl.utils.exceptions import InterpretationError

_erf = np.vectorize(pymath.erf, otypes=[np.float64])


def erf(x: Any) -> Any:
    """The error function, through Python's; the type of the argument is kept."""
    return _erf(x).astype(np.asarray(x).dtype)


def unsigned(x: Any) -> Any:
    """The bits of integers, read without a sign."""
    x = np.asarray(x)
    return x.view(x.dtype.str.replace("i", "u"))


def divide(a: Any, b: Any) -> Any:
    """The quotient of integers, rounded towards 0."""
    quotient = np.abs(a) // np.abs(b)
    return np.where((a < 0) == (b < 0), quotient, -quotient)[()]


UNARY: dict[type[Operation], Callable[[Any], Any]] = {
    arith.NegfOp: np.negative,
    math.AbsFOp: np.abs,
    math.CeilOp: np.ceil,
    math.CosOp: np.cos,
    math.ErfOp: erf,
    math.ExpOp: np.exp,
    math.ExpM1Op: np.expm1,
    math.FloorOp: np.floor,
    math.LogOp: np.log,
    math.Log10Op: np.log10,
    math.Log1pOp: np.log1p,
    math.Log2Op: np.log2,
    math.RsqrtOp: lambda x: 1 / np.sqrt(x),
    math.SinOp: np.sin,
    math.SqrtOp: np.sqrt,
    math.TanhOp: np.tanh,
}
BINARY: dict[type[Operation], Callable[[Any, Any], Any]] = {
    arith.AddfOp: np.add,
    arith.SubfOp: np.subtract,
    arith.MulfOp: np.multiply,
    arith.DivfOp: np.true_divide,
    arith.MaximumfOp: np.maximum,
    arith.MinimumfOp: np.minimum,
    arith.MaxnumfOp: np.fmax,
    arith.MinnumfOp: np.fmin,
    math.PowFOp: np.power,
    arith.AddiOp: np.add,
    arith.SubiOp: np.subtract,
    arith.MuliOp: np.multiply,
    arith.MinSIOp: np.minimum,
    arith.MaxSIOp: np.maximum,
    arith.FloorDivSIOp: np.floor_divide,
    arith.CeilDivSIOp: lambda a, b: -(-a // b),
    arith.DivSIOp: divide,
    arith.RemSIOp: np.fmod,
    arith.AndIOp: np.bitwise_and,
    arith.OrIOp: np.bitwise_or,
    arith.XOrIOp: np.bitwise_xor,
}
ORDERED: dict[str, Callable[[Any, Any], Any]] = {
    "oeq": np.equal,
    "ogt": np.greater,
    "oge": np.greater_equal,
    "olt": np.less,
    "ole": np.less_equal,
    "une": np.not_equal,
    "one": lambda a, b: np.less(a, b) | np.greater(a, b),
    "ord": lambda a, b: ~(np.isnan(a) | np.isnan(b)),
    "uno": lambda a, b: np.isnan(a) | np.isnan(b),
    "ueq": lambda a, b: ~(np.less(a, b) | np.greater(a, b)),
    "ugt": lambda a, b: ~np.less_equal(a, b),
    "uge": lambda a, b: ~np.less(a, b),
    "ult": lambda a, b: ~np.greater_equal(a, b),
    "ule": lambda a, b: ~np.greater(a, b),
    "false": lambda a, b: np.zeros_like(np.equal(a, b)),
    "true": lambda a, b: np.ones_like(np.equal(a, b)),
}
SIGNED: dict[str, Callable[[Any, Any], Any]] = {
    "eq": np.equal,
    "ne": np.not_equal,
    "slt": np.less,
    "sle": np.less_equal,
    "sgt": np.greater,
    "sge": np.greater_equal,
    "ult": lambda a, b: np.less(unsigned(a), unsigned(b)),
    "ule": lambda a, b: np.less_equal(unsigned(a), unsigned(b)),
    "ugt": lambda a, b: np.greater(unsigned(a), unsigned(b)),
    "uge": lambda a, b: np.greater_equal(unsigned(a), unsigned(b)),
}
CMPF = [
    "false",
    "oeq",
    "ogt",
    "oge",
    "olt",
    "ole",
    "one",
    "ord",
    "ueq",
    "ugt",
    "uge",
    "ult",
    "ule",
    "une",
    "uno",
    "true",
]
CMPI = ["eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge"]


def dtype_of(type: Attribute) -> np.dtype[Any]:
    """The NumPy type of a scalar, or of the elements of a tensor."""
    match type:
        case TensorType():
            return dtype_of(type.element_type)
        case Float32Type():
            return np.dtype(np.float32)
        case Float64Type():
            return np.dtype(np.float64)
        case IndexType():
            return np.dtype(np.int64)
        case IntegerType() if type.width.data in (1, 8, 16, 32, 64):
            return np.dtype(bool) if type.width.data == 1 else np.dtype(f"int{type.width.data}")
        case _:
            raise InterpretationError(f"no NumPy type for {type}")


def shape_of(type: Attribute, sizes: PythonValues) -> tuple[int, ...]:
    """The shape of a tensor type with its run-time sizes filled in."""
    if not isinstance(type, TensorType):
        raise InterpretationError(f"expected a tensor type, got {type}")
    given = iter(sizes)
    return tuple(int(next(given)) if s == DYNAMIC_INDEX else s for s in type.get_shape())


def places(op: tensor.ExtractSliceOp | tensor.InsertSliceOp, args: PythonValues) -> tuple[slice, ...]:
    """The part of each dimension that a slice is; `args`: its run-time offsets, sizes and strides."""
    given = iter(args)
    offsets, sizes, strides = (
        [int(next(given)) if n == DYNAMIC_INDEX else int(n) for n in numbers.get_values()]
        for numbers in (op.static_offsets, op.static_sizes, op.static_strides)
    )
    return tuple(slice(o, o + n * s, s) for o, n, s in zip(offsets, sizes, strides, strict=True))


@register_impls
class TensorFunctions(InterpreterFunctions):
    """`arith`, `math` and `tensor` on NumPy values."""

    @impl(arith.ConstantOp)
    def constant(self, interpreter: Interpreter, op: arith.ConstantOp, args: PythonValues) -> PythonValues:
        dtype = dtype_of(op.result.type)
        match op.value:
            case FloatAttr() | IntegerAttr():
                return (dtype.type(op.value.value.data),)
            case DenseIntOrFPElementsAttr():
                values = np.array(list(op.value.get_values()), dtype)
                shape = op.value.get_shape()
                return (np.full(shape, values[0], dtype) if values.size == 1 else values.reshape(shape),)
            case _:
                raise InterpretationError(f"no constant of {op.value}")

    @impl(arith.CmpfOp)
    def cmpf(self, interpreter: Interpreter, op: arith.CmpfOp, args: PythonValues) -> PythonValues:
        return (ORDERED[CMPF[op.predicate.value.data]](*args),)

    @impl(arith.CmpiOp)
    def cmpi(self, interpreter: Interpreter, op: arith.CmpiOp, args: PythonValues) -> PythonValues:
        return (SIGNED[CMPI[op.predicate.value.data]](*args),)

    @impl(arith.SelectOp)
    def select(self, interpreter: Interpreter, op: arith.SelectOp, args: PythonValues) -> PythonValues:
        return (np.where(*args),)

    @impl(math.FmaOp)
    def fma(self, interpreter: Interpreter, op: math.FmaOp, args: PythonValues) -> PythonValues:
        a, b, c = args
        return (a * b + c,)

    @impl(arith.IndexCastOp)
    def index_cast(self, interpreter: Interpreter, op: arith.IndexCastOp, args: PythonValues) -> PythonValues:
        return (np.asarray(args[0]).astype(dtype_of(op.result.type))[()],)

    @impl(arith.SIToFPOp)
    def sitofp(self, interpreter: Interpreter, op: arith.SIToFPOp, args: PythonValues) -> PythonValues:
        return (np.asarray(args[0]).astype(dtype_of(op.result.type))[()],)

    @impl(arith.ExtSIOp)
    def extsi(self, interpreter: Interpreter, op: arith.ExtSIOp, args: PythonValues) -> PythonValues:
        return (np.asarray(args[0]).astype(dtype_of(op.result.type))[()],)

    @impl(arith.FPToSIOp)
    def fptosi(self, interpreter: Interpreter, op: arith.FPToSIOp, args: PythonValues) -> PythonValues:
        return (np.trunc(args[0]).astype(dtype_of(op.result.type))[()],)

    @impl(tensor.EmptyOp)
    def empty(self, interpreter: Interpreter, op: tensor.EmptyOp, args: PythonValues) -> PythonValues:
        type = op.tensor.type
        fill = np.nan if dtype_of(type).kind == "f" else -(2**30)
        return (np.full(shape_of(type, args), fill, dtype_of(type)),)

    @impl(tensor.SplatOp)
    def splat(self, interpreter: Interpreter, op: tensor.SplatOp, args: PythonValues) -> PythonValues:
        return (np.full(shape_of(op.result.type, args[1:]), args[0], dtype_of(op.result.type)),)

    @impl(tensor.ConcatOp)
    def concat(self, interpreter: Interpreter, op: tensor.ConcatOp, args: PythonValues) -> PythonValues:
        return (np.concatenate(args, axis=op.dim.value.data),)

    @impl(tensor.ExtractOp)
    def extract(self, interpreter: Interpreter, op: tensor.ExtractOp, args: PythonValues) -> PythonValues:
        return (args[0][tuple(map(int, args[1:]))],)

    @impl(tensor.ExtractSliceOp)
    def extract_slice(self, interpreter: Interpreter, op: tensor.ExtractSliceOp, args: PythonValues) -> PythonValues:
        found = np.asarray(args[0])[places(op, args[1:])]
        return (found.reshape(found.shape[found.ndim - len(op.result.type.get_shape()) :]),)

    @impl(tensor.InsertSliceOp)
    def insert_slice(self, interpreter: Interpreter, op: tensor.InsertSliceOp, args: PythonValues) -> PythonValues:
        found, place = np.array(args[1]), places(op, args[2:])
        found[place] = np.reshape(args[0], found[place].shape)
        return (found,)

    @impl(tensor.DimOp)
    def dim(self, interpreter: Interpreter, op: tensor.DimOp, args: PythonValues) -> PythonValues:
        return (np.int64(args[0].shape[args[1]]),)


def _unary(function: Callable[[Any], Any]) -> Callable[..., PythonValues]:
    return lambda self, interpreter, op, args: (function(args[0]),)


def _binary(function: Callable[[Any, Any], Any]) -> Callable[..., PythonValues]:
    return lambda self, interpreter, op, args: (function(args[0], args[1]),)


ElementwiseFunctions = register_impls(
    type(
        "ElementwiseFunctions",
        (InterpreterFunctions,),
        {op.name: impl(op)(_unary(function)) for op, function in UNARY.items()}
        | {op.name: impl(op)(_binary(function)) for op, function in BINARY.items()},
    )
)
"""One implementation for each row of the tables above."""
