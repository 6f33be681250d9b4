"""The emitted files are clean under every compiler and option that they promise, and harmless whatever the names."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from xdsl.dialects.builtin import ModuleOp

from anamc.backends.openacc_c import emit_c, entry_symbols

Flat = Callable[..., ModuleOp]
WARNINGS = ("-Wall", "-Wextra", "-Wpedantic", "-Werror")
C = ("-std=c99", "-O2", "-c", *WARNINGS)
COMMANDS = [
    ("gcc", *C),
    ("gcc", *C, "-fopenacc"),
    ("gcc", *C, "-fopenmp"),
    ("gcc", *C, "-fopenacc", "-fopenmp"),
    ("gcc", *C, "-DANAMC_INDEX=int"),
    ("clang-14", *C),
    ("clang-14", *C, "-fopenmp"),
    ("clang-19", *C),
    ("clang-19", *C, "-fopenmp"),
    ("clang-19", "-std=c99", *WARNINGS, "-fsyntax-only", "-fopenacc", "-Wno-source-uses-openacc"),
]
HEADERS = [
    ("gcc", "-xc", "-std=c99"),
    ("clang-14", "-xc", "-std=c99"),
    ("g++", "-xc++", "-std=c++98", "-Wno-long-long"),
    ("g++", "-xc++", "-std=c++20"),
    ("clang++-14", "-xc++", "-std=c++17"),
    ("clang++-19", "-xc++", "-std=c++20"),
]
MODULES = ["network.mlir", "operations.mlir", "corners.mlir"]


def compilers(commands: list[tuple[str, ...]]) -> list[object]:
    """One case a command, skipped where the compiler is missing."""
    word = [" ".join(w for w in c if w not in C) for c in commands]
    return [pytest.param(c, id=w, marks=pytest.mark.compiler(c[0])) for c, w in zip(commands, word, strict=True)]


def write(files: dict[str, str], folder: Path) -> list[str]:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return [path for path in files if path.endswith(".c")]


def compiles(command: tuple[str, ...], files: dict[str, str], folder: Path) -> None:
    done = subprocess.run([*command, "-Iinclude", *write(files, folder)], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("openmp", [False, True], ids=["acc", "acc and omp"])
@pytest.mark.parametrize("float_type", ["f32", "f64"])
@pytest.mark.parametrize("command", compilers(COMMANDS))
def test_no_compiler_warns(command: tuple[str, ...], float_type: str, openmp: bool, flat: Flat, tmp_path: Path) -> None:
    files: dict[str, str] = {}
    for source in MODULES:
        files |= emit_c(flat(source, float_type=float_type, openmp=openmp), source.removesuffix(".mlir"))
    compiles(command, files, tmp_path)


@pytest.mark.parametrize("command", compilers(HEADERS))
def test_headers_serve_c_and_cpp(command: tuple[str, ...], flat: Flat, tmp_path: Path) -> None:
    write(emit_c(flat("network.mlir"), "net") | emit_c(flat("corners.mlir"), "corners"), tmp_path)
    text = '#include "net.h"\n#include "corners.h"\n#include "net.h"\n'
    run = subprocess.run(
        [*command, *WARNINGS, "-fsyntax-only", "-Iinclude", "-"],
        cwd=tmp_path,
        input=text,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr


@pytest.mark.compiler("gcc")
@pytest.mark.parametrize(("flag", "word"), [("-fopenacc", "acc"), ("-fopenmp", "omp")])
def test_compilers_see_the_directives(flag: str, word: str, flat: Flat, tmp_path: Path) -> None:
    """A directive that is spoilt is noticed: they do not vanish in macros."""
    files = emit_c(flat("network.mlir", openmp=True), "net")
    path = "src/net_kernels.c"
    files[path] = files[path].replace("(parallel loop", "(parallel lop").replace("(parallel for", "(parallel fro")
    sources = write(files, tmp_path)
    done = subprocess.run(["gcc", *C, flag, "-Iinclude", *sources], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode != 0
    assert f"#pragma {word}" in done.stderr


HOSTILE = [
    "*/ int evil(void); /*",
    'quote" \\ backslash',
    "two\\nlines",
    "??/",
    "double",
    "Double",
    "exp",
    "workspace",
    "status",
    "bytes",
    "net_eval",
    "anamc_index",
    "../../x",
    "y" * 300,
    "Größe",
    "_x",
    "9",
    "nnodes",
    "params",
    "edgelist",
    "loss",
    "ANAMC_ACC",
    "linux",
    "NET_ABI_VERSION",
]


def hostile_module() -> str:
    """An entry `net` and its kernel with a feature for each of `HOSTILE`."""
    quoted = [h.replace("\\", "\\\\").replace('"', "\\22") for h in HOSTILE]
    arrays = ", ".join(
        f'%a{k}: memref<?xf32> {{anamc.name = "{q}", anamc.dims = ["nnodes"], anamc.access = "read"}}'
        for k, q in enumerate(quoted)
    )
    values, types = ", ".join(f"%a{k}" for k in range(len(quoted))), ", ".join(["memref<?xf32>"] * len(quoted))
    size = '{anamc.name = "nnodes"}'
    space = '%w: memref<?xi8> {anamc.name = "workspace", anamc.access = "workspace"}'
    entry = f'{{anamc.entry = "net", anamc.comment = ["*/ int evil2(void); /*", "{quoted[1]}"]}}'
    kernel = '{anamc.kernel, anamc.comment = ["*/ int evil3(void); /*"]}'
    out = '%out: memref<?xf32> {anamc.name = "double", anamc.dims = ["nnodes"], anamc.access = "write"}'
    loads = "\n".join(
        f"%x{k} = memref.load %a{k}[%r] : memref<?xf32>\n%e{k} = math.exp %x{k} : f32\n"
        f"%s{k + 1} = arith.addf %s{k}, %e{k} : f32"
        for k in range(len(quoted))
    )
    return f"""
