"""Derivatives in emitted C: `_b`, `_d`, `_vjp` and `_jvp` give what the interpreter gives, in every compiler."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import anamc
from anamc.cli.emit import Emitter
from anamc.runtime.system_compiler import compile_shared
from support.cases import Case
from support.fixed import mesh, message_passing

Values = NDArray[Any]

WARNINGS = ("-Wall", "-Wextra", "-Wpedantic", "-Werror")
OPTIMISATION = {"gcc": "-O1", "clang-14": "-O0", "clang-19": "-O0"}
"""GCC sees what is not initialised only when it optimises; what optimisers make of C is tested elsewhere."""
COMPILERS = [pytest.param(c, marks=pytest.mark.compiler(c)) for c in OPTIMISATION]
TOLERANCE = 1e-12
"""Of the largest magnitude: the same operations, sums in another order; as between all evaluations in float64."""
LOOPS = ((0, 1), (1, 2), (1, 1), (0, 1), (2, 0), (1, 0), (4, 2))

INDEX = """
input x[n, 2]
param W[2, 3] = uniform(-0.1, 0.1)
h[i, j] ++= x[i, k] * W[k, j] | (i, j, k)
s[0] ++= tanh(h{i}) | i
output h, s
"""


def network() -> Case:
    """Message passing with a loss; the edge feature `unused` is read by nothing, `ub` and `u` look alike."""
    found = message_passing(4)
    found["blocks"].append({"id": 9, "kind": "loss", "of": 20, "target": 21, "function": "mse", "target_name": "t"})
    found["links"].append({"from": -15, "to": 20})
    source = found["blocks"][0]
    source["node_features"][0]["name"] = "u"
    source["edge_features"][0]["name"] = "ub"
    source["edge_features"].append({"name": "unused", "size": 2, "pin": -90})
    return Case(found, mesh(5, *LOOPS), seed=2)


@cache
def network_in_c() -> dict[str, str]:
    """Its files; the tests share them."""
    return Emitter(network().program, "float64", derivatives=True).c_files()


class Calls:
    """The functions of a shared library, called with arrays in the order of their parameters."""

    def __init__(self, library: Path) -> None:
        self.library = ctypes.CDLL(str(library))

    def plain(self, name: str, sizes: list[int], arrays: list[Values]) -> None:
        function = getattr(self.library, name)
        function.restype = None
        function(*map(ctypes.c_int, sizes), *(a.ctypes.data_as(ctypes.c_void_p) for a in arrays))

    def entry(self, name: str, sizes: list[int], arrays: list[Values]) -> int:
        query = getattr(self.library, f"{name}_workspace_size")
        query.restype = ctypes.c_int64
        size = query(*map(ctypes.c_int, sizes))
        memory = np.zeros(max(size, 0) + 64, np.uint8)
        place = memory[-memory.ctypes.data % 64 :]
        pointers = (a.ctypes.data_as(ctypes.c_void_p) for a in (*arrays, place))
        return int(getattr(self.library, name)(*map(ctypes.c_int, sizes), *pointers))


@contextmanager
def compiled(files: dict[str, str], compiler: str, optimisation: str = "-O0") -> Generator[Calls]:
    """The emitted C, every function of it; warnings are errors."""
    library = compile_shared(files, compiler=compiler, flags=("-std=c99", optimisation, "-fPIC", "-shared", *WARNINGS))
    try:
        yield Calls(library)
    finally:
        shutil.rmtree(library.parent, ignore_errors=True)


@cache
def of_network(function: str) -> Derivatives:
    """Of one of its functions; the compilers share them."""
    case = network()
    return Derivatives(case.program, function, case.arguments(function, "float64"))


class Derivatives:
    """What the interpreter gives, and the arrays of a call in the order of the parameters in C."""

    def __init__(self, program: anamc.Program, function: str, arrays: dict[str, Any]) -> None:
        signature = program.function(function)
        self.sizes = [arrays[s] for s in signature.sizes]
        self.inputs = {a.name: np.ascontiguousarray(arrays[a.name]) for a in signature.arguments}
        self.active = [a.name for a in signature.arguments if a.used and a.dtype.startswith("float")]
        self.results = [r.name for r in signature.results]
        given: dict[str, Any] = {**arrays, **self.inputs}
        values = anamc.interpret(program, function, **given)
        rng = np.random.default_rng(4)
        self.bars = {n: np.asarray(rng.normal(size=values[n].shape)) for n in self.results}
        self.dots = {n: np.asarray(rng.normal(size=self.inputs[n].shape)) for n in self.active}
        vjp, jvp = (f(program, self.active, self.results, function) for f in (anamc.vjp, anamc.jvp))
        bars: dict[str, Any] = {f"{n}_bar": v for n, v in self.bars.items()}
        dots: dict[str, Any] = {f"{n}_dot": v for n, v in self.dots.items()}
        self.reverse = anamc.interpret(vjp, **given, **bars)
        self.forward = anamc.interpret(jvp, **given, **dots)

    def arrays(self, beside: dict[str, Values], outputs: dict[str, Values]) -> list[Values]:
        """Each array, followed by its companion where it has one."""
        together = {**self.inputs, **outputs}
        return [part for n, v in together.items() for part in ((v, beside[n]) if n in beside else (v,))]

    def empty(self) -> dict[str, Values]:
        return {n: np.full(self.bars[n].shape, 7.0) for n in self.results}


def near(found: Values, wanted: Values, what: str) -> None:
    error, size = (float(np.abs(x).max(initial=0.0)) for x in (found - wanted, wanted))
    assert error <= TOLERANCE * max(size, 1.0), f"{what} is off by {error:.3g} of {size:.3g}"


def check(calls: Calls, symbol: str, wanted: Derivatives) -> None:
    """All four forms of one function."""
    start = {n: np.full(v.shape, 0.5) for n, v in wanted.dots.items()}
    for name, before in ((f"{symbol}_b", 0.5), (f"{symbol}_vjp", 0.0)):
        bars, outputs = {n: v.copy() for n, v in start.items()}, wanted.empty()
        given = {n: v.copy() for n, v in wanted.bars.items()}
        arrays = wanted.arrays({**bars, **given}, outputs)
        if name.endswith("_b"):
            calls.plain(name, wanted.sizes, arrays)
        else:
            assert calls.entry(name, wanted.sizes, arrays) == 0
        for n in wanted.results:
            near(outputs[n], wanted.reverse[n], f"{name}: {n}")
            assert given[n].tolist() == wanted.bars[n].tolist()
        for n in wanted.active:
            near(bars[n] - before, wanted.reverse[f"{n}_bar"], f"{name}: {n}b")
    for name in (f"{symbol}_d", f"{symbol}_jvp"):
        outputs, tangents = wanted.empty(), wanted.empty()
        arrays = wanted.arrays({**wanted.dots, **tangents}, outputs)
        if name.endswith("_d"):
            calls.plain(name, wanted.sizes, arrays)
        else:
            assert calls.entry(name, wanted.sizes, arrays) == 0
        for n in wanted.results:
            near(outputs[n], wanted.forward[n], f"{name}: {n}")
            near(tangents[n], wanted.forward[f"{n}_dot"], f"{name}: {n}d")


@pytest.mark.parametrize("compiler", COMPILERS)
def test_a_network_and_its_loss(compiler: str) -> None:
    with compiled(network_in_c(), compiler, OPTIMISATION[compiler]) as calls:
        for function in ("run_network", "run_network_loss"):
            check(calls, function, of_network(function))


@pytest.mark.compiler("gcc")
def test_without_edges_and_with_a_negative_size() -> None:
    case = network()
    case.mesh = mesh(5)
    case.arrays |= {"edgelist": np.zeros((0, 2), np.int32), "ub": np.zeros((0, 3)), "unused": np.zeros((0, 2))}
    wanted = Derivatives(case.program, "run_network", case.arguments("run_network", "float64"))
    with compiled(network_in_c(), "gcc") as calls:
        check(calls, "run_network", wanted)
        bars, outputs = {n: np.zeros(v.shape) for n, v in wanted.dots.items()}, wanted.empty()
        calls.plain("run_network_b", [5, -1], wanted.arrays({**bars, **wanted.bars}, outputs))
        assert np.isnan(bars["params"]).all()
        assert np.isnan(outputs["xout6"]).all()


@pytest.mark.parametrize("machine", ["none", "loops"])
def test_the_object_has_the_same_functions(tmp_path: Path, machine: str) -> None:
    from anamc.backends.llvm_ir.object_code import emit_object  # noqa: PLC0415  # llvmlite loads slowly

    if shutil.which("cc") is None:
        pytest.skip("no linker on this machine")
    emitter = Emitter(network().program, "float64", derivatives=True, llvm_machine=machine)
    code = emit_object(emitter.llvm_module(), None, None, "")
    (tmp_path / "net.o").write_bytes(code)
    library = tmp_path / "net.so"
    subprocess.run(["cc", "-shared", "-o", str(library), str(tmp_path / "net.o"), "-lm"], check=True)
    check(Calls(library), "run_network", of_network("run_network"))


CPP = (
    '#include "run_network.h"\nint main() { return run_network_b != nullptr && run_network_jvp != nullptr ? 0 : 1; }\n'
)


@pytest.mark.compiler("g++")
def test_the_header_is_one_of_cpp_too(tmp_path: Path) -> None:
    for name, text in network_in_c().items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "main.cpp").write_text(CPP)
    command = ["g++", "-std=c++11", *WARNINGS, "-Wno-address", "-fsyntax-only", "-Iinclude", "main.cpp"]
    subprocess.run(command, cwd=tmp_path, check=True)


def test_names_that_look_alike_stay_apart() -> None:
    header = next(t for n, t in network_in_c().items() if n.endswith(".h"))
    text = " ".join(header.split())
    assert (
        "void run_network_b(const int nnodes, const int nedges, int *edgelist, double *params, double *paramsb, "
        "double *ub, double *ubb, double *unused, double *u, double *ub_2, double *xout6, double *xout6b);"
    ) in text
    assert "run_network_loss_d(" in text
    assert "unusedb" not in text


@pytest.mark.compiler("gcc")
def test_an_index_program() -> None:
    program = anamc.parse(INDEX, "ix", name="layer")
    rng = np.random.default_rng(0)
    arrays = {"x": rng.normal(size=(5, 2)), "W": rng.normal(size=(2, 3))}
    try:
        wanted = Derivatives(program, "layer", {"n": 5, **arrays})
    except anamc.DerivativeError:
        pytest.skip("nests have no derivatives yet")
    with compiled(Emitter(program, "float64", derivatives=True).c_files(), "gcc") as calls:
        check(calls, "layer", wanted)
