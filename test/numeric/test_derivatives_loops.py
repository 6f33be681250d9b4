"""Derivatives of `scf.for` and `scf.if`: every policy agrees with JAX and keeps what it says."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import anamc
from support.derived_cases import AGAINST_JAX, SECOND_ORDER, close, jax

jnp = jax.numpy
STEPS, H = 200, 0.02
Y0, P, BAR = np.array([0.3, -1.0, 2.0]), np.array([1.0, 0.5, -2.0]), np.array([1.0, 2.0, -1.0])


def runge_kutta(policy: str, bounds: str = "") -> anamc.Program:
    """The classical method of four stages on ``y' = tanh(p sin y)``."""
    bounds = bounds or f"%n = arith.constant {STEPS} : index"
    return anamc.parse(f"""
func.func @rk(%y0: tensor<3xf64>, %p: tensor<3xf64>) -> tensor<3xf64> {{
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  {bounds}
  %h = arith.constant dense<{H}> : tensor<3xf64>
  %half = arith.constant dense<{H / 2}> : tensor<3xf64>
  %sixth = arith.constant dense<{H / 6}> : tensor<3xf64>
  %two = arith.constant dense<2.0> : tensor<3xf64>
  %y = scf.for %i = %zero to %n step %one iter_args(%s = %y0) -> (tensor<3xf64>) {{
    %k1 = func.call @rhs(%s, %p) : (tensor<3xf64>, tensor<3xf64>) -> tensor<3xf64>
    %d1 = arith.mulf %half, %k1 : tensor<3xf64>
    %s1 = arith.addf %s, %d1 : tensor<3xf64>
    %k2 = func.call @rhs(%s1, %p) : (tensor<3xf64>, tensor<3xf64>) -> tensor<3xf64>
    %d2 = arith.mulf %half, %k2 : tensor<3xf64>
    %s2 = arith.addf %s, %d2 : tensor<3xf64>
    %k3 = func.call @rhs(%s2, %p) : (tensor<3xf64>, tensor<3xf64>) -> tensor<3xf64>
    %d3 = arith.mulf %h, %k3 : tensor<3xf64>
    %s3 = arith.addf %s, %d3 : tensor<3xf64>
    %k4 = func.call @rhs(%s3, %p) : (tensor<3xf64>, tensor<3xf64>) -> tensor<3xf64>
    %k23 = arith.addf %k2, %k3 : tensor<3xf64>
    %m = arith.mulf %two, %k23 : tensor<3xf64>
    %k14 = arith.addf %k1, %k4 : tensor<3xf64>
    %k = arith.addf %k14, %m : tensor<3xf64>
    %d = arith.mulf %sixth, %k : tensor<3xf64>
    %next = arith.addf %s, %d : tensor<3xf64>
    scf.yield %next : tensor<3xf64>
  }} {{ad.checkpoint = #ad.policy<{policy}>}}
  func.return %y : tensor<3xf64>
}}
func.func private @rhs(%s: tensor<3xf64>, %p: tensor<3xf64>) -> tensor<3xf64> {{
  %a = math.sin %s : tensor<3xf64>
  %b = arith.mulf %a, %p : tensor<3xf64>
  %c = math.tanh %b : tensor<3xf64>
  func.return %c : tensor<3xf64>
}}
""")


def in_jax(y: Any, p: Any) -> Any:
    def step(s: Any, _: Any) -> Any:
        def rhs(s: Any) -> Any:
            return jnp.tanh(jnp.sin(s) * p)

        k1 = rhs(s)
        k2 = rhs(s + H / 2 * k1)
        k3 = rhs(s + H / 2 * k2)
        k4 = rhs(s + H * k3)
        return s + H / 6 * (k1 + 2 * (k2 + k3) + k4), None

    return jax.lax.scan(step, y, None, length=STEPS)[0]


def reference() -> tuple[Any, Any, Any, Any]:
    """Value, cotangents, the tangent in a direction, and the tangent of the cotangent of the parameters."""
    with jax.enable_x64(True):
        value, pull = jax.vjp(in_jax, Y0, P)
        bars = pull(jnp.asarray(BAR))
        dot = jax.jvp(in_jax, (Y0, P), (BAR, P))[1]
        second = jax.jvp(lambda y, p: jax.vjp(in_jax, y, p)[1](jnp.asarray(BAR))[1], (Y0, P), (BAR, P))[1]
        return value, bars, dot, second


def kept(program: anamc.Program) -> list[int]:
    """How many states the buffers hold: loops keep nothing else."""
    sizes = re.findall(r"tensor\.empty\(\) : tensor<(\d+)x3xf64>", str(program))
    return sorted(int(n) for n in sizes)


KEPT = [("all", [200]), ("sqrt", [14, 15]), ("recompute", []), ("binomial, 8", [8])]
"""How many of 200 states each policy keeps."""


