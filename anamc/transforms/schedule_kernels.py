"""Pass `schedule-kernels`: each kernel gets the schedule that suits a machine."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import AnyFloat, ModuleOp, StringAttr
from xdsl.parser import Parser
from xdsl.passes import ModulePass
from xdsl.utils.exceptions import PassFailedException

from anamc.dialects import kernel
from anamc.dialects.schedule import ScheduleAttr
from anamc.errors import Place, ScheduleError
from anamc.lowering.vectors.conflicts import row_conflicts
from anamc.schedule.fitting import misfit, misfit_of_kernel
from anamc.schedule.kernels import element_type, elements_in_lanes, schedule_of
from anamc.schedule.machine_files import machine_of
from anamc.schedule.machines import Machine

UNSCHEDULED = "anamc.unscheduled"
"""The attribute that says why a kernel stays on scalars."""
LEAST_BITS = 32
"""Bits of a number where a kernel has no floats."""
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
    `anamc.unscheduled`. A schedule written by hand is kept; error A0814 where it does not fit the machine or
    the kernel.
    `schedules`: the text between the angle brackets of `#kernel.schedule<...>` for each kernel in order, empty where
    the cost model chooses, as measured by `anamc bench --tune`. Runs behind `decompose-to-nest`.
    """

    name = "schedule-kernels"

    machine: str = "generic"
    lanes: str = "auto"
    schedules: tuple[str, ...] = ()

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        if self.lanes not in CHOICES:
            raise PassFailedException(f"schedule-kernels: lanes must be {', '.join(CHOICES)}, got '{self.lanes}'")
        machine = machine_of(self.machine)
        kernels = [inner for inner in op.walk() if isinstance(inner, kernel.RowsOp)]
        for inner, text in zip(kernels, self.schedules, strict=False):
            if text:
                inner.attributes[kernel.SCHEDULE] = parsed(ctx, text)
        for inner in kernels:
            if inner.schedule is not None:
                check(inner, inner.schedule, machine)
            else:
                found = row_conflicts(inner).refusal or schedule_of(inner, machine, self.lanes)
                if isinstance(found, str):
                    found = elements_in_lanes(inner, machine) or found
                if isinstance(found, str):
                    inner.attributes[UNSCHEDULED] = StringAttr(found)
                else:
                    inner.attributes[kernel.SCHEDULE] = found


def parsed(ctx: Context, text: str) -> ScheduleAttr:
    """A schedule from what stands between its angle brackets."""
    found = Parser(ctx, f"#kernel.schedule<{text}>").parse_attribute()
    if not isinstance(found, ScheduleAttr):
        raise PassFailedException(f"schedule-kernels: '{text}' is no schedule")
    return found


def check(op: kernel.RowsOp, schedule: ScheduleAttr, machine: Machine) -> None:
    """ScheduleError A0814 where the schedule of a kernel does not fit the machine, or the kernel."""
    element, place = element_type(op), Place.of(op.location)
    bits = element.bitwidth if isinstance(element, AnyFloat) else LEAST_BITS
    if why := misfit(schedule, machine, bits):
        help = "make 'tile' smaller, or name a machine with more registers: --machine, schedule-kernels{machine=...}"
        raise ScheduleError("A0814", "a schedule does not fit the machine", place=place, why=why, help=help)
    if schedule.lanes.data not in ("rows", "features"):
        return
    if why := row_conflicts(op).refusal or misfit_of_kernel(schedule, op, bits):
        help = "without a schedule the cost model chooses one that fits"
        raise ScheduleError("A0814", "a schedule does not fit its kernel", place=place, why=why, help=help)
