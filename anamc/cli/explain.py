"""What a program becomes, kernel by kernel: rows, operations, bytes, what is kept, and the time to expect of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from xdsl.dialects import func
from xdsl.dialects.builtin import ArrayAttr, IntegerAttr, ModuleOp, StringAttr
from xdsl.ir import SSAValue

from anamc.analysis.counts import Counts, counts, kept
from anamc.cli.session import Report
from anamc.dialects import kernel
from anamc.pipelines import STAGES, remaining, run
from anamc.program import Program
from anamc.runtime.compiler import MAX_OPS
from anamc.schedule.machine_files import machine_of
from anamc.schedule.machines import Machine
from anamc.transforms.schedule_kernels import UNSCHEDULED

SCHEDULED = (*STAGES["kernels"], "plan-edges", "decompose-to-nest", "schedule-kernels")
"""Passes from tensors to kernels whose schedule is known."""


@dataclass(frozen=True)
class Line:
    """
    One kernel. `blocks`: the ids of the user's blocks that it computes. `kept`: rows that later kernels read.

    `nanoseconds`: for a row on one core, the larger one of the time of operations and of memory: the roofline.
    """

    function: str
    blocks: tuple[int, ...]
    rows: str
    counts: Counts
    kept: tuple[tuple[str, float], ...]
    schedule: str
    unscheduled: str
    nanoseconds: float
    bound: str


def explained(program: Program, dtype: str, machine: str, keep: str | int = "all") -> list[Line]:
    """Every kernel of every function, in the order in which they run, on a machine by its name or file."""
    described = machine_of(machine)
    options: dict[str, Any] = {"schedule-kernels": {"machine": (machine,)}, "fuse-kernels": {"max_ops": (MAX_OPS,)}}
    options["stash-or-recompute"] = {"keep": (keep,)}
    module = run(program.tensors.clone(), remaining(SCHEDULED, program.left_out), dtype=dtype, options=options)
    return list(lines(module, described, 64 if dtype == "float64" else 32))


def lines(module: ModuleOp, machine: Machine, bits: int) -> Iterator[Line]:
    """The kernels of a module; those that only sum up partial sums are left out."""
    for function in module.ops:
        if not isinstance(function, func.FuncOp):
            continue
        for op in function.walk():
            if isinstance(op, kernel.RowsOp) and "anamc.total" not in op.attributes:
                yield line(function.sym_name.data, op, machine, bits)


def line(function: str, op: kernel.RowsOp, machine: Machine, bits: int) -> Line:
    found = counts(op)
    computing, moving = roofline(found, machine, bits)
    reason = op.attributes.get(UNSCHEDULED)
    return Line(
        function,
        blocks_of(op),
        size(op.extent),
        found,
        tuple(kept(op)),
        "" if op.schedule is None else str(op.schedule).removeprefix("#kernel.schedule"),
        reason.data if isinstance(reason, StringAttr) else "",
        max(computing, moving),
        "memory" if moving > computing else "operations",
    )


def roofline(found: Counts, machine: Machine, bits: int) -> tuple[float, float]:
    """Nanoseconds a row on one core: of operations at the machine's peak, and of bytes."""
    computing = found.flops / machine.flops(bits) + found.functions / machine.functions(bits)
    return computing, found.moved / machine.bandwidth


def blocks_of(op: kernel.RowsOp) -> tuple[int, ...]:
    found = op.attributes.get("anamc.blocks")
    data = found.data if isinstance(found, ArrayAttr) else ()
    return tuple(b.value.data for b in data if isinstance(b, IntegerAttr))


def size(extent: int | SSAValue) -> str:
    """A number of rows, as people know it."""
    return str(extent) if isinstance(extent, int) else extent.name_hint or "computed"


def show(found: Sequence[Line], report: Report) -> None:
    """A table a function, and what stands behind each kernel below it."""
    report.data["kernels"] = [as_json(entry) for entry in found]
    columns = ["kernel", "blocks", "rows", "flops/row", "functions/row", "bytes/row", "weights", "ns/row", "bound by"]
    for function in dict.fromkeys(entry.function for entry in found):
        own = [entry for entry in found if entry.function == function]
        rows = [
            [
                str(k),
                ", ".join(map(str, entry.blocks)) or "-",
                entry.rows,
                f"{entry.counts.flops}{'' if entry.counts.exact else '+'}",
                str(entry.counts.functions),
                f"{entry.counts.moved:.0f}",
                str(entry.counts.whole),
                f"{entry.nanoseconds:.3g}",
                entry.bound,
            ]
            for k, entry in enumerate(own)
        ]
        report.table(columns, rows, title=function)
        for k, entry in enumerate(own):
            names = ", ".join(f"{name} ({size:.0f} bytes a row)" for name, size in entry.kept)
            report.say(f"  {k}: keeps {names or 'nothing'}")
            report.say(f"     {entry.schedule or f'one row at a time: {entry.unscheduled}'}")


def as_json(entry: Line) -> dict[str, Any]:
    """The fields of a kernel for `--json`."""
    counted = entry.counts
    return {
        "function": entry.function,
        "blocks": list(entry.blocks),
        "rows": entry.rows,
        "flops": counted.flops,
        "functions": counted.functions,
        "bytes_read": counted.read,
        "bytes_written": counted.written,
        "bytes_of_weights": counted.whole,
        "exact": counted.exact,
        "kept": [{"name": name, "bytes": size} for name, size in entry.kept],
        "schedule": entry.schedule,
        "unscheduled": entry.unscheduled,
        "nanoseconds": entry.nanoseconds,
        "bound": entry.bound,
    }
