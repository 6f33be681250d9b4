"""
anamc: differentiable kernels for simulation codes.

    program = anamc.load("net.json")
    f = anamc.jit(program)
    y = f(params=p, edgelist=edges, u=u)["xout3"]

Names are imported when they are first used, so that `import anamc` costs little.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from anamc.errors import (
    AnamcWarning,
    CallError,
    DerivativeError,
    Error,
    FileError,
    FrontendError,
    ParamsError,
    ScheduleError,
    ToolError,
)

if TYPE_CHECKING:
    from anamc import index as index
    from anamc.api import init_params, interpret, load_params, save_params
    from anamc.derivatives import gauss_newton, hvp, jvp, value_and_grad, vjp
    from anamc.program import Array, Program, Signature, load, parse
    from anamc.runtime.compiler import jit

    __version__: str

_HOMES = {
    "gauss_newton": "anamc.derivatives",
    "hvp": "anamc.derivatives",
    "jvp": "anamc.derivatives",
    "value_and_grad": "anamc.derivatives",
    "vjp": "anamc.derivatives",
    "Array": "anamc.program",
    "Program": "anamc.program",
    "Signature": "anamc.program",
    "init_params": "anamc.api",
    "interpret": "anamc.api",
    "jit": "anamc.runtime.compiler",
    "load": "anamc.program",
    "load_params": "anamc.api",
    "parse": "anamc.program",
    "save_params": "anamc.api",
}

__all__ = [
    "AnamcWarning",
    "Array",
    "CallError",
    "DerivativeError",
    "Error",
    "FileError",
    "FrontendError",
    "ParamsError",
    "Program",
    "ScheduleError",
    "Signature",
    "ToolError",
    "__version__",
    "gauss_newton",
    "hvp",
    "init_params",
    "interpret",
    "jit",
    "jvp",
    "load",
    "load_params",
    "parse",
    "save_params",
    "value_and_grad",
    "vjp",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return _version()
    if name == "index":
        return import_module("anamc.index")
    if name not in _HOMES:
        raise AttributeError(f"module 'anamc' has no attribute '{name}'")
    return getattr(import_module(_HOMES[name]), name)


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("anamc")
    except PackageNotFoundError:  # a checkout that is not installed
        return "0.0.0"


def __dir__() -> list[str]:
    return __all__
