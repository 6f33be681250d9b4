"""Programs: reading, signatures, errors, and the interpreter behind the public API."""

from pathlib import Path

import numpy as np
import pytest

import anamc
from anamc import Array, CallError, Error, FileError, FrontendError, Signature

NET = """{"format": "anamc-graph", "version": 1, "name": "net", "blocks": [
  {"id": 1, "kind": "graph-source", "node_features": [{"name": "u", "size": 1, "pin": -1}],
   "edge_features": [{"name": "d", "size": 2, "pin": -2}]},
  {"id": 3, "kind": "encoder", "input": 1, "output": -3, "layers": [{"size": 2}]},
  {"id": 4, "kind": "loss", "function": "mse", "of": 2, "target": 3}],
 "links": [{"from": -1, "to": 1}, {"from": -3, "to": 2}]}"""
EDGES = Array("edgelist", "int32", ("nedges", 2), False)
ARGUMENTS = (EDGES, Array("params", "float64", (4,)), Array("d", "float64", ("nedges", 2), False))
U = Array("u", "float64", ("nnodes", 1))


def test_functions_of_a_graph_with_a_loss() -> None:
    program = anamc.parse(NET, format="json")
    assert list(program.functions) == ["net", "net_loss"]
    assert program.function() == Signature(
        "net", ("nnodes", "nedges"), (*ARGUMENTS, U), (Array("xout3", "float64", ("nnodes", 2)),)
    )
    loss = program.function("net_loss")
    assert loss.arguments == (*ARGUMENTS, U, Array("target4", "float64", ("nnodes", 2)))
    assert loss.results == (Array("loss", "float64", ()),)
    assert U.shape == (None, 1)
    assert program.is_generated
    assert program.network.label == "net"


def test_a_program_prints_its_module_which_reads_as_the_same() -> None:
    program = anamc.parse(NET, format="json")
    again = anamc.parse(str(program))
    assert str(again) == str(program)
    assert again.functions == program.functions


def test_a_file_gives_its_name(tmp_path: Path) -> None:
    place = tmp_path / "wing.mlir"
    place.write_text("func.func @f(%x: tensor<2xf32>) -> tensor<2xf32> {\n  func.return %x : tensor<2xf32>\n}")
    program = anamc.load(place)
    assert program.name == "wing"
    assert not program.is_generated
    assert program.function().arguments == (Array("x", "float32", (2,)),)


def test_private_functions_are_not_offered() -> None:
    program = anamc.parse("func.func private @g() {\n  func.return\n}")
    assert program.functions == {}
    with pytest.raises(CallError, match=r"A0802.*the program has no function"):
        program.function()


def test_a_function_that_there_is_not() -> None:
    with pytest.raises(CallError, match=r"A0803.*no function 'fly'\n  it has 'net', 'net_loss'"):
        anamc.parse(NET, format="json").function("fly")


def test_parameters_of_a_program_without_a_graph() -> None:
    with pytest.raises(Error, match=r"A0804.*expected a program of one block graph, got 0"):
        anamc.init_params(anamc.parse("func.func @g() {\n  func.return\n}"))


def test_functions_of_scalars_have_no_signature() -> None:
    program = anamc.parse("func.func @f(%x: f32) -> f32 {\n  func.return %x : f32\n}")
    with pytest.raises(Error, match=r"A0805.*takes and gives tensors and sizes, got f32"):
        program.functions  # noqa: B018


def test_elements_that_cannot_be_passed() -> None:
    program = anamc.parse("func.func @f(%x: tensor<2xi7>) {\n  func.return\n}")
    with pytest.raises(Error, match=r"A0806.*arrays of i7 cannot be passed"):
        program.functions  # noqa: B018


@pytest.mark.parametrize("type", ["i8", "i16", "i32", "i64"])
def test_integer_arrays(type: str) -> None:
    program = anamc.parse(f"func.func @f(%x: tensor<2x{type}>) {{\n  func.return\n}}")
    assert program.function().arguments[0].dtype == f"int{type[1:]}"


def test_index_arrays_are_64_bits() -> None:
    program = anamc.parse("func.func @f(%x: tensor<2xindex>) {\n  func.return\n}")
    assert program.function().arguments[0].dtype == "int64"


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"A0601.*cannot read"):
        anamc.load(tmp_path / "none.json")


@pytest.mark.parametrize(
    ("text", "code"),
    [(b"\xff\xfe", "A0102"), ("func.func @f(", "A0125"), ('%x = "mlp.relu"() : () -> f32', "A0126")],
)
def test_text_that_is_no_program(text: str | bytes, code: str) -> None:
    with pytest.raises(FrontendError, match=code):
        anamc.parse(text)


def test_an_unknown_format() -> None:
    with pytest.raises(FrontendError, match=r"A0124.*unknown format 'onnx'"):
        anamc.parse("", format="onnx")


def test_interpret_takes_and_gives_arrays_by_name() -> None:
    program = anamc.parse(NET, format="json")
    u = np.array([[1.0], [2.0]])
    found = anamc.interpret(program, params=np.array([1.0, 2.0, 10.0, 20.0]), u=u)
    assert found["xout3"].tolist() == [[11, 22], [12, 24]]
    target = found["xout3"] + 3
    loss = anamc.interpret(program, "net_loss", params=np.array([1.0, 2.0, 10.0, 20.0]), u=u, target4=target)
    assert loss["loss"] == 9.0
    assert loss["loss"].shape == ()


def test_interpret_in_single_precision() -> None:
    program = anamc.parse(NET, format="json")
    params = anamc.init_params(program, seed=1)
    found = anamc.interpret(program, dtype="float32", params=params, u=np.ones((3, 1), np.float32))
    assert found["xout3"].dtype == np.float32


def test_the_package_offers_what_it_lists() -> None:
    assert sorted(dir(anamc)) == sorted(anamc.__all__)
    for name in anamc.__all__:
        assert getattr(anamc, name) is not None
    with pytest.raises(AttributeError, match="module 'anamc' has no attribute 'fly'"):
        anamc.fly  # noqa: B018
