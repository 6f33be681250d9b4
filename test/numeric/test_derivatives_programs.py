"""Index programs that differentiate themselves: rules of the user's own, and `jvp` inside of a program."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import anamc
from support.derived_cases import Case, both_ways, close, jax, ways

jnp = jax.numpy

PINN = """
    input x[n]
    param w[h]
    param b[h]
    param v[h]
    z[i, k] ++= w[k] * x[i] + b[k] | (i, k)
    u[i]    ++= v[k] * tanh(z[i, k]) | (i, k)
    ux{i}   ++= jvp(u, x){i} | i
    uxx{i}  ++= jvp(ux, x){i} | i
    loss[0] ++= sq(uxx{i} + u{i} * ux{i} - sin(x{i})) / toScalar(x.len) | i
    output loss, ux, uxx
"""


def pinn(x: dict[str, Any]) -> dict[str, Any]:
    def u(t: Any) -> Any:
        return (x["v"] * jnp.tanh(x["w"] * t + x["b"])).sum()

    ux, uxx = jax.vmap(jax.grad(u))(x["x"]), jax.vmap(jax.grad(jax.grad(u)))(x["x"])
    residual = uxx + jax.vmap(u)(x["x"]) * ux - jnp.sin(x["x"])
    return {"loss": (residual**2).mean()[None], "ux": ux, "uxx": uxx}


def residual() -> Case:
    rng = np.random.default_rng(4)
    arrays = {"x": np.linspace(-1.0, 2.0, 9), **{n: rng.normal(size=6) for n in "wbv"}}
    return Case(anamc.parse(PINN, format="ix"), arrays, ["w", "b", "v"], pinn)


def test_a_residual_of_second_derivatives_is_a_program_with_a_gradient() -> None:
    residual().check()


def test_a_residual_has_second_derivatives_in_its_parameters() -> None:
    residual().check_hvp("loss")


def test_jvp_reads_the_version_that_stands_there() -> None:
    text = """
        input x[n]
        y{i} ++= sq(x{i}) | i
        a{i} ++= jvp(y, x){i} | i
        y{i} ++= sin(x{i}) | i
        b{i} ++= jvp(y, x){i} + jvp(x, x){i} + jvp(x, y){i} | i
        z{i} ++= y{i} * y{i} | i
        c{i} ++= jvp(z, y){i} | i
        output a, b, c
    """
    x = np.array([0.3, -1.2, 2.0])
    y = x**2 + np.sin(x)
    for found in both_ways(anamc.parse(text, format="ix"), x=x):
        close(found["a"], 2 * x, 1e-14, "a")
        close(found["b"], 2 * x + np.cos(x) + 1, 1e-14, "b")
        close(found["c"], 2 * y, 1e-14, "c")


CUSTOM = """
    input h[n]
    input k[n]
    act{i} ++= select(h{i} > 0.0, h{i}, 0.1 * h{i}) + k{i} | i
    grad(act) by { grad(h){i} ++= 5.0 * act{i} * grad(act){i} | i }
    act{i} ++= h{i} | i
    out{i} ++= sq(act{i}) | i
    output out
