"""The module that a program becomes: signature, attributes, places, and its text."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from xdsl.dialects import func
from xdsl.dialects.builtin import ArrayAttr, FileLineColLoc, ModuleOp, StringAttr

import anamc
from anamc.dialects import ad, nest
from anamc.frontends.index_notation import parse_index_program
from anamc.program import Program


def function(module: ModuleOp) -> func.FuncOp:
    (op,) = module.ops
    assert isinstance(op, func.FuncOp)
    return op


def nests(module: ModuleOp) -> list[nest.MapOp]:
    return [op for op in module.walk() if isinstance(op, nest.MapOp)]


def requirements(text: str) -> list[str]:
    found = function(parse_index_program(text)).attributes.get("anamc.requires")
    pairs = found if isinstance(found, ArrayAttr) else []
    return [p.data[0].data for p in pairs if isinstance(p, ArrayAttr) and isinstance(p.data[0], StringAttr)]


def shape(text: str, name: str = "y") -> str:
    """The declared dimensions of a result."""
    results = Program(parse_index_program(text)).function().results
    return ", ".join(str(d) for r in results if r.name == name for d in r.dims)


def test_the_signature_has_sizes_then_arguments_in_order() -> None:
    text = """
        param W[k, 3] = uniform(-0.5, 0.25) input x[n, k] input at[n] : index input spare[2]
        y[i, j] ++= x[i, k0] * W[k0, j] * toScalar(at[i]) | (i, j, k0) output y
    """
    signature = Program(parse_index_program(text, "dir/net.ix")).function()
    assert signature.name == "net"
    assert signature.sizes == ("k", "n")
    assert [(a.name, a.dtype, a.dims, a.used) for a in signature.arguments] == [
        ("W", "float64", ("k", 3), True),
        ("x", "float64", ("n", "k"), True),
        ("at", "int32", ("n",), True),
        ("spare", "float64", (2,), False),
    ]
    assert [(r.name, r.dims) for r in signature.results] == [("y", ("n", 3))]


def test_a_param_says_how_it_begins() -> None:
    text = "param W[2] = uniform(-0.5, 0.25) param V[2] y{i} ++= W{i} * V{i} | i output y"
    attributes = [str(a) for a in function(parse_index_program(text)).arg_attrs or ()]
    assert 'anamc.init = ["uniform", -5.000000e-01 : f64, 2.500000e-01 : f64]' in attributes[0]
    assert 'anamc.init = ["uniform", -1.000000e-01 : f64, 1.000000e-01 : f64]' in attributes[1]


@pytest.mark.parametrize(
    ("file", "name", "wanted"),
    [("a/net.ix", None, "net"), ("<string>", None, "program"), ("net.ix", "other", "other")],
)
def test_the_name_of_the_function(file: str, name: str | None, wanted: str) -> None:
    assert function(parse_index_program("y[0] ++= 1.0 output y", file, name)).sym_name.data == wanted


def test_parse_takes_the_name() -> None:
    assert anamc.parse("y[0] ++= 1.0 output y", format="ix", name="net").function().name == "net"


def test_operations_have_the_place_of_their_kernel() -> None:
    module = parse_index_program("y[0] ++= 1.0\n  z[0] ++= 2.0 output y, z", "net.ix")
    places = [op.location for op in nests(module)]
    assert [(p.filename.data, p.line.data, p.column.data) for p in places if isinstance(p, FileLineColLoc)] == [
        ("net.ix", 1, 1),
        ("net.ix", 2, 3),
    ]


def test_a_custom_gradient_is_a_rule_of_its_kernel() -> None:
    text = "input x[n] y{i} ++= x{i} | i grad(y) by { grad(x){i} ++= 2.0 * grad(y){i} | i } y{i} ++= 1.0 | i output y"
    module = parse_index_program(text)
    kernel, gradient, second = nests(module)
    functions = [op for op in module.ops if isinstance(op, func.FuncOp)]
    assert [f.sym_name.data for f in functions] == ["program_y_1", "program_y_1_vjp", "program"]
    assert [n.parent_op() for n in (kernel, gradient, second)] == functions
    (custom,) = [op for op in module.ops if isinstance(op, ad.CustomOp)]
    assert custom.chosen(functions[0]) == ((0, 1), (), (1, 2))


def test_the_text_of_a_module_is_read_back() -> None:
    text = """
        input x[n, m] input s[e] : index
        y[i, j] ++= x[i, wrap(s[j] + i, m)] * toScalar(i div (j + 1)) | (i, j in 0..<s.len)
        z{i} ++= sin(y{i}) | i
        output z
    """
    printed = str(anamc.parse(text, format="ix"))
    assert str(anamc.parse(printed, format="mlir")) == printed


def test_flat_data_of_one_shape_needs_no_division() -> None:
    (op,) = nests(parse_index_program("input x[n, m] input w[n, m] y{i} ++= x{i} * w{i} | i output y"))
    assert len(op.ranges.data) == 2
    assert all(a.is_identity() for a in op.read_accesses)


def test_equal_reads_are_one_read() -> None:
    (op,) = nests(parse_index_program("input x[n] y[i] ++= x[i] * x[i] + x[i] | i output y"))
    assert len(op.reads) == 1


def test_sizes_that_must_agree_are_conditions() -> None:
    assert requirements("input x[n] input z[m] y[i] ++= x[i] * z[i] | i output y") == ["n == m"]
    assert requirements("input x[n] input z[3] y[i] ++= x[i] * z[i] | i output y") == ["3 == n"]
    assert requirements("input x[n] y[i] ++= x[i] | i output y") == []


def test_indices_that_may_be_outside_are_conditions() -> None:
    assert requirements("input x[n] y[i] ++= x[i] | i in 0..<5 output y") == ["n - 5 >= 0"]
    assert requirements("input x[n] input z[m] y[i] ++= x[i] | i in 0..<m output y") == ["m <= 0 or n - m >= 0"]
    assert requirements("input x[n] y[i] ++= x[i] + x[i + 1] | i in 0..<n - 1 output y") == ["n - 1 >= 0"]
    assert requirements("input x[n, m] y[i] ++= x[i, 0] / toScalar(7 mod m) | i output y") == [
        "n <= 0 or m >= 1",
        "n <= 0 or m - 1 >= 0",
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("input x[n, 3] y[j, i] ++= x[i, j] | (i, j) output y", "3, n"),
        ("input x[n] y[2 * i + 1] ++= x[i] | i output y", "2 * n"),
        ("input x[n] y[i] ++= x[2 * i] | i output y", "(n + 1) floordiv 2"),
        ("input x[n] y[i] ++= x[i + 1] | i output y", "n - 1"),
        ("input x[n] y[i] ++= x[i - 1] + x[i + 1] | i output y", "n - 1"),
        ("input x[n] input f[m] y[i] ++= x[i + d] * f[d] | (i, d) output y", "n - m + 1"),
        ("input x[n] y[i div 2] ++= x[i] | i output y", "(n + 1) floordiv 2"),
        ("input x[n] y[i mod 4] ++= x[i] | i output y", "4"),
        ("y[2 * i] ++= 1.0 | i in 3..<5 output y", "9"),
        ("y[4 - i] ++= 1.0 | i in 0..<5 output y", "5"),
        ("y[wrap(2 * i, 10)] ++= 1.0 | i in 0..<5 output y", "9"),
        ("input x[n] y[i] ++= x[i] | i y[i] ++= 1.0 | i in 0..<3 output y", "max(n, 3)"),
        ("input x[n] y[i] ++= x[i] | i y[i + 1] ++= x[i] | i output y", "n + 1"),
        ("input x[n, 2] y{i} ++= x{i} | i output y", "n, 2"),
        ("input x[n, 2] y{i} ++= x{i} | i in 0..<3 output y", "n, 2"),
        ("input x[n, 2] y{2 * i} ++= x{i} | i output y", "4 * n - 1"),
        ("input x[n, 2] y{i} ++= x{i} | i z[i] ++= y[i] | i output y", "2 * n"),
        ("y{i} ++= 1.0 | i in 0..<3 output y", "3"),
        ("input x[n, 2] input w[2] y[i, j] ++= x[i, j] | (i, j) y[i, j] ++= w[j] | (i, j) output y", "n, 2"),
        ("input x[n] y.shape = [n, 2] y[i, j] ++= x[i] | (i, j) output y", "n, 2"),
        ("input x[n] z[i] ++= x[i + 1] | i y[i] ++= 1.0 | i in 0..<z.len output y", "n - 1"),
        ("input x[n] a[i] ++= x[i] | i b[i] ++= a[i] | i a[i] ++= b[i] | i y[i] ++= a[i] | i output y", "n"),
        ("input x y[i, j] ++= x[i, j] | (i, j) output y", "x_size_0, x_size_1"),
        ("input x_size_0[2] input x y[i] ++= x[i] | i output y", "x_size_0_"),
    ],
)
def test_inferred_shapes(text: str, wanted: str) -> None:
    assert shape(text) == wanted


def test_the_order_of_shapes_does_not_matter() -> None:
    text = "input x[n] t[i] ++= x[i] | i y[0] ++= t[i] | i output y"
    one = str(parse_index_program("t.shape = [x.shape[0] + 2] " + text))
    assert one == str(parse_index_program(text + " t.shape = [x.shape[0] + 2]"))


def test_a_long_program_is_read_with_work_linear_in_its_length(
    calls: Callable[[Callable[[], object]], int],
) -> None:
    def kernels(count: int) -> str:
        rows = (f"t{k + 1}[i, j] ++= t{k}[i, j] * 0.5 | (i, j)\nt{k + 1}[i, j] ++= b[j] | (i, j)" for k in range(count))
        return "input x[n, 8] input b[8]\nt0{i} ++= x{i} | i\n" + "\n".join(rows) + f"\noutput t{count}"

    def work(count: int) -> int:
        text = kernels(count)
        return calls(lambda: parse_index_program(text))

    work(5)
    assert work(200) < 4.5 * work(50)  # 4 times the length; a quadratic one takes 16 times as much


def test_shapes_do_not_depend_on_recursion() -> None:
    rows = "\n".join(f"u{k}[i] ++= u{k - 1}[i] | i" for k in range(1, 1500))
    text = f"input x[n] acc[i] ++= x[i] | i u0[i] ++= x[i] | i\n{rows}\nacc[i] ++= u1499[i] | i output acc"
    assert shape(text, "acc") == "n"
