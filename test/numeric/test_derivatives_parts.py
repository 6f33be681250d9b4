"""Tensors put together along any dimension, of run-time size too, and their derivatives against JAX."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

import anamc
from support.derived_cases import Case, jax

jnp = jax.numpy


def tensor(shape: Sequence[int | str]) -> str:
    return "tensor<" + "".join(f"{'?' if isinstance(n, str) else n}x" for n in shape) + "f64>"


def parts(dim: int, shapes: Sequence[Sequence[int | str]], whole: Sequence[int | str]) -> anamc.Program:
    """Sines of three parts, with one of them twice."""
    names, types = ("a", "b", "c"), [tensor(s) for s in shapes]
    arguments = ", ".join(f"%{n}: {t}" for n, t in zip(names, types, strict=True))
    return anamc.parse(f"""
func.func @f({arguments}) -> {tensor(whole)} {{
  %s = tensor.concat dim({dim}) %a, %b, %a, %c : ({types[0]}, {types[1]}, {types[0]}, {types[2]}) -> {tensor(whole)}
  %y = math.sin %s : {tensor(whole)}
  func.return %y : {tensor(whole)}
}}""")


N, M, K = "nmk"
CASES: dict[str, tuple[int, Any, Any, dict[str, int]]] = {
    "rows": (0, [(2, 3), (1, 3), (4, 3)], (9, 3), {}),
    "in the middle": (1, [(N, 2, 3), (N, 1, 3), (N, 1, 3)], (N, 6, 3), {"n": 4}),
    "rows of run-time numbers": (0, [(N, 2), (M, 2), (3, 2)], (K, 2), {"n": 3, "m": 2}),
    "some without rows": (0, [(N, 2), (M, 2), (3, 2)], (K, 2), {"n": 0, "m": 2}),
    "vectors of run-time length": (0, [(N,), (2,), (M,)], (K,), {"n": 3, "m": 1}),
    "columns of run-time number": (1, [(3, N), (3, 2), (3, M)], (3, K), {"n": 3, "m": 1}),
}


@pytest.mark.parametrize("name", CASES)
def test_parts_of_one_tensor(name: str) -> None:
    dim, shapes, whole, sizes = CASES[name]
    rng = np.random.default_rng(5)
    arrays: dict[str, Any] = {
        n: rng.normal(size=[sizes[d] if isinstance(d, str) else d for d in s])
        for n, s in zip("abc", shapes, strict=True)
    }

    def reference(v: dict[str, Any]) -> dict[str, Any]:
        return {"y": jnp.sin(jnp.concatenate([v["a"], v["b"], v["a"], v["c"]], axis=dim))}

    Case(parts(dim, shapes, whole), arrays, ["a", "b", "c"], reference).check()
