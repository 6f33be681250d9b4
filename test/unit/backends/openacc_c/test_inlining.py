"""What becomes part of an expression, where IR text cannot show it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from xdsl.dialects.builtin import FloatAttr, ModuleOp, f32, f64
from xdsl.utils.exceptions import DiagnosticException

from anamc.backends.openacc_c import emit_c
from anamc.backends.openacc_c.c_types import literal
from anamc.backends.openacc_c.expressions import Expr, Level, binary, negative

Parse = Callable[[str], ModuleOp]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.1, "0.1f"), (1 / 3, "0.33333334f"), (16777217.0, "16777216.0f"), (1e-45, "1e-45f"), (2.5e10, "25000000000.0f")],
)
def test_a_float_literal_is_the_shortest_that_gives_the_number_back(value: float, text: str) -> None:
    assert literal(FloatAttr(value, f32)) == text
    assert literal(FloatAttr(value, f64)) == repr(value)


def test_a_number_too_large_for_a_float_is_infinite() -> None:
    assert literal(FloatAttr(1.0, f64)) == "1.0"
    assert literal(FloatAttr(float("inf"), f32)) == "INFINITY"


@pytest.mark.parametrize("operator", ["+", "-"])
def test_two_signs_never_meet(operator: str) -> None:
    a = Expr("a")
    assert binary(operator, a, negative(a)).text == f"a {operator} (-a)"
    assert negative(negative(a)).text == "-(-a)"
    assert negative(Expr("-1", Level.UNARY)).text == "-(-1)"


def chain(length: int) -> str:
    """A function with `length` loads, sums and stores in one block."""
    lines = [
        f"%x{k} = memref.load %a[%c0] : memref<2xf32>\n%y{k} = arith.addf %x{k}, %x{k} : f32\n"
        f"memref.store %y{k}, %a[%c1] : memref<2xf32>"
        for k in range(length)
    ]
    text = "\n".join(lines)
    return f"""
func.func @f(%a: memref<2xf32> {{anamc.name = "a"}}) {{
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  {text}
  func.return
}}"""


def test_printing_takes_work_in_proportion_to_length(
    parse: Parse, calls: Callable[[Callable[[], object]], int]
) -> None:
    work: list[int] = []
    for length in (500, 2000):
        module = parse(chain(length))
        work.append(calls(lambda module=module: emit_c(module, "f")))
    assert work[1] < 4.5 * work[0], "four times the length must not take sixteen times as much"


def test_long_chains_of_sums_do_not_nest_deeply(parse: Parse) -> None:
    sums = "\n".join(f"%s{k + 1} = arith.addf %s{k}, %s0 : f32" for k in range(3000))
    text = f'func.func @f(%s0: f32 {{anamc.name = "x"}}) -> f32 {{\n{sums}\nfunc.return %s3000 : f32\n}}'
    code = emit_c(parse(text), "f")["src/f_kernels.c"]
    assert max(map(len, code.splitlines())) < 200
    assert code.count(" + ") == 3000


def test_unused_values_are_not_printed(parse: Parse) -> None:
    code = emit_c(parse("func.func @f(%x: f32) {\n%y = math.exp %x : f32\n%z = math.exp %y : f32\nfunc.return\n}"), "f")
    assert "exp" not in code["src/f_kernels.c"]
    assert "(void)x;" in code["src/f_kernels.c"]


def test_many_names_alike_stay_different(parse: Parse) -> None:
    arguments = ", ".join(f'%a{k}: f32 {{anamc.name = "a b"}}' for k in range(3))
    header = emit_c(parse(f"func.func @f({arguments}) {{ func.return }}"), "f")["include/f.h"]
    assert "void f(float a_b, float a_b_2, float a_b_3);" in header


def test_a_literal_of_another_type_is_refused() -> None:
    with pytest.raises(DiagnosticException, match="cannot print the constant"):
        literal(f32)
