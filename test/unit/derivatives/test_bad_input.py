"""What is wrong with a request for a derivative is said with its place in the user's file, in every format."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from xdsl.dialects import scf

import anamc
from anamc.errors import Place

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
INDEX = """input x[n]
param w[n]
input k[n] : index
y[i] ++= w[i] * x[k[i]] | i
l[0] ++= y[i] | i
output y, l
"""
MODULE = """
func.func @f(%x: tensor<2xf64>,
             %k: tensor<2xi32>) -> (tensor<2xf64>, tensor<f64>) {
  %y = math.sin %x : tensor<2xf64>
  %l = arith.constant dense<0.0> : tensor<f64>
  func.return %y, %l : tensor<2xf64>, tensor<f64>
}
"""
TEXTS = {"json": json.dumps(GRAPH, indent=1), "ix": INDEX, "mlir": MODULE}
FIRST = {"json": "params", "ix": "w", "mlir": "x"}
"""A float argument of each."""


def parsed(format: str, text: str = "") -> anamc.Program:
    return anamc.parse(text or TEXTS[format], format, file=f"net.{format}", name="f")


def refused(make: Callable[[], object], code: str, place: str) -> anamc.Error:
    """The error with a code and a place."""
    with pytest.raises(anamc.Error) as error:
        make()
    assert error.value.code == code, error.value
    assert str(error.value.place) == place
    return error.value


FUNCTIONS = {"json": "net.json:1:1", "ix": "net.ix:1:1", "mlir": "net.mlir:2:1"}


@pytest.mark.parametrize("format", TEXTS)
def test_names_that_there_are_not(format: str) -> None:
    program = parsed(format)
    found = refused(lambda: anamc.vjp(program, wrt="v"), "A1105", FUNCTIONS[format])
    assert "has no argument 'v'" in found.what
    assert f"'{FIRST[format]}'" in found.why
    found = refused(lambda: anamc.jvp(program, wrt=FIRST[format], of="v"), "A1105", FUNCTIONS[format])
    assert "has no result 'v'" in found.what


INTEGERS = {
    "json": ("edgelist", "net.json:6:3: blocks[0] (id 1)"),
    "ix": ("k", "net.ix:3:7"),
    "mlir": ("k", "net.mlir:3:14"),
}


@pytest.mark.parametrize("format", TEXTS)
def test_integers_have_no_derivatives(format: str) -> None:
    name, place = INTEGERS[format]
    found = refused(lambda: anamc.vjp(parsed(format), wrt=[FIRST[format], name]), "A1106", place)
    assert f"the argument '{name}' is int32" in found.what


@pytest.mark.parametrize(
    ("format", "of", "place"),
    [("json", "xout2", "net.json:17:3: blocks[1] (id 2)"), ("ix", "y", "net.ix:4:1"), ("mlir", "y", "net.mlir:4:3")],
)
def test_a_gradient_is_of_one_element(format: str, of: str, place: str) -> None:
    program = parsed(format)
    function = next(iter(program.functions))
    for make in (anamc.value_and_grad, anamc.hvp):
        found = refused(lambda make=make: make(program, FIRST[format], of, function), "A1107", place)
        assert f"'{of}' of shape" in found.what


@pytest.mark.parametrize("format", TEXTS)
@pytest.mark.parametrize("run", [anamc.interpret, lambda program, **arrays: anamc.jit(program)(**arrays)])
def test_directions_of_the_wrong_shape(format: str, run: Callable[..., Any]) -> None:
    """The name, both shapes, and the place of what the direction belongs to; also where the code is from the cache."""
    arrays: dict[str, dict[str, Any]] = {
        "json": {"params": np.zeros(9, np.float32), "u": np.zeros((4, 2), np.float32)},
        "ix": {"w": np.zeros(4, np.float32), "x": np.zeros(4, np.float32), "k": np.zeros(4, np.int32)},
        "mlir": {"x": np.zeros(2), "k": np.zeros(2, np.int32)},
    }
    kind: dict[str, Any] = {"dtype": "float32"} if format != "mlir" and run is anamc.interpret else {}
    name = FIRST[format]
    given = arrays[format]
    wrong = np.zeros((*given[name].shape, 2), given[name].dtype)
    tangent = anamc.jvp(parsed(format), wrt=name)
    for _ in range(2):
        with pytest.raises(anamc.CallError, match=rf"argument '{name}_dot': expected f\d\d\[") as error:
            run(tangent, **given, **{f"{name}_dot": wrong}, **kind)
        assert error.value.code.startswith("A05")
        assert error.value.place == {a.name: a.place for a in parsed(format).function().arguments}[name]
        assert error.value.place.line
    cotangent = anamc.vjp(parsed(format), wrt=name, of="xout2" if format == "json" else "y")
    bar = cotangent.function().arguments[-1].name
    with pytest.raises(anamc.CallError, match=f"argument '{bar}': expected") as error:
        run(cotangent, **given, **{bar: wrong[:1]}, **kind)
    assert error.value.place.line


def test_directions_that_are_missing() -> None:
    given: dict[str, Any] = {"w": np.zeros(4), "x": np.zeros(4), "k": np.zeros(4, np.int32)}
    for made, what in ((anamc.jvp, "'f_jvp' is missing 'w_dot'"), (anamc.vjp, "'f_vjp' is missing 'y_bar', 'l_bar'")):
        found = refused(lambda made=made: anamc.interpret(made(parsed("ix")), **given), "A0502", PLACES[made])
        assert found.what == what


PLACES = {anamc.jvp: "net.ix:2:7", anamc.vjp: "net.ix:4:1"}
"""Of `w`, and of the kernel that writes `y`."""


def test_what_is_no_program() -> None:
    file: Any = "net.ix"
    compiled: Any = anamc.interpret
    for make in (anamc.value_and_grad, anamc.vjp, anamc.jvp, anamc.hvp, anamc.gauss_newton):
        found = refused(lambda make=make: make(file), "A1114", "")
        assert found.what == "a derivative is of a Program, got str"
        refused(lambda make=make: make(compiled), "A1114", "")


LOOP = """
func.func @f(%x: tensor<2xf64>, %n: index) -> tensor<2xf64> {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %y = scf.for %i = %zero to %n step %one iter_args(%s = %x) -> (tensor<2xf64>) {
    %t = math.sin %s : tensor<2xf64>
    scf.yield %t : tensor<2xf64>
  }
  func.return %y : tensor<2xf64>
}
"""


def test_loops_of_a_derivative_have_the_place_of_the_users_loop() -> None:
    made = anamc.vjp(parsed("mlir", LOOP), wrt="x")
    loops = [op for op in made.ir.walk() if isinstance(op, scf.ForOp)]
    assert len(loops) == 2
    assert {str(Place.of(op.location)) for op in loops} == {"net.mlir:5:3"}


REFUSING = """
func.func @f(%x: tensor<2xf64>, %w: tensor<2xf64>) -> tensor<2xf64> {
  %s = math.sin %w : tensor<2xf64>
  %y = math.atan2 %s, %s : tensor<2xf64>
  func.return %y : tensor<2xf64>
}
"""


@pytest.mark.parametrize("make", [anamc.vjp, anamc.jvp])
def test_an_operation_without_rules(make: Callable[..., anamc.Program]) -> None:
    found = refused(lambda: make(parsed("mlir", REFUSING), wrt=["x", "w"]), "A1101", "net.mlir:4:3")
    assert "'math.atan2'" in found.what
    assert found.why == "it depends on 'w' through s ('math.sin')"
    assert "ad.stop_gradient" in found.help
    assert make(parsed("mlir", REFUSING), wrt="x").functions  # nothing active goes through it


RULE = """
func.func private @g(%x: tensor<2xf64>) -> tensor<2xf64> {
  func.return %x : tensor<2xf64>
}
func.func private @g_bwd(%y: tensor<3xf64>) -> tensor<2xf64> {
  %z = arith.constant dense<0.0> : tensor<2xf64>
  func.return %z : tensor<2xf64>
}
ad.custom @g {vjp = @g_bwd}
func.func @f(%x: tensor<2xf64>) -> tensor<2xf64> {
  %y = func.call @g(%x) : (tensor<2xf64>) -> tensor<2xf64>
  func.return %y : tensor<2xf64>
}
"""


def test_a_rule_that_does_not_fit() -> None:
    found = refused(lambda: anamc.vjp(parsed("mlir", RULE), wrt="x"), "A1108", "net.mlir:9:1")
    assert "@g_bwd must take (tensor<2xf64>, tensor<2xf64>) and give (tensor<2xf64>)" in found.why


def test_two_rules_of_one_function() -> None:
    fitting = RULE.replace("%y: tensor<3xf64>", "%x: tensor<2xf64>, %y: tensor<2xf64>")
    assert anamc.vjp(parsed("mlir", fitting), wrt="x").functions
    twice = fitting.replace("func.func @f", "ad.custom @g {vjp = @g_bwd}\nfunc.func @f")
    assert refused(lambda: anamc.vjp(parsed("mlir", twice), wrt="x"), "A1108", "net.mlir:9:1").why.endswith("10:1")


def test_functions_that_come_back_to_themselves() -> None:
    calls = RULE.replace("return %x :", "return %z :").replace(
        ") -> tensor<2xf64> {", ") -> tensor<2xf64> {\n  %z = func.call @g(%x) : (tensor<2xf64>) -> tensor<2xf64>", 1
    )
    found = refused(
        lambda: anamc.vjp(parsed("mlir", calls.replace("ad.custom", "// ")), wrt="x"), "A1110", "net.mlir:2:1"
    )
    assert found.why == "@g -> @g"
    declared = RULE.replace("ad.custom", "// ").replace(" {\n  func.return %x : tensor<2xf64>\n}", "", 1)
    found = refused(lambda: anamc.vjp(parsed("mlir", declared), wrt="x"), "A0815", "net.mlir:9:3")
    assert found.what == "@f calls @g, which has no body"


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        ("@h(%x) cotangents(%x) wrt [0]", "there is no function @h with a body"),
        ("@g(%x) cotangents(%x) wrt [3]", "'ad.vjp' wrt 3 is no float tensor of @g"),
    ],
)
def test_requests_in_a_module_that_do_not_fit(request_: str, why: str) -> None:
    call = "func.call @g(%x) : (tensor<2xf64>) ->"
    asked = f"ad.vjp {request_} : (tensor<2xf64>, tensor<2xf64>) -> (tensor<2xf64>,"
    text = RULE.replace("ad.custom", "// ").replace(
        "%y = " + call + " tensor<2xf64>", "%y, %b = " + asked + " tensor<2xf64>)"
    )
    assert refused(lambda: parsed("mlir", text).functions, "A1110", "net.mlir:11:3").why == why


def test_a_rule_that_asks_for_itself() -> None:
    asks = RULE.replace("(%y: tensor<3xf64>)", "(%x: tensor<2xf64>, %y: tensor<2xf64>)").replace(
        "%z = arith.constant dense<0.0> : tensor<2xf64>",
        "%w, %z = ad.vjp @g(%x) cotangents(%y) wrt [0] : (tensor<2xf64>, tensor<2xf64>) "
        "-> (tensor<2xf64>, tensor<2xf64>)",
    )
    found = refused(lambda: anamc.vjp(parsed("mlir", asks), wrt="x"), "A1110", "net.mlir:6:3")
    assert found.why == "it stands in @g_bwd, which is the rule of @g"


def test_what_is_not_valid_has_a_place() -> None:
    refused(lambda: parsed("mlir", RULE.replace("vjp = @g_bwd", "")), "A0126", "net.mlir:9:1")
    policy = MODULE.replace("dense<0.0> :", "{ad.checkpoint = #ad.policy<some>} dense<0.0> :")
    found = refused(lambda: parsed("mlir", policy), "A0126", "net.mlir:5:56")
    assert "got 'some'" in found.why


def test_a_rule_in_index_notation_that_does_not_fit() -> None:
    text = INDEX.replace("l[0]", "grad(y) by { grad(l){i} ++= grad(y){i} | i }\nl[0]")
    refused(lambda: parsed("ix", text), "A1036", "net.ix:5:19")
