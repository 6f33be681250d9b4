"""Flat modules, as text or from `inputs/`, to C."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from xdsl.context import Context
from xdsl.dialects import acc, arith, func, math, memref, scf
from xdsl.dialects.builtin import Builtin, ModuleOp
from xdsl.parser import Parser

from anamc.transforms.convert_parallel_to_acc import ConvertParallelToAccPass

INPUTS = Path(__file__).parent / "inputs"
DIALECTS = (Builtin, acc.ACC, arith.Arith, func.Func, math.Math, memref.MemRef, scf.Scf)


def parse_module(text: str) -> ModuleOp:
    context = Context()
    for dialect in DIALECTS:
        context.load_dialect(dialect)
    module = Parser(context, text).parse_module()
    module.verify()
    return module


@pytest.fixture(scope="session")
def parse() -> Callable[[str], ModuleOp]:
    """A module from text, as it is."""
    return parse_module


@pytest.fixture(scope="session")
def flat() -> Callable[..., ModuleOp]:
    """A module from text, or from a file of `inputs/`, with its floats of one type and the loops made parallel."""

    def make(source: str, *, float_type: str = "f32", openmp: bool = False) -> ModuleOp:
        text = (INPUTS / source).read_text(encoding="utf-8") if source.endswith(".mlir") else source
        if float_type == "f64":
            text = "\n".join(line.replace("f32", "f64") for line in text.split("\n") if "f64" not in line)
        module = parse_module(text)
        ConvertParallelToAccPass(openmp=openmp).apply(Context(), module)
        module.verify()
        return module

    return make
