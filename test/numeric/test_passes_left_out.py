"""Whatever optional passes are left out, results are the same: all combinations of those that an interpreter sees."""

from __future__ import annotations

import json
import os
from functools import cache
from itertools import product
from random import Random
from typing import Any

import numpy as np
import pytest

import anamc
from anamc.interpreters import call
from anamc.pipelines import OPTIONAL, STAGES, remaining, run
from anamc.runtime.compiler import flat_module
from anamc.schedule.machines import LOOPS
from support.cases import Case, random_case
from support.fixed import message_passing
from support.routes import arguments

IN_KERNELS = tuple(p for p in OPTIONAL if p in (*STAGES["tensors"], *STAGES["kernels"]))
"""Those whose effect an interpreter sees."""
COMBINATIONS = tuple(tuple(p for p, out in zip(IN_KERNELS, chosen, strict=True) if out)
                     for chosen in product((False, True), repeat=len(IN_KERNELS)))  # fmt: skip
CASES = range(300, 340) if os.environ.get("ANAMC_ALL_COMBINATIONS") else (302, 305)
"""Random graphs; each has every combination."""
COMPILED = 24 if os.environ.get("ANAMC_ALL_COMBINATIONS") else 4
"""Random graphs and gradients that are compiled with random combinations of all."""
MESH = """input x[n, 3] input ends[m, 2] : index input w[3, 2]
h[i, j] ++= tanh(x[i, k] * w[k, j]) | (i, j, k)
p[e, s] ++= h[ends[e, s], 0] * h[ends[e, s], 1] | (e, s in 0..<2)
out.shape = [n, 2]
out[ends[e, 0], j] ++= p[e, 1] * h[ends[e, 1], j] | (e, j)
out[ends[e, 1], j] ++= 0.0 - p[e, 0] * h[ends[e, 0], j] | (e, j)
blur[i] ++= out[i + d, 0] * 0.5 | (i in 0..<n - 1, d in 0..<2)
total[0] ++= blur{i} * blur{i} | i
two[i] ++= x[i, 0] + x[i, 1] | i
three[i] ++= x[i, 1] + x[i, 2] | i
sum[0] ++= two{i} * three{i} | i
four{i} ++= two{i} + three{i} | i
five{i} ++= four{i} * sum[0] | i
output out, total, five
"""
"""Sums through columns of a table, and of neighbours; two rows that are read again as their sum."""
PRODUCT = "input a[32, 40] input b[48, 32] c[i, j] ++= a[k, i] * b[j, k] | (i, j, k) output c"
"""Of two turned matrices."""


def interpreted(program: anamc.Program, function: str, case: Case, wanted: Any) -> None:
    """A function at the level of kernels, in float64."""
    module = run(program.tensors.clone(), remaining(STAGES["kernels"], program.left_out), dtype="float64",
                 options={"stash-or-recompute": {"keep": ("none",)}})  # fmt: skip
    signature = program.function(function)
    given = arguments(case.mesh, {a.name: case.arrays[a.name] for a in signature.arguments}, "float64")
    shapes = [tuple(given[d] if isinstance(d, str) else d for d in a.dims) for a in signature.arguments]
    values = [given[a.name].reshape(shape) for a, shape in zip(signature.arguments, shapes, strict=True)]
    with np.errstate(all="ignore"):
        results = call(module, function, (*(given[s] for s in signature.sizes), *values))
    found = {r.name: np.asarray(v) for r, v in zip(signature.results, results, strict=True)}
    wanted.check(found, "float64", f"{function} without {', '.join(program.left_out) or 'nothing'}")


@pytest.mark.parametrize("seed", CASES)
def test_kernels_mean_the_same_in_every_combination(seed: int) -> None:
    case = random_case(seed, most=3)
    wanted, function = case.expectation(), list(case.program.functions)[-1]
    for left_out in COMBINATIONS:
        interpreted(case.program.without(*left_out), function, case, wanted)


