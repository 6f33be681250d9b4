"""Flat modules to compile: the regression example of the contract, in both float types."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from xdsl.context import Context
from xdsl.dialects import arith, func, llvm, math, memref, scf
from xdsl.dialects.builtin import Builtin, ModuleOp
from xdsl.parser import Parser

from anamc.program import Array, Signature
from anamc.runtime.callable import Function
from anamc.runtime.jit import compile_module

INPUTS = Path(__file__).parent / "inputs"
DIALECTS = (Builtin, arith.Arith, func.Func, llvm.LLVM, math.Math, memref.MemRef, scf.Scf)


def parse_module(text: str) -> ModuleOp:
    context = Context()
    for dialect in DIALECTS:
        context.load_dialect(dialect)
    module = Parser(context, text).parse_module()
    module.verify()
    return module


@pytest.fixture(scope="session")
def parse() -> Callable[[str], ModuleOp]:
    return parse_module


@pytest.fixture(scope="session")
def read() -> Callable[..., ModuleOp]:
    """A module of `inputs/`, its floats of one type."""

    def read_input(name: str, float_type: str = "f32") -> ModuleOp:
        return parse_module((INPUTS / name).read_text().replace("f32", float_type))

    return read_input


NET = Signature(
    "net",
    ("nnodes", "nedges"),
    (
        Array("edgelist", "int32", ("nedges", 2)),
        Array("params", "float64", (13,)),
        Array("extra", "float64", ("nedges", 1), used=False),
        Array("u", "float64", ("nnodes", 1)),
    ),
    (Array("y", "float64", ("nnodes", 1)),),
)


@pytest.fixture(scope="session")
def signature() -> Signature:
    return NET


@pytest.fixture(scope="session")
def net(read: Callable[..., ModuleOp]) -> Function:
    """``y``: a 1-4-1 network on the nodes, its left values scattered with -+."""
    return Function(NET, compile_module(read("net.mlir")), "float32")
