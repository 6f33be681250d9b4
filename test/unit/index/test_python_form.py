"""Index notation in Python: the same records as the text, and places in the Python file."""

from __future__ import annotations

import linecache
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import anamc
from anamc import index
from anamc.errors import FrontendError

RNG = np.random.default_rng(0)
i, j, k, d, q, r = index.iterators("i j k d q r")


def same_module(p: index.Program, text: str) -> anamc.Program:
    """The program, once it is known to be that of the text; places in conditions may differ."""
    built, read = p.build(), anamc.parse(text, "ix", name=p.name)
    place = re.compile(r'"[^"]*:\d+:\d+: ')
    assert place.sub('"', str(built)) == place.sub('"', str(read))
    return built


def test_the_program_of_the_language_page_is_that_of_its_text() -> None:
    p = index.Program("net")
    x, y_ref = p.input("x", "n", 2), p.input("y_ref", "n", 4)
    src, dst = p.input("src", "e", type="index"), p.input("dst", "e", type="index")
    w, weights = p.input("w", "e"), p.param("W", 2, 4, init=(-0.1, 0.1))
    slope, n = p.const("slope", 0.1), p.size("n")
    hidden, act, blur, out, loss = (p.tensor(t) for t in ("hidden", "act", "blur", "out", "loss"))
    hidden[r, j] += x[r, k] * weights[k, j]
    act.flat[i] += index.select(hidden.flat[i] > 0.0, hidden.flat[i], slope * hidden.flat[i])
    with p.gradient(act) as grad:
        grad(hidden).flat[i] += index.select(hidden.flat[i] > 0.0, 1.0, slope) * grad(act).flat[i]
    blur[i] += x[i + d, 0] * 0.5 | (i[0 : n - 1], d[0:2])
    out.shape = [n]
    out[dst[q]] += w[q] * x[src[q], 0]
    loss[0] += index.sq(act.flat[i] - y_ref.flat[i]) / index.to_scalar(act.shape[0])
    p.output(act, blur, out, loss)
    text = """
        input x[n, 2] input y_ref[n, 4] input src[e] : index input dst[e] : index input w[e]
        param W[2, 4] = uniform(-0.1, 0.1) const slope = 0.1
        hidden[r, j] ++= x[r, k] * W[k, j] | (r, j, k)
        act{i} ++= select(hidden{i} > 0.0, hidden{i}, slope * hidden{i}) | i
        grad(act) by { grad(hidden){i} ++= select(hidden{i} > 0.0, 1.0, slope) * grad(act){i} | i }
        blur[i] ++= x[i + d, 0] * 0.5 | (i in 0..<n - 1, d in 0..<2)
        out.shape = [n]
        out[dst[q]] ++= w[q] * x[src[q], 0] | q
        loss[0] ++= sq(act{i} - y_ref{i}) / toScalar(act.shape[0]) | i
        output act, blur, out, loss
    """
    same_module(p, text)
    same_module(p, str(p))


