"""Emitted C by edge plans: the bits are those of the plan at any number of threads, and another mesh is refused."""

from __future__ import annotations

import ctypes
import json
import re
import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import anamc
from anamc.backends.openacc_c import emit_c, plans_of_entries
from anamc.cli.emit import Emitter
from anamc.dialects.plan_layout import COLOURS, PlanLayout
from anamc.runtime.plan_blocks import plan_block
from anamc.runtime.planned_c import PlannedFunction, load_planned
from anamc.runtime.system_compiler import compile_shared
from support.fixed import source
from support.meshes import FLUX_OF_ENDS

NODES, EDGES = 3000, 5000
WARNINGS = ("-Wall", "-Wextra", "-Wpedantic", "-Werror")
TOLERANCE = 1e-12
"""Of the largest magnitude: sums of some hundred numbers in float64, in another order."""
Values = np.ndarray[Any, Any]

FLUX = f"{FLUX_OF_ENDS}output rate\n"
APART = """
input w[m]
input plan[m] : index
input hash[m] : index
a.shape = [start]
b.shape = [sets]
input x[start]
input y[sets]
a[plan[k]] ++= w[k] * y[hash[k]] | k
b[hash[k]] ++= w[k] | k
s[i] ++= a[i] * x[i] | i
output s, b
"""
"""Tables of rank 1 that number different things; names that the emitted code would like to have."""


def network() -> anamc.Program:
    """An edge field brought to the nodes in each way, and a mixed encoder whose result is a kernel of its own."""
    blocks: list[dict[str, Any]] = [source({"x": 2}, {"e": 2})]
    links: list[tuple[int, int]] = []
    for pin, (reduce, scatter) in enumerate((("sum", "-+"), ("mean", "++"), ("max", "+-")), 10):
        blocks.append(
            {"id": pin, "kind": "aggregate", "input": pin, "output": -pin, "scatter": scatter, "reduce": reduce}
        )
        links += [(-2, pin), (-pin, 90)]
    layers = [{"size": 5, "activation": "tanh"}, {"size": 2}]
    blocks.append({"id": 80, "kind": "encoder", "input": 80, "output": -80, "scatter": "-+", "layers": layers})
    loss = {"id": 90, "kind": "loss", "function": "mse", "of": 90, "target": 91, "target_name": "t", "output": -90}
    links += [(-2, 80), (-1, 80), (-80, 90)]
    joined = [{"from": a, "to": b} for a, b in links]
    graph = {"format": "anamc-graph", "version": 1, "blocks": [*blocks, loss], "links": joined}
    return anamc.parse(json.dumps(graph), "json")


