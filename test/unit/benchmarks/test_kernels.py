"""Where the time goes: kernels are counted, timed one by one, and compute what they compute without the clock."""

import numpy as np
import pytest

import anamc
from benchmarks import bench_kernels
from benchmarks.cases import Case
from benchmarks.derived import Limits
from benchmarks.peers.anamc_jit import chosen, derived
from benchmarks.workloads.message_passing import MessagePassing

CASE = Case("messages-8", MessagePassing(8, nodes=200, steps=2), gradient=True)
LIMITS = Limits({1: 100.0, 2: 200.0}, {1: 20.0, 2: 30.0})


def test_every_kernel_of_a_gradient_is_counted_and_timed() -> None:
    kernels, whole = bench_kernels.measured(CASE, threads=1, rounds=2, found=LIMITS)
    assert all(0 < k.seconds < whole for k in kernels if k.work.moved)
    on_edges = [k.work for k in kernels if k.work.rows == "nedges"]
    assert on_edges
    edges = len(CASE.work.arrays()["edgelist"])
    assert {w.count for w in on_edges} == {edges}
    # Every layer of 8 x 8 or more runs forward and twice backward, two operations a product.
    assert sum(w.flops for w in on_edges) > 2 * 3 * 2 * 8 * 8 * 2 * edges
    assert any(k.work.total for k in kernels)
    lines = bench_kernels.table(kernels, whole)
    assert len({line.count("|") for line in lines}) == 1


def test_the_clock_changes_no_result() -> None:
    program = derived(CASE.work, True)
    ticks = np.zeros(512, np.int64)
    function, count = bench_kernels.callable_of(program, program.function(), ticks, threads=2)
    given = chosen(program, CASE.work.arguments(CASE.work.arrays()))
    found, wanted = function(**given), anamc.jit(program, dtype="float32", threads=2)(**given)
    assert all(np.array_equal(found[name], wanted[name]) for name in wanted)
    assert (ticks[:count] > 0).all()
    assert not ticks[count:].any()


def test_other_cases_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        bench_kernels.main(["no such case"])
    assert "--list" in capsys.readouterr().err
