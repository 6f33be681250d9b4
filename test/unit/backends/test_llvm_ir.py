"""LLVM IR text and object code: what lit tests cannot show."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import llvmlite.binding as llvm
import numpy as np
import pytest
from xdsl.context import Context
from xdsl.dialects import arith, func, math, memref, scf
from xdsl.dialects.builtin import Builtin, FloatAttr, IntegerAttr, ModuleOp, StringAttr, f32, f64, i64
from xdsl.dialects.llvm import LLVM
from xdsl.ir import Attribute, Block
from xdsl.parser import Parser
from xdsl.utils.exceptions import DiagnosticException

from anamc.backends.llvm_ir.compile_text import compile_text, external_symbols
from anamc.backends.llvm_ir.literals import constant_text, float_text, quoted, symbol_text
from anamc.backends.llvm_ir.machine import Machine, check, host, vectors_of
from anamc.backends.llvm_ir.object_code import emit_object
from anamc.backends.llvm_ir.target import llvm_text
from anamc.errors import ToolError
from anamc.pipelines import STAGES, run
from anamc.runtime.jit import Library
from anamc.schedule.machines import MACHINES

INPUT = Path(__file__).parents[1] / "runtime" / "inputs" / "net.mlir"
ELF = b"\x7fELF"


def lowered(text: str) -> ModuleOp:
    context = Context()
    for dialect in (Builtin, arith.Arith, func.Func, LLVM, math.Math, memref.MemRef, scf.Scf):
        context.load_dialect(dialect)
    module = Parser(context, text).parse_module()
    return run(module, STAGES["llvm"])


@pytest.fixture(scope="module")
def net() -> ModuleOp:
    return lowered(INPUT.read_text())


def test_text_has_the_same_bytes_each_time(net: ModuleOp) -> None:
    assert llvm_text(net) == llvm_text(lowered(INPUT.read_text()))


def test_llvm_reads_the_text(net: ModuleOp) -> None:
    module = llvm.parse_assembly(llvm_text(net))
    module.verify()
    names = {f.name for f in module.functions if not f.is_declaration}
    assert {"net", "net_eval", "net_workspace_size", "net_fit", "net_scatter", "fill_nan_f32"} == names


def test_external_symbols_are_those_of_the_text(net: ModuleOp) -> None:
    assert external_symbols(llvm_text(net)) == ("net_eval", "net_workspace_size", "net")


def test_only_contract_is_ever_allowed(net: ModuleOp) -> None:
    text = llvm_text(net)
    assert "fmul contract float" in text
    assert not any(f" {flag} " in text for flag in ("fast", "reassoc", "nnan", "ninf", "nsz", "arcp", "afn"))


def test_text_printed_from_reread_mlir_is_the_same(net: ModuleOp) -> None:
    context = Context()
    for dialect in (Builtin, LLVM):
        context.load_dialect(dialect)
    assert llvm_text(Parser(context, str(net)).parse_module()) == llvm_text(net)


def kernels(count: int) -> str:
    kernel = INPUT.read_text().split("func.func private @net_scatter")[0].split("func.func private @net_fit")[1]
    return "\n".join(f"func.func private @k{i}{kernel}" for i in range(count))


def test_lowering_grows_linearly_with_the_number_of_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted, not timed: insertions and erasures of operations."""
    counts: list[int] = []
    for n in (10, 20, 40):
        calls = 0
        insert = Block.insert_ops_before

        def counting(self: Block, *args: object, insert: Callable[..., None] = insert) -> None:
            nonlocal calls
            calls += 1
            insert(self, *args)

        with monkeypatch.context() as patch:
            patch.setattr(Block, "insert_ops_before", counting)
            lowered(kernels(n))
        counts.append(calls)
    assert counts[0] > 0
    assert counts[2] - counts[1] == 2 * (counts[1] - counts[0])


@pytest.mark.parametrize("value", [0.1, 1 / 3, 1e-45, 3.4e38, 1e300, -0.0, float("inf"), float("nan"), 5e-324])
@pytest.mark.parametrize("kind", [f32, f64])
def test_llvm_reads_back_the_same_float(value: float, kind: Attribute) -> None:
    name, ctype, dtype = ("float", ctypes.c_float, "f4") if kind == f32 else ("double", ctypes.c_double, "f8")
    library = Library(compile_text(f"@x = constant {name} {float_text(value, kind)}\n", host()), ("x",))
    found = np.array([ctype.from_address(library.address("x")).value]).astype(dtype)
    with np.errstate(over="ignore"):
        np.testing.assert_array_equal(found, np.array([value]).astype(dtype))
    assert np.signbit(found[0]) == np.signbit(value)