def meshes() -> dict[str, Values]:
    """In order, with self-loops, duplicates and isolated nodes; in random order; many edges at few nodes."""
    rng = np.random.default_rng(4)
    left = np.sort(rng.integers(0, NODES // 4, EDGES) * 4)
    near = np.stack([left, np.clip(left + rng.integers(-9, 10, EDGES), 0, NODES - 1)], axis=1).astype(np.int32)
    near[5], near[7, 1] = near[6], near[7, 0]
    return {
        "in order": near,
        "random": rng.permutation(NODES)[rng.permutation(near)].astype(np.int32),
        "crowded": rng.integers(0, 40, (EDGES, 2)).astype(np.int32),
    }


class Built:
    """Emitted C with plans in a shared library."""

    def __init__(self, program: anamc.Program, path: Path, plans: dict[str, Any]) -> None:
        self.program, self.path, self.plans = program, path, plans
        self.library = ctypes.CDLL(str(path))

    def planned(self, function: str) -> PlannedFunction:
        return load_planned(self.path, self.program.function(function), "float64", *self.plans[function])

    def layout(self, function: str) -> PlanLayout:
        return self.plans[function][2]

    def call(self, symbol: str, sizes: tuple[int, ...], *arrays: Values | None) -> int:
        """The status of any function of the library."""
        return getattr(self.library, symbol)(*sizes, *(None if a is None else a.ctypes.data_as(VOID) for a in arrays))


VOID = ctypes.c_void_p


@contextmanager
def built(program: anamc.Program, compiler: str, *flags: str, derivatives: bool = False) -> Generator[Built]:
    """Warnings are errors."""
    module = Emitter(program, "float64", derivatives=derivatives, plans=True).c_module(openmp=True)
    path = compile_shared(emit_c(module, "net"), compiler=compiler, flags=(*WARNINGS, "-O1", *flags))
    try:
        yield Built(program, path, plans_of_entries(module, "net"))
    finally:
        shutil.rmtree(path.parent, ignore_errors=True)


Fixed = tuple[anamc.Program, dict[str, Any], dict[str, dict[str, Values]]]
ROUTES = ("gcc -fopenmp", "clang-19 -fopenmp")
BITS: dict[str, Values] = {}
"""What the flux gives without OpenMP, by the compiler."""


@pytest.fixture(scope="module")
def gradient() -> Fixed:
    """The gradient of the network, arguments without edges, and what the interpreter makes of each mesh."""
    program = network()
    rng = np.random.default_rng(0)
    given: dict[str, Any] = {
        "params": anamc.init_params(program).astype(np.float64),
        "t": rng.standard_normal((NODES, 8)),
    }
    given |= {"x": rng.standard_normal((NODES, 2)), "e": rng.standard_normal((EDGES, 2))}
    found = anamc.value_and_grad(program, wrt=["params", "x", "e"])
    return found, given, {k: anamc.interpret(found, edgelist=e, **given) for k, e in meshes().items()}


@pytest.mark.parametrize("route", [pytest.param(r, marks=pytest.mark.compiler(r.split()[0])) for r in ROUTES])
def test_a_gradient_has_the_same_bits_on_any_number_of_threads(route: str, gradient: Fixed) -> None:
    """And the numbers of the interpreter."""
    program, given, wanted = gradient
    with built(program, *route.split()) as code:
        function = code.planned(program.function().name)
        for name, edges in meshes().items():
            call = function.bind(edgelist=edges, **given)
            one = {k: v.copy() for k, v in call().items()}
            for result, values in wanted[name].items():
                error = np.abs(one[result] - values).max() / np.abs(values).max()
                assert error < TOLERANCE, f"{result} of the mesh {name} is off by {error:.3g}"
            for threads in (1, 2, 3, 8):
                code.library.omp_set_num_threads(threads)
                found = call()
                for result, values in one.items():
                    assert_array_equal(values, found[result], f"{result} of the mesh {name} on {threads} threads")


@pytest.mark.parametrize(
    "flags",
    [
        pytest.param(f, marks=pytest.mark.compiler(f.split()[0]))
        for f in ("gcc", "gcc -fopenmp", "gcc -fopenacc", "clang-14", "clang-19", "clang-19 -fopenmp")
    ],
)
def test_openmp_changes_no_bit(flags: str) -> None:
    """The plan says the order, without threads too; with OpenACC rows are added as without a plan."""
    rng, edges = np.random.default_rng(2), meshes()["in order"]
    given: dict[str, Any] = {"q": rng.standard_normal((NODES, 2)), "w": rng.standard_normal(EDGES), "ends": edges}
    with built(anamc.parse(FLUX, "ix", name="flux"), *flags.split()) as code:
        rate = code.planned("flux")(**given)["rate"]
        np.testing.assert_allclose(rate, anamc.interpret(code.program, **given)["rate"], rtol=0, atol=1e-12)
        if "openacc" not in flags:
            assert_array_equal(rate, BITS.setdefault(flags.split()[0], rate))


@pytest.fixture(scope="module")
def flux() -> Generator[Built]:
    """The flux with its derivatives, by gcc with OpenMP."""
    with built(anamc.parse(FLUX, "ix", name="flux"), "gcc", "-fopenmp", derivatives=True) as code:
        yield code


def drawn(rng: np.random.Generator, rows: int, count: int) -> Values:
    """Edges with both ends near each other or anywhere; some are loops or stand twice."""
    if rng.integers(2):
        left = np.sort(rng.integers(0, count, rows))
        edges = np.stack([left, np.clip(left + rng.integers(-3, 4, rows), 0, count - 1)], axis=1)
    else:
        edges = rng.integers(0, count, (rows, 2))
    return edges.astype(np.int32)


@pytest.mark.compiler("gcc")
def test_c_makes_the_plans_of_python(flux: Built) -> None:
    """Word by word, whether there are no edges, one, or a chunk more or less; with many colours, and too many."""
    rng = np.random.default_rng(3)
    code = flux
    function, layout = code.planned("flux"), code.layout("flux")
    chunk = layout.plans[0][1].chunk
    rows = (0, 1, 2, chunk - 1, chunk, chunk + 1, 3 * chunk + 5, 20 * chunk)
    cases = [(drawn(rng, r, count), count) for r in rows for count in (1, 7, 40000)]
    for crowd in (COLOURS - 1, COLOURS, COLOURS + 1):  # and one chunk more that meets nobody
        cases.append((np.repeat([[0, 0], [1, 1]], [crowd * chunk, chunk], axis=0).astype(np.int32), 5))
    for edges, count in cases:
        sizes = {"n": count, "m": len(edges)}
        assert_array_equal(function.plan({"ends": edges}, sizes), plan_block(layout, {"ends": edges}, sizes))


@pytest.mark.compiler("gcc")
def test_tables_of_rank_1_that_count_different_things() -> None:
    """The names of sizes and tables are none of the emitted code's."""
    rng = np.random.default_rng(5)
    with built(anamc.parse(APART, "ix", name="apart"), "gcc", derivatives=True) as code:
        assert code.plans.keys() == {"apart", "apart_vjp", "apart_jvp"}
        function, layout = code.planned("apart"), code.layout("apart")
        assert layout is code.layout("apart_vjp") or layout == code.layout("apart_vjp")
        for rows, a, b in ((0, 3, 4), (3000, 500, 9), (9000, 9000, 9000)):
            tables = {"plan": rng.integers(0, a, rows).astype(np.int32), "hash": np.sort(rng.integers(0, b, rows))}
            tables["hash"] = tables["hash"].astype(np.int32)
            sizes = {"m": rows, "start": a, "sets": b}
            assert_array_equal(function.plan(tables, sizes), plan_block(layout, tables, sizes))
            given: dict[str, Any] = {"w": rng.standard_normal(rows), "x": rng.standard_normal(a)}
            given |= {"y": rng.standard_normal(b), **tables}
            wanted, found = anamc.interpret(code.program, **given), function(**given)
            for result, values in wanted.items():
                np.testing.assert_allclose(found[result], values, rtol=0, atol=1e-12, err_msg=result)


@pytest.mark.compiler("gcc")
def test_derivatives_share_the_plan_of_their_function(flux: Built) -> None:
    """`_vjp_planned` and `_jvp_planned` give what `_vjp` and `_jvp` give, on any number of threads."""
    rng = np.random.default_rng(6)
    edges = meshes()["in order"]
    sizes = (NODES, EDGES)
    code = flux
    assert len({(base, layout) for _, base, layout in code.plans.values()}) == 1
    plan = code.planned("flux").plan({"ends": edges}, {"n": NODES, "m": EDGES})
    q, w, rate = rng.standard_normal((NODES, 2)), rng.standard_normal(EDGES), np.zeros((NODES, 2))
    for kind in ("vjp", "jvp"):
        given = [q, rng.standard_normal(q.shape), w, rng.standard_normal(w.shape), edges, rate]
        given.append(rng.standard_normal(rate.shape))
        size = getattr(code.library, f"flux_{kind}_workspace_size")
        size.restype = ctypes.c_int64
        count = size(*sizes)
        room = np.full(count + 128, 7, np.uint8)
        room = room[-room.ctypes.data % 64 :]
        wanted = [a.copy() for a in given]
        assert code.call(f"flux_{kind}", sizes, *wanted, room) == 0
        first: list[Values] = []
        for threads in (1, 3):
            code.library.omp_set_num_threads(threads)
            found = [a.copy() for a in given]
            assert code.call(f"flux_{kind}_planned", sizes, *found, room, plan) == 0
            assert (room[count:] == 7).all()
            for values, other in zip(wanted, found, strict=True):
                np.testing.assert_allclose(other, values, rtol=0, atol=1e-12)
            first = first or found
            for values, other in zip(first, found, strict=True):
                assert_array_equal(values, other)


@pytest.mark.compiler("gcc")
def test_a_plan_of_another_mesh_is_refused(flux: Built) -> None:
    """Other numbers, other sizes, no plan, the plan of another program: status -1, and the results stay."""
    edges = meshes()["in order"]
    code = flux
    function, sizes = code.planned("flux"), (NODES, EDGES)
    plan = function.plan({"ends": edges}, {"n": NODES, "m": EDGES})
    q, w, rate = np.ones((NODES, 2)), np.ones(EDGES), np.full((NODES, 2), 7.0)

    def status(edges: Values, plan: Values | None, sizes: tuple[int, ...] = sizes) -> int:
        return code.call("flux_planned", sizes, q, w, edges, rate, None, plan)

    other, swapped = edges.copy(), edges.copy()
    other[EDGES // 2, 1] ^= 1
    swapped[[10, 11]] = swapped[[11, 10]]
    unlike = plan.copy()
    unlike[1] += 1
    assert [status(e, plan) for e in (other, swapped, np.ascontiguousarray(edges[:, ::-1]))] == [-1, -1, -1]
    assert [status(edges, p) for p in (np.zeros_like(plan), unlike, None)] == [-1, -1, -1]
    assert [status(edges, plan, s) for s in ((NODES + 1, EDGES), (NODES, EDGES - 1))] == [-1, -1]
    assert status(edges, plan, (-1, EDGES)) == 1
    assert (rate == 7).all()
    assert status(edges, plan) == 0
    assert not (rate == 7).any()


@pytest.mark.compiler("gcc")
def test_numbers_that_are_no_row_make_no_plan(flux: Built) -> None:
    edges = meshes()["in order"]
    code = flux
    room, plan = np.zeros(9 * NODES, np.uint64), np.zeros(2 * EDGES, np.int32)

    def status(sizes: tuple[int, int], edges: Values) -> int:
        return code.call("flux_make_plan", sizes, edges, plan, room)

    assert status((NODES, EDGES), edges) == 0
    assert plan[0] != 0
    for number in (-1, NODES):
        wrong = edges.copy()
        wrong[-1, 1] = number
        assert status((NODES, EDGES), edges) == 0
        assert status((NODES, EDGES), wrong) == -2
        q, w, rate = np.ones((NODES, 2)), np.ones(EDGES), np.ones((NODES, 2))
        assert code.call("flux_planned", (NODES, EDGES), q, w, edges, rate, None, plan) == -1
    assert status((NODES, -1), edges) == 1


def test_what_no_rows_meet_in_has_no_plan() -> None:
    """Nor has C that was not asked for it."""
    text = "input x[n, 2]\ny[i] ++= x[i, 0] * x[i, 1] | i\noutput y\n"
    module = Emitter(anamc.parse(text, "ix"), plans=True).c_module(openmp=True)
    assert not plans_of_entries(module, "net")
    assert "plan" not in "".join(emit_c(module, "net").values())
    plain = Emitter(anamc.parse(FLUX, "ix")).c_module(openmp=True)
    assert "plan" not in "".join(emit_c(plain, "net").values())


def test_functions_without_a_plan_stay_what_they_are() -> None:
    """All that is written without plans is written with them too, word by word."""
    program = anamc.parse(FLUX, "ix", name="flux")
    plain, planned = (Emitter(program, plans=p).c_files(openmp=True) for p in (False, True))
    assert plain.keys() == planned.keys()
    for name, text in plain.items():
        parts = re.split(r"\n\n(?=\S)", text)
        lost = [part for part in parts if part not in planned[name] and "Bytes of workspace" not in part]
        assert not lost, f"{name}: {lost[0]}"


EXAMPLE = Path(__file__).parents[2] / "docs/backends/openacc_c.md"
DRIVER = """
#include <stdio.h>

int main(void)
{
  enum { NODES = 5000, EDGES = 9999 };
  static int edges[2 * EDGES];
  static float params[99], field[EDGES], u[NODES], in_order[NODES], planned[NODES];
  int *plan;
  int wrong = 0;
  for (int k = 0; k < EDGES; ++k) {
    edges[2 * k] = k / 2;
    edges[2 * k + 1] = (k * 7) % NODES;
    field[k] = (float)(k % 10) / 10.0f;
  }
  for (int k = 0; k < 99; ++k) {
    params[k] = (float)(k % 7) / 7.0f - 0.5f;
  }
  for (int k = 0; k < NODES; ++k) {
    u[k] = (float)(k % 5);
  }
  plan = plan_of_mesh(NODES, EDGES, edges);
  if (plan == NULL || step(NODES, EDGES, edges, plan, params, field, u, planned, NULL) != 0) {
    return 1;
  }
  run_network(NODES, EDGES, edges, params, field, u, in_order);
  for (int k = 0; k < NODES; ++k) {
    wrong += !(planned[k] - in_order[k] <= 1e-5f && in_order[k] - planned[k] <= 1e-5f);
  }
  edges[3] += 1;
  printf("%d wrong, status %d\\n", wrong, step(NODES, EDGES, edges, plan, params, field, u, planned, NULL));
  free(plan);
  return 0;
}
"""


@pytest.mark.compiler("gcc", "g++")
@pytest.mark.parametrize("caller", [("gcc", "-std=c99"), ("g++", "-xc++", "-std=c++17")], ids=["C", "C++"])
def test_the_example_of_the_page_runs(caller: tuple[str, ...], tmp_path: Path) -> None:
    blocks = re.findall(r"```c\n(.*?)```", EXAMPLE.read_text(encoding="utf-8"), re.DOTALL)
    (example,) = [block for block in blocks if "run_network_make_plan" in block]
    layers = [{"size": 4, "activation": "tanh"}, {"size": 1}]
    encoder = {"id": 3, "kind": "encoder", "scatter": "-+", "input": 1, "output": -3, "layers": layers}
    links = [{"from": -1, "to": 1}, {"from": -2, "to": 1}]
    nodes, edges = {"name": "u", "size": 1, "pin": -1}, {"name": "EdgeFeature1", "size": 1, "pin": -2}
    fields = {"id": 1, "kind": "graph-source", "node_features": [nodes], "edge_features": [edges]}
    graph = {"format": "anamc-graph", "version": 1, "name": "run_network", "blocks": [fields, encoder], "links": links}
    files = Emitter(anamc.parse(json.dumps(graph), "json"), plans=True).c_files(openmp=True)
    for name, text in {**files, "driver.c": example + DRIVER}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    sources = [name for name in files if name.endswith(".c")]
    own = ("-Wall", "-Wextra", "-Werror", "-Iinclude", "-c")
    for command in (("gcc", "-std=c99", "-fopenmp", *own, *sources), (*caller, *own, "driver.c")):
        subprocess.run(command, cwd=tmp_path, check=True)
    objects = [Path(name).stem + ".o" for name in (*sources, "driver.c")]
    subprocess.run([caller[0], "-fopenmp", *objects, "-lm", "-o", "driver"], cwd=tmp_path, check=True)
    done = subprocess.run([tmp_path / "driver"], capture_output=True, text=True, check=True)
    assert done.stdout == "0 wrong, status -1\n"
