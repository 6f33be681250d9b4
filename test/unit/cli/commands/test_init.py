"""`anamc init`: parameters in a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import anamc as public


def test_parameters_are_drawn_and_written(anamc: Any, regression: Path, tmp_path: Path) -> None:
    out = tmp_path / "p.h5"
    found = anamc("init", regression, "-o", out, "--kind", "he", "--seed", 7, "--dtype", "float64", "--set", "gain=0.5")
    assert found.out == f"{out}: 461 parameters, he, seed 7, float64\n"
    program = public.load(regression)
    expected = public.init_params(program, 7, "he", "float64", gain=0.5)
    np.testing.assert_array_equal(public.load_params(out, program), expected)


def test_json_says_what_was_written(anamc: Any, regression: Path, tmp_path: Path) -> None:
    found = anamc("init", regression, "-o", tmp_path / "p.h5", "--json")
    assert found.json == {
        "command": "init", "ok": True, "warnings": [], "output": str(tmp_path / "p.h5"), "count": 461,
        "kind": "glorot", "seed": 0, "dtype": "float32",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--kind", "magic"], "A0402"),
        (["--set", "spin=1"], "A0403"),
        (["--set", "gain=inf"], "A0403"),
        (["--seed", "-1"], "A0404"),
    ],
)
def test_what_is_unknown_is_refused(
    anamc: Any, regression: Path, tmp_path: Path, arguments: list[str], code: str
) -> None:
    found = anamc("init", regression, "-o", tmp_path / "p.h5", *arguments)
    assert (found.status, found.code) == (1, code)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", ["gain", "gain=", "gain=x", "=1", "a b=1", "\x1b=1"])
def test_an_option_that_is_no_pair_is_wrong_usage(anamc: Any, regression: Path, tmp_path: Path, text: str) -> None:
    found = anamc("init", regression, "-o", tmp_path / "p.h5", "--set", text)
    assert found.status == 2
    assert f"--set takes NAME=NUMBER, got {text!a}" in found.err


def test_a_file_that_cannot_be_written_is_refused(anamc: Any, regression: Path, tmp_path: Path) -> None:
    found = anamc("init", regression, "-o", tmp_path / "no" / "p.h5")
    assert (found.status, found.code) == (1, "A0602")


def test_a_program_without_a_graph_is_refused(anamc: Any, tmp_path: Path) -> None:
    (tmp_path / "empty.mlir").write_text("builtin.module {}")
    found = anamc("init", tmp_path / "empty.mlir", "-o", tmp_path / "p.h5")
    assert (found.status, found.code) == (1, "A0804")


def test_params_of_an_index_program_go_by_name(anamc: Any, tmp_path: Path) -> None:
    source, out = tmp_path / "net.ix", tmp_path / "p.h5"
    source.write_text("param W[2, k] = uniform(1.0, 2.0) y[i, j] ++= W[i, j] | (i, j) output y")
    found = anamc("init", source, "-o", out, "--set", "k=3", "--dtype", "float64")
    assert found.out == f"{out}: 6 parameters, uniform, seed 0, float64\n"
    expected = public.init_params(public.load(source), dtype="float64", k=3)["W"]
    results = tmp_path / "y.npz"
    anamc("run", source, "--params", out, "--output", results, "--dtype", "float64", "--backend", "jit")
    np.testing.assert_array_equal(np.load(results)["y"], expected)
    drawn = anamc("run", source, "--size", "k=4", "--output", results, "--backend", "interpreter")
    assert drawn.out.startswith("net: k = 4, float32")
    assert np.load(results)["y"].shape == (2, 4)
    assert np.load(results)["y"].min() >= 1.0
    refused = anamc("run", source, "--size", "q=4")
    assert refused.status == 2
    assert "has no size 'q'" in refused.err
