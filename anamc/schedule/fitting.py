"""Whether a schedule fits: its sums the vector registers of a machine, its lanes, blocks and chunks the kernel."""

from __future__ import annotations

from anamc.analysis.table_rows import reached_by_tables
from anamc.dialects import kernel
from anamc.dialects.schedule import ScheduleAttr
from anamc.schedule.kernels import (
    LOCAL_BYTES,
    SUM_BYTES,
    chunk_of,
    local_numbers,
    only_writes,
    refusal,
    sum_numbers,
)
from anamc.schedule.machines import Machine


def misfit(schedule: ScheduleAttr, machine: Machine, bits: int) -> str:
    """Why a schedule does not fit a machine, for numbers of so many bits; empty where it does."""
    numbers = schedule.numbers
    outputs, vectors, vector = numbers["outputs"], numbers["vectors"], numbers["vector"]
    each = -(-vector * bits // machine.vector_bits)
    sums = outputs * vectors * each
    if schedule.lanes.data == "none" or sums < machine.registers:
        return ""
    wide = f", {each} registers each, for a vector of {vector} numbers of {bits} bits" if each > 1 else ""
    return (
        f"a tile of {outputs} x {vectors} sums{wide} takes {sums} vector registers; the machine has "
        f"{machine.registers}, and what is multiplied needs one too"
    )


def misfit_of_kernel(schedule: ScheduleAttr, op: kernel.RowsOp, bits: int) -> str:
    """Why rows or features in lanes do not fit a kernel of numbers of so many bits; empty where they do."""
    lanes, numbers = schedule.lanes.data, schedule.numbers
    if reason := refusal(op):
        return f"the kernel has no form with {lanes} in lanes: {reason}"
    chunk = chunk_of(op)
    if chunk is not None and chunk != numbers["chunk"]:
        summed = "its plan has chunks of" if op.planned else "it sums"
        return f"chunk = {numbers['chunk']}, but {summed} {chunk} rows{'' if op.planned else ' together'}"
    if numbers["least"] != numbers["chunk"] and not only_writes(op):
        kept = f"rows that are summed, or have a plan, keep their chunks of {numbers['chunk']}"
        return f"least = {numbers['least']}, but {kept}"
    if numbers["ahead"] and not reached_by_tables(op):
        return f"ahead = {numbers['ahead']}, but it reaches no rows by an index table"
    if lanes == "rows" and (chunk or 0) % numbers["block"]:
        return f"chunks of {chunk} rows are no multiple of block = {numbers['block']}"
    local = local_numbers(op) * numbers["block"] * bits // 8
    if local > LOCAL_BYTES:
        return f"a block of {numbers['block']} rows needs {local} bytes of the stack, more than {LOCAL_BYTES}"
    sums = sum_numbers(op, numbers["vector"]) * numbers["vector"] * bits // 8 if lanes == "rows" else 0
    if sums > SUM_BYTES:
        return f"sums over its rows need {sums} bytes in vectors of {numbers['vector']}, more than {SUM_BYTES}"
    return ""
