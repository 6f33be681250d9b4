"""`anamc-translate`: formats, by option and by ending."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from xdsl.context import Context

from anamc.backends.openacc_c import OpenAccCTarget
from anamc.cli.emit import Emitter
from anamc.cli.translate import EMIT, ENDINGS
from anamc.pipelines import PIPELINES, run
from anamc.program import load

STARTS = {
    "c": "/* ==== include/step.h ==== */\n",
    "llvm": "; SPDX-License-Identifier: 0BSD",
    "json": "{\n",
    "dot": "digraph anamc {",
    "svg": "<?xml",
    "mlir": "builtin.module {\n  graph.network @step",
}


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    def give(data: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    return give


@pytest.mark.parametrize("name", EMIT)
def test_every_format_is_written(anamc_translate: Any, graph: Any, name: str) -> None:
    found = anamc_translate(graph(), f"--emit-{name}")
    assert (found.status, found.err) == (0, "")
    assert found.out.startswith(STARTS[name])
    assert found.out.endswith("\n")


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_ending_of_the_output_chooses(anamc_translate: Any, graph: Any, tmp_path: Path, ending: str) -> None:
    found = anamc_translate(graph(), "-o", tmp_path / f"out{ending}")
    assert (found.status, found.out) == (0, "")
    assert (tmp_path / f"out{ending}").read_text().startswith(STARTS[ENDINGS[ending]])


def test_there_and_back_is_the_same_graph(anamc_translate: Any, graph: Any, tmp_path: Path) -> None:
    path = graph()
    anamc_translate(path, "-o", tmp_path / "a.mlir")
    anamc_translate(tmp_path / "a.mlir", "-o", tmp_path / "b.json")
    anamc_translate(tmp_path / "b.json", "-o", tmp_path / "b.mlir")
    assert (tmp_path / "a.mlir").read_bytes() == (tmp_path / "b.mlir").read_bytes()
    assert json.loads((tmp_path / "b.json").read_text())["name"] == "step"


def test_stdin_is_read(anamc_translate: Any, graph: Any, stdin: Callable[[bytes], None]) -> None:
    stdin(graph().read_bytes())
    assert anamc_translate("--import-json", "--emit-mlir").out.startswith(STARTS["mlir"])
    stdin(b"builtin.module {}")
    assert anamc_translate("-", "--import-mlir", "--emit-mlir").out == "builtin.module {\n}\n"


def test_the_format_may_differ_from_the_ending(anamc_translate: Any, graph: Any, tmp_path: Path) -> None:
    other = tmp_path / "net.txt"
    other.write_bytes(graph().read_bytes())
    assert anamc_translate(other, "--import-json", "--emit-dot").status == 0
    found = anamc_translate(other, "--emit-dot")
    assert found.status == 1
    assert "unknown format 'txt'" in found.err


def test_the_float_type_is_chosen(anamc_translate: Any, graph: Any) -> None:
    assert "double *params" in anamc_translate(graph(), "--emit-c", "--dtype", "float64").out
    assert "double *params" not in anamc_translate(graph(), "--emit-c").out


@pytest.mark.parametrize("pipeline", ["to-tensors", "to-flat"])
def test_printed_levels_give_the_same_c(anamc_translate: Any, graph: Any, tmp_path: Path, pipeline: str) -> None:
    """Loops of one row a thread are all that is left at `to-flat`: their other form is made of kernels."""
    path = graph()
    (tmp_path / "level.mlir").write_text(str(run(load(path).ir.clone(), PIPELINES[pipeline])))
    found = anamc_translate(tmp_path / "level.mlir", "--emit-c").out
    if pipeline == "to-flat":
        emitter, expected = Emitter(load(path), "float64", c_machine="none"), io.StringIO()
        OpenAccCTarget(emitter.stem).emit(Context(), emitter.c_module(), expected)
        assert found == expected.getvalue()
    else:
        assert found == anamc_translate(path, "--emit-c", "--dtype", "float64").out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["net.json"], "say what to write: --emit-c"),
        (["net.json", "-o", "x.pdf"], "say what to write"),
        (["--emit-c"], "stdin has no ending"),
        (["net.json", "--emit-c", "--emit-llvm"], "not allowed with"),
    ],
)
def test_wrong_usage_is_2(anamc_translate: Any, arguments: list[str], message: str) -> None:
    found = anamc_translate(*arguments)
    assert (found.status, found.out) == (2, "")
    assert message in found.err


def test_errors_are_those_of_anamc(anamc_translate: Any, tmp_path: Path, graph: Any) -> None:
    assert anamc_translate(tmp_path / "no.json", "--emit-c").code == "A0601"
    assert anamc_translate(tmp_path / "no", "--import-json", "--emit-c").code == "A0601"
    assert anamc_translate(graph(), "--emit-c", "-o", tmp_path / "no" / "x").code == "A0602"
    (tmp_path / "empty.mlir").write_text("builtin.module {}")
    found = anamc_translate(tmp_path / "empty.mlir", "--emit-json")
    assert (found.status, found.code) == (1, "A0810")
    assert anamc_translate(tmp_path / "empty.mlir", "--emit-c").code == "A0807"


def test_an_index_program_is_read_and_drawn(
    anamc_translate: Any, tmp_path: Path, stdin: Callable[[bytes], None]
) -> None:
    text = b"input x[n] y[i] ++= 2.0 * x[i] | i output y"
    (tmp_path / "twice.ix").write_bytes(text)
    assert "func.func @twice(" in anamc_translate(tmp_path / "twice.ix", "--emit-mlir").out
    assert "void twice(const int n, float *x, float *y);" in anamc_translate(tmp_path / "twice.ix", "--emit-c").out
    for emit in ("dot", "svg"):
        assert "i &lt; n" in anamc_translate(tmp_path / "twice.ix", f"--emit-{emit}").out.replace("<", "&lt;")
    stdin(text)
    assert "func.func @program(" in anamc_translate("--import-ix", "--emit-mlir").out
