"""Functions of emitted C that go by a plan (docs/backends/openacc_c.md), as Python callables."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from anamc.backends.names import PLANNED_SUFFIX
from anamc.dialects.plan_layout import PlanLayout
from anamc.errors import CallError
from anamc.program import Signature
from anamc.runtime.buffers import Buffer, Checked
from anamc.runtime.callable import Code, Function, aligned_bytes
from anamc.runtime.system_compiler import SharedLibrary


@dataclass(frozen=True)
class PlannedCall:
    """A call with a plan behind its other arguments."""

    function: Callable[..., int]
    arguments: Sequence[Any]
    plan: Buffer

    def __call__(self) -> int:
        """The status."""
        return self.function(*self.arguments, self.plan.ctypes.data)


class PlannedFunction(Function):
    """A function that takes a plan, which a bound call makes of its tables: a change of these in place is refused."""

    def __init__(
        self, signature: Signature, library: Code, dtype: str, symbol: str, base: str, layout: PlanLayout
    ) -> None:
        """`symbol` is the C function that takes the plan, `base` what the names of those that make it begin with."""
        super().__init__(signature, library, dtype, symbol, f"{symbol.removesuffix(PLANNED_SUFFIX)}_workspace_size")
        self.base, self.plan_layout = base, layout
        arrays = len(signature.arguments) + len(signature.results) + 2
        self._entry = self._typed(symbol, ctypes.c_int32, len(signature.sizes), arrays)

    def _typed(self, symbol: str, result: Any, sizes: int, arrays: int) -> Callable[..., int]:
        types = (*(ctypes.c_int32,) * sizes, *(ctypes.c_void_p,) * arrays)
        return ctypes.CFUNCTYPE(result, *types)(self.library.address(symbol))

    def plan(self, tables: Mapping[str, Buffer], sizes: Mapping[str, int]) -> Buffer:
        """The plan of index tables. CallError A0519 where none can be made of them."""
        given = [sizes[name] for name in self.plan_layout.sizes]
        words, room = (
            self._typed(f"{self.base}{ending}", ctypes.c_int64, len(given), 0)(*given)
            for ending in ("_plan_size", "_plan_workspace_size")
        )
        plan = np.zeros(words, np.int32)
        arrays = [*(tables[name] for name in self.plan_layout.tables), plan, aligned_bytes(room)]
        make = self._typed(f"{self.base}_make_plan", ctypes.c_int32, len(given), len(arrays))
        if status := make(*given, *(a.ctypes.data for a in arrays)):
            raise CallError("A0519", f"the compiled function refused to make a plan with status {status}")
        return plan

    def _run(self, checked: Checked, arguments: Sequence[Any]) -> PlannedCall:
        return PlannedCall(self._entry, arguments, self.plan(checked.buffers, checked.sizes))


def load_planned(
    path: str | Path, signature: Signature, dtype: str, symbol: str, base: str, layout: PlanLayout
) -> PlannedFunction:
    """A function of a compiled library that takes a plan; the last three as `plans_of_entries` gives them."""
    return PlannedFunction(signature, SharedLibrary(path), dtype, symbol, base, layout)
