"""Pass `block-kernels`: each kernel gets a second form for processors with vectors, beside that of one row a thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import func
from xdsl.dialects.builtin import ModuleOp, StringAttr, SymbolRefAttr, UnitAttr
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from anamc.dialects import kernel
from anamc.dialects.forms import HOST_FORM, HOST_ONLY
from anamc.dialects.schedule import ScheduleAttr
from anamc.lowering.vectors.conflicts import row_conflicts
from anamc.schedule.kernels import schedule_of
from anamc.schedule.machine_files import machine_of
from anamc.transforms.unique_names import unique


@dataclass(frozen=True)
class BlockKernelsPass(ModulePass):
    """
    Copies each private function of kernels as `@<name>_blocks`, whose kernels have a schedule with rows in lanes.

    The copy names the first form in `anamc.host_form_of`; callers are left alone, so that a printer may choose: one
    row a thread for GPUs, blocks of rows for processors. Functions whose kernels have no such form get no copy.
    Functions with plans (`plan-edges`) are for processors alone (`anamc.host_only`): they get the schedules themselves.
    `machine` as in `schedule-kernels`, by default `loops`: sixteen numbers of 32 bits, and few sums at once, which
    suits the vectors of any machine. Runs behind `decompose-to-nest`.
    """

    name = "block-kernels"

    machine: str = "loops"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        machine = machine_of(self.machine)
        functions = [o for o in op.ops if isinstance(o, func.FuncOp)]
        taken = {f.sym_name.data for f in functions}
        for function in functions:
            if "anamc.kernel" not in function.attributes or not function.body.blocks:
                continue
            found: dict[int, ScheduleAttr] = {}
            for k, inner in enumerate(kernels(function)):
                schedule = row_conflicts(inner).refusal or schedule_of(inner, machine, "rows")
                if isinstance(schedule, ScheduleAttr):
                    found[k] = schedule
            if any(inner.plan is not None for inner in kernels(function)):
                function.attributes[HOST_ONLY] = UnitAttr()
                scheduled(function, found)
            elif found:
                copy = function.clone()
                copy.sym_name = StringAttr(unique(f"{function.sym_name.data}_blocks", taken))
                copy.attributes[HOST_FORM] = SymbolRefAttr(function.sym_name)
                scheduled(copy, found)
                Rewriter.insert_op(copy, InsertPoint.after(function))


def scheduled(function: func.FuncOp, found: Mapping[int, ScheduleAttr]) -> None:
    """Gives the kernels of a function their schedules, by their numbers."""
    for k, inner in enumerate(kernels(function)):
        if k in found:
            inner.attributes[kernel.SCHEDULE] = found[k]


def kernels(function: func.FuncOp) -> list[kernel.RowsOp]:
    return [inner for inner in function.body.walk() if isinstance(inner, kernel.RowsOp)]
