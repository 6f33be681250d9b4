"""Loops and branches on tensors, compiled: what the interpreter gives, and for derivatives what JAX gives."""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import anamc
from anamc.pipelines import STAGES, run
from support.derived_cases import AGAINST_JAX, SECOND_ORDER, close
from support.routes import CRoute, Runner
from test_derivatives_loops import BAR, BRANCH, KEPT, Y0, P, reference, runge_kutta

SAME = 1e-12
"""Of the largest magnitude: the same operations, sums in another order."""
GCC = CRoute("gcc")
PROGRAMS = Path(__file__).parent / "loops"
Arrays = Mapping[str, Any]


@contextmanager
def ways(program: anamc.Program, threads: Sequence[int] = (1,)) -> Generator[list[Runner]]:
    """The function by the JIT, and by C."""
    found: list[Runner] = [anamc.jit(program, dtype="float64", threads=n) for n in threads]
    with GCC.runner(program, program.function().name, "float64") as in_c:
        yield [*found, in_c]


def agree(program: anamc.Program, cases: Sequence[Arrays], runners: Sequence[Runner]) -> None:
    """Each gives what the interpreter gives."""
    for arrays in cases:
        wanted = anamc.interpret(program, **arrays)
        for runner in runners:
            found = runner(**arrays)
            for name, value in wanted.items():
                close(found[name], value, SAME, name)


def agree_with_derivatives(program: anamc.Program, cases: Sequence[Arrays], wrt: Sequence[str]) -> None:
    """The reverse by every way, which computes the function too; the tangent by the JIT."""
    pull, push, values = anamc.vjp(program, wrt=list(wrt)), anamc.jvp(program, wrt=list(wrt)), np.random.default_rng(7)
    results = [anamc.interpret(program, **arrays) for arrays in cases]
    bars = [{f"{k}_bar": values.normal(size=v.shape) for k, v in found.items()} for found in results]
    dots = [{f"{k}_dot": values.normal(size=np.shape(arrays[k])) for k in wrt} for arrays in cases]
    with ways(pull) as runners:
        agree(pull, [{**a, **b} for a, b in zip(cases, bars, strict=True)], runners)
    agree(push, [{**a, **d} for a, d in zip(cases, dots, strict=True)], [anamc.jit(push, dtype="float64")])


def normal(seed: int, **shapes: int | tuple[int, ...]) -> dict[str, Any]:
    """Random arrays."""
    values = np.random.default_rng(seed)
    return {name: values.normal(size=shape) for name, shape in shapes.items()}


@pytest.mark.compiler("gcc")
@pytest.mark.parametrize("policy", ["all", "sqrt", "recompute", "binomial, 8"])
def test_200_steps_of_runge_kutta_agree_with_jax(policy: str) -> None:
    program = runge_kutta(policy)
    value, bars, dot, second = reference()
    pull = anamc.vjp(program, wrt=["y0", "p"])
    with ways(pull, (1, 2)) as runners:
        for found in [runner(y0=Y0, p=P, y_bar=BAR) for runner in runners]:
            close(found["y"], value, AGAINST_JAX, "y")
            close(found["y0_bar"], bars[0], AGAINST_JAX, "y0_bar")
            close(found["p_bar"], bars[1], AGAINST_JAX, "p_bar")
    if policy != "recompute":  # its second derivative runs as many steps as fit into the square of 200
        both = anamc.jit(anamc.jvp(pull, wrt=["y0", "p"]), dtype="float64")
        found = both(y0=Y0, p=P, y_bar=BAR, y0_dot=BAR, p_dot=P)
        close(found["p_bar_dot"], second, SECOND_ORDER, "p_bar_dot")
    if policy == "all":  # the tangent keeps no states
        with ways(anamc.jvp(program, wrt=["y0", "p"]), (1, 2)) as runners:
            for found in [runner(y0=Y0, p=P, y0_dot=BAR, p_dot=P) for runner in runners]:
                close(found["y_dot"], dot, AGAINST_JAX, "y_dot")


@pytest.mark.parametrize(("policy", "sizes"), KEPT)
def test_the_workspace_has_room_for_the_states_that_a_policy_keeps(policy: str, sizes: list[int]) -> None:
    module = anamc.vjp(runge_kutta(policy), wrt=["y0", "p"]).tensors.clone()
    text = str(run(module, [*STAGES["kernels"], "bufferize-kernels"]))
    found = re.findall(r"memref\.view %workspace\[[^\n]* to memref<(\d+)x3xf64>", text)
    assert sorted(map(int, found)) == sizes


@pytest.mark.compiler("gcc")
def test_versions_that_take_turns_in_a_loop_with_branches() -> None:
    """Bounds and steps at run time; none, one and several rounds, both sides of the branch."""
    cases = [{"n": n, "x": np.array([0.4, -1.1]), "w": np.array([1.3, 0.7])} for n in (0, 4, 17)]
    agree_with_derivatives(anamc.parse(BRANCH), cases, ["x", "w"])


@pytest.mark.compiler("gcc")
def test_values_that_change_places_are_yielded_twice_or_come_from_outside() -> None:
    cases = [{"n": n, **normal(3, x=4, w=4)} for n in (0, 1, 5)]
    agree_with_derivatives(anamc.load(PROGRAMS / "swapped.mlir"), cases, ["x", "w"])


@pytest.mark.compiler("gcc")
def test_loops_in_loops_of_layers() -> None:
    cases = [{"n": n, "m": m, **normal(4, x=(6, 3), w=(3, 3), b=3)} for n, m in ((2, 3), (3, 0))]
    agree_with_derivatives(anamc.load(PROGRAMS / "nested.mlir"), cases, ["x", "w", "b"])


@pytest.mark.compiler("gcc")
def test_a_loop_around_message_passing() -> None:
    edges = np.array([[0, 1], [1, 2], [3, 3], [2, 0], [0, 1]], np.int32)
    cases = [{"n": 4, "e": edges, **normal(5, x=(5, 3), w=(3, 3), b=3)}]
    agree_with_derivatives(anamc.load(PROGRAMS / "messages.mlir"), cases, ["x", "w", "b"])


@pytest.mark.compiler("gcc")
def test_a_stencil_in_time_with_two_versions() -> None:
    cases = [{"n": n, **normal(6, x=16, v=16, c=())} for n in (0, 5)]
    agree_with_derivatives(anamc.load(PROGRAMS / "leapfrog.mlir"), cases, ["x", "v", "c"])


@pytest.mark.compiler("gcc")
def test_a_time_series_is_read_and_another_one_written_entry_by_entry() -> None:
    cases = [normal(8, x=3, force=(n, 3)) for n in (0, 6)]
    agree_with_derivatives(anamc.load(PROGRAMS / "history.mlir"), cases, ["x", "force"])