func.func @net_eval(%n: i32 {size}, {arrays}, {out}, {space}) -> i32 attributes {entry} {{
  %i = arith.index_cast %n : i32 to index
  %c0 = arith.constant 0 : index
  %view = memref.view %w[%c0][%i] : memref<?xi8> to memref<?xf32>
  func.call @"*/ kernel"(%i, {values}, %out) : (index, {types}, memref<?xf32>) -> ()
  func.call @"*/ kernel"(%i, {values}, %view) : (index, {types}, memref<?xf32>) -> ()
  %ok = arith.constant 0 : i32
  func.return %ok : i32
}}
func.func @net_workspace_size(%n: i32 {{anamc.name = "nnodes"}}) -> i64 attributes {{anamc.workspace_of = "net"}} {{
  %wide = arith.extsi %n : i32 to i64
  %c = arith.constant 8 : i64
  %b = arith.muli %wide, %c : i64
  func.return %b : i64
}}
func.func private @"*/ kernel"(%n: index {size}, {arrays}, {out}) attributes {kernel} {{
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %s0 = arith.constant 0.0 : f32
  "scf.parallel"(%c0, %n, %c1) <{{operandSegmentSizes = array<i32: 1, 1, 1, 0>}}> ({{
  ^bb0(%r: index):
    {loads}
    memref.store %s{len(quoted)}, %out[%r] : memref<?xf32>
    scf.reduce
  }}) : (index, index, index) -> ()
  func.return
}}
"""


@pytest.mark.parametrize("command", compilers(COMMANDS[:3] + COMMANDS[-1:]))
def test_hostile_names_stay_names(command: tuple[str, ...], flat: Flat, tmp_path: Path) -> None:
    compiles(command, emit_c(flat(hostile_module(), openmp=True), '../*/"net'), tmp_path)


def test_hostile_names_reach_neither_code_nor_paths(flat: Flat) -> None:
    files = emit_c(flat(hostile_module()), "../*/ net")
    assert list(files) == ["include/n______net.h", "src/n______net_kernels.c", "src/n______net.c"]
    for text in files.values():
        code = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
        assert "evil(" not in code.replace("int_evil_", "")
        assert "evil2" not in code
        assert "evil3" not in code
        assert "??" not in text
        assert max(map(len, re.findall(r"\w+", code))) <= 63


def test_the_standard_arguments_keep_their_names_and_features_give_way(flat: Flat) -> None:
    header = emit_c(flat(hostile_module()), "net")["include/net.h"]
    names = re.findall(r"const float \*(\w+)", header)
    for name in ("double_2", "Double_3", "exp_2", "nnodes_2", "params_2", "edgelist_2", "loss_2", "net_eval_2"):
        assert name in names
    assert "int nnodes," in header
    assert "*params," in emit_c(flat("network.mlir"), "net")["include/net.h"]


def test_two_runs_give_the_same_bytes(flat: Flat) -> None:
    first = emit_c(flat("corners.mlir"), "net")
    assert first == emit_c(flat("corners.mlir"), "net")


def test_every_file_carries_the_notice(flat: Flat) -> None:
    for text in emit_c(flat("corners.mlir"), "net").values():
        assert text.startswith("/*\n * SPDX-License-Identifier: 0BSD\n *\n * Permission to use, copy,")


def test_the_kernel_file_neither_calls_the_heap_nor_prints_nor_has_globals(flat: Flat) -> None:
    for source in MODULES:
        code = emit_c(flat(source), "net")["src/net_kernels.c"]
        assert not re.search(r"malloc|calloc|free|stdio|printf|stdlib", code.split("*/", 1)[1])
        assert not re.search(r"^(static )?(const )?\w+ \w+( =|;|\[)", code, flags=re.MULTILINE)


def test_entries_are_found_by_the_name_that_the_user_gave(flat: Flat) -> None:
    module = flat(hostile_module().replace('"net"', '"my net"'))
    assert entry_symbols(module, "net") == {"my net": "my_net"}


def test_a_module_without_entries_has_no_plain_functions(parse: Callable[[str], ModuleOp]) -> None:
    assert list(emit_c(parse("func.func @f() { func.return }"), "x")) == ["include/x.h", "src/x_kernels.c"]


@pytest.mark.compiler("gcc")
@pytest.mark.parametrize(
    ("flags", "atomics", "loops"),
    [((), 0, 0), (("-fopenacc",), 2, 3), (("-fopenmp",), 0, 2), (("-fopenacc", "-fopenmp"), 2, 3)],
)
def test_only_openacc_adds_atomically(
    flags: tuple[str, ...], atomics: int, loops: int, flat: Flat, tmp_path: Path
) -> None:
    """Directives behind the preprocessor: of three loops one adds to nodes, which OpenMP leaves in order."""
    write(emit_c(flat("network.mlir", openmp=True), "net"), tmp_path)
    command = ["gcc", "-E", "-Iinclude", *flags, "src/net_kernels.c"]
    text = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert text.count("atomic update") == atomics
    assert len(re.findall(r"#pragma (acc parallel loop|omp parallel for)", text)) == loops
