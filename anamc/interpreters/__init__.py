"""NumPy semantics of every dialect: the oracle that compiled code is compared with."""

from __future__ import annotations

from typing import Any

from xdsl.dialects.builtin import ModuleOp
from xdsl.interpreter import Interpreter
from xdsl.interpreters.func import FuncFunctions
from xdsl.interpreters.scf import ScfFunctions

from anamc.interpreters.mlp import MlpFunctions
from anamc.interpreters.mlp_adjoints import MlpAdjointFunctions
from anamc.interpreters.nest import NestFunctions
from anamc.interpreters.scatter import ScatterFunctions
from anamc.interpreters.tensors import ElementwiseFunctions, TensorFunctions


def interpreter(module: ModuleOp) -> Interpreter:
    """An interpreter of tensors, nests and kernels (not of buffers)."""
    found = Interpreter(module)
    for functions in (
        FuncFunctions,
        ScfFunctions,
        TensorFunctions,
        ElementwiseFunctions,
        MlpFunctions,
        MlpAdjointFunctions,
        ScatterFunctions,
        NestFunctions,
    ):
        found.register_implementations(functions())
    return found


def call(module: ModuleOp, function: str, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """Runs a function of a module on tensors: sizes as integers, tensors as arrays."""
    return interpreter(module).call_op(function, arguments)
