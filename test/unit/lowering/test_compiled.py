"""Where values live when kernels are lowered: machine code gives what the interpreter gives, in the corners."""

from typing import Any

import numpy as np
import pytest

import anamc

KERNEL = """func.func @f(%x: tensor<5x4xf64>, %t: tensor<4xi32>) -> ({types}) {{
  %c = arith.constant 0.0 : f64
  %e = tensor.empty() : tensor<5x4xf64>
  %e1 = tensor.empty() : tensor<5xf64>
  {results} = kernel.rows r = 5 read(%x[r] : tensor<5x4xf64>, %t : tensor<4xi32>) {writes} {{
  ^bb0(%r: index, %v: tensor<4xf64>, %k: tensor<4xi32>):
    {body}
  }}
  func.return {results} : {types}
}}"""


def nest(
    result: str, ranges: str, reads: str, write: str, args: str, value: str = "%p", type: str = "tensor<4xf64>"
) -> str:
    combiner, place = write.split(" ", 1)
    extra = "" if value != "mul" else "%m = arith.mulf %p, %q : f64\n"
    yielded = "%m" if value == "mul" else value
    return f"""{result} = nest.map ({ranges}) read({reads}) {combiner}({place} : {type}) {{
    ^bb1({args}):
      {extra} nest.yield {yielded} : f64
    }}"""


COPY = nest("%a", "i = 4", "%v[i] : tensor<4xf64>", "set %e0[i]", "%i: index, %p: f64")
REVERSE = nest("%b", "i = 4", "%a[3 - i] : tensor<4xf64>", "set %e0[i]", "%i: index, %p: f64")
CASES = {
    "an array is read at another place than it is written": f"{COPY}\n{REVERSE}\nkernel.yield %b : tensor<4xf64>",
    "a local array is read at another place than the next one is written": (
        f"{COPY}\n{REVERSE}\n"
        + nest("%d", "i = 4", "%b[i] : tensor<4xf64>, %v[i] : tensor<4xf64>", "set %e0[i]",
               "%i: index, %p: f64, %q: f64", "mul")
        + "\nkernel.yield %d : tensor<4xf64>"
    ),
    "a scalar that nothing is set to": (
        "%z = tensor.splat %c : tensor<f64>\n"
        + nest("%s", "i = 0", "%v[i] : tensor<4xf64>", "set %z", "%i: index, %p: f64", type="tensor<f64>")
        + "\n"
        + nest("%b", "i = 4", "%s : tensor<f64>", "set %e0[i]", "%i: index, %p: f64")
        + "\nkernel.yield %b : tensor<4xf64>"
    ),
    "a result starts from a value that is still read": (
        f"{COPY}\n"
        + nest("%b", "i = 4", "%v[3 - i] : tensor<4xf64>", "add %a[i]", "%i: index, %p: f64")
        + "\n"
        + nest("%d", "i = 4", "%a[i] : tensor<4xf64>", "add %b[3 - i]", "%i: index, %p: f64")
        + "\nkernel.yield %d : tensor<4xf64>"
    ),
    "a result starts from what is read in the same nest": (
        f"{COPY}\n"
        + nest("%b", "i = 4", "%a[3 - i] : tensor<4xf64>", "add %a[i]", "%i: index, %p: f64")
        + "\nkernel.yield %b : tensor<4xf64>"
    ),
    "a result starts from a row that is read": (
        nest("%b", "i = 4, j = 4", "%v[j] : tensor<4xf64>, %v[i] : tensor<4xf64>", "add %v[i]",
             "%i: index, %j: index, %p: f64, %q: f64", "mul")
        + "\nkernel.yield %b : tensor<4xf64>"
    ),
    "the rest of a result that is partly set": (
        f"{COPY}\n"
        + nest("%b", "i = 2", "%v[i] : tensor<4xf64>", "set %a[2 * i + 1]", "%i: index, %p: f64")
        + "\nkernel.yield %b : tensor<4xf64>"
    ),
    "nothing is set": (
        f"{COPY}\n"
        + nest("%b", "i = 0", "%v[i] : tensor<4xf64>", "set %a[i]", "%i: index, %p: f64")
        + "\nkernel.yield %b : tensor<4xf64>"
    ),
    "an element through a table": (
        f"{COPY}\n"
        + nest("%b", "i = 4", "%a[%k[i]] : tensor<4xf64>", "add %v[%k[3 - i]]", "%i: index, %p: f64")
        + "\nkernel.yield %b : tensor<4xf64>"
    ),
    "a row that is returned as it came": "kernel.yield %v : tensor<4xf64>",
    "an update in place several times": (
        f"{COPY}\n"
        + nest("%b", "i = 4", "%v[i] : tensor<4xf64>", "add %a[i]", "%i: index, %p: f64")
        + "\n"
        + nest("%d", "i = 3", "%v[i + 1] : tensor<4xf64>", "max %b[i]", "%i: index, %p: f64")
        + "\n"
        + nest("%g", "i = 4, j = 4", "%v[j] : tensor<4xf64>", "min %d[i]", "%i: index, %j: index, %p: f64")
        + "\nkernel.yield %g : tensor<4xf64>"
    ),
}  # fmt: skip