def combinations(draw: Random) -> list[tuple[str, ...]]:
    """Two random ones, and everything."""
    return [*(tuple(p for p in OPTIONAL if draw.random() < 0.5) for _ in range(2)), OPTIONAL]


def same(program: anamc.Program, given: dict[str, Any], draw: Random) -> None:
    """All results in float64 with all passes, and without some."""
    wanted = anamc.jit(program, dtype="float64")(**given)
    for left_out in combinations(draw):
        found = anamc.jit(program.without(*left_out), dtype="float64", threads=draw.choice((1, 2)))(**given)
        for name, value in wanted.items():
            most = 1e-11 * max(
                1.0, float(np.abs(value).max(initial=0.0))
            )  # sums of some hundred terms in another order
            error = float(np.abs(found[name] - value).max(initial=0.0))
            assert error <= most, f"{name} is off by {error:.3g} without {', '.join(left_out)}"


@pytest.mark.parametrize("seed", range(400, 400 + COMPILED))
def test_machine_code_gives_the_same_in_random_combinations(seed: int) -> None:
    case, draw = random_case(seed, most=3), Random(seed)
    function = list(case.program.functions)[-1]
    program = anamc.vjp(case.program, function=function) if len(case.program.functions) == 1 else case.program
    names = {a.name for a in program.function().arguments}
    given = {n: v for n, v in case.arrays.items() if n in names}
    result = {a.name: a for a in case.program.function(function).results}
    sizes = {"nnodes": case.mesh.nodes, "nedges": len(case.mesh.edges)}
    for name in names - given.keys():
        dims = result[name.removesuffix("_bar")].dims
        given[name] = np.random.default_rng(seed).standard_normal([d if isinstance(d, int) else sizes[d] for d in dims])
    same(program, arguments(case.mesh, given, "float64"), draw)


@pytest.mark.parametrize("derived", [False, True])
def test_an_index_program_gives_the_same_in_random_combinations(derived: bool) -> None:
    program, rng = anamc.parse(MESH, "ix"), np.random.default_rng(0)
    given: dict[str, Any] = {"x": rng.standard_normal((50, 3)), "w": rng.standard_normal((3, 2))}
    given["ends"] = rng.integers(0, 50, (300, 2)).astype(np.int32)
    same(anamc.value_and_grad(program, wrt=["x", "w"], of="total") if derived else program, given, Random(1))


@cache
def made(which: str, left_out: tuple[str, ...]) -> str:
    """The module behind all passes, of C (`blocks`) or of vectors."""
    if which == "product":
        program = anamc.parse(PRODUCT, "ix").without(*left_out)
    elif which == "index":
        program = anamc.vjp(anamc.parse(MESH, "ix").without(*left_out), wrt=["x", "w"], of=["total"])
    else:
        program = anamc.vjp(anamc.parse(json.dumps(message_passing(4)), "json").without(*left_out))
    form: dict[str, Any] = {"blocks": LOOPS} if which == "blocks" else {"machine": "avx2"}
    return str(flat_module(program, None, "float32", keep="all" if which == "index" else "auto", **form))


@pytest.mark.parametrize("name", OPTIONAL)
def test_each_pass_that_is_left_out_makes_a_difference(name: str) -> None:
    """Else its flag would only be read."""
    assert any(made(which, ()) != made(which, (name,)) for which in ("index", "product", "vectors", "blocks"))


def test_a_pass_that_code_needs_is_refused() -> None:
    with pytest.raises(anamc.Error, match=r"A0816.*'form-kernels' is no pass that can be left out"):
        anamc.parse(MESH, "ix").without("fuse-kernels", "form-kernels")


def test_derivatives_leave_out_what_their_function_does() -> None:
    program = random_case(300, most=3).program.without("hoist-gathered-layers").without("fuse-kernels")
    assert anamc.vjp(program).left_out == program.left_out == ("hoist-gathered-layers", "fuse-kernels")
