"""Whether a schedule fits a machine: its sums must have place in the vector registers."""

from __future__ import annotations

from anamc.dialects.schedule import ScheduleAttr
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
