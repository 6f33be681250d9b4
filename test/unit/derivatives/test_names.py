"""What derivatives are called, take and give; and what is said where a name is wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import anamc
from anamc.derivatives.names import default_wrt, one_of
from anamc.errors import CallError

ROOT = Path(__file__).resolve().parents[3]

GRAPH = {
    "format": "anamc-graph",
    "version": 1,
    "name": "net",
    "blocks": [
        {"id": 1, "kind": "graph-source", "node_features": [{"name": "u", "size": 2, "pin": -1}]},
        {"id": 2, "kind": "encoder", "input": 1, "output": -2, "layers": [{"size": 3, "activation": "tanh"}]},
        {"id": 3, "kind": "loss", "function": "mse", "of": 2, "target": 3, "target_name": "t"},
    ],
    "links": [{"from": -1, "to": 1}, {"from": -2, "to": 2}],
}

INDEX = """
input x[n]
param a[2] = uniform(-1.0, 1.0)
param b[2]
input k[n] : index
y[i] ++= x[i] * a[0] * b[1] | i
s[0] ++= y[i] | i
output y, s
"""

MODULE = """
func.func @f(
  %n: index {anamc.name = "n"}, %x: tensor<2xf64> {anamc.name = "x"},
  %y: tensor<?xf64> {anamc.name = "y", anamc.dims = ["n"]}, %k: tensor<2xi32> {anamc.name = "k"}
) -> (tensor<2xf64> {anamc.name = "z"}, tensor<?xf64> {anamc.name = "w"}, tensor<2xi32> {anamc.name = "j"}) {
  %z = math.sin %x : tensor<2xf64>
  %w = math.exp %y : tensor<?xf64>
  func.return %z, %w, %k : tensor<2xf64>, tensor<?xf64>, tensor<2xi32>
}
"""


@pytest.fixture(scope="module")
def graph() -> anamc.Program:
    return anamc.parse(json.dumps(GRAPH), "json")


@pytest.fixture(scope="module")
def index() -> anamc.Program:
    return anamc.parse(INDEX, "ix", name="sum")


@pytest.fixture(scope="module")
def module() -> anamc.Program:
    return anamc.parse(MODULE)


def names(program: anamc.Program) -> tuple[str, list[str], list[str]]:
    """Name, arguments and results of the only function."""
    ((name, signature),) = program.functions.items()
    return name, [a.name for a in signature.arguments], [r.name for r in signature.results]


# what they are called


def test_derivatives_of_a_block_graph(graph: anamc.Program) -> None:
    plain, loss = ["edgelist", "params", "u"], ["edgelist", "params", "u", "t"]
    assert names(anamc.value_and_grad(graph)) == ("net_loss_grad", loss, ["loss", "params_grad"])
    assert names(anamc.vjp(graph)) == ("net_vjp", [*plain, "xout2_bar"], ["xout2", "params_bar"])
    assert names(anamc.jvp(graph)) == ("net_jvp", [*plain, "params_dot"], ["xout2", "xout2_dot"])
    assert names(anamc.hvp(graph)) == ("net_loss_hvp", [*loss, "params_dot"], ["loss", "params_grad", "params_hvp"])
    assert names(anamc.gauss_newton(graph)) == ("net_gn", [*plain, "params_dot"], ["xout2", "params_gn"])


def test_names_are_in_the_order_in_which_they_are_asked_for(graph: anamc.Program) -> None:
    found = anamc.vjp(graph, wrt=["u", "params"], function="net_loss")
    assert names(found) == (
        "net_loss_vjp",
        ["edgelist", "params", "u", "t", "loss_bar"],
        ["loss", "u_bar", "params_bar"],
    )
    found = anamc.hvp(graph, wrt=("t", "params"))
    assert names(found)[1][-2:] == ["t_dot", "params_dot"]
    assert names(found)[2][1:] == ["t_grad", "params_grad", "t_hvp", "params_hvp"]


def test_the_default_of_an_index_program_is_all_params(index: anamc.Program) -> None:
    assert default_wrt(index.function()) == ["a", "b"]  # `b` has no range of first values
    assert [index.function().results[k].name for k in one_of(index.function(), None)] == ["s"]


def test_derivatives_of_a_module(module: anamc.Program) -> None:
    found = anamc.vjp(module, wrt=["y", "x"])
    assert names(found)[2] == ["z", "w", "j", "y_bar", "x_bar"]
    x, y = np.array([0.5, 1.0]), np.array([1.0, 2.0, 3.0])
    bars: dict[str, Any] = {"z_bar": np.ones(2), "w_bar": np.ones(3)}
    results = anamc.interpret(found, x=x, y=y, k=np.zeros(2, np.int32), **bars)
    np.testing.assert_allclose(results["y_bar"], np.exp(y), rtol=1e-15)  # one rounding
    np.testing.assert_allclose(results["x_bar"], np.cos(x), rtol=1e-15)


def test_what_nothing_depends_on_gives_zeros(module: anamc.Program) -> None:
    found = anamc.vjp(module, wrt=["x", "y"], of="z")
    arrays: dict[str, Any] = {"x": np.ones(2), "y": np.ones(3), "k": np.zeros(2, np.int32), "z_bar": np.ones(2)}
    assert anamc.interpret(found, **arrays)["y_bar"].tolist() == [0.0, 0.0, 0.0]


def test_directions_are_required_and_have_their_shape(graph: anamc.Program) -> None:
    found = anamc.jvp(graph, wrt="u")
    arrays: dict[str, Any] = {"params": np.ones(9), "u": np.ones((4, 2))}
    with pytest.raises(CallError, match=r"'u_dot'"):
        anamc.interpret(found, **arrays)
    with pytest.raises(CallError, match=r"argument 'u_dot': expected f64\[nnodes, 2\], got f64\[4, 3\]"):
        anamc.interpret(found, **arrays, u_dot=np.ones((4, 3)))
    with pytest.raises(CallError, match="nnodes"):
        anamc.interpret(found, **arrays, u_dot=np.ones((5, 2)))


# what is wrong

WRONG: dict[str, tuple[Callable[..., anamc.Program], dict[str, Any], str, str]] = {
    "unknown argument": (anamc.vjp, {"wrt": ["v"]}, "A1105", "wrt: 'f' has no argument 'v'"),
    "unknown result": (anamc.vjp, {"wrt": "x", "of": "v"}, "A1105", "of: 'f' has no result 'v'"),
    "a result as argument": (anamc.jvp, {"wrt": "z"}, "A1105", "wrt: 'f' has no argument 'z'"),
    "integers": (anamc.jvp, {"wrt": "k"}, "A1106", "wrt: the argument 'k' is int32"),
    "integers as result": (anamc.jvp, {"wrt": "x", "of": "j"}, "A1106", "of: the result 'j' is int32"),
    "a size": (anamc.jvp, {"wrt": "n"}, "A1105", "wrt: 'f' has no argument 'n'"),
    "no params": (anamc.jvp, {}, "A1104", "'f' has no params"),
    "nothing": (anamc.jvp, {"wrt": []}, "A1113", "wrt names nothing"),
    "no results": (anamc.jvp, {"wrt": "x", "of": ()}, "A1113", "of names nothing"),
    "a number": (anamc.jvp, {"wrt": 3}, "A1113", "wrt is a name or a list of names, got 3"),
    "numbers": (anamc.jvp, {"wrt": [0]}, "A1113", r"wrt is a name or a list of names, got \[0\]"),
    "twice": (anamc.vjp, {"wrt": ["x", "y", "x"]}, "A1109", "wrt names 'x' twice"),
    "a result twice": (anamc.vjp, {"wrt": "x", "of": ["z", "z"]}, "A1109", "of names 'z' twice"),
    "no result of one element": (anamc.value_and_grad, {"wrt": "x"}, "A1107", "'f' has no results of one element"),
    "a result of more": (anamc.value_and_grad, {"wrt": "x", "of": "z"}, "A1107", r"got 'z' of shape \[2\]"),
    "several results": (anamc.hvp, {"wrt": "x", "of": ["z", "w"]}, "A1107", "got 2 results"),
    "unknown function": (anamc.hvp, {"wrt": "x", "function": "g"}, "A0803", "the program has no function 'g'"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_names_are_refused(case: str, module: anamc.Program) -> None:
    make, options, code, message = WRONG[case]
    with pytest.raises(CallError, match=message) as refused:
        make(module, **options)
    assert refused.value.code == code
    assert refused.value.why or refused.value.help or code == "A1113"


def test_two_results_of_one_element_need_a_choice() -> None:
    program = anamc.parse("param a[1]\ns[0] ++= a[0]\nt[0] ++= a[0] * a[0]\noutput s, t", "ix")
    with pytest.raises(CallError, match="has 2 results of one element") as refused:
        anamc.value_and_grad(program)
    assert refused.value.code == "A1107"
    assert one_of(program.function(), "t") == [1]


# names that are taken


def test_a_name_that_is_taken_gets_a_number(module: anamc.Program) -> None:
    tangent = anamc.jvp(anamc.jvp(module, wrt="x", of="z"), wrt=["x", "x_dot"], of=["z", "z_dot"])
    assert names(tangent) == (
        "f_jvp_jvp",
        ["x", "y", "k", "x_dot", "x_dot_2", "x_dot_dot"],
        ["z", "w", "j", "z_dot", "z_dot_2", "z_dot_dot"],
    )
    cotangent = anamc.vjp(anamc.vjp(module, wrt="x", of="z"), wrt=["x", "z_bar"], of=["z", "x_bar"])
    assert names(cotangent)[1:] == (
        ["x", "y", "k", "z_bar", "z_bar_2", "x_bar_bar"],
        ["z", "w", "j", "x_bar", "x_bar_2", "z_bar_bar"],
    )


def test_a_name_of_the_user_counts_as_taken() -> None:
    named = anamc.parse(MODULE.replace('"y"', '"x_dot"').replace('"w"', '"z_dot"'))
    assert names(anamc.jvp(named, wrt=["x_dot", "x"], of=["z", "z_dot"]))[1:] == (
        ["x", "x_dot", "k", "x_dot_dot", "x_dot_2"],
        ["z", "z_dot", "j", "z_dot_2", "z_dot_dot"],
    )


def test_every_code_has_a_row_in_the_docs_and_every_row_a_code() -> None:
    folders = ("derivatives", "autodiff")
    source = "".join(p.read_text() for f in folders for p in sorted((ROOT / "anamc" / f).rglob("*.py")))
    raised = set(re.findall(r'"(A11\d\d)"', source))
    rows = re.findall(r"^\| (A\d{4}) \|", (ROOT / "docs" / "errors" / "A11.md").read_text(), re.MULTILINE)
    assert raised <= set(rows)
    assert len(rows) == len(set(rows))
