"""Schedules that fit a machine, and those that do not."""

import pytest

from anamc.dialects.schedule import ScheduleAttr
from anamc.schedule.fitting import misfit
from anamc.schedule.machines import MACHINES


@pytest.mark.parametrize(
    ("tile", "machine", "fits"),
    [((12, 2), "avx512", True), ((31, 1), "avx512", True), ((16, 2), "avx512", False), ((4, 2), "avx2", False)],
)
def test_sums_must_leave_a_register(tile: tuple[int, int], machine: str, fits: bool) -> None:
    schedule = ScheduleAttr("rows", 16, 16 * tile[1], tile, 16 * tile[1])
    assert (misfit(schedule, MACHINES[machine], 32) == "") is fits


def test_a_misfit_says_how_many_registers_there_are() -> None:
    schedule = ScheduleAttr("features", 8, 24, (6, 4), 24)
    assert misfit(schedule, MACHINES["avx2"], 64) == (
        "a tile of 6 x 4 sums, 2 registers each, for a vector of 8 numbers of 64 bits takes 48 vector registers; "
        "the machine has 16, and what is multiplied needs one too"
    )


def test_scalars_fit_everywhere() -> None:
    assert misfit(ScheduleAttr(), MACHINES["generic"], 64) == ""
