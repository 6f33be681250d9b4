"""Compiled loops give NumPy's numbers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from xdsl.dialects.builtin import ModuleOp

from anamc.errors import ToolError
from anamc.program import Array, Signature
from anamc.runtime.cache import Entry, ObjectCache
from anamc.runtime.callable import Function
from anamc.runtime.jit import Library, compile_module, compile_object, host_text, load, machine_key

Values = NDArray[Any]
FLOATS = {"float32": "f32", "float64": "f64"}
# A sum of 4 products and a tanh of libm: a few units in the last place of values of order 1.
TOLERANCE = {"float32": 2e-6, "float64": 4e-15}


def reference(params: Values, edges: Values, u: Values) -> Values:
    w1, b1, w2, b2 = params[:4], params[4:8], params[8:12], params[12]
    h = np.tanh(u * w1 + b1) @ w2 + b2
    y = np.zeros_like(h)
    np.add.at(y, edges[:, 0], -h[edges[:, 0]])
    np.add.at(y, edges[:, 1], h[edges[:, 0]])
    return y[:, None]


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize(("nodes", "edges"), [(50, 40), (1, 0), (1, 3), (0, 0)])
def test_network_equals_numpy(
    read: Callable[..., ModuleOp], signature: Signature, dtype: str, nodes: int, edges: int
) -> None:
    f = Function(signature, compile_module(read("net.mlir", FLOATS[dtype])), dtype)
    rng = np.random.default_rng(0)
    params = rng.normal(size=13).astype(dtype)
    u = rng.normal(size=(nodes, 1)).astype(dtype)
    edgelist = rng.integers(0, max(nodes, 1), (edges, 2)).astype(np.int32)
    y = f(params=params, edgelist=edgelist, u=u)["y"]
    assert y.dtype == dtype
    assert y.shape == (nodes, 1)
    np.testing.assert_allclose(y, reference(params, edgelist, u), rtol=0, atol=10 * TOLERANCE[dtype])


@pytest.mark.parametrize("dtype", FLOATS)
def test_two_entries_share_a_kernel(read: Callable[..., ModuleOp], dtype: str) -> None:
    library = compile_module(read("two.mlir", FLOATS[dtype]))
    x = np.arange(1, 8).astype(dtype)
    once = np.cumsum(x * [1, -1, 1, -1, 1, -1, 1])
    twice = np.cumsum(once * [1, -1, 1, -1, 1, -1, 1])
    for name, expected in (("sums", once), ("twice", twice)):
        signature = Signature(name, ("rows",), (Array("x", "float64", ("rows",)),), (Array("s", "float64", ("rows",)),))
        np.testing.assert_array_equal(
            Function(signature, library, dtype)(x=x)["s"], expected
        )  # small integers are exact


UNARY: dict[str, Callable[[Values], Values]] = {
    "math.exp": np.exp,
    "math.expm1": np.expm1,
    "math.log": np.log,
    "math.log1p": np.log1p,
    "math.log2": np.log2,
    "math.log10": np.log10,
    "math.tanh": np.tanh,
    "math.sin": np.sin,
    "math.cos": np.cos,
    "math.sqrt": np.sqrt,
    "math.rsqrt": lambda x: 1 / np.sqrt(x),
    "math.absf": np.abs,
    "math.floor": np.floor,
    "math.ceil": np.ceil,
    "math.erf": lambda x: 2 / np.sqrt(np.pi) * (x - x**3 / 3 + x**5 / 10 - x**7 / 42 + x**9 / 216 - x**11 / 1320),
    "arith.negf": np.negative,
}
BINARY: dict[str, Callable[[Values, Values], Values]] = {
    "arith.addf": np.add,
    "arith.subf": np.subtract,
    "arith.mulf": np.multiply,
    "arith.divf": np.divide,
    "arith.maximumf": np.maximum,
    "arith.minimumf": np.minimum,
    "arith.maxnumf": np.fmax,
    "arith.minnumf": np.fmin,
    "math.powf": np.power,
}


def elementwise(line: str, float_type: str) -> str:
    """A module that computes `%z` from `%x` and `%y` for each row."""
    arrays = "".join(
        f', %{a}: memref<?xT> {{anamc.name = "{a}", anamc.dims = ["n"], anamc.access = "{how}"}}'
        for a, how in (("a", "read"), ("b", "read"), ("c", "write"))
    )
    text = f"""
    func.func @op_eval(%n: i32{arrays}, %w: memref<?xi8> {{anamc.access = "workspace"}}) -> i32
        attributes {{anamc.entry = "op"}} {{
      %zero = arith.constant 0 : i32
      %m = arith.index_cast %n : i32 to index
      func.call @op(%m, %a, %b, %c) : (index, memref<?xT>, memref<?xT>, memref<?xT>) -> ()
      func.return %zero : i32
    }}
    func.func @op_workspace_size(%n: i32) -> i64 attributes {{anamc.workspace_of = "op"}} {{
      %zero = arith.constant 0 : i64
      func.return %zero : i64
    }}
    func.func private @op(%n: index{arrays}) attributes {{anamc.kernel}} {{
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      scf.for %i = %c0 to %n step %c1 {{
        %x = memref.load %a[%i] : memref<?xT>
        %y = memref.load %b[%i] : memref<?xT>
        {line}
        memref.store %z, %c[%i] : memref<?xT>
      }}
      func.return
    }}
    """
    return text.replace("xT>", f"x{float_type}>").replace(": T", f": {float_type}")


def compute(text: str, dtype: str, x: Values, y: Values, parse: Callable[[str], ModuleOp]) -> Values:
    arrays = [Array(name, dtype, ("n",)) for name in "abc"]
    f = Function(Signature("op", ("n",), (arrays[0], arrays[1]), (arrays[2],)), compile_module(parse(text)), dtype)
    return f(a=x.astype(dtype), b=y.astype(dtype))["c"]


X = np.array([0.25, 0.5, 0.11, 0.75, 0.31, 0.42, 0.07])
Y = np.array([0.5, 0.25, 0.75, 0.33, 0.31, 0.9, 0.2])


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("name", UNARY)
def test_function_of_one_argument_equals_numpy(name: str, dtype: str, parse: Callable[[str], ModuleOp]) -> None:
    z = compute(elementwise(f"%z = {name} %x : T", FLOATS[dtype]), dtype, X, Y, parse)
    x = X.astype(dtype).astype(np.float64)
    # The series of erf is cut after six terms, good to 1e-4 below 0.75.
    atol = 1e-3 if name == "math.erf" else 0
    np.testing.assert_allclose(z, UNARY[name](x), rtol=4 * TOLERANCE[dtype], atol=atol)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("name", BINARY)
def test_function_of_two_arguments_equals_numpy(name: str, dtype: str, parse: Callable[[str], ModuleOp]) -> None:
    z = compute(elementwise(f"%z = {name} %x, %y : T", FLOATS[dtype]), dtype, X, Y, parse)
    expected = BINARY[name](X.astype(dtype).astype(np.float64), Y.astype(dtype).astype(np.float64))
    np.testing.assert_allclose(z, expected, rtol=4 * TOLERANCE[dtype])


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("name", ["arith.maximumf", "arith.minimumf", "arith.maxnumf", "arith.minnumf"])
def test_nan_goes_through_maximum_but_not_through_maxnum(
    name: str, dtype: str, parse: Callable[[str], ModuleOp]
) -> None:
    x, y = np.array([np.nan, 1.0, np.nan] * 11), np.array([1.0, np.nan, np.nan] * 11)
    z = compute(elementwise(f"%z = {name} %x, %y : T", FLOATS[dtype]), dtype, x, y, parse)
    np.testing.assert_array_equal(z, BINARY[name](x, y))


@pytest.mark.parametrize("predicate", ["oeq", "ogt", "oge", "olt", "ole", "one", "ueq", "ult", "une", "uno", "ord"])
def test_comparison_of_floats_knows_nan(predicate: str, parse: Callable[[str], ModuleOp]) -> None:
    line = f"%b1 = arith.cmpf {predicate}, %x, %y : T\n%z = arith.select %b1, %x, %y : T"
    x, y = np.array([1.0, 2.0, 3.0, np.nan]), np.array([2.0, 2.0, 1.0, 1.0])
    z = compute(elementwise(line, "f64"), "float64", x, y, parse)
    ordered = {"eq": x == y, "gt": x > y, "ge": x >= y, "lt": x < y, "le": x <= y, "ne": (x < y) | (x > y)}
    nan = np.isnan(x) | np.isnan(y)
    special = {"uno": nan, "ord": ~nan}
    expected = special[predicate] if predicate in special else ordered[predicate[1:]] | (nan & (predicate[0] == "u"))
    np.testing.assert_array_equal(z, np.where(expected, x, y))


INTEGERS: dict[str, Callable[[Values, Values], Values]] = {
    "addi": np.add,
    "subi": np.subtract,
    "muli": np.multiply,
    "divsi": lambda x, y: np.trunc(x / y),
    "remsi": np.fmod,
    "floordivsi": np.floor_divide,
    "ceildivsi": lambda x, y: -(-x // y),
    "minsi": np.minimum,
    "maxsi": np.maximum,
    "andi": np.bitwise_and,
    "ori": np.bitwise_or,
    "xori": np.bitwise_xor,
}


@pytest.mark.parametrize("kind", ["index", "i32"])
@pytest.mark.parametrize("name", INTEGERS)
def test_integer_operation_equals_numpy(name: str, kind: str, parse: Callable[[str], ModuleOp]) -> None:
    narrow = "arith.trunci {0} : i64 to i32" if kind == "i32" else f"arith.index_cast {{0}} : i64 to {kind}"
    wide = "arith.extsi %r : i32 to i64" if kind == "i32" else f"arith.index_cast %r : {kind} to i64"
    line = f"""
        %xi = arith.fptosi %x : f64 to i64
        %yi = arith.fptosi %y : f64 to i64
        %p = {narrow.format("%xi")}
        %q = {narrow.format("%yi")}
        %r = arith.{name} %p, %q : {kind}
        %ri = {wide}
        %z = arith.sitofp %ri : i64 to f64"""
    x = np.array([7, -7, 7, -7, 6, -6, 0, 1])
    y = np.array([2, 2, -2, -2, 3, 3, 5, -4])
    z = compute(elementwise(line, "f64"), "float64", x, y, parse)
    np.testing.assert_array_equal(z, INTEGERS[name](x, y))


@pytest.mark.parametrize("predicate", ["eq", "ne", "slt", "sle", "sgt", "sge", "ult"])
def test_comparison_of_integers_equals_numpy(predicate: str, parse: Callable[[str], ModuleOp]) -> None:
    line = f"""
        %p = arith.fptosi %x : f64 to i64
        %q = arith.fptosi %y : f64 to i64
        %b1 = arith.cmpi {predicate}, %p, %q : i64
        %z = arith.select %b1, %x, %y : T"""
    x, y = np.array([1.0, 2.0, 3.0, -1.0]), np.array([2.0, 2.0, 1.0, 1.0])
    unsigned = np.array([True, False, False, False])
    compare = {"eq": x == y, "ne": x != y, "slt": x < y, "sle": x <= y, "sgt": x > y, "sge": x >= y, "ult": unsigned}
    z = compute(elementwise(line, "f64"), "float64", x, y, parse)
    np.testing.assert_array_equal(z, np.where(compare[predicate], x, y))


def test_conversion_to_integer_saturates(parse: Callable[[str], ModuleOp]) -> None:
    line = "%k = arith.fptosi %x : f64 to i32\n%z = arith.sitofp %k : i32 to f64"
    x = np.array([1.9, -1.9, 1e300, -1e300, np.nan])
    z = compute(elementwise(line, "f64"), "float64", x, x, parse)
    np.testing.assert_array_equal(z, [1, -1, 2**31 - 1, -(2**31), 0])


def test_conversions_between_floats_round(parse: Callable[[str], ModuleOp]) -> None:
    line = "%s = arith.truncf %x : f64 to f32\n%z = arith.extf %s : f32 to f64"
    x = np.array([0.1, 1.5])
    z = compute(elementwise(line, "f64"), "float64", x, x, parse)
    np.testing.assert_array_equal(z, x.astype(np.float32))


def test_fma_is_rounded_once(parse: Callable[[str], ModuleOp]) -> None:
    x = np.array([1 + 2.0**-30])
    y = np.array([-(1 + 2.0**-29)])
    z = compute(elementwise("%z = math.fma %x, %x, %y : T", "f64"), "float64", x, y, parse)
    np.testing.assert_array_equal(z, [2.0**-60])


def test_same_module_gives_same_text(read: Callable[..., ModuleOp]) -> None:
    assert host_text(read("net.mlir")) == host_text(read("net.mlir"))


def test_compiling_leaves_the_module_as_it_is(read: Callable[..., ModuleOp]) -> None:
    module = read("net.mlir")
    before = str(module)
    compile_module(module)
    assert str(module) == before


def test_second_compilation_comes_from_the_disk(
    read: Callable[..., ModuleOp], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = compile_object(read("net.mlir"), disk=ObjectCache(tmp_path / "c"))
    monkeypatch.setattr("anamc.runtime.jit.compile_library", lambda *_: pytest.fail("compiled again"))
    assert compile_object(read("net.mlir"), disk=ObjectCache(tmp_path / "c")) == first
    assert first.meta["symbols"] == ["net_eval", "net_workspace_size"]


def test_key_of_the_machine_has_the_level() -> None:
    assert machine_key(0) != machine_key(3)


def test_unknown_symbol_is_named(read: Callable[..., ModuleOp]) -> None:
    library = compile_module(read("net.mlir"), opt=0)
    with pytest.raises(ToolError, match=r"A0755.*no function 'nothing'\n  it has net_eval, net_workspace_size"):
        library.address("nothing")


def test_damaged_object_code_is_refused() -> None:
    with pytest.raises(ToolError, match="A0754"):
        Library(b"no object code", ("net_eval",))


def test_object_code_without_the_function_is_refused(read: Callable[..., ModuleOp]) -> None:
    entry = compile_object(read("net.mlir"), opt=0)
    with pytest.raises(ToolError, match="A0754"):
        Library(entry.code, ("net_eval", "nothing"))


def test_entry_without_symbols_is_refused() -> None:
    with pytest.raises(ToolError, match=r"A0754.*\n.*does not name its functions"):
        load(Entry(b""))


def test_warm_start_imports_neither_passes_nor_printer() -> None:
    code = "import sys, anamc.runtime.jit; print([m for m in sys.modules if m.startswith('anamc.transforms.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    printer = "import sys, anamc.runtime.jit; sys.exit('anamc.backends.llvm_ir.printer' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", printer], check=False).returncode == 0
