"""Derivatives of nests: structural cases in index notation against JAX, interpreted and as machine code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import anamc
from support.derived_cases import Case, both_ways, jax

jnp = jax.numpy
Made = tuple[str, dict[str, Any], list[str], Callable[[dict[str, Any]], dict[str, Any]]]


def values(*shape: int, seed: int = 0) -> Any:
    return np.random.default_rng(seed + sum(shape)).normal(size=shape)


def matrix_products() -> Made:
    text = """
        input a[n, m]
        input b[m, p]
        c[i, j] += a[i, k] * b[k, j] | (i, j, k)
        d[i, j] += a[i, j] * sin(a[i, j]) + c[i, 0] | (i, j)
        output c, d
    """

    def reference(x: dict[str, Any]) -> dict[str, Any]:
        c = x["a"] @ x["b"]
        return {"c": c, "d": x["a"] * jnp.sin(x["a"]) + c[:, :1]}

    return text, {"a": values(4, 3), "b": values(3, 5)}, ["a", "b"], reference


def convolution(stride: int) -> Made:
    text = f"""
        input x[s, 9, 9, c]
        input w[3, 3, c, k]
        y.shape = [s, {(9 - 3) // stride + 1}, {(9 - 3) // stride + 1}, k]
        y[b, p, q, o] += x[b, {stride} * p + i, {stride} * q + j, c] * w[i, j, c, o] | (b, p, q, o, i, j, c)
        output y
    """.replace("[s, 9, 9, c]", "[s, 9, 9, 2]").replace("[3, 3, c, k]", "[3, 3, 2, k]")

    def reference(x: dict[str, Any]) -> dict[str, Any]:
        dims = ("NHWC", "HWIO", "NHWC")
        y = jax.lax.conv_general_dilated(
            x["x"], x["w"], (stride, stride), "VALID", dimension_numbers=dims, precision="highest"
        )
        return {"y": y}

    return text, {"x": values(2, 9, 9, 2), "w": values(3, 3, 2, 4)}, ["x", "w"], reference


def upsampling() -> Made:
    text = """
        input x[b, h, w]
        up.shape = [x.shape[0], x.shape[1] * 2, x.shape[2] * 2]
        up[i, p, q] += sq(x[i, p div 2, q div 2]) | (i, p, q)
        output up
    """
    return text, {"x": values(2, 3, 4)}, ["x"], lambda x: {"up": (x["x"] ** 2).repeat(2, 1).repeat(2, 2)}


def gather_scatter() -> Made:
    text = """
        input x[n, 3]
        input w[e]
        input src[e] : index
        input dst[e] : index
        out.shape = [n, 3]
        out[dst[q], f] += w[q] * tanh(x[src[q], f] - x[dst[q], f]) | (q, f)
        output out
    """
    src, dst = np.array([0, 1, 2, 2, 4, 4, 0], np.int32), np.array([1, 1, 0, 0, 4, 2, 2], np.int32)

    def reference(x: dict[str, Any]) -> dict[str, Any]:
        m = x["w"][:, None] * jnp.tanh(x["x"][src] - x["x"][dst])
        return {"out": jnp.zeros_like(x["x"]).at[dst].add(m)}

    arrays = {"x": values(5, 3), "w": values(7), "src": src, "dst": dst}
    return text, arrays, ["x", "w"], reference


def stencil() -> Made:
    text = """
        input u[n, n]
        input nu[1]
        v[i, j] += u[i, j] * (u[wrap(i + 1, n), j] - u[wrap(i - 1, n), j]) | (i in 0..<6, j in 0..<6)
        v[i, j] += nu[0] * (u[i, wrap(j + 1, n)] - 2.0 * u[i, j] + u[i, wrap(j - 1, n)]) | (i in 0..<6, j in 0..<6)
        output v
    """.replace("u[n, n]", "u[6, 6]").replace(", n)", ", 6)")

    def reference(x: dict[str, Any]) -> dict[str, Any]:
        u = x["u"]
        v = u * (jnp.roll(u, -1, 0) - jnp.roll(u, 1, 0))
        return {"v": v + x["nu"][0] * (jnp.roll(u, -1, 1) - 2 * u + jnp.roll(u, 1, 1))}

    return text, {"u": values(6, 6), "nu": values(1)}, ["u", "nu"], reference


def time_stepper() -> Made:
    """Versions of one tensor, written in place and read in between."""
    step = """
        f[i] += sin(u[i]) * u[wrap(i + 1, 7)] | i in 0..<7
        u[i] += 0.1 * f[i] - 0.05 * u[i] * u[i] | i in 0..<7
    """
    text = "input u0[7]\nu[i] += u0[i] | i\n" + step * 3 + "early[0] += u[i] * f[i] | i\n" + step + "output u, early"

    def reference(x: dict[str, Any]) -> dict[str, Any]:
        u, f, early = x["u0"], jnp.zeros(7), jnp.zeros(1)
        for k in range(4):
            f = f + jnp.sin(u) * jnp.roll(u, -1)
            u = u + 0.1 * f - 0.05 * u * u
            if k == 2:
                early = (u * f).sum()[None]
        return {"u": u, "early": early}

    return text, {"u0": values(7)}, ["u0"], reference


def k_means() -> Made:
    """The sum over points of the distance to the nearest centre, the minimum as nested choices."""
    text = """
        input p[n, 2]
        input c[3, 2]
        d[i, k] += sq(p[i, a] - c[k, a]) | (i, k, a)
        loss[0] += min(min(d[i, 0], d[i, 1]), d[i, 2]) | i
        output loss
    """

    def reference(x: dict[str, Any]) -> dict[str, Any]:
        d = ((x["p"][:, None] - x["c"][None]) ** 2).sum(-1)
        return {"loss": d.min(1).sum()[None]}

    return text, {"p": values(9, 2), "c": values(3, 2)}, ["p", "c"], reference


CASES: dict[str, Callable[[], Made]] = {
    "matrix products": matrix_products,
    "convolution": lambda: convolution(1),
    "strided convolution": lambda: convolution(2),
    "upsampling": upsampling,
    "gather and scatter": gather_scatter,
    "stencil that wraps around": stencil,
    "time stepper in place": time_stepper,
    "k-means": k_means,
}


def made(name: str) -> Case:
    text, arrays, wrt, reference = CASES[name]()
    return Case(anamc.parse(text, format="ix"), arrays, wrt, reference)


@pytest.mark.parametrize("name", CASES)
def test_first_derivatives(name: str) -> None:
    made(name).check()


def test_second_derivatives() -> None:
    made("k-means").check_hvp("loss")


POOL = """
func.func @pool(%x: tensor<2x6x6x3xf64>, %y0: tensor<2x3x3x3xf64>) -> tensor<2x3x3x3xf64> {
  %y = nest.map (s = 2, p = 3, q = 3, c = 3, a = 2, b = 2)
      read(%x[s, 2 * p + a, 2 * q + b, c] : tensor<2x6x6x3xf64>) max(%y0[s, p, q, c] : tensor<2x3x3x3xf64>) {
  ^bb0(%s: index, %p: index, %q: index, %c: index, %a: index, %b: index, %v: f64):
    %w = math.sin %v : f64
    nest.yield %w : f64
  }
  func.return %y : tensor<2x3x3x3xf64>
}
"""


def test_maximum_pooling() -> None:
    def reference(x: dict[str, Any]) -> dict[str, Any]:
        top = jnp.sin(x["x"]).reshape(2, 3, 2, 3, 2, 3).max((2, 4))
        return {"y": jnp.maximum(top, x["y0"])}

    arrays = {"x": values(2, 6, 6, 3), "y0": values(2, 3, 3, 3) * 0.3}
    Case(anamc.parse(POOL), arrays, ["x", "y0"], reference).check()


def test_maximum_pooling_gives_all_to_the_first_maximum() -> None:
    derived = anamc.vjp(anamc.parse(POOL), wrt=["x", "y0"])
    x, y0, bar = np.full((2, 6, 6, 3), 0.5), np.full((2, 3, 3, 3), -1.0), values(2, 3, 3, 3)
    y0[0, 0, 0, 0] = np.sin(0.5)  # the initial value is first
    for found in both_ways(derived, x=x, y0=y0, y_bar=bar):
        wanted = np.zeros_like(x)
        wanted[:, ::2, ::2] = bar * np.cos(0.5)
        wanted[0, 0, 0, 0] = 0
        np.testing.assert_allclose(found["x_bar"], wanted, rtol=1e-15)
        assert found["y0_bar"][0, 0, 0, 0] == bar[0, 0, 0, 0]
        assert np.abs(found["y0_bar"]).sum() == abs(bar[0, 0, 0, 0])


SET = """
func.func @placed(%x: tensor<4xf64>, %y0: tensor<10xf64>) -> tensor<10xf64> {
  %y = nest.map (i = 4) read(%x[i] : tensor<4xf64>) set(%y0[2 * i + 1] : tensor<10xf64>) {
  ^bb0(%i: index, %v: f64):
    %w = arith.mulf %v, %v : f64
    nest.yield %w : f64
  }
  func.return %y : tensor<10xf64>
}
"""


def test_set_takes_the_cotangent_of_what_it_overwrites() -> None:
    def reference(x: dict[str, Any]) -> dict[str, Any]:
        return {"y": x["y0"].at[1:9:2].set(x["x"] ** 2)}

    Case(anamc.parse(SET), {"x": values(4), "y0": values(10)}, ["x", "y0"], reference).check()


def test_the_side_of_a_choice_that_is_not_taken_brings_in_no_nan() -> None:
    text = """
        input x[6]
        y[i] += select(x[i] > 0.0, sqrt(x[i]) * ln(x[i]) / x[i], 0.0) | i
        z[i] += max(ln(x[i] + 1.0), -1.0) + min(exp(exp(x[i])), 2.0) | i
        output y, z
    """
    program = anamc.vjp(anamc.parse(text, format="ix"), wrt=["x"])
    x = np.array([0.0, -1.0, -0.0, 2.0, -3.0, 9.0])
    arrays: dict[str, Any] = {"x": x, "y_bar": np.ones(6), "z_bar": np.ones(6)}
    wanted = np.zeros(6)
    for k, at in enumerate(x):
        if at > 0:
            wanted[k] += at**-1.5 - 0.5 * np.log(at) * at**-1.5
        if at + 1 > np.exp(-1):
            wanted[k] += 1 / (at + 1)
        if at < np.log(np.log(2.0)):
            wanted[k] += np.exp(at + np.exp(at))
    for found in both_ways(program, **arrays):
        np.testing.assert_allclose(found["x_bar"], wanted, rtol=1e-12)


def test_ties_in_a_body_share_by_halves_and_the_modulus_has_slope_0_at_0() -> None:
    text = "input a[2]\ninput b[2]\ny[i] += 3.0 * max(a[i], b[i]) + min(a[i], b[i]) + abs(a[i]) | i\noutput y"
    program = anamc.vjp(anamc.parse(text, format="ix"), wrt=["a", "b"])
    arrays: dict[str, Any] = {"a": np.array([0.0, 1.0]), "b": np.array([0.0, 2.0]), "y_bar": np.ones(2)}
    for found in both_ways(program, **arrays):
        np.testing.assert_array_equal(found["a_bar"], [2.0, 2.0])
        np.testing.assert_array_equal(found["b_bar"], [2.0, 3.0])
