"""`anamc grad-check`: a table an argument, and what is said of derivatives that are wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from xdsl.dialects import math

from anamc.autodiff import rules
from anamc.autodiff.tables import PARTIALS, VJP
from anamc.dialects import mlp


def test_every_argument_has_a_row(anamc: Any, regression: Path) -> None:
    found = anamc("grad-check", regression)
    assert found.status == 0
    assert "run_network_loss: nnodes = 20, nedges = 60, float64, jit" in found.out
    rows = [line.split() for line in found.out.splitlines() if line.endswith("ok  ")]
    assert [r[0] for r in rows] == ["params", "u", "u_ref"]


def test_a_graph_with_edges_by_the_interpreter(anamc: Any, graph: Any) -> None:
    found = anamc("grad-check", graph(), "--backend", "interpreter", "--rows", 5, "--edges", 9, "--json")
    assert found.status == 0
    assert (found.json["function"], found.json["backend"]) == ("step", "interpreter")
    rows = {r["name"]: r for r in found.json["arguments"]}
    assert {n: r["shape"] for n, r in rows.items()} == {"params": [34], "n": [9, 1], "u": [5, 2]}
    assert all(r["ok"] and r["dot_error"] < 1e-14 and r["difference_error"] < 1e-8 for r in rows.values())


def test_names_and_arrays_are_taken(anamc: Any, graph: Any, tmp_path: Path) -> None:
    np.savez(tmp_path / "in.npz", u=np.zeros((3, 2), np.float32), edgelist=np.array([[0, 1]], np.int32))
    options = ["--inputs", tmp_path / "in.npz", "--wrt", "u", "--of", "xout2", "--backend", "interpreter", "--json"]
    (row,) = anamc("grad-check", graph(), *options).json["arguments"]
    assert (row["name"], row["shape"]) == ("u", [3, 2])


def test_names_that_there_are_not_are_refused(anamc: Any, graph: Any) -> None:
    for options, code in ((["--wrt", "v"], "A1105"), (["--of", "v"], "A1105"), (["--function", "v"], "A0803")):
        found = anamc("grad-check", graph(), *options)
        assert (found.status, found.code) == (1, code)
    assert anamc("grad-check").status == 2
    assert anamc("grad-check", graph(), "--size", "x").status == 2


def test_directions_give_way_to_arguments_of_their_names(anamc: Any, tmp_path: Path) -> None:
    file = tmp_path / "f.ix"
    file.write_text("input u[n]\ninput u_dot[n]\ninput y_bar[n]\ny[i] ++= u[i] * u_dot[i] * y_bar[i] | i\noutput y\n")
    found = anamc("grad-check", file, "--backend", "interpreter", "--json")
    assert [(r["name"], r["ok"]) for r in found.json["arguments"]] == [("u", True), ("u_dot", True), ("y_bar", True)]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("input s[n] : index\ny[i] ++= toScalar(s[i]) | i\noutput y", "'f' uses no argument with a derivative"),
        ("y[i] ++= 1.0 | i in 0..<2\noutput y", "'f' uses no argument with a derivative"),
    ],
)
def test_nothing_to_check_is_refused(anamc: Any, tmp_path: Path, text: str, what: str) -> None:
    file = tmp_path / "f.ix"
    file.write_text(text)
    found = anamc("grad-check", file)
    assert (found.status, found.code) == (1, "A1106")
    assert what in found.err
    assert "f.ix:1:1" in found.err


def doubled(e: Any, op: Any, k: int, v: Any) -> Any:
    return e.plus(v, v)


def test_a_wrong_slope_disagrees_with_differences(anamc: Any, graph: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    rules.register()
    monkeypatch.setitem(PARTIALS.rules, math.TanhOp, doubled)
    found = anamc("grad-check", graph(), "--backend", "interpreter")
    assert (found.status, found.code) == (1, "A1112")
    assert "derivatives disagree: 'params' (differences)" in found.err
    assert "forward and reverse" not in found.err


def test_a_wrong_reverse_rule_disagrees_with_the_forward_one(
    anamc: Any, graph: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules.register()

    def half(op: mlp.DenseOp, bars: Any, e: Any) -> Any:
        yield op.w, lambda: e.scaled(e(mlp.OuterOp(op.x, bars[0])), 0.5)

    monkeypatch.setitem(VJP.rules, mlp.DenseOp, half)
    found = anamc("grad-check", graph(), "--backend", "interpreter", "--wrt", "params", "--json")
    assert found.status == 1
    assert found.json["arguments"][0]["ok"] is False
    assert "'params' (forward and reverse and differences)" in found.json["error"]["what"]
