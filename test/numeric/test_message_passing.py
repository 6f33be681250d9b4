"""A message-passing network on an unstructured mesh of 100,000 nodes, by each way to run it."""

from __future__ import annotations

from functools import partial

import pytest

import anamc
from benchmarks.peers.anamc_jit import chosen, derived
from benchmarks.workloads.message_passing import MessagePassing
from support.cases import Case
from support.compare import evaluated, largest
from support.fixed import message_passing
from support.meshes import delaunay
from support.routes import KERNELS, OPENACC, CRoute, Runner, interpreted, jitted

pytest.importorskip("scipy", reason="scipy makes the mesh")

NODES = 100_000
TOLERANCE = {"float32": 2e-5, "float64": 1e-12}
"""
Of the largest magnitude. Seven layers of at most 97 terms and sums over about six edges: errors of about
100 roundings, 6e-6 and 1e-14, were they all to add up.
"""
COMPILED = {
    "jit": jitted,
    "gcc": CRoute("gcc", ("-O2",), plain=True),
    "gcc -fopenacc": CRoute("gcc", ("-O2", OPENACC)),
    "clang-14": CRoute("clang-14", ("-O2",)),
    "clang-19": CRoute("clang-19", ("-O2",)),
}


def mesh_case(shuffled: bool, nodes: int = NODES) -> Case:
    """The network with Glorot parameters on a mesh."""
    mesh, fields = delaunay(nodes, seed=1, shuffled=shuffled)
    case = Case(message_passing(32), mesh, fields)
    case.arrays["params"] = anamc.init_params(case.program, seed=2).astype("float64")
    return case


class Meshes:
    """The network on a mesh in its natural order and on a shuffled one; what is compiled runs on both."""

    def __init__(self) -> None:
        self.cases = {name: mesh_case(name == "shuffled") for name in ("natural", "shuffled")}
        self.wanted = {n: evaluated(c.document, c.mesh, c.arrays, "float64")["xout6"] for n, c in self.cases.items()}
        self.program = self.cases["natural"].program

    def check(self, run: Runner, dtype: str, route: str) -> None:
        for name, case in self.cases.items():
            found, wanted = case.results(run, "run_network", dtype)["xout6"], self.wanted[name]
            error = largest(found.astype("float64") - wanted) / largest(wanted)
            assert error <= TOLERANCE[dtype], f"{route} in {dtype} is off by {error:.3g} on the {name} mesh"


@pytest.mark.mesh
def test_all_ways_agree_on_meshes(compilers: set[str]) -> None:
    meshes = Meshes()
    assert all(len(case.mesh.edges) > 2.9 * NODES for case in meshes.cases.values())
    meshes.check(partial(anamc.interpret, meshes.program), "float64", "interpreter")
    for dtype in TOLERANCE:
        for name, route in COMPILED.items():
            if not isinstance(route, CRoute):
                meshes.check(route(meshes.program, "run_network", dtype), dtype, name)
            elif route.command in compilers:
                with route.runner(meshes.program, "run_network", dtype) as run:
                    meshes.check(run, dtype, name)


def test_steps_that_share_their_functions_keep_their_weights() -> None:
    work = MessagePassing(4, nodes=300)
    program, arrays = derived(work, True), work.arrays()
    given = chosen(program, work.arguments(arrays))
    wide = {k: v.astype("float64") if v.dtype.kind == "f" else v for k, v in given.items()}
    found = anamc.jit(program, dtype="float64", threads=2)(**wide)
    for name, wanted in anamc.interpret(program, **wide).items():
        assert largest(found[name] - wanted) <= TOLERANCE["float64"] * largest(wanted)


def test_the_kernels_agree_on_a_small_mesh() -> None:
    """The interpreter takes kernels row by row: too slow for the large one."""
    case = mesh_case(shuffled=True, nodes=300)
    wanted = case.expectation()
    for passes in ((), KERNELS["as usual"], KERNELS["not fused"]):
        runner = interpreted(case.program, "run_network", "float64", passes)
        wanted.check(case.results(runner, "run_network", "float64"), "float64", "kernels")