def test_constant_of_an_unknown_kind_is_named() -> None:
    with pytest.raises(DiagnosticException, match="llvm-ir: cannot print the constant '\"x\"'"):
        constant_text(StringAttr("x"), i64)
    assert constant_text(IntegerAttr(3, i64), i64) == "3"
    assert constant_text(FloatAttr(0.5, f64), f64) == "5.000000e-01"


@pytest.mark.parametrize("name", ['a"b', "a\\b", "a\nb", "a\0b", "\x01main", "ä", "\ud800", "", "a b", "9"])
def test_no_name_breaks_out_of_its_quotes(name: str) -> None:
    text = f"define void {symbol_text(name or 'x')}() {{\n  ret void\n}}\n"
    module = llvm.parse_assembly(text)
    module.verify()
    assert len(list(module.functions)) == 1


def test_quoted_text_is_plain_ascii() -> None:
    assert quoted('é"\\\n') == '"\\C3\\A9\\22\\5C\\0A"'


# object code


@pytest.mark.parametrize(
    ("triple", "cpu", "machine_code"),
    [
        ("x86_64-unknown-linux-gnu", "generic", 62),
        ("x86_64-unknown-linux-gnu", "skylake-avx512", 62),
        ("aarch64-unknown-linux-gnu", "neoverse-v2", 183),
        ("riscv64-unknown-linux-gnu", None, 243),
    ],
)
def test_object_code_is_for_the_named_machine(net: ModuleOp, triple: str, cpu: str | None, machine_code: int) -> None:
    code = emit_object(net, triple=triple, cpu=cpu)
    assert code.startswith(ELF)
    assert int.from_bytes(code[18:20], "little") == machine_code


def test_object_code_has_the_same_bytes_each_time(net: ModuleOp) -> None:
    assert emit_object(net) == emit_object(net)


def test_object_code_for_this_machine(net: ModuleOp) -> None:
    assert emit_object(net, cpu="host").startswith(ELF)


def test_features_change_the_code(net: ModuleOp) -> None:
    triple = "x86_64-unknown-linux-gnu"
    assert emit_object(net, triple) != emit_object(net, triple, features="+avx2,+fma")


def test_unknown_triple_is_refused(net: ModuleOp) -> None:
    with pytest.raises(ToolError, match=r"A0750.*unknown target triple 'foo-bar'"):
        emit_object(net, triple="foo-bar")


@pytest.mark.parametrize(("cpu", "features"), [("nonsense", ""), ("znver4", "+nonsense")])
def test_unknown_cpu_or_feature_is_refused(net: ModuleOp, cpu: str, features: str) -> None:
    with pytest.raises(ToolError, match=r"(?s)A0751.*'\+?nonsense' is not a recognized"):
        emit_object(net, "x86_64-unknown-linux-gnu", cpu, features)


def test_probe_that_fails_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    failed = subprocess.CompletedProcess[str]([], 1, "", "Traceback\nout of memory")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(ToolError, match=r"A0751.*\n  out of memory"):
        check(Machine("x86_64-unknown-linux-gnu", "some-cpu"))


def test_text_that_llvm_refuses_is_an_error() -> None:
    with pytest.raises(ToolError, match=r"(?s)A0752.*expected type"):
        compile_text("define x", host())


def test_unknown_level_is_refused(net: ModuleOp) -> None:
    with pytest.raises(ToolError, match=r"A0753.*0 to 3, got 4"):
        emit_object(net, opt=4)


def test_host_has_no_feature_that_llvm_cannot_use() -> None:
    assert "avx10" not in host().features
    assert host().triple in (llvm.get_default_triple(),)


@pytest.mark.parametrize(
    ("triple", "cpu", "features", "name"),
    [
        ("x86_64-linux-gnu", "generic", "+avx2,+avx512f,+fma", "avx512"),
        ("x86_64-linux-gnu", "generic", "+avx2,-avx512f,+fma", "avx2"),
        ("x86_64-linux-gnu", "generic", "+avx2,-fma", "generic"),
        ("x86_64-linux-gnu", "skylake-avx512", "", "avx512"),
        ("x86_64-linux-gnu", "haswell", "", "avx2"),
        ("x86_64-linux-gnu", "sandybridge", "", "generic"),
        ("x86_64-linux-gnu", "", "", "generic"),
        ("aarch64-linux-gnu", "", "", "neon"),
        ("riscv64-linux-gnu", "", "", "generic"),
    ],
)
def test_machines_are_told_by_their_registers(triple: str, cpu: str, features: str, name: str) -> None:
    machine = Machine(triple, cpu, features)
    assert vectors_of(machine) == name
    assert name in MACHINES
    assert machine.vector_width == (512 if name == "avx512" else 0)


