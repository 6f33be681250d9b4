"""Pass `schedule-kernels`: each kernel gets the schedule that suits a machine."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, StringAttr
from xdsl.passes import ModulePass
from xdsl.utils.exceptions import PassFailedException

from anamc.dialects import kernel
from anamc.lowering.vectors.conflicts import row_conflicts
from anamc.schedule.kernels import elements_in_lanes, schedule_of
from anamc.schedule.machine_files import machine_of

UNSCHEDULED = "anamc.unscheduled"
"""The attribute that says why a kernel stays on scalars."""
CHOICES = ("auto", "rows", "features")
"""Who chooses what lanes hold: the cost model; or a layout, wherever it is possible."""


@dataclass(frozen=True)
class ScheduleKernelsPass(ModulePass):
    """
    Gives each `kernel.rows` the attribute `schedule`: rows, or neighbouring features, in the lanes of a machine.

    `machine`: avx512, avx2, neon, generic, or a file `*.json` that describes one. `lanes`: rows, features, or
    auto, where features are chosen for kernels that move many numbers of rows and whose products fill the
    lanes. What neither has a form for (rows of rank 2 or more, or of run-time widths) runs row by row with neighbouring
    elements in lanes where that is much faster than scalars, else on scalars, with the reason in
    `anamc.unscheduled`. A schedule written by hand is kept. Runs behind `decompose-to-nest`.
    """

    name = "schedule-kernels"

    machine: str = "generic"
    lanes: str = "auto"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        if self.lanes not in CHOICES:
            raise PassFailedException(f"schedule-kernels: lanes must be {', '.join(CHOICES)}, got '{self.lanes}'")
        machine = machine_of(self.machine)
        for inner in op.walk():
            if isinstance(inner, kernel.RowsOp) and inner.schedule is None:
                found = row_conflicts(inner).refusal or schedule_of(inner, machine, self.lanes)
                if isinstance(found, str):
                    found = elements_in_lanes(inner, machine) or found
                if isinstance(found, str):
                    inner.attributes[UNSCHEDULED] = StringAttr(found)
                else:
                    inner.attributes[kernel.SCHEDULE] = found
