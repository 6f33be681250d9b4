"""Elementwise operations, constants and shapes in the interpreter, against Python and MLIR's definitions."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from xdsl.dialects import arith
from xdsl.dialects.builtin import DYNAMIC_INDEX, Float16Type, IntegerType, ModuleOp, StringAttr, TensorType, f32, i32
from xdsl.interpreter import Interpreter
from xdsl.utils.exceptions import InterpretationError

from anamc.interpreters import interpreter
from anamc.interpreters.tensors import CMPF, CMPI, ORDERED, SIGNED, dtype_of, shape_of

Parse = Callable[[str], ModuleOp]
Evaluate = Callable[..., list[np.ndarray]]
NAN = float("nan")
PAIRS = [(1.0, 2.0), (2.0, 1.0), (1.0, 1.0), (NAN, 1.0), (1.0, NAN), (0.0, -0.0)]


def float_predicate(name: str, a: float, b: float) -> bool:
    """The definition: ordered predicates are false, unordered true, where either is NaN."""
    unordered = math.isnan(a) or math.isnan(b)
    if name in ("true", "false", "ord", "uno"):
        return {"true": True, "false": False, "ord": not unordered, "uno": unordered}[name]
    relation = {"eq": a == b, "gt": a > b, "ge": a >= b, "lt": a < b, "le": a <= b, "ne": a != b}[name[1:]]
    return relation and not unordered if name[0] == "o" else relation or unordered


@pytest.mark.parametrize("name", CMPF)
def test_float_comparisons(name: str) -> None:
    a, b = np.array(PAIRS).T
    assert ORDERED[name](a, b).tolist() == [float_predicate(name, *p) for p in PAIRS]


@pytest.mark.parametrize("name", CMPI)
def test_integer_comparisons(name: str) -> None:
    pairs = [(1, 2), (2, 1), (1, 1), (-1, 1), (1, -1)]
    wrap = (lambda v: v % 2**32) if name[0] == "u" else (lambda v: v)
    definition = {"eq": int.__eq__, "ne": int.__ne__, "lt": int.__lt__, "le": int.__le__, "gt": int.__gt__}
    definition["ge"] = int.__ge__
    kind = name if len(name) == 2 else name[1:]
    a, b = np.array(pairs, np.int32).T
    assert SIGNED[name](a, b).tolist() == [definition[kind](wrap(p), wrap(q)) for p, q in pairs]


@pytest.mark.parametrize(
    ("op", "expected"),
    [
        ("divsi", [-3, 3, -3, 3]),
        ("remsi", [-1, 1, 1, -1]),
        ("floordivsi", [-4, 3, -4, 3]),
        ("ceildivsi", [-3, 4, -3, 4]),
    ],
)
def test_integer_divisions(op: str, expected: list[int], parse: Parse, evaluate: Evaluate) -> None:
    module = parse(f"""func.func @f(%a: i32, %b: i32) -> i32 {{
      %c = arith.{op} %a, %b : i32
      func.return %c : i32
    }}""")
    pairs = [(-7, 2), (7, 2), (7, -2), (-7, -2)]
    found = [evaluate(module, np.int32(a), np.int32(b))[0] for a, b in pairs]
    assert [int(v) for v in found] == expected
    assert {v.dtype for v in found} == {np.dtype(np.int32)}


UNARY = {
    "math.exp": math.exp, "math.expm1": math.expm1, "math.log": math.log, "math.log1p": math.log1p,
    "math.log2": math.log2, "math.log10": math.log10, "math.tanh": math.tanh, "math.erf": math.erf,
    "math.sin": math.sin, "math.cos": math.cos, "math.sqrt": math.sqrt, "math.rsqrt": lambda x: 1 / math.sqrt(x),
    "math.absf": abs, "math.floor": math.floor, "math.ceil": math.ceil, "arith.negf": lambda x: -x,
}  # fmt: skip


@pytest.mark.parametrize("name", UNARY)
def test_unary_functions(name: str, parse: Parse, evaluate: Evaluate) -> None:
    module = parse(f"""func.func @f(%x: tensor<3xf64>) -> tensor<3xf64> {{
      %y = {name} %x : tensor<3xf64>
      func.return %y : tensor<3xf64>
    }}""")
    x = np.array([0.25, 1.5, 2.0])
    np.testing.assert_allclose(evaluate(module, x)[0], [UNARY[name](v) for v in x], rtol=1e-15)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("arith.addf", [3.0, NAN]),
        ("arith.subf", [-1.0, NAN]),
        ("arith.mulf", [2.0, NAN]),
        ("arith.divf", [0.5, NAN]),
        ("arith.maximumf", [2.0, NAN]),
        ("arith.minimumf", [1.0, NAN]),
        ("arith.maxnumf", [2.0, 4.0]),
        ("arith.minnumf", [1.0, 4.0]),
        ("math.powf", [1.0, NAN]),
    ],
)
def test_binary_functions_and_nan(name: str, expected: list[float], parse: Parse, evaluate: Evaluate) -> None:
    module = parse(f"""func.func @f(%x: tensor<2xf64>, %y: tensor<2xf64>) -> tensor<2xf64> {{
      %z = {name} %x, %y : tensor<2xf64>
      func.return %z : tensor<2xf64>
    }}""")
    np.testing.assert_array_equal(evaluate(module, np.array([1.0, NAN]), np.array([2.0, 4.0]))[0], expected)


def test_constants_shapes_and_casts(parse: Parse, evaluate: Evaluate) -> None:
    module = parse("""func.func @f(%x: tensor<?x2xf32>) -> (tensor<2x2xf32>, tensor<?x3xf32>, tensor<?x4xf32>, f32) {
      %c = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
      %one = arith.constant 1.5 : f32
      %zero = arith.constant 0 : index
      %n = tensor.dim %x, %zero : tensor<?x2xf32>
      %s = tensor.splat %one[%n] : tensor<?x3xf32>
      %j = tensor.concat dim(1) %x, %x : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x4xf32>
      %i = arith.index_cast %n : index to i64
      %f = arith.sitofp %i : i64 to f32
      %g = math.fma %f, %one, %one : f32
      func.return %c, %s, %j, %g : tensor<2x2xf32>, tensor<?x3xf32>, tensor<?x4xf32>, f32
    }""")
    c, s, j, g = evaluate(module, np.ones((3, 2), np.float32))
    assert c.tolist() == [[1, 2], [3, 4]]
    assert s.tolist() == [[1.5] * 3] * 3
    assert j.shape == (3, 4)
    assert g == 6.0
    assert g.dtype == np.float32


def test_what_nobody_wrote_is_nan_or_no_index(parse: Parse, evaluate: Evaluate) -> None:
    module = parse("""func.func @f() -> (tensor<2xf32>, tensor<2xi32>) {
      %x = tensor.empty() : tensor<2xf32>
      %i = tensor.empty() : tensor<2xi32>
      func.return %x, %i : tensor<2xf32>, tensor<2xi32>
    }""")
    x, i = evaluate(module)
    assert np.isnan(x).all()
    assert (i < 0).all()


def test_types_without_a_numpy_type_are_refused() -> None:
    with pytest.raises(InterpretationError, match="no NumPy type for f16"):
        dtype_of(Float16Type())
    with pytest.raises(InterpretationError, match="no NumPy type for i7"):
        dtype_of(TensorType(IntegerType(7), [2]))
    assert dtype_of(IntegerType(1)) == np.dtype(bool)
    assert dtype_of(i32) == np.dtype(np.int32)


def test_a_shape_is_of_a_tensor() -> None:
    assert shape_of(TensorType(f32, [DYNAMIC_INDEX, 3]), (5,)) == (5, 3)
    with pytest.raises(InterpretationError, match="expected a tensor type, got f32"):
        shape_of(f32, ())


def test_a_constant_that_is_no_number_is_refused() -> None:
    op = arith.ConstantOp.create(properties={"value": StringAttr("x")}, result_types=[f32])
    with pytest.raises(InterpretationError, match='no constant of "x"'):
        interpreter(ModuleOp([])).run_op(op, ())


def test_an_operation_without_semantics_is_refused(parse: Parse) -> None:
    module = parse("""func.func @f(%x: f32) -> f32 {
      %y = math.cbrt %x : f32
      func.return %y : f32
    }""")
    found: Interpreter = interpreter(module)
    with pytest.raises(InterpretationError, match=r"math\.cbrt"):
        found.call_op("f", (np.float32(0),))


def test_a_slice_is_taken_out_and_another_one_put_in(parse: Parse) -> None:
    module = parse("""
    func.func @f(%x: tensor<4x3xf64>, %i: index, %v: tensor<3xf64>) -> (tensor<3xf64>, tensor<4x3xf64>) {
      %y = tensor.extract_slice %x[%i, 0] [1, 3] [1, 1] : tensor<4x3xf64> to tensor<3xf64>
      %z = tensor.insert_slice %v into %x[%i, 0] [1, 3] [1, 1] : tensor<3xf64> into tensor<4x3xf64>
      func.return %y, %z : tensor<3xf64>, tensor<4x3xf64>
    }""")
    x, v = np.arange(12.0).reshape(4, 3), np.full(3, -1.0)
    y, z = interpreter(module).call_op("f", (x, np.int64(2), v))
    np.testing.assert_array_equal(y, [6, 7, 8])
    np.testing.assert_array_equal(z[2], v)
    np.testing.assert_array_equal(np.delete(z, 2, 0), np.delete(x, 2, 0))
    assert x[2, 0] == 6