@pytest.mark.parametrize(("policy", "sizes"), KEPT)
def test_a_loop_of_200_steps_agrees_with_jax_and_keeps_what_its_policy_says(policy: str, sizes: list[int]) -> None:
    program = runge_kutta(policy)
    value, bars, dot, second = reference()
    pull = anamc.vjp(program, wrt=["y0", "p"])
    assert kept(pull) == sizes
    found = anamc.interpret(pull, y0=Y0, p=P, y_bar=BAR)
    close(found["y"], value, AGAINST_JAX, "y")
    close(found["y0_bar"], bars[0], AGAINST_JAX, "y0_bar")
    close(found["p_bar"], bars[1], AGAINST_JAX, "p_bar")
    push = anamc.jvp(program, wrt=["y0", "p"])
    assert kept(push) == []
    close(anamc.interpret(push, y0=Y0, p=P, y0_dot=BAR, p_dot=P)["y_dot"], dot, AGAINST_JAX, "y_dot")
    if policy in ("all", "sqrt"):  # the second derivatives of the others run many more steps
        both = anamc.jvp(pull, wrt=["y0", "p"])
        found = anamc.interpret(both, y0=Y0, p=P, y_bar=BAR, y0_dot=BAR, p_dot=P)
        close(found["p_bar_dot"], second, SECOND_ORDER, "p_bar_dot")


BRANCH = """
func.func @f(%n: index, %x: tensor<?xf64>, %w: tensor<?xf64>) -> (tensor<?xf64>, tensor<?xf64>) {
  %zero = arith.constant 0 : index
  %two = arith.constant 2 : index
  %three = arith.constant 3 : index
  %y, %z = scf.for %i = %three to %n step %two iter_args(%a = %x, %b = %w) -> (tensor<?xf64>, tensor<?xf64>) {
    %r = arith.remsi %i, %three : index
    %c = arith.cmpi eq, %r, %zero : index
    %d = scf.if %c -> (tensor<?xf64>) {
      %s = math.sin %a : tensor<?xf64>
      %t = arith.mulf %s, %b : tensor<?xf64>
      scf.yield %t : tensor<?xf64>
    } else {
      %t = arith.mulf %a, %w : tensor<?xf64>
      scf.yield %t : tensor<?xf64>
    }
    scf.yield %d, %a : tensor<?xf64>, tensor<?xf64>
  }
  func.return %y, %z : tensor<?xf64>, tensor<?xf64>
}
"""


def branching(x: dict[str, Any], n: int) -> Any:
    a, b = x["x"], x["w"]
    for i in range(3, n, 2):
        a, b = (jnp.sin(a) * b if i % 3 == 0 else a * x["w"]), a
    return a, b


@pytest.mark.parametrize("policy", ["all", "sqrt", "recompute", "binomial, 1", "binomial, 2", "binomial, 3"])
@pytest.mark.parametrize("n", [0, 4, 17])
def test_run_time_bounds_steps_and_branches(policy: str, n: int) -> None:
    text = BRANCH.replace(
        "    scf.yield %d, %a : tensor<?xf64>, tensor<?xf64>\n  }",
        "    scf.yield %d, %a : tensor<?xf64>, tensor<?xf64>\n  } {ad.checkpoint = #ad.policy<" + policy + ">}",
    )
    program = anamc.parse(text)
    pull, push = anamc.vjp(program, wrt=["x", "w"]), anamc.jvp(program, wrt=["x", "w"])
    arrays = {"x": np.array([0.4, -1.1]), "w": np.array([1.3, 0.7])}
    bars, dots = {"y": np.array([1.0, -2.0]), "z": np.array([0.5, 3.0])}, {"x": np.ones(2), "w": np.array([2.0, -1.0])}
    with jax.enable_x64(True):
        values, back = jax.vjp(lambda x: branching(x, n), arrays)
        (wanted,) = back(tuple(jnp.asarray(b) for b in bars.values()))
        tangents = jax.jvp(lambda x: branching(x, n), (arrays,), (dots,))[1]
    sizes: dict[str, Any] = {s: n for s in pull.function().sizes if s == "n"}
    found = anamc.interpret(pull, **arrays, **{f"{k}_bar": b for k, b in bars.items()}, **sizes)
    forth = anamc.interpret(push, **arrays, **{f"{k}_dot": d for k, d in dots.items()}, **sizes)
    for k, name in enumerate("yz"):
        close(found[name], values[k], AGAINST_JAX, name)
        close(forth[f"{name}_dot"], tangents[k], AGAINST_JAX, f"{name}_dot")
    for name in "xw":
        close(found[f"{name}_bar"], wanted[name], AGAINST_JAX, f"{name}_bar")