"""


def test_a_wrong_rule_is_used_in_place_of_the_right_one() -> None:
    program = anamc.parse(CUSTOM, format="ix")
    h, k, bar = np.array([1.0, -2.0, 0.5]), np.array([0.25, 0.5, -3.0]), np.array([1.0, 2.0, -1.0])
    first = np.where(h > 0, h, 0.1 * h) + k
    act_bar = 2 * (first + h) * bar
    slope = 2 * (first + h) * (5 * first + 1)
    for found in both_ways(anamc.vjp(program, wrt=["h", "k"]), h=h, k=k, out_bar=bar):
        close(found["h_bar"], 5 * first * act_bar + act_bar, 1e-14, "h_bar")
        assert not found["k_bar"].any()  # without a grad(k) there
    for found in both_ways(anamc.jvp(program, wrt=["h", "k"]), h=h, k=k, h_dot=bar, k_dot=bar):
        close(found["out_dot"], slope * bar, 1e-14, "the rule transposed")


def test_a_rule_counts_for_derivatives_of_derivatives() -> None:
    program = anamc.vjp(anamc.parse(CUSTOM, format="ix"), wrt=["h"])
    h, k, one = np.array([1.0, -2.0, 0.5]), np.array([0.25, 0.5, -3.0]), np.ones(3)
    first = np.where(h > 0, h, 0.1 * h) + k
    inner = 5 * first  # what the rule takes for the derivative of `first`
    wanted = 2 * (inner + 1) * (5 * first + 1) + 2 * (first + h) * 5 * inner
    for found in both_ways(anamc.jvp(program, wrt=["h"]), h=h, k=k, out_bar=one, h_dot=one):
        close(found["h_bar_dot"], wanted, 1e-14, "h_bar_dot")


def test_a_rule_for_one_argument_is_not_asked_for_the_other() -> None:
    text = """
        func.func private @g(%a: tensor<2xf64>, %b: tensor<2xf64>) -> (tensor<2xf64>, tensor<2xf64>) {
          %y = arith.mulf %a, %b : tensor<2xf64>
          func.return %y, %b : tensor<2xf64>, tensor<2xf64>
        }
        func.func private @nan(%v: tensor<2xf64>, %w: tensor<2xf64>) -> (tensor<2xf64>, tensor<2xf64>) {
          %m = arith.constant dense<-1.0> : tensor<2xf64>
          %n = math.sqrt %m : tensor<2xf64>
          func.return %n, %n : tensor<2xf64>, tensor<2xf64>
        }
        ad.custom @g {vjp = @nan, record = []}
        func.func @f(%a: tensor<2xf64>, %b: tensor<2xf64>) -> (tensor<2xf64>, tensor<2xf64>) {
          %y:2 = func.call @g(%a, %b) : (tensor<2xf64>, tensor<2xf64>) -> (tensor<2xf64>, tensor<2xf64>)
          %z = math.sin %a : tensor<2xf64>
          func.return %y#0, %z : tensor<2xf64>, tensor<2xf64>
        }
    """
    program = anamc.vjp(anamc.parse(text), wrt=["a"], of=["z"])
    a = np.array([1.0, 2.0])
    (run, _) = ways(program)
    close(run(a=a, b=a, z_bar=np.ones(2))["a_bar"], np.cos(a), 1e-15, "a_bar")


def test_a_rule_is_not_asked_for_an_absent_tangent() -> None:
    text = """
        func.func private @g(%a: tensor<2xf64>, %b: tensor<2xf64>) -> tensor<2xf64> {
          %y = arith.mulf %a, %b : tensor<2xf64>
          func.return %y : tensor<2xf64>
        }
        func.func private @nan(%a_dot: tensor<2xf64>) -> tensor<2xf64> {
          %m = arith.constant dense<-1.0> : tensor<2xf64>
          %n = math.sqrt %m : tensor<2xf64>
          func.return %n : tensor<2xf64>
        }
        ad.custom @g {jvp = @nan, record = [], wrt = [0]}
        func.func @f(%a: tensor<2xf64>, %b: tensor<2xf64>) -> tensor<2xf64> {
          %y = func.call @g(%a, %b) : (tensor<2xf64>, tensor<2xf64>) -> tensor<2xf64>
          %z = arith.addf %y, %b : tensor<2xf64>
          func.return %z : tensor<2xf64>
        }
    """
    program, a = anamc.parse(text), np.array([1.0, 2.0])
    assert np.isnan(anamc.interpret(anamc.jvp(program, wrt="a"), a=a, b=a, a_dot=a)["z_dot"]).all()
    assert anamc.interpret(anamc.jvp(program, wrt="b"), a=a, b=a, b_dot=a)["z_dot"].tolist() == [1.0, 2.0]


FORWARD = """
func.func @g(%a: tensor<?xf64>, %b: tensor<?xf64>) -> tensor<?xf64> {
  %y = arith.mulf %a, %b : tensor<?xf64>
  func.return %y : tensor<?xf64>
}
func.func private @g_fwd(%b: tensor<?xf64>, %y: tensor<?xf64>, %a_dot: tensor<?xf64>) -> tensor<?xf64> {
  %s = arith.addf %b, %y : tensor<?xf64>
  %y_dot = arith.mulf %s, %a_dot : tensor<?xf64>
  func.return %y_dot : tensor<?xf64>
}
ad.custom @g {jvp = @g_fwd, record = [1], results = [0], wrt = [0]}
func.func @f(%a: tensor<?xf64>, %b: tensor<?xf64>) -> tensor<?xf64> {
  %c = math.sin %a : tensor<?xf64>
  %y = func.call @g(%c, %b) : (tensor<?xf64>, tensor<?xf64>) -> tensor<?xf64>
  func.return %y : tensor<?xf64>
}
"""
"""Its rule is wrong, for tangents alone, and for the first argument alone; its function can be called from outside."""


def test_a_rule_for_tangents_is_transposed_for_cotangents() -> None:
    program = anamc.parse(FORWARD)
    a, b, bar = np.array([0.5, -2.0]), np.array([3.0, 0.25]), np.array([1.0, -2.0])
    inner, slope = b + np.sin(a) * b, np.cos(a)
    for function, wanted in (("f", inner * slope * bar), ("g", (b + a * b) * bar)):
        for found in both_ways(anamc.vjp(program, wrt=["a", "b"], function=function), a=a, b=b, y_bar=bar):
            close(found["a_bar"], wanted, 1e-14, "the rule transposed")
            assert not found["b_bar"].any()
        for found in both_ways(anamc.jvp(program, wrt=["a", "b"], function=function), a=a, b=b, a_dot=bar, b_dot=bar):
            close(found["y_dot"], wanted, 1e-14, "the rule itself")
        for found in both_ways(anamc.jvp(program, wrt="b", function=function), a=a, b=b, b_dot=bar):
            assert not found["y_dot"].any()


def test_a_stopped_gradient_stays_stopped_in_programs_made_from_it() -> None:
    text = """
        func.func @f(%x: tensor<2xf64>) -> tensor<2xf64> {
          %s = ad.stop_gradient %x : tensor<2xf64>
          %y = arith.mulf %x, %s : tensor<2xf64>
          func.return %y : tensor<2xf64>
        }
    """
    x = np.array([2.0, 3.0])
    first = anamc.vjp(anamc.parse(text), wrt=["x"])
    second = anamc.jvp(first, wrt=["x"])
    assert "stop_gradient" not in str(second.tensors)
    for found in both_ways(second, x=x, y_bar=np.ones(2), x_dot=np.ones(2)):
        close(found["x_bar"], x, 1e-15, "x_bar")
        assert not found["x_bar_dot"].any()


@pytest.mark.parametrize("text", ["input s[n] : index\ny[i] ++= jvp(s, s)[i] * 1.0 | i\noutput y"])
def test_jvp_takes_scalars(text: str) -> None:
    with pytest.raises(anamc.Error, match="A1016"):
        anamc.parse(text, format="ix")