def test_a_loop_builds_layers() -> None:
    def dense(x: index.Tensor, name: str, inputs: int, outputs: int) -> index.Tensor:
        p = x.program
        weights, y, act = p.param(name, inputs, outputs), p.tensor(), p.tensor()
        y[i, j] += x[i, k] * weights[k, j]
        act.flat[i] += index.tanh(y.flat[i])
        return act

    p = index.Program()
    x = p.input("x", "n", 3)
    widths = [3, 5, 4, 2]
    y = x
    for layer in range(3):
        y = dense(y, f"W{layer}", widths[layer], widths[layer + 1])
    p.output(y)
    program = p.build()
    params = anamc.init_params(program, seed=1, dtype="float64")
    expected = value = RNG.normal(size=(6, 3))
    for name in ("W0", "W1", "W2"):
        expected = np.tanh(expected @ params[name])
    found = anamc.jit(program, dtype="float64")(x=value, **params)[program.function().results[0].name]
    # rounding of another order of summation, and of another tanh
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_each_operator_is_that_of_the_text() -> None:
    p = index.Program()
    x, y = p.input("x", "n"), p.tensor("y")
    one = (x[i] + 1.0) * (2.0 - x[i]) / (3.0 * x[i] - 1.5) - -x[i] / (1.0 / x[i] + abs(x[i]))
    two = x[i] ** 2 + x[i] ** 3.0 + 2.0 ** x[i]
    three = index.select((x[i] > 0.0) & ~(x[i] >= 1.0) | (x[i] == 2.0), 1.0, -1.0)
    four = index.select((x[i] < 0.0) & (i <= 3) | (i != 2), 1.0, 2.0)
    five = index.to_scalar(i * 7 % 3 + 1 - i + (5 - i) // 2 + index.div(i, 2) + index.mod(-i, 3) + index.wrap(i, 4))
    y[i] += one + two + three + four + five
    y[i] -= +x[i]
    p.output(y)
    text = """
        input x[n]
        y[i] ++= (x[i] + 1.0) * (2.0 - x[i]) / (3.0 * x[i] - 1.5) - -x[i] / (1.0 / x[i] + abs(x[i]))
             + (sq(x[i]) + pow(x[i], 3.0) + pow(2.0, x[i]))
             + select(x[i] > 0.0 and not x[i] >= 1.0 or x[i] == 2.0, 1.0, -1.0)
             + select(x[i] < 0.0 and i <= 3 or i != 2, 1.0, 2.0)
             + toScalar(wrap(i * 7, 3) + 1 - i + floordiv(5 - i, 2) + (i div 2) + (-i mod 3) + wrap(i, 4)) | i
        y[i] ++= -x[i] | i
        output y
    """
    same_module(p, text)
    same_module(p, str(p))


def test_every_function_is_that_of_the_text() -> None:
    p = index.Program()
    x, y = p.input("x", "n"), p.tensor("y")
    names = ("sq", "sqrt", "exp", "expm1", "ln", "log1p", "log2", "log10", "sin", "cos", "tanh", "erf")
    for name in names:
        y[i] += getattr(index, name)(x[i])
    y[i] += index.min(x[i], 1.0) + index.max(x[i], 2.0) + index.pow(x[i], 0.5)
    y[i] += x[index.to_index(x[i])] * index.to_scalar(index.epoch())
    p.output(y)
    text = "input x[n]" + "".join(f" y[i] ++= {name}(x[i]) | i" for name in names)
    text += " y[i] ++= min(x[i], 1.0) + max(x[i], 2.0) + pow(x[i], 0.5) | i"
    same_module(p, text + " y[i] ++= x[toIndex(x[i])] * toScalar(epoch()) | i output y")


def test_shapes_lengths_and_arrays() -> None:
    p = index.Program()
    x, y = p.input("x", "n", 2), p.tensor("y")
    weights = p.const("weights", np.array([[0.25, 0.5], [1.0, 2.0]]))
    y[i, j] += weights[j][d] * x[i, d] + index.term([1.0, 2.0])[j] + index.to_scalar(x.len + x.shape.len + weights.len)
    y.shape = (x.shape[0], 2)
    p.output(y)
    text = """
        input x[n, 2] const weights = [[0.25, 0.5], [1.0, 2.0]]
        y[i, j] ++= weights[j][d] * x[i, d] + [1.0, 2.0][j] + toScalar(x.len + x.shape.len + weights.len) | (i, j, d)
        y.shape = [x.shape[0], 2]
        output y
    """
    same_module(p, text)


def test_listed_iterators_come_first_and_repeat_where_they_are_not_used() -> None:
    p = index.Program()
    x, y, z = p.input("x", 3), p.tensor("y"), p.tensor("z")
    y[i] += x[i] | k[0:4]
    z[i, j] += 1.0 | i[0:2] | j[1:3]
    p.output(y, z)
    program = same_module(
        p, "input x[3] y[i] ++= x[i] | (k in 0..<4, i) z[i, j] ++= 1.0 | (i in 0..<2, j in 1..<3) output y, z"
    )
    found = anamc.interpret(program, x=np.arange(3.0))
    np.testing.assert_array_equal(found["y"], 4 * np.arange(3.0))
    np.testing.assert_array_equal(found["z"], [[0, 1, 1], [0, 1, 1]])


def test_a_sum_in_a_variable_is_a_term() -> None:
    p = index.Program()
    x, y = p.input("x", "n", 1000), p.tensor("y")
    total: Any = x[i, 0]
    for column in range(1, 1000):
        total += x[i, column]
    y[i] += total
    p.output(y)
    x_ = RNG.normal(size=(3, 1000))
    np.testing.assert_allclose(anamc.interpret(p.build(), x=x_)["y"], x_.sum(axis=1), rtol=1e-11)


def test_what_is_used_twice_is_computed_once() -> None:
    p = index.Program()
    x, y = p.input("x", "n"), p.tensor("y")
    value: Any = x[i]
    for _ in range(60):  # 2 ** 60 terms if nothing were shared
        value = value * 0.5 + value * 0.5
    y[i] += value
    p.output(y)
    program = p.build()
    assert str(program).count("arith.mulf") == 120
    x_ = RNG.normal(size=4)
    np.testing.assert_allclose(anamc.interpret(program, x=x_)["y"], x_, rtol=1e-12)


def test_deep_terms_are_named() -> None:
    p = index.Program()
    x, y = p.input("x", "n"), p.tensor("y")
    value: Any = x[i]
    for _ in range(500):
        value = index.sin(value)
    y[i] += value
    p.output(y)
    expected = x_ = RNG.normal(size=4)
    for _ in range(500):
        expected = np.sin(expected)
    np.testing.assert_allclose(anamc.interpret(p.build(), x=x_)["y"], expected, rtol=1e-12)


def test_generated_names_avoid_those_that_are_there() -> None:
    p = index.Program()
    (v1,) = index.iterators("v1")
    x, t, v2 = p.input("x", "t0"), p.tensor(), p.tensor("v2")
    a = x[v1] + 1.0
    t[v1] += a * a
    v2[v1] += t[v1]
    p.output(v2)
    assert "t1[v1] ++= let v3 = x[v1] + 1.0; v3 * v3 | v1" in str(p)
    p.build()


# Errors -------------------------------------------------------------------------------------------------


def place_of(error: FrontendError, text: str) -> None:
    """The error points at `text` in this file."""
    assert error.place.file == __file__
    line = linecache.getline(__file__, error.place.line)
    assert line[error.place.column - 1 :].startswith(text), line
    assert line.rstrip("\n") in str(error)
    assert f"\n  {' ' * (error.place.column - 1)}^" in str(error)


def unbounded(p: index.Program) -> None:
    y = p.tensor("y")
    y[0] += 1.0 | k


def ranks(p: index.Program) -> None:
    x, y = p.input("x", "n", 2), p.tensor("y")
    y[i] += 2.0 * x[i]


def types(p: index.Program) -> None:
    x, y = p.input("x", "n"), p.tensor("y")
    y[i] += x[i] + 2


def outside(p: index.Program) -> None:
    x, y = p.input("x", 3), p.tensor("y")
    y[i] += x[i + 1] | i[0:3]


def input_written(p: index.Program) -> None:
    x = p.input("x", "n")
    x[i] += 1.0


def no_shape(p: index.Program) -> None:
    src, y = p.input("src", "e", type="index"), p.tensor("y")
    y[src[i]] += 1.0


def no_kernel(p: index.Program) -> None:
    y, z = p.tensor("y"), p.tensor("z")
    y[0] += 1.0
    with p.gradient(z) as grad:
        grad(y)[0] += 1.0


def gradient_too_early(p: index.Program) -> None:
    y, z = p.tensor("y"), p.tensor("z")
    y[0] += 1.0
    with p.gradient(z) as grad:
        grad(y)[0] += 1.0
    z[0] += 1.0


def twice(p: index.Program) -> None:
    p.input("x", "n")
    p.input("x", 3)


def element_type(p: index.Program) -> None:
    p.input("x", "n", type="float")


@pytest.mark.parametrize(
    ("wrong", "code", "text"),
    [
        (unbounded, "A1023", "1.0 | k"),
        (ranks, "A1021", "x[i]"),
        (types, "A1015", "x[i] + 2"),
        (outside, "A1024", "i + 1"),
        (input_written, "A1017", "x[i]"),
        (no_shape, "A1022", "src[i]"),
        (no_kernel, "A1018", "p.gradient(z)"),
        (gradient_too_early, "A1034", "p.gradient(z)"),
        (twice, "A1011", 'p.input("x", 3)'),
        (element_type, "A1019", 'p.input("x"'),
    ],
)
def test_errors_point_at_the_python_statement(wrong: Callable[[index.Program], None], code: str, text: str) -> None:
    p = index.Program()
    wrong(p)
    if "y[" in str(p):
        p.output(index.Tensor(p, "y"))
    with pytest.raises(FrontendError) as error:
        p.build()
    assert error.value.code == code
    place_of(error.value, text)


def test_a_program_without_output_points_at_its_beginning() -> None:
    p = index.Program()
    with pytest.raises(FrontendError, match="A1030") as error:
        p.build()
    line = linecache.getline(__file__, error.value.place.line)
    assert line[error.value.place.column - 1 :] == "index.Program()\n"


def test_conditions_name_the_python_file() -> None:
    p = index.Program()
    x, y = p.input("x", "n"), p.tensor("y")
    y[i] += x[i + 3] | i[0:2]
    p.output(y)
    with pytest.raises(anamc.CallError, match=r"test_python_form.py:\d+:") as error:
        anamc.interpret(p.build(), x=np.ones(4))
    assert "whose size is n" in str(error.value)


def assigned(p: index.Program, x: index.Tensor, y: index.Tensor) -> None:
    y[i] = x[i]


def assigned_sum(p: index.Program, x: index.Tensor, y: index.Tensor) -> None:
    y[i] = y[i] + x[i]


def multiplied(p: index.Program, x: index.Tensor, y: index.Tensor) -> None:
    y[i] *= 2.0


def truth(p: index.Program, x: index.Tensor, y: index.Tensor) -> None:
    y[i] += 1.0 if x[i] > 0.0 else 2.0  # pyright: ignore[reportGeneralTypeIssues]


def chained(p: index.Program, x: index.Tensor, y: index.Tensor) -> None:
    y[i] += index.select(0.0 < x[i] < 1.0, 1.0, 2.0)


def whole(p: index.Program, x: index.Tensor, y: index.Tensor) -> None:
    y[i] += 2.0 * x  # pyright: ignore[reportOperatorIssue]


def text(p: index.Program, x: index.Tensor, y: index.Tensor) -> None:
    y[i] += x[i] + "1"  # pyright: ignore[reportOperatorIssue]


def infinite(p: index.Program, x: index.Tensor, y: index.Tensor) -> None:
    y[i] += x[i] * np.inf


def huge(p: index.Program, x: index.Tensor, y: index.Tensor) -> None:
    y[i] += x[i + 2**31]


def foreign(p: index.Program, x: index.Tensor, y: index.Tensor) -> None:
    y[i] += x[i] + index.Program("q").input("z", "n")[i]


def foreign_kernel(p: index.Program, x: index.Tensor, y: index.Tensor) -> None:
    y[i] += index.Program("q").input("z", "n")[i] | i


def foreign_output(p: index.Program, x: index.Tensor, y: index.Tensor) -> None:
    p.output(index.Program("q").input("z", "n"))


def no_tensor(p: index.Program, x: index.Tensor, y: index.Tensor) -> None:
    p.output(x[i])  # pyright: ignore[reportArgumentType]


def point(p: index.Program, x: index.Tensor, y: index.Tensor) -> None:
    y[i] += x[i] | i[3]


def two_ranges(p: index.Program, x: index.Tensor, y: index.Tensor) -> None:
    y[i] += x[i] | (i[0:2], i[0:3])


def keyword(p: index.Program, x: index.Tensor, y: index.Tensor) -> None:
    p.tensor("let")


def flat_rank(p: index.Program, x: index.Tensor, y: index.Tensor) -> None:
    y.flat[i, j] += 1.0


def empty_gradient(p: index.Program, x: index.Tensor, y: index.Tensor) -> None:
    with p.gradient(y):
        pass


@pytest.mark.parametrize(
    ("wrong", "code", "at"),
    [
        (assigned, "A1054", "y[i] = x"),
        (assigned_sum, "A1054", "y[i] = y"),
        (multiplied, "A1054", "y[i] *="),
        (truth, "A1051", "x[i] > 0.0"),
        (chained, "A1051", "0.0 < x[i]"),
        (whole, "A1050", "2.0 * x"),
        (text, "A1050", 'x[i] + "1"'),
        (infinite, "A1005", "x[i] * np.inf"),
        (huge, "A1005", "i + 2**31"),
        (foreign, "A1052", "x[i] + index"),
        (foreign_kernel, "A1052", "y[i] +="),
        (foreign_output, "A1052", "p.output"),
        (no_tensor, "A1050", "p.output"),
        (point, "A1053", "i[3]"),
        (two_ranges, "A1053", "y[i] +="),
        (keyword, "A1055", "p.tensor"),
        (flat_rank, "A1021", "y.flat[i, j]"),
        (empty_gradient, "A1056", "p.gradient(y)"),
    ],
)
def test_misuse_is_refused_at_once(
    wrong: Callable[[index.Program, index.Tensor, index.Tensor], None], code: str, at: str
) -> None:
    p = index.Program()
    x, y = p.input("x", "n"), p.tensor("y")
    with pytest.raises(FrontendError) as error:
        wrong(p, x, y)
    assert error.value.code == code
    place_of(error.value, at)


def test_terms_are_not_iterated() -> None:
    p = index.Program()
    x = p.input("x", "n")
    with pytest.raises(TypeError, match="not iterable"):
        list(x)  # pyright: ignore[reportArgumentType]
    with pytest.raises(TypeError, match="not iterable"):
        list(x[i])  # pyright: ignore[reportArgumentType]


def test_a_gradient_that_fails_leaves_the_program_as_it_was() -> None:
    p = index.Program()
    x, y = p.input("x", "n"), p.tensor("y")
    y[i] += x[i]
    before = str(p)
    grad = p.gradient(y).__enter__()
    grad(x)[i] += grad(y)[i]
    grad.__exit__(KeyError)
    assert str(p) == before