def test_module_imports_nothing_of_llvmlite_at_the_top() -> None:
    code = "import sys, anamc.backends.llvm_ir.target; sys.exit('llvmlite' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# the plain function, linked as the seed's driver links it

PARAMS = np.random.default_rng(2).normal(size=13).astype(np.float32)


def call_plain(library: ctypes.CDLL, nodes: int, edges: np.ndarray) -> np.ndarray:
    u, y = np.linspace(-1, 1, max(nodes, 1), dtype=np.float32), np.zeros(max(nodes, 1), np.float32)
    pointers = [a.ctypes.data_as(ctypes.c_void_p) for a in (edges, PARAMS)] + [None]
    library.net(nodes, len(edges), *pointers, u.ctypes.data_as(ctypes.c_void_p), y.ctypes.data_as(ctypes.c_void_p))
    return y


def expected(nodes: int, edges: np.ndarray) -> np.ndarray:
    u = np.linspace(-1, 1, nodes, dtype=np.float32)[:, None]
    h = np.tanh(u * PARAMS[:4] + PARAMS[4:8]) @ PARAMS[8:12] + PARAMS[12]
    y = np.zeros(nodes, np.float32)
    np.add.at(y, edges[:, 0], -h[edges[:, 0]])
    np.add.at(y, edges[:, 1], h[edges[:, 0]])
    return y


EDGES = np.array([[0, 1], [1, 2], [3, 3]], np.int32)


def check_library(path: Path) -> None:
    library = ctypes.CDLL(str(path))
    np.testing.assert_allclose(call_plain(library, 5, EDGES), expected(5, EDGES), atol=1e-6)  # tanhf: 2 ulp of 1
    assert np.isfinite(call_plain(library, 0, EDGES[:0])).all()


@pytest.mark.compiler("gcc")
def test_object_code_links_and_runs(net: ModuleOp, tmp_path: Path) -> None:
    (tmp_path / "net.o").write_bytes(emit_object(net))
    subprocess.run(["gcc", "-shared", "-o", tmp_path / "net.so", tmp_path / "net.o", "-lm"], check=True)
    check_library(tmp_path / "net.so")


@pytest.mark.compiler("clang-19")
def test_clang_19_compiles_the_text(net: ModuleOp, tmp_path: Path) -> None:
    (tmp_path / "net.ll").write_text(llvm_text(net))
    command = ["clang-19", "-O2", "-Werror", "-Wno-override-module", "-shared", "-fPIC", "-o", tmp_path / "net.so"]
    subprocess.run([*command, tmp_path / "net.ll", "-lm"], check=True)
    check_library(tmp_path / "net.so")


@pytest.mark.compiler("gcc")
def test_plain_function_gives_nan_without_memory(net: ModuleOp, tmp_path: Path) -> None:
    (tmp_path / "net.o").write_bytes(emit_object(net))
    (tmp_path / "malloc.c").write_text(
        "#include <stddef.h>\nvoid *malloc(size_t n) { (void)n; return 0; }\nvoid free(void *p) { (void)p; }\n"
    )
    flags = ["-shared", "-fPIC", "-fno-builtin", "-Wl,-Bsymbolic"]
    sources = [tmp_path / "net.o", tmp_path / "malloc.c"]
    subprocess.run(["gcc", *flags, "-o", tmp_path / "net.so", *sources, "-lm"], check=True)
    y = call_plain(ctypes.CDLL(str(tmp_path / "net.so")), 5, EDGES)
    assert np.isnan(y).all()


@pytest.mark.compiler("gcc")
def test_plain_function_with_a_negative_size_writes_nothing(net: ModuleOp, tmp_path: Path) -> None:
    (tmp_path / "net.o").write_bytes(emit_object(net))
    subprocess.run(["gcc", "-shared", "-o", tmp_path / "net.so", tmp_path / "net.o", "-lm"], check=True)
    y = call_plain(ctypes.CDLL(str(tmp_path / "net.so")), -3, EDGES[:0])
    np.testing.assert_array_equal(y, 0)
