"""Numbers that are read from tensors have the derivatives that JAX gives, interpreted, by the JIT and in C."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import anamc
from support.derived_cases import AGAINST_JAX, Case, close, jax
from support.routes import CRoute

jnp = jax.numpy
NUMBERS = Path(__file__).parent / "loops" / "numbers.mlir"
X, W = np.array([0.4, -1.1, 0.8]), np.array(1.3)


def reference(given: dict[str, Any]) -> dict[str, Any]:
    """The same in Python."""
    n, m, x, w = (given[k] for k in ("n", "m", "x", "w"))
    number, v = jnp.asarray(1.0), jnp.asarray(x)
    for i in range(n):
        for _ in range(m):
            number = jnp.sin(number * w)
        number = v[1] + number if i % 2 == 0 else number
        v = v * number
    y = v * number
    for i in (1, 2):
        y = y.at[i].set(jnp.tanh(y[i - 1]))
    small = jnp.where(x[2] < w, x[2], w)
    some = small if n > 1 else number
    return {"chain": y, "pair": jnp.stack([small, 0.5 + 0.0 * small]), "long": jnp.ones(n) * some, "loss": some}


@pytest.mark.parametrize(("n", "m"), [(0, 0), (1, 2), (3, 1)])
def test_numbers_have_the_derivatives_of_jax(n: int, m: int) -> None:
    case = Case(anamc.load(NUMBERS), {"n": n, "m": m, "x": X, "w": W}, ["x", "w"], reference)
    case.check(differences=False)
    if n == 1:
        case.check_hvp("loss")


@pytest.mark.compiler("gcc")
def test_numbers_in_c() -> None:
    case = Case(anamc.load(NUMBERS), {"n": 3, "m": 1, "x": X, "w": W}, ["x", "w"], reference)
    with CRoute("gcc").runner(case.vjp, "f_vjp", "float64") as run:
        found = run(**case.with_bars)
    for name, value in anamc.interpret(case.vjp, **case.with_bars).items():
        close(found[name], value, AGAINST_JAX, name)


def test_numbers_under_binomial_states() -> None:
    """Two states of each number and of each tensor."""
    kept = "scf.yield %c, %q2 : f64, tensor<3xf64>\n  } {ad.checkpoint = #ad.policy<binomial, 2>}"
    text = NUMBERS.read_text().replace("scf.yield %c, %q2 : f64, tensor<3xf64>\n  }", kept)
    case = Case(anamc.parse(text), {"n": 3, "m": 1, "x": X, "w": W}, ["x", "w"], reference)
    wanted = anamc.interpret(anamc.vjp(anamc.load(NUMBERS), wrt=["x", "w"]), **case.with_bars)
    found = anamc.jit(case.vjp)(**case.with_bars)
    for name, value in wanted.items():
        close(found[name], value, AGAINST_JAX, name)


def test_an_element_outside_is_refused_before_the_call() -> None:
    program = anamc.parse("""
func.func @f(%k: index, %x: tensor<3xf64>) -> tensor<f64> {
  %a = tensor.extract %x[%k] : tensor<3xf64>
  %y = tensor.from_elements %a : tensor<f64>
  func.return %y : tensor<f64>
}
""")
    for run in (lambda **given: anamc.interpret(program, **given), anamc.jit(program)):
        assert run(k=2, x=X)["y"] == X[2]
        with pytest.raises(anamc.CallError, match="index out of range: dimension 0 of 'x' has size 3"):
            run(k=3, x=X)
