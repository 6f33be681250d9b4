"""`anamc compile`: what is written, what is refused, what is left behind."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

C_FILES = ["include/step.h", "src/step.c", "src/step_kernels.c"]
PLAIN = "--no-derivatives"
"""Where derivatives would only take time."""
TWICE = """input x[n]
t{i} ++= x{i} * 2.0 | i
s[0] ++= t{i} | i
y{i} ++= t{i} * s[0] | i
output y
"""
"""Rows are read again once all are summed."""
HOSTILE = ["*/ int evil; /*", "../../evil", "a\nb", "<script>", '#include "evil.h"', "é" * 300, "con", "x;rm -rf"]


def written(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_c_and_llvm_ir_are_written(anamc: Any, graph: Any, tmp_path: Path) -> None:
    found = anamc("compile", graph(), "-o", tmp_path / "out")
    assert found.status == 0
    files = written(tmp_path / "out")
    assert sorted(files) == sorted([*C_FILES, "llvm/step.ll"])
    for name, data in files.items():
        assert f"wrote {tmp_path}/out/{name} ({len(data)} bytes)" in found.out
    assert b"void step(const int nnodes, const int nedges, int *edgelist, float *params" in files["include/step.h"]
    assert b"target triple" not in files["llvm/step.ll"]


def test_the_same_input_gives_the_same_bytes(anamc: Any, graph: Any, tmp_path: Path) -> None:
    for name in ("a", "b"):
        anamc("compile", graph(), "-o", tmp_path / name, "--emit-object", "--openmp")
    assert written(tmp_path / "a") == written(tmp_path / "b")
    assert len(written(tmp_path / "a")) == 5


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--backend", "c"], C_FILES),
        (["--backend", "llvm"], ["llvm/step.ll"]),
        (["--backend", "llvm", "--backend", "c"], [*C_FILES, "llvm/step.ll"]),
        (["--backend", "all"], [*C_FILES, "llvm/step.ll"]),
        (["--backend", "c", "--emit-object"], [*C_FILES, "obj/step.o"]),
    ],
)
def test_backends_are_chosen(anamc: Any, graph: Any, tmp_path: Path, arguments: list[str], expected: list[str]) -> None:
    found = anamc("compile", graph(), "-o", tmp_path / "out", "--json", PLAIN, *arguments)
    assert sorted(written(tmp_path / "out")) == sorted(expected)
    assert sorted(found.json["files"]) == sorted(expected)
    assert found.json["sizes"] == [len(written(tmp_path / "out")[f]) for f in found.json["files"]]


def test_the_float_type_is_chosen(anamc: Any, graph: Any, tmp_path: Path) -> None:
    anamc("compile", graph(), "-o", tmp_path, "--dtype", "float64", PLAIN)
    assert b"double *params" in written(tmp_path)["include/step.h"]
    assert b"double" in written(tmp_path)["llvm/step.ll"]


def test_openmp_is_an_option(anamc: Any, graph: Any, tmp_path: Path) -> None:
    anamc("compile", graph(), "-o", tmp_path / "with", "--openmp", "--backend", "c", PLAIN)
    anamc("compile", graph(), "-o", tmp_path / "without", "--backend", "c", PLAIN)
    kernels = [written(tmp_path / name)["src/step_kernels.c"] for name in ("with", "without")]
    assert [b"_OPENMP" in text for text in kernels] == [True, False]


def test_kernels_in_blocks_may_be_left_out(anamc: Any, graph: Any, tmp_path: Path) -> None:
    anamc("compile", graph(), "-o", tmp_path / "with", "--backend", "c", PLAIN)
    anamc("compile", graph(), "-o", tmp_path / "without", "--backend", "c", "--no-blocks", PLAIN)
    kernels = [written(tmp_path / name)["src/step_kernels.c"] for name in ("with", "without")]
    assert [b"ANAMC_SIMD" in text for text in kernels] == [True, False]
    assert all(b"ANAMC_ACC(parallel loop" in text for text in kernels)


def test_one_function_may_be_chosen(anamc: Any, regression: Path, tmp_path: Path) -> None:
    anamc("compile", regression, "-o", tmp_path, "--function", "run_network", "--backend", "c", PLAIN)
    assert b"run_network_loss" not in b"".join(written(tmp_path).values())
    anamc("compile", regression, "-o", tmp_path / "all", "--backend", "c", PLAIN)
    assert b"run_network_loss" in written(tmp_path / "all")["include/run_network.h"]


def test_a_machine_may_be_named(anamc: Any, graph: Any, tmp_path: Path) -> None:
    triple = "aarch64-unknown-linux-gnu"
    found = anamc(
        "compile", graph(), "-o", tmp_path, "--backend", "llvm", "--emit-object", "--target", triple,
        "--cpu", "cortex-a72", "--features", "+crc", PLAIN,
    )  # fmt: skip
    assert found.status == 0, found.err
    text = written(tmp_path)["llvm/step.ll"].decode()
    assert f'target triple = "{triple}"' in text
    assert '"target-cpu"="cortex-a72"' in text
    assert written(tmp_path)["obj/step.o"][18:20] == b"\xb7\x00"  # EM_AARCH64 in the ELF header


@pytest.mark.parametrize(
    ("arguments", "lanes"),
    [
        ([], 16),  # of any width
        (["--cpu", "haswell"], 8),
        (["--target", "aarch64-unknown-linux-gnu"], 4),
        (["--features", "+avx512f"], 16),
        (["--machine", "generic", "--cpu", "haswell"], 4),
        (["--machine", "none"], 0),
    ],
)
def test_llvm_ir_has_vectors_of_its_machine(
    anamc: Any, graph: Any, tmp_path: Path, arguments: list[str], lanes: int
) -> None:
    found = anamc("compile", graph(), "-o", tmp_path, "--backend", "llvm", "--no-derivatives", *arguments)
    assert found.status == 0, found.err
    text = written(tmp_path)["llvm/step.ll"].decode()
    assert {int(n) for n in re.findall(r"fabs\.v(\d+)f32", text)} == ({lanes} if lanes else set())
    assert ('"prefer-vector-width"="512"' in text) == ("+avx512f" in arguments)


def test_c_has_vectors_of_a_machine(anamc: Any, graph: Any, tmp_path: Path) -> None:
    for machine, lanes in (("avx2", 8), ("neon", 4)):
        found = anamc("compile", graph(), "-o", tmp_path / machine, "--backend", "c", "--machine", machine)
        assert found.status == 0, found.err
        source = written(tmp_path / machine)["src/step_kernels.c"].decode()
        bounds = set(re.findall(r"ANAMC_SIMD\n\s*for \(.*? < (\d+);", source))
        assert bounds == {str(lanes)}, bounds


def test_this_machine_may_be_named(anamc: Any, graph: Any, tmp_path: Path) -> None:
    found = anamc("compile", graph(), "-o", tmp_path, "--backend", "llvm", "--cpu", "host", PLAIN)
    assert found.status == 0, found.err
    assert "target-features" in written(tmp_path)["llvm/step.ll"].decode()


@pytest.mark.compiler
def test_an_object_links_with_c(anamc: Any, graph: Any, tmp_path: Path) -> None:
    anamc("compile", graph(), "-o", tmp_path, "--emit-object", PLAIN)
    (tmp_path / "main.c").write_text(
        '#include "step.h"\n#include <stddef.h>\n'
        "int main(void) { return step_eval(0, 0, NULL, NULL, NULL, NULL, NULL, NULL); }\n"
    )
    command = ["cc", "-Iinclude", "-o", "main", "main.c", "obj/step.o", "-lm"]
    subprocess.run(command, cwd=tmp_path, check=True)
    assert subprocess.run([tmp_path / "main"], check=False).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--backend", "llvm", "--openmp"], "--openmp is an option of the C backend"),
        (["--backend", "llvm", "--no-blocks"], "--no-blocks is an option of the C backend"),
        (["--backend", "c", "--target", "x"], "--target, --cpu and --features are options of the LLVM backend"),
        (["--backend", "c", "--cpu", "x"], "--target, --cpu and --features are options of the LLVM backend"),
        (["--cpu", "host", "--target", "x"], "so --target cannot name another"),
    ],
)
def test_options_that_do_not_go_together_are_wrong_usage(
    anamc: Any, graph: Any, tmp_path: Path, arguments: list[str], message: str
) -> None:
    found = anamc("compile", graph(), "-o", tmp_path / "out", *arguments)
    assert found.status == 2
    assert message in found.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--target", "pdp11"], "A0750"),
        (["--cpu", "z80"], "A0751"),
        (["--features", "+warp"], "A0751"),
        (["--function", "none"], "A0803"),
    ],
)
def test_what_is_unknown_is_refused_and_nothing_is_written(
    anamc: Any, graph: Any, tmp_path: Path, arguments: list[str], code: str
) -> None:
    found = anamc("compile", graph(), "-o", tmp_path / "out", *arguments)
    assert (found.status, found.code) == (1, code)
    assert not (tmp_path / "out").exists()


def test_features_without_a_sign_are_refused(anamc: Any, graph: Any, tmp_path: Path) -> None:
    found = anamc("compile", graph(), "-o", tmp_path / "out", "--features", "avx2")
    assert found.status == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("folder", ["net.json", "net.json/out", "/proc/anamc"])
def test_a_folder_that_cannot_be_written_is_refused(anamc: Any, graph: Any, tmp_path: Path, folder: str) -> None:
    path = graph()
    found = anamc("compile", path, "-o", tmp_path / folder, PLAIN)
    assert (found.status, found.code) == (1, "A0603")
    assert [p.name for p in tmp_path.iterdir()] == ["net.json"]


def test_a_file_in_the_way_leaves_nothing(anamc: Any, graph: Any, tmp_path: Path) -> None:
    (tmp_path / "out" / "llvm" / "step.ll").mkdir(parents=True)
    found = anamc("compile", graph(), "-o", tmp_path / "out", PLAIN)
    assert (found.status, found.code) == (1, "A0603")
    assert written(tmp_path / "out") == {}


def test_a_program_without_functions_is_refused(anamc: Any, tmp_path: Path) -> None:
    (tmp_path / "empty.mlir").write_text("builtin.module {}")
    found = anamc("compile", tmp_path / "empty.mlir", "-o", tmp_path / "out")
    assert (found.status, found.code) == (1, "A0807")


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_of_the_user_gets_into_paths_or_code(anamc: Any, graph: Any, tmp_path: Path, name: str) -> None:
    def change(document: dict[str, Any]) -> None:
        document["name"] = name
        document["blocks"][1] |= {"name": name, "output_name": f"{name}2", "layers": [{"size": 1}]}
        document["blocks"][0]["node_features"][0]["name"] = f"{name}3"

    found = anamc("compile", graph(change), "-o", tmp_path / "out")
    assert found.status == 0, found.err
    assert {p.name for p in tmp_path.iterdir()} == {"net.json", "out"}
    files = written(tmp_path / "out")
    assert len(files) == 4
    for path, data in files.items():
        assert path.replace("/", "").replace(".", "").isidentifier()
        assert len(path) < 90
        comments = r"(?m);.*$" if path.endswith(".ll") else r"(?s)/\*.*?\*/"
        assert name.isidentifier() or name not in re.sub(comments, "", data.decode())
    if shutil.which("cc"):  # and it compiles
        sources = [p for p in files if p.endswith(".c")]
        flags = ["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", "-I", "include"]
        subprocess.run(["cc", *flags, *sources], cwd=tmp_path / "out", check=True)


def test_kernels_are_explained(anamc: Any, graph: Any) -> None:
    found = anamc("compile", graph(), "--explain", "--machine", "avx2")
    assert found.status == 0
    assert "nedges" in found.out
    assert ", vector = 8" in found.out
    data = anamc("compile", graph(), "--explain", "--machine", "avx2", "--dtype", "float64", "--json").json
    (edges,) = (k for k in data["kernels"] if k["rows"] == "nedges")
    assert edges["blocks"] == [2]
    assert edges["functions"] == 4
    assert "vector = 4" in edges["schedule"]
    assert "output" not in data


def test_derivatives_are_explained(anamc: Any, graph: Any) -> None:
    names = {k["function"] for k in anamc("compile", graph(), "--explain", "--derivatives", "--json").json["kernels"]}
    assert names == {"step", "step_vjp", "step_jvp"}


def test_a_machine_may_be_a_file(anamc: Any, graph: Any, tmp_path: Path) -> None:
    machine = tmp_path / "m.json"
    fields = '"vector_bits": 512, "registers": 32, "stash": 65536, "clock": 2, "fmas": 1'
    machine.write_text(f'{{{fields}, "bandwidth": 0.001}}')
    found = anamc("compile", graph(), "--explain", "--machine", machine, "--json")
    assert {k["bound"] for k in found.json["kernels"]} == {"memory"}
    machine.write_text(f"{{{fields}}}")
    found = anamc("compile", graph(), "--explain", "--machine", machine)
    assert (found.status, "A0812" in found.err, "no 'bandwidth'" in found.err) == (1, True, True)


def test_a_bound_on_what_is_kept_that_is_none_is_refused(anamc: Any, graph: Any, tmp_path: Path) -> None:
    found = anamc("compile", graph(), "-o", tmp_path / "out", "--keep", "few")
    assert (found.status, "A0813" in found.err, "A1111" in found.err) == (1, True, False)
    assert not (tmp_path / "out").exists()


def test_an_explanation_or_a_folder_is_wanted(anamc: Any, graph: Any) -> None:
    assert anamc("compile", graph()).status == 2


def test_an_explanation_needs_a_machine(anamc: Any, graph: Any) -> None:
    found = anamc("compile", graph(), "--explain", "--machine", "none")
    assert (found.status, "--explain needs a machine" in found.err) == (2, True)


def test_kernels_are_explained_as_the_jit_keeps_rows(anamc: Any, tmp_path: Path) -> None:
    """What is cheap to compute again is not kept, as files do; `--keep` says otherwise."""
    source = tmp_path / "twice.ix"
    source.write_text(TWICE)

    def names(*keep: str) -> set[str]:
        kernels = anamc("compile", source, "--explain", "--json", *keep).json["kernels"]
        return {kept["name"] for kernel in kernels for kept in kernel["kept"]}

    assert names() == names("--keep", "auto") == set()
    assert names("--keep", "all") == {"t[]"}


def test_a_machine_that_there_is_not_is_refused(anamc: Any, graph: Any, tmp_path: Path) -> None:
    for backend in ("c", "llvm"):
        found = anamc("compile", graph(), "-o", tmp_path / "out", "--backend", backend, "--machine", "avx1024")
        assert (found.status, "A0812" in found.err, "A1111" in found.err) == (1, True, False), found.err
        assert not (tmp_path / "out").exists()


def test_an_explanation_is_not_cut(anamc: Any, graph: Any) -> None:
    """Not in a narrow terminal either, nor in a file, which has no width."""
    found = anamc("compile", graph(), "--explain", "--derivatives", "--machine", "avx2").out
    assert "…" not in found
    assert "functions/row" in found
    assert "bound by" in found


def test_passes_are_left_out(anamc: Any, graph: Any, tmp_path: Path) -> None:
    explained = ("compile", graph(), "--explain", "--json")
    schedules = [
        [k["schedule"] for k in anamc(*explained, *without).json["kernels"]]
        for without in ((), ("--without", "schedule-kernels", "--without", "fuse-kernels"))
    ]
    assert all(schedules[0])
    assert not any(schedules[1])
    options = ("--backend", "c", PLAIN)
    for name, other in (("a", "--no-blocks"), ("b", "--without=block-kernels")):
        assert anamc("compile", graph(), "-o", tmp_path / name, *options, other).status == 0
    assert written(tmp_path / "a") == written(tmp_path / "b")
    found = anamc("compile", graph(), "--explain", "--without", "form-kernels")
    assert (found.status, "A0816" in found.err) == (1, True)