def compare(text: str, **values: Any) -> None:
    program = anamc.parse(text)
    expected = anamc.interpret(program, **values)
    found = anamc.jit(program)(**values)
    for name, value in expected.items():
        # Sums in another order.
        np.testing.assert_allclose(found[name], value, rtol=1e-13, err_msg=name)


@pytest.mark.parametrize("name", CASES)
def test_places_of_row_values(name: str) -> None:
    body = "%e0 = tensor.empty() : tensor<4xf64>\n" + CASES[name]
    text = KERNEL.format(results="%y", types="tensor<5x4xf64>", writes="write(%e[r] : tensor<5x4xf64>)", body=body)
    x = np.random.default_rng(0).standard_normal((5, 4))
    compare(text, x=x, t=np.array([2, 0, 2, 3], np.int32))


def test_a_value_that_is_two_results_and_read_again() -> None:
    total = nest("%s", "i = 4", "%a[i] : tensor<4xf64>", "add %z", "%i: index, %p: f64", type="tensor<f64>")
    body = f"""%e0 = tensor.empty() : tensor<4xf64>
    %z = tensor.splat %c : tensor<f64>
    {COPY}
    {REVERSE}
    {total}
    kernel.yield %a, %b, %a, %s : tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<f64>"""
    rows = "tensor<5x4xf64>"
    text = KERNEL.format(
        results="%w, %y, %z0, %u",
        types=f"{rows}, {rows}, {rows}, tensor<5xf64>",
        writes=f"write(%e[r] : {rows}, %e[r] : {rows}, %e[r] : {rows}, %e1[r] : tensor<5xf64>)",
        body=body,
    )
    x = np.random.default_rng(0).standard_normal((5, 4))
    compare(text, x=x, t=np.zeros(4, np.int32))


def test_what_is_returned_twice_read_later_or_an_argument() -> None:
    text = """func.func @f(%x: tensor<?x1xf64>)
        -> (tensor<?x1xf64>, tensor<?x1xf64>, tensor<?x1xf64>, tensor<?x1xf64>) {
      %a = mlp.silu %x : tensor<?x1xf64>
      %b = mlp.silu %a : tensor<?x1xf64>
      func.return %a, %b, %a, %x : tensor<?x1xf64>, tensor<?x1xf64>, tensor<?x1xf64>, tensor<?x1xf64>
    }"""
    for rows in (0, 1, 7):
        compare(text, x=np.linspace(-1, 1, rows).reshape(rows, 1))


def test_parts_of_a_computed_vector_outlive_it() -> None:
    move = """%e{k} = tensor.empty() : tensor<4xf64>
      %r{k} = nest.map (i = 4) read({source}[3 - i] : tensor<4xf64>) set(%e{k}[i] : tensor<4xf64>) {{
      ^bb0(%i: index, %v: f64):
        nest.yield %v : f64
      }}"""
    moves = [move.format(k=k, source=f"%r{k - 1}" if k else "%p") for k in range(4)]
    text = f"""func.func @f(%p: tensor<4xf64>) -> (tensor<2xf64>, tensor<2x1xf64>, tensor<4xf64>) {{
      %q = arith.mulf %p, %p : tensor<4xf64>
      %all = mlp.unpack %q at 0 : tensor<4xf64> to tensor<4xf64>
      %a, %b = mlp.unpack %all at 0 : tensor<4xf64> to tensor<2xf64>, tensor<2x1xf64>
      {" ".join(moves)}
      %t = arith.addf %a, %a : tensor<2xf64>
      func.return %t, %b, %r3 : tensor<2xf64>, tensor<2x1xf64>, tensor<4xf64>
    }}"""
    compare(text, p=np.array([1.0, 2.0, 3.0, 4.0]))


def test_rows_outside_of_a_partial_write_stay() -> None:
    text = """func.func @f(%x: tensor<6x2xf64>, %y: tensor<3x2xf64>) -> tensor<6x2xf64> {
      %a = arith.mulf %x, %x : tensor<6x2xf64>
      %r = kernel.rows r = 3 read(%y[r] : tensor<3x2xf64>) write(%a[r + 2] : tensor<6x2xf64>) {
      ^bb0(%r: index, %v: tensor<2xf64>):
        kernel.yield %v : tensor<2xf64>
      }
      func.return %r : tensor<6x2xf64>
    }"""
    compare(text, x=np.arange(12.0).reshape(6, 2), y=-np.ones((3, 2)))
