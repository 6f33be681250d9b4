"""What programs compute: the examples of the language against NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

Evaluate = Callable[..., dict[str, NDArray[Any]]]
RNG = np.random.default_rng(0)


def normal(*shape: int) -> NDArray[Any]:
    return RNG.normal(size=shape)


def same(found: NDArray[Any], wanted: Any) -> None:
    """Equal in shape, and in value up to the rounding of another order of summation."""
    wanted = np.asarray(wanted, np.float64)
    assert found.shape == wanted.shape
    np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-12)


def test_the_program_of_the_language_page(evaluate: Evaluate) -> None:
    text = """
        input  x[n, 2]                                # sizes: numbers, or names
        input  y_ref[n, 4]
        input  src[e] : index                         # integer arrays
        input  dst[e] : index
        input  w[e]
        param  W[2, 4] = uniform(-0.1, 0.1)
        const  slope = 0.1
        hidden[r, j] ++= x[r, k] * W[k, j]                                   | (r, j, k)
        act{i}       ++= select(hidden{i} > 0.0, hidden{i}, slope * hidden{i}) | i
        grad(act) by { grad(hidden){i} ++= select(hidden{i} > 0.0, 1.0, slope) * grad(act){i} | i }
        blur[p]      ++= x[p + d, 0] * 0.5                                   | (p in 0..<n - 1, d in 0..<2)
        out.shape = [n]                                                      # the index is data
        out[dst[q]]  ++= w[q] * x[src[q], 0]                                 | q
        loss[0]      ++= sq(act{i} - y_ref{i}) / toScalar(act.shape[0])      | i
        output act, blur, out, loss
    """
    x, y_ref, weights, w = normal(5, 2), normal(5, 4), normal(2, 4), normal(7)
    src, dst = RNG.integers(0, 5, 7), RNG.integers(0, 5, 7)
    found = evaluate(text, x=x, y_ref=y_ref, src=src, dst=dst, w=w, W=weights)
    hidden = x @ weights
    act = np.where(hidden > 0, hidden, 0.1 * hidden)
    out = np.zeros(5)
    np.add.at(out, dst, w * x[src, 0])
    same(found["act"], act)
    same(found["blur"], 0.5 * (x[:-1, 0] + x[1:, 0]))
    same(found["out"], out)
    same(found["loss"], [((act - y_ref) ** 2).sum() / 5])


def test_matrix_product(evaluate: Evaluate) -> None:
    a, b = normal(4, 3), normal(3, 5)
    text = "input a[m, k] input b[k, n] c[y, x] ++= a[y, it] * b[it, x] | (y, x, it) output c"
    same(evaluate(text, a=a, b=b)["c"], a @ b)


def test_a_convolution_infers_its_range_from_what_stays_inside(evaluate: Evaluate) -> None:
    signal, filter_ = normal(9), normal(4)
    text = "input s[n] input f[m] c[x] ++= s[x + d] * f[d] | (x, d) output c"
    same(evaluate(text, s=signal, f=filter_)["c"], np.correlate(signal, filter_, "valid"))


def test_a_convolution_in_two_dimensions(evaluate: Evaluate) -> None:
    images, filters = normal(2, 6, 5, 3), normal(4, 3, 2, 3)
    text = """
        input images[b, h, w, 3] input filters[4, 3, 2, 3]
        out[i, y, x, f] ++= images[i, y + dy, x + dx, c] * filters[f, dy, dx, c] | (i, y, x, f, dy, dx, c)
        output out
    """
    windows = np.lib.stride_tricks.sliding_window_view(images, (3, 2), (1, 2))
    same(evaluate(text, images=images, filters=filters)["out"], np.einsum("iyxcab,fabc->iyxf", windows, filters))


def test_explicit_bounds_shift_what_is_written(evaluate: Evaluate) -> None:
    x = normal(6)
    text = "input x[6] y[i - 2] ++= x[i] | i in 2..<5  z[i + 2] ++= x[i] | i  output y, z"
    found = evaluate(text, x=x)
    same(found["y"], x[2:5])
    same(found["z"], np.concatenate([[0, 0], x]))


def test_an_inclusive_range_reaches_its_end(evaluate: Evaluate) -> None:
    same(evaluate("y[i] ++= toScalar(i) | i in 0..4 output y")["y"], np.arange(5))


def test_transposes(evaluate: Evaluate) -> None:
    x = normal(3, 4, 2)
    text = "input x[a, b, c] y[k, i, j] ++= x[i, j, k] | (i, j, k) output y"
    same(evaluate(text, x=x)["y"], x.transpose(2, 0, 1))


def test_upsampling_takes_its_shape_from_another_tensor(evaluate: Evaluate) -> None:
    images = normal(2, 3, 2, 1)
    text = """
        input images[n, h, w, c]
        up[image, y, x, chan] ++= images[image, y div 2, x div 2, chan] | (image, y, x, chan)
        up.shape = [images.shape[0], images.shape[1] * 2, images.shape[2] * 2, images.shape[3]]
        output up
    """
    same(evaluate(text, images=images)["up"], images.repeat(2, 1).repeat(2, 2))


def test_flat_programs_do_not_depend_on_the_rank(evaluate: Evaluate) -> None:
    for shape, dims in (((4,), "n"), ((2, 3), "n, m"), ((2, 3, 2), "n, 3, k")):
        x = normal(*shape)
        text = f"input x[{dims}] y{{it}} ++= x{{it}} * 2.0 | it output y"
        same(evaluate(text, x=x)["y"], 2 * x)


def test_a_flat_read_of_another_shape_is_divided_into_indices(evaluate: Evaluate) -> None:
    x, y = normal(2, 3), normal(6)
    for dims in ("2, 3", "n, 3", "2, m", "n, m"):
        text = f"input x[{dims}] input y[k] z[i] ++= x{{i}} * y[i] | i in 0..<6 output z"
        same(evaluate(text, x=x, y=y)["z"], x.ravel() * y)


def test_a_flat_read_beside_its_own_iterator(evaluate: Evaluate) -> None:
    x = normal(2, 3)
    text = "input x[n, m] y{i} ++= x{i} + toScalar(i) * 10.0 | i output y"
    same(evaluate(text, x=x)["y"], x + 10 * np.arange(6).reshape(2, 3))


def test_several_kernels_write_one_tensor(evaluate: Evaluate) -> None:
    x, b = normal(4, 3), normal(3)
    text = """
        input x[n, 3] input b[3]
        y[i, j] ++= x[i, j] | (i, j)
        y[i, j] ++= b[j] | (i, j)
        y[0, j] ++= 1.0 | j in 1..<3
        output y
    """
    wanted = x + b
    wanted[0, 1:] += 1
    same(evaluate(text, x=x, b=b)["y"], wanted)


def test_the_largest_index_of_all_kernels_gives_the_shape(evaluate: Evaluate) -> None:
    text = "y[i] ++= 1.0 | i in 0..<3  y[i + 2] ++= 2.0 | i in 1..<4  output y"
    same(evaluate(text)["y"], [1, 1, 1, 2, 2, 2])


def test_a_later_read_sees_what_stood_at_that_point(evaluate: Evaluate) -> None:
    x = normal(4)
    text = """
        input x[n]
        y[i] ++= x[i] | i
        before[i] ++= y[i] | i
        y[i] ++= y[i] * y[i] | i
        after[i] ++= y[i] | i
        output before, y, after
    """
    found = evaluate(text, x=x)
    same(found["before"], x)
    same(found["y"], x + x * x)
    same(found["after"], x + x * x)


def test_an_unused_iterator_repeats_the_term(evaluate: Evaluate) -> None:
    same(evaluate("y[0] ++= 1.5 | (i in 0..<4, j in 1..<3) output y")["y"], [12])


def test_kernels_without_inputs_or_iterators(evaluate: Evaluate) -> None:
    same(evaluate("y[2] ++= 3.0 y[0] ++= 1.0 output y")["y"], [1, 0, 3])


def test_array_literals(evaluate: Evaluate) -> None:
    text = """
        const weights = [1.0, 2.0, 3.0]
        a[i] ++= weights[i] | i in 0..<3
        b[i, j] ++= [[1.0, 2.0], [3.0, 4.0]][i][j] | (i in 0..<2, j in 0..<2)
        c[0] ++= toScalar(weights.len)
        d[i] ++= (let two = [weights[2], 5.0]; two[i mod 2] + two[0]) | i in 0..<3
        output a, b, c, d
    """
    found = evaluate(text)
    same(found["a"], [1, 2, 3])
    same(found["b"], [[1, 2], [3, 4]])
    same(found["c"], [3])
    same(found["d"], [6, 8, 6])


@pytest.mark.parametrize("m", [3, -3])
def test_integers_below_zero(evaluate: Evaluate, m: int) -> None:
    text = """
        d[i] ++= toScalar((i - 4) div MMM) | i in 0..<9
        r[i] ++= toScalar((i - 4) mod MMM) | i in 0..<9
        w[i] ++= toScalar(wrap(i - 4, MMM)) | i in 0..<9
        t[i] ++= toScalar(toIndex(toScalar(i - 4) * 0.4)) | i in 0..<9
        output d, r, w, t
    """.replace("MMM", str(m))
    found = evaluate(text)
    i = np.arange(9) - 4
    same(found["d"], np.trunc(i / m))
    same(found["r"], np.fmod(i, m))
    same(found["w"], np.fmod(np.fmod(i, m) + m, m))
    same(found["t"], np.trunc(i * 0.4))


def test_integers_below_zero_as_indices(evaluate: Evaluate) -> None:
    x = normal(5)
    text = """
        input x[5]
        a[i] ++= x[(i - 3) div 2 + 2] | i in 0..<7
        b[i] ++= x[wrap(i - 3, 5)] | i in 0..<7
        c[i] ++= x[(i - 3) mod 3 + 2] | i in 0..<7
        d[i] ++= x[toIndex(toScalar(i - 3) * 0.5) + 1] | i in 0..<7
        e[i] ++= x[abs(i - 3)] | i in 0..<7
        f[i] ++= x[select(i < 3, 0, 4)] | i in 0..<7
        output a, b, c, d, e, f
    """
    found, i = evaluate(text, x=x), np.arange(7) - 3
    same(found["a"], x[np.trunc(i / 2).astype(int) + 2])
    same(found["b"], x[i % 5])
    same(found["c"], x[np.fmod(i, 3) + 2])
    same(found["d"], x[np.trunc(i * 0.5).astype(int) + 1])
    same(found["e"], x[abs(i)])
    same(found["f"], x[np.where(i < 0, 0, 4)])


def test_tables_of_tables_and_products_of_iterators(evaluate: Evaluate) -> None:
    x, a, b = normal(9), RNG.integers(0, 4, 6), RNG.integers(0, 9, 4)
    text = """
        input x[9] input a[m] : index input b[4] : index
        y[i] ++= x[b[a[i]]] | i
        z[i, j] ++= x[i * j] | (i in 0..<3, j in 0..<5)
        w[0] ++= x[a[0]] * toScalar(a[1])
        output y, z, w
    """
    found = evaluate(text, x=x, a=a, b=b)
    same(found["y"], x[b[a]])
    same(found["z"], x[np.outer(np.arange(3), np.arange(5))])
    same(found["w"], [x[a[0]] * a[1]])


def test_a_row_length_as_factor_of_an_iterator(evaluate: Evaluate) -> None:
    x = normal(3, 4)
    text = "input x[n, m] y[i, j] ++= x{i * m + j} | (i in 0..<n, j in 0..<m) output y"
    same(evaluate(text, x=x)["y"], x)


def test_writes_through_data(evaluate: Evaluate) -> None:
    x, at = normal(6), RNG.uniform(0, 3.999, 6)
    text = "input x[n] input at[n] y.shape = [4] y[toIndex(at[i])] ++= x[i] | i output y"
    wanted = np.zeros(4)
    np.add.at(wanted, at.astype(int), x)
    same(evaluate(text, x=x, at=at)["y"], wanted)


def test_logic(evaluate: Evaluate) -> None:
    x = np.array([-2.0, -0.5, 0.0, 0.5, 2.0])
    text = """
        input x[n]
        a[i] ++= select(x[i] < -1.0 or x[i] > 1.0, 1.0, 0.0) | i
        b[i] ++= select(x[i] > -1.0 and x[i] < 1.0, 1.0, 0.0) | i
        c[i] ++= select(not x[i] == 0.0 and true, 1.0, 0.0) | i
        d[i] ++= select((x[i] < 0.0) == (x[i] < -1.0), 1.0, 0.0) | i
        e[i] ++= select((x[i] < 0.0) != (x[i] < -1.0), 1.0, 0.0) | i
        output a, b, c, d, e
    """
    found = evaluate(text, x=x)
    same(found["a"], (x < -1) | (x > 1))
    same(found["b"], (x > -1) & (x < 1))
    same(found["c"], x != 0)
    same(found["d"], (x < 0) == (x < -1))
    same(found["e"], (x < 0) != (x < -1))


INSTRUCTIONS: dict[str, Callable[[Any], Any]] = {
    "sq(x)": np.square,
    "-x": np.negative,
    "sin(x)": np.sin,
    "cos(x)": np.cos,
    "exp(x)": np.exp,
    "pow(x, 1.5)": lambda x: x**1.5,
    "sqrt(x)": np.sqrt,
    "ln(x)": np.log,
    "log2(x)": np.log2,
    "log10(x)": np.log10,
    "tanh(x)": np.tanh,
    "abs(-x)": np.abs,
    "log1p(x)": np.log1p,
    "expm1(x)": np.expm1,
    "min(x, 0.7)": lambda x: np.minimum(x, 0.7),
    "max(x, 0.7)": lambda x: np.maximum(x, 0.7),
    "select(x >= 0.7, x, 1.0 / x)": lambda x: np.where(x >= 0.7, x, 1 / x),
    "toScalar(toIndex(x * 3.0))": lambda x: np.trunc(x * 3),
    "toScalar(max(min(sq(toIndex(x * 3.0)), 5), 1))": lambda x: np.clip(np.trunc(x * 3) ** 2, 1, 5),
    "toScalar(-abs(toIndex(x * -3.0)) + 2 * 3 - 1)": lambda x: 5 - np.trunc(x * 3),
    "select(toIndex(x) == 0 or toIndex(x) != 0 and toIndex(x) <= 1, 1.0, 2.0)": lambda x: 1 + (np.trunc(x) > 1),
}


@pytest.mark.parametrize("text", INSTRUCTIONS)
def test_instructions(evaluate: Evaluate, text: str) -> None:
    x = RNG.uniform(0.1, 2.0, 11)
    program = f"input a[n] y[i] ++= (let x = a[i]; {text}) | i output y"
    same(evaluate(program, a=x)["y"], INSTRUCTIONS[text](x))


def test_the_error_function(evaluate: Evaluate) -> None:
    same(evaluate("y[0] ++= erf(0.5) output y")["y"], [0.5204998778130465])


def test_sizes_of_tensors_as_values(evaluate: Evaluate) -> None:
    text = """
        input x[n, 3]
        y[0] ++= toScalar(x.shape[0])
        y[1] ++= toScalar(x.len)
        y[2] ++= toScalar(x.shape.len)
        y[3] ++= toScalar(n * 2 - 1)
        z[i] ++= 1.0 | i in 0..<x.shape[1]
        output y, z
    """
    found = evaluate(text, x=normal(5, 3))
    same(found["y"], [5, 15, 2, 9])
    same(found["z"], [1, 1, 1])


def test_the_epoch_is_an_argument(evaluate: Evaluate) -> None:
    same(evaluate("y[0] ++= 1.0 / toScalar(epoch()) output y", epoch=4)["y"], [0.25])


def test_inputs_without_dimensions_take_their_rank_from_their_use(evaluate: Evaluate) -> None:
    x, y = normal(2, 3), normal(4)
    text = "input x input y z[i, j] ++= x[i, j] | (i, j) w{i} ++= y{i} | i output z, w"
    found = evaluate(text, x=x, y=y)
    same(found["z"], x)
    same(found["w"], y)


def test_an_argument_may_be_a_result(evaluate: Evaluate) -> None:
    x, src = normal(2, 3), np.array([1, 2], np.int32)
    found = evaluate("input x[n, 3] input src[n] : index output x, src", x=x, src=src)
    same(found["x"], x)
    assert found["src"].dtype == np.int32


def test_nothing_to_do(evaluate: Evaluate) -> None:
    same(evaluate("input x[n] y[i] ++= x[i] | i output y", x=normal(0))["y"], np.zeros(0))
    same(evaluate("input x[3] y[i] ++= x[i + 9] | i in 4..<4  y[2] ++= 1.0 output y", x=normal(3))["y"][2:], [1, 0])


def test_empty_arrays_of_a_batch(evaluate: Evaluate) -> None:
    text = "input x[n, 2] param W[2, 3] h[r, j] ++= x[r, k] * W[k, j] | (r, j, k) output h"
    same(evaluate(text, x=normal(0, 2), W=normal(2, 3))["h"], np.zeros((0, 3)))


def test_a_strided_read_stops_before_the_end(evaluate: Evaluate) -> None:
    for n in range(1, 7):
        x = normal(n)
        same(evaluate("input x[n] y[i] ++= x[2 * i] | i output y", x=x)["y"], x[::2])
        same(evaluate("input x[n] y[i] ++= x[n - 1 - i] | i output y", x=x)["y"], x[::-1])


def test_a_chain_of_lets_is_computed_once(evaluate: Evaluate) -> None:
    lets = " ".join(f"let v{k + 1} = v{k} + v{k};" for k in range(60))
    text = f"input x[n] y[i] ++= (let v0 = x[i]; {lets} v60) | i output y"
    same(evaluate(text, x=np.array([1.0]))["y"], [2.0**60])


def test_names_of_lets_end_with_their_parenthesis(evaluate: Evaluate) -> None:
    text = "y[0] ++= (let a = 2.0; a * a) + (let a = 3.0; a) output y"
    same(evaluate(text)["y"], [7])


def test_precedence(evaluate: Evaluate) -> None:
    text = "y[0] ++= select(not 1.0 + 2.0 * 3.0 < 7.0 and true or false, 1.0, 0.0) - -2.0 * 3.0 output y"
    same(evaluate(text)["y"], [7])


def test_a_division_by_data_that_is_0_does_not_stop_the_program(evaluate: Evaluate) -> None:
    a = np.array([0, 1, 2], np.int32)
    found = evaluate("input a[n] : index y[i] ++= toScalar(7 div a[i]) | i output y", a=a)
    same(found["y"][1:], [7, 3])


@pytest.mark.parametrize("sign", ["==", "!=", "<", ">", "<=", ">="])
def test_comparisons_at_and_beside_equality(evaluate: Evaluate, sign: str) -> None:
    x, i = np.array([0.5, 1.0, 1.5]), np.arange(3)
    text = f"""
        input x[3]
        a[i] ++= select(x[i] {sign} 1.0, 1.0, 0.0) | i
        b[i] ++= select(i {sign} 1, 1.0, 0.0) | i in 0..<3
        c[i] ++= select(1.0 {sign} 1.5, 1.0, 0.0) | i in 0..<1
        output a, b, c
    """
    compare: dict[str, Callable[[Any, Any], Any]] = {
        "==": np.equal,
        "!=": np.not_equal,
        "<": np.less,
        ">": np.greater,
        "<=": np.less_equal,
        ">=": np.greater_equal,
    }
    found = evaluate(text, x=x)
    same(found["a"], compare[sign](x, 1.0))
    same(found["b"], compare[sign](i, 1))
    same(found["c"], [compare[sign](1.0, 1.5)])
