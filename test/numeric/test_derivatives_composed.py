"""Derivatives of derivatives, made from programs again: perturbations stay apart, and each array has its own name."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import anamc
from support.derived_cases import AGAINST_JAX, SECOND_ORDER, close, jax
from support.runs import RUNS

jnp = jax.numpy
TEXT = """
func.func @f(
  %x: tensor<?xf64> {anamc.dims = ["n"]}, %n: index {anamc.name = "n"}, %w: tensor<?xf64> {anamc.dims = ["n"]}
) -> tensor<?xf64> {
  %s = math.sin %x : tensor<?xf64>
  %t = arith.mulf %s, %w : tensor<?xf64>
  %y = arith.mulf %t, %x : tensor<?xf64>
  func.return %y : tensor<?xf64>
}
"""
"""Its size stands behind a tensor, too: whoever calls it gives sizes by name."""
RNG = np.random.default_rng(3)
X, W, A, B, C, D = RNG.normal(size=(6, 4))


def f(x: Any, w: Any) -> Any:
    return jnp.sin(x) * w * x


@pytest.mark.parametrize("run", RUNS)
def test_tangents_of_tangents_stay_apart(run: str) -> None:
    """The second tangent of `x` is another one than the first, and the first has one of its own."""
    first = anamc.jvp(anamc.parse(TEXT), wrt="x")
    second = anamc.jvp(first, wrt=["x", "x_dot", "w"])
    arrays: dict[str, Any] = {"x": X, "w": W, "x_dot": A, "x_dot_2": B, "x_dot_dot": C, "w_dot": D}
    with jax.enable_x64(True):

        def tangent(x: Any, x_dot: Any, w: Any) -> Any:
            return jax.jvp(lambda x: f(x, w), (x,), (x_dot,))

        (y, y_dot), (y_dot_2, y_dot_dot) = jax.jvp(tangent, (X, A, W), (B, C, D))
    found = RUNS[run](second, arrays)
    for name, wanted in {"y": y, "y_dot": y_dot, "y_dot_2": y_dot_2}.items():
        close(found[name], wanted, AGAINST_JAX, name)
    close(found["y_dot_dot"], y_dot_dot, SECOND_ORDER, "y_dot_dot")


@pytest.mark.parametrize("run", RUNS)
def test_cotangents_of_cotangents(run: str) -> None:
    first = anamc.vjp(anamc.parse(TEXT), wrt=["x", "w"])
    second = anamc.vjp(first, wrt=["x", "y_bar"])
    arrays: dict[str, Any] = {"x": X, "w": W, "y_bar": A, "y_bar_2": B, "x_bar_bar": C, "w_bar_bar": D}
    with jax.enable_x64(True):

        def cotangent(x: Any, y_bar: Any) -> Any:
            y, pull = jax.vjp(f, x, jnp.asarray(W))
            return y, *pull(y_bar)

        _, pull = jax.vjp(cotangent, jnp.asarray(X), jnp.asarray(A))
        x_bar, y_bar = pull((jnp.asarray(B), jnp.asarray(C), jnp.asarray(D)))
    found = RUNS[run](second, arrays)
    close(found["x_bar_2"], x_bar, SECOND_ORDER, "x_bar_2")
    close(found["y_bar_bar"], y_bar, SECOND_ORDER, "y_bar_bar")


CUBIC = "param w[3]\ninput a[3]\nl[0] ++= a[i] * sin(w[i]) * w[i] * w[wrap(i + 1, 3)] | i\noutput l"


def test_a_hessian_of_a_hessian_times_a_vector_program() -> None:
    """`hvp` of the program that `hvp` gave, and the third derivative as a tangent of it."""
    w, a, v, u = RNG.normal(size=(4, 3))
    hessian = anamc.hvp(anamc.parse(CUBIC, "ix"))
    with jax.enable_x64(True):

        def loss(w: Any) -> Any:
            return (a * jnp.sin(w) * w * jnp.roll(w, -1)).sum()

        def product(w: Any) -> Any:
            return jax.jvp(jax.grad(loss), (w,), (v,))[1]

        first = product(w)
        again = jax.jvp(jax.grad(loss), (w,), (u,))[1]
        third = jax.jvp(product, (w,), (u,))[1]
    for run in RUNS.values():
        found = run(anamc.hvp(hessian, of="l"), {"w": w, "a": a, "w_dot": v, "w_dot_2": u})
        close(found["w_hvp"], first, SECOND_ORDER, "w_hvp")
        close(found["w_hvp_2"], again, SECOND_ORDER, "w_hvp_2")
        found = run(anamc.jvp(hessian, of="w_hvp"), {"w": w, "a": a, "w_dot": v, "w_dot_2": u})
        close(found["w_hvp_dot"], third, SECOND_ORDER, "w_hvp_dot")
