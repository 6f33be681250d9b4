"""`anamc run`: the example, and any program."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import anamc as public
from anamc.cli import measure, plot
from anamc.cli.demo import Demo
from anamc.cli.measure import Measured

FLOAT32 = 2e-5
"""Rounding of some hundred sums and products, relative to the largest magnitude."""


def backends(found: Any) -> list[str]:
    return [run["backend"].partition(" ")[0] for run in found.json["runs"]]


@pytest.mark.compiler
def test_the_example_agrees_in_all_backends(anamc: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    found = anamc("run", "--json")
    assert found.status == 0
    assert backends(found) == ["interpreter", "LLVM", "C"]
    assert all(run["error"] < FLOAT32 for run in found.json["runs"][1:])
    assert found.json["fit_error"] < 1e-4  # what the fit reaches (docs/params.md), and rounding
    assert [level["name"] for level in found.json["levels"]] == [
        *("blocks", "tensors", "kernels", "loops", "flat", "acc (for C)", "llvm")
    ]  # fmt: skip
    assert all(level["operations"] > 0 for level in found.json["levels"])
    assert list(tmp_path.iterdir()) == []  # no picture unless one is asked for


@pytest.mark.usefixtures("no_compiler")
def test_the_example_runs_without_a_compiler(anamc: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    found = anamc("run")
    assert found.status == 0, found.err
    assert "C is left out: no C compiler found" in found.out
    assert "LLVM (JIT)" in found.out
    assert "largest distance of the network from f" in found.out
    assert "o network" in found.out


@pytest.mark.usefixtures("no_compiler")
def test_c_that_is_asked_for_needs_a_compiler(anamc: Any) -> None:
    found = anamc("run", "--backend", "c")
    assert (found.status, found.code) == (1, "A0701")


def test_the_example_runs_in_float64(anamc: Any) -> None:
    found = anamc("run", "--dtype", "float64", "--backend", "jit", "--json")
    assert found.status == 0
    assert found.json["dtype"] == "float64"


def test_a_backend_that_is_wrong_is_an_internal_error(anamc: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(job: object) -> Measured:
        return Measured("LLVM (JIT)", 0.0, 0.0, {"xout3": np.zeros((41, 1), "float32")})

    monkeypatch.setitem(measure.RUNNERS, "jit", wrong)
    found = anamc("run", "--backend", "jit")
    assert (found.status, found.code) == (3, "A0899")
    assert "LLVM (JIT) and the interpreter disagree by 1.0e+00" in found.err


def test_the_picture_goes_where_it_is_wanted(anamc: Any, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    found = anamc("run", "--backend", "jit", "--plot", tmp_path / "fit.png", "--json")
    assert found.json["plot"] == str(tmp_path / "fit.png")
    assert (tmp_path / "fit.png").read_bytes().startswith(b"\x89PNG")


def test_without_a_name_the_picture_goes_into_this_folder(
    anamc: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("matplotlib")
    monkeypatch.chdir(tmp_path)
    found = anamc("run", "--backend", "jit")
    assert f"plot: {tmp_path}/anamc-regression.png" in found.out
    assert (tmp_path / "anamc-regression.png").is_file()


def test_a_folder_that_takes_no_picture_is_no_error(
    anamc: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "anamc-regression.png").mkdir()
    found = anamc("run", "--backend", "jit")
    assert found.status == 0
    assert "plot:" not in found.out


def test_a_picture_that_cannot_be_written_is_an_error(anamc: Any, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    found = anamc("run", "--backend", "jit", "--plot", tmp_path / "no" / "fit.png")
    assert (found.status, found.code) == (1, "A0602")


def test_without_matplotlib_a_picture_is_refused_and_text_is_shown(
    anamc: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(plot, "find_spec", lambda name: None)
    monkeypatch.chdir(tmp_path)
    assert "o network" in anamc("run", "--backend", "jit").out
    assert list(tmp_path.iterdir()) == []
    found = anamc("run", "--backend", "jit", "--plot", "fit.png")
    assert (found.status, found.code) == (1, "A0808")
    assert "pip install" in found.err


@pytest.mark.compiler
def test_a_program_runs_on_random_arrays(anamc: Any, graph: Any) -> None:
    found = anamc("run", graph(), "--rows", 20, "--edges", 50, "--json")
    assert found.status == 0
    assert all(run["error"] < FLOAT32 for run in found.json["runs"][1:])
    assert found.json["function"] == "step"


@pytest.mark.parametrize("sizes", [(0, 0), (1, 0), (1, 4)])
def test_small_sizes_run(anamc: Any, graph: Any, sizes: tuple[int, int]) -> None:
    found = anamc("run", graph(), "--rows", sizes[0], "--edges", sizes[1], "--backend", "all", "--json")
    assert found.status == 0, found.err


def test_the_sizes_are_shown(anamc: Any, graph: Any) -> None:
    assert "step: nnodes = 7, nedges = 21, float32" in anamc("run", graph(), "--rows", 7, "--backend", "jit").out


def test_inputs_and_parameters_come_from_files(anamc: Any, graph: Any, tmp_path: Path) -> None:
    path = graph()
    program = public.load(path)
    arrays: dict[str, Any] = {
        "edgelist": np.array([[0, 1], [1, 2]], "int32"),
        "u": np.arange(6.0).reshape(3, 2),
        "n": np.ones((2, 1)),
    }
    np.savez(tmp_path / "in.npz", **arrays)
    params = public.init_params(program, 3, "he", "float64")
    public.save_params(tmp_path / "p.h5", program, params)
    found = anamc(
        "run", path, "--inputs", tmp_path / "in.npz", "--params", tmp_path / "p.h5", "--dtype", "float64",
        "--backend", "jit", "--output", tmp_path / "out.npz", "--json",
    )  # fmt: skip
    assert found.status == 0, found.err
    assert found.json["output"] == str(tmp_path / "out.npz")
    expected = public.interpret(program, params=params, **arrays)["xout2"]
    result = np.load(tmp_path / "out.npz")["xout2"]
    assert np.max(np.abs(result - expected)) <= 1e-12 * np.max(np.abs(expected))  # rounding in float64


def test_the_same_seed_gives_the_same_results(anamc: Any, graph: Any, tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        anamc("run", graph(), "--rows", 5, "--seed", seed, "--backend", "jit", "--output", tmp_path / f"{name}.npz")
    a, b, c = ((tmp_path / f"{n}.npz").read_bytes() for n in "abc")
    assert a == b
    assert a != c


def test_a_loss_runs_by_name(anamc: Any, graph: Any) -> None:
    loss = {"id": 3, "kind": "loss", "function": "mse", "of": 3, "target": 4}
    path = graph(lambda d: (d["blocks"].append(loss), d["links"].append({"from": -3, "to": 3})))
    found = anamc("run", path, "--function", "step_loss", "--rows", 9, "--backend", "all", "--json")
    assert found.json["function"] == "step_loss"
    assert all(run["error"] < FLOAT32 for run in found.json["runs"][1:])


def test_a_module_in_mlir_runs(anamc: Any, tmp_path: Path) -> None:
    (tmp_path / "f.mlir").write_text(
        """
        func.func @twice(%n: index {anamc.name = "n"},
            %x: tensor<?x3xf64> {anamc.name = "x", anamc.dims = ["n", 3 : index]})
            -> (tensor<?x3xf64> {anamc.name = "y", anamc.dims = ["n", 3 : index]}) {
          %y = arith.addf %x, %x : tensor<?x3xf64>
          func.return %y : tensor<?x3xf64>
        }
        """
    )
    found = anamc("run", tmp_path / "f.mlir", "--rows", 4, "--backend", "jit", "--json")
    assert found.status == 0, found.err
    assert found.json["dtype"] == "float64"
    assert found.json["levels"][0]["name"] == "source"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--rows", "-1"], "--rows must be 0 or more, got -1"),
        (["--edges", "-3"], "--edges must be 0 or more, got -3"),
        (["--seed", "-1"], "--seed must be 0 or more, got -1"),
        (["--rows", "0", "--edges", "2"], "--rows 0 needs --edges 0"),
        (["--plot", "x.png"], "--plot belongs to the example"),
    ],
)
def test_options_that_make_no_sense_are_wrong_usage(anamc: Any, graph: Any, arguments: list[str], message: str) -> None:
    found = anamc("run", graph(), *arguments)
    assert found.status == 2
    assert message in found.err
    assert "see anamc run --help" in found.err


@pytest.mark.parametrize("option", ["--params", "--inputs", "--rows", "--edges", "--function"])
def test_the_example_takes_no_arrays(anamc: Any, option: str) -> None:
    found = anamc("run", option, "1")
    assert found.status == 2
    assert f"{option} needs a program" in found.err


def test_parameters_are_given_once(anamc: Any, graph: Any, tmp_path: Path) -> None:
    path = graph()
    anamc("init", path, "-o", tmp_path / "p.h5")
    np.savez(tmp_path / "in.npz", params=np.zeros(34, "float32"))
    found = anamc("run", path, "--params", tmp_path / "p.h5", "--inputs", tmp_path / "in.npz")
    assert found.status == 2
    assert "both --params and --inputs give the parameters" in found.err


@pytest.mark.parametrize(
    ("arrays", "code"),
    [
        ({"v": np.zeros((3, 2), "float32")}, "A0501"),
        ({"u": np.zeros((3, 2), "float64")}, "A0506"),
        ({"u": np.zeros((3, 5), "float32")}, "A0507"),
        ({"u": np.zeros((3, 2), "float32"), "edgelist": np.array([[0, 3]], "int32")}, "A0515"),
    ],
    ids=["unknown", "dtype", "shape", "edge"],
)
def test_inputs_that_do_not_fit_are_refused(
    anamc: Any, graph: Any, tmp_path: Path, arrays: dict[str, Any], code: str
) -> None:
    np.savez(tmp_path / "in.npz", **arrays)
    found = anamc("run", graph(), "--inputs", tmp_path / "in.npz", "--backend", "jit")
    assert (found.status, found.code) == (1, code)


def test_a_file_that_is_no_npz_is_refused(anamc: Any, graph: Any) -> None:
    found = anamc("run", graph(), "--inputs", __file__)
    assert (found.status, found.code) == (1, "A0604")


def test_too_many_rows_are_refused(anamc: Any, graph: Any) -> None:
    found = anamc("run", graph(), "--rows", 10**15)
    assert (found.status, found.code) == (1, "A0518")


def test_an_unknown_function_is_refused(anamc: Any, graph: Any) -> None:
    found = anamc("run", graph(), "--function", "no\nsuch")
    assert (found.status, found.code) == (1, "A0803")
    assert "no\\nsuch" in found.err


def test_an_output_that_cannot_be_written_is_refused(anamc: Any, graph: Any, tmp_path: Path) -> None:
    found = anamc("run", graph(), "--rows", 3, "--backend", "jit", "--output", tmp_path / "no" / "out.npz")
    assert (found.status, found.code) == (1, "A0602")


def test_broken_json_is_refused_with_its_place(anamc: Any, tmp_path: Path) -> None:
    (tmp_path / "net.json").write_text('{"format": ')
    found = anamc("run", tmp_path / "net.json")
    assert (found.status, found.code) == (1, "A0101")
    assert "net.json:1:" in found.err


@pytest.mark.compiler
@pytest.mark.parametrize("name", ["self", "dtype", "function", "program", "out", "nnodes_", "../x", "a b", "é"])
def test_an_argument_may_have_any_name(anamc: Any, graph: Any, tmp_path: Path, name: str) -> None:
    path = graph(lambda d: d["blocks"][0]["node_features"][0].update(name=name))
    found = anamc("run", path, "--rows", 5, "--edges", 9, "--json", "--output", tmp_path / "out.npz")
    assert found.status == 0, found.err
    assert all(run["error"] < FLOAT32 for run in found.json["runs"][1:])


def test_the_example_is_in_the_package() -> None:
    demo = Demo("float32")
    assert demo.params.shape == (461,)
    assert json.loads((Path(public.__file__).parent / "data" / "regression.json").read_text())["version"] == 1
