"""The runner of the benchmarks: it compares, checks and reports. Nothing here depends on a time."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from benchmarks.cases import Case, all_cases, chosen
from benchmarks.derived import Limits, derived
from benchmarks.extras import accuracy
from benchmarks.measure import Timing, distance
from benchmarks.report import markdown, ratio, record
from benchmarks.run import main
from benchmarks.workloads.mlp import Mlp

CASE = Case("a/forward", Mlp((1, 2, 1), "tanh", 3), target=0.5)


def test_one_command_compares_and_writes_all_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    has_chart = find_spec("matplotlib") is not None
    files = {name: tmp_path / name for name in ("json", "markdown", *(("chart",) if has_chart else ()))}
    words = [word for name, path in files.items() for word in (f"--{name}", str(path))]
    some = ["--only", "1-10-20-10-1-tanh/41", "--contenders", "anamc", "numpy", "onnxruntime", "--threads", "1"]
    assert main(["--quick", "--rounds", "1", *some, *words]) == 0
    printed = capsys.readouterr().out
    assert "mlp-1-10-20-10-1-tanh/41/gradient" in printed
    found = json.loads(files["json"].read_text())
    assert [c["name"].rpartition("/")[2] for c in found["cases"]] == ["forward", "gradient"]
    for case in found["cases"]:
        mine, numpy = case["timings"][:2]
        assert not mine["reason"]
        assert not numpy["reason"]
        assert mine["seconds"][0] > 0
        assert case["ratio"] == mine["median"] / min(t["median"] for t in case["timings"][1:] if t["median"])
    # without gradients, if it is installed at all
    assert "onnxruntime:1: ONNX Runtime" in printed
    assert files["markdown"].read_text().strip() == printed.strip()
    assert not has_chart or files["chart"].read_bytes().startswith(b"\x89PNG")


def test_a_contender_that_fails_is_an_entry_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    some = ["--only", "1-10-20-10-1-tanh/41/gradient", "--contenders", "onnxruntime", "--threads", "2"]
    assert main(["--quick", "--rounds", "1", *some]) == 0
    assert "| - |" in capsys.readouterr().out


def timing(key: str, *slices: float, reason: str = "") -> Timing:
    return Timing(key, list(slices), reason=reason)


def test_a_ratio_takes_the_best_number_of_threads_of_each_and_only_valid_times() -> None:
    timings = [
        timing("anamc:1", 4.0, 3.0, 5.0),
        timing("anamc:2", 2.0),
        timing("anamc-c-gcc:1", 0.5),
        timing("numpy:1", 8.0),
        timing("numpy:2", 10.0),
        timing("jax:1", 1.0, reason="wrong: off by 1 of the largest"),
    ]
    assert timings[0].median == 4.0
    assert timings[0].spread == 0.5
    assert ratio(timings) == 0.25
    text = markdown({"cpu": "x"}, [CASE], {CASE.name: timings})
    assert "| a/forward | 2 s | 500 ms* | **8 s*** | - | 0.25 | 0.50 |" in text
    assert "- jax:1: wrong: off by 1 of the largest (a/forward)" in text


def test_without_anamc_or_peers_there_is_no_ratio() -> None:
    assert ratio([timing("anamc:1", 1.0)]) is None
    assert ratio([timing("numpy:1", 1.0)]) is None
    assert ratio([timing("anamc:1", reason="no"), timing("numpy:1", 1.0)]) is None


def test_figures_follow_from_the_timings() -> None:
    network = Mlp((3, 64, 64, 64, 3), "tanh", 1000)
    cases = [Case("mlp-3-64-64-64-3-tanh/forward", network), Case("mlp-3-64-64-64-3-tanh/gradient", network, True)]
    flops = network.flops(False)
    timings = {
        cases[0].name: [timing("anamc:1", flops / 50e9), timing("anamc:2", flops / 75e9), timing("numpy:1", 1.0)],
        cases[1].name: [timing("anamc:1", flops / 20e9), timing("anamc:2", reason="no")],
    }
    found = {f.name: f for f in derived(cases, timings, Limits({1: 100.0, 2: 200.0}, {}))}
    values = {name.partition("tanh/")[2]: (round(f.value, 6), f.met) for name, f in found.items()}
    share = round(network.flops(True) / flops * 20, 6)
    assert values == {
        "forward, 1 thr.: share of the product's peak": (50.0, False),
        "forward, 2 thr.: share of the product's peak": (37.5, False),
        "gradient, 1 thr.: share of the product's peak": (share, True),
        "forward: two threads over one": (1.5, False),
        "gradient over forward": (3.75, False),
    }
    text = markdown({}, cases, timings, list(found.values()))
    assert "gradient over forward | 3.75  | at most 3.5 | no |" in text


def test_figures_of_long_sums_can_be_written() -> None:
    figures = list(accuracy(500))
    assert [f["met"] for f in json.loads(json.dumps(record({}, [], {}, figures)))["figures"]] == [True] * 3


def test_distances_are_relative_and_nothing_else_passes() -> None:
    wanted = {"y": np.array([1.0, -4.0])}
    assert distance({"y": np.array([1.0, -3.0])}, wanted) == 0.25
    for wrong in ({}, {"y": np.array([1.0])}, {"y": np.array([1.0, np.nan])}):
        assert distance(wrong, wanted) == float("inf")


def test_names_of_cases_differ_and_parts_choose_among_them() -> None:
    cases = list(all_cases())
    assert len({c.name for c in cases}) == len(cases)
    assert {c.name for c in chosen(cases, ["flux", "mlp*relu/1000/f"])} == {
        "flux/natural", "flux/shuffled", "mlp-3-64-64-64-3-relu/1000/forward"
    }  # fmt: skip
    assert len(chosen(cases, [])) == len(cases)
