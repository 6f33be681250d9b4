"""
The reverse of a loop with few states in memory: binomial checkpointing.

Griewank and Walther, Algorithm 799: Revolve (ACM TOMS 26, 2000). With s free places and t repetitions a segment of
up to ``C(s + t, s)`` rounds is reversed: its state is kept, the one ``C(s + t - 1, s)`` rounds further is computed and
kept too; what is behind that one is reversed with s - 1 places, then what is in front of it with t - 1 repetitions.
"""

from __future__ import annotations

from collections.abc import Callable
from math import comb

from xdsl.dialects import arith, scf
from xdsl.dialects.builtin import IndexType
from xdsl.ir import Block, Region, SSAValue

from anamc.autodiff.emit import Emit
from anamc.autodiff.loops import Stack, Values, computed, constant_index, index, loop

Run = Callable[[Emit, SSAValue, SSAValue, Values], Values]
"""``run(emit, first, count, state)``: some rounds."""
NUMBERS = 6
"""First and last round of a segment, places, repetitions, ``C(s + t, s)``, and the place of the segment's state."""


def repetitions(e: Emit, count: SSAValue, places: int) -> tuple[SSAValue, SSAValue]:
    """The least t with ``C(s + t, s) >= n``, and that number."""
    number = constant_index(count)
    if number is not None:
        t = 0
        while comb(places + t, places) < number:
            t += 1
        return index(e, t), index(e, comb(places + t, places))
    block = Block(arg_types=[IndexType()] * 3)
    _, t, reach = block.args
    inner = Emit(block, labels=False)
    more = inner(arith.CmpiOp(reach, count, "slt"))
    following = inner(arith.AddiOp(t, index(inner, 1)))
    grown = inner(arith.MuliOp(reach, inner(arith.AddiOp(following, index(inner, places)))))
    grown = inner(arith.FloorDivSIOp(grown, following))
    results = [inner(arith.SelectOp(more, following, t)), inner(arith.SelectOp(more, grown, reach))]
    block.add_op(scf.YieldOp(*results))
    made = e.add(scf.ForOp(index(e, 0), count, index(e, 1), [index(e, 0), index(e, 1)], Region(block)))
    return made.results[0], made.results[1]


class Segments:
    """Finds the state in front of one round, and keeps others on the way as the scheme says."""

    def __init__(self, run: Run, like: Values, states: int) -> None:
        """`states`: how many are kept at most, the first one of the loop among them; 2 or more."""
        self.run = run
        self.like = like
        self.states = states

    def state(self, e: Emit, place: SSAValue, start: Values, depth: SSAValue, stack: Stack) -> tuple[Values, Stack]:
        """The state in front of round `place`; `start` is the first segment, as in `NUMBERS`."""
        block = Block(arg_types=[IndexType(), *[IndexType()] * NUMBERS, *(t.type for t in stack.tensors)])
        inner = Emit(block, labels=False)
        numbers, kept = block.args[1 : 1 + NUMBERS], Stack(block.args[1 + NUMBERS :])
        following, kept = self.level(inner, place, numbers, kept)
        block.add_op(scf.YieldOp(*following, *kept.tensors))
        carried = [*start, *stack.tensors]
        results = e.add(scf.ForOp(index(e, 0), depth, index(e, 1), carried, Region(block))).results
        stack = Stack(results[NUMBERS:])
        return stack.load(e, self.inside(e, results[NUMBERS - 1]), self.like), stack

    def level(self, e: Emit, place: SSAValue, numbers: Values, stack: Stack) -> tuple[Values, Stack]:
        """The part of a segment in which a round is; a state is kept where the round is the last of its part."""
        first, last, places, times, reach, home = numbers
        zero, one = index(e, 0), index(e, 1)
        parts = e(arith.MaxSIOp(e(arith.AddiOp(places, times)), one))
        front = e(arith.FloorDivSIOp(e(arith.MuliOp(reach, times)), parts))
        behind = e(arith.SubiOp(reach, front))
        length = e(arith.SubiOp(last, first))
        size = e(arith.MinSIOp(e(arith.MaxSIOp(front, one)), e(arith.SubiOp(length, one))))
        middle = e(arith.AddiOp(first, size))
        splits = e(arith.AndIOp(e(arith.CmpiOp(length, one, "sgt")), e(arith.CmpiOp(places, zero, "sgt"))))
        right = e(arith.AndIOp(splits, e(arith.CmpiOp(place, middle, "sge"))))
        left = e(arith.AndIOp(splits, e(arith.CmpiOp(place, middle, "slt"))))
        is_last = e(arith.CmpiOp(place, e(arith.SubiOp(last, one)), "eq"))
        rounds = e(arith.SelectOp(e(arith.AndIOp(right, is_last)), one, zero))
        next_home = e(arith.AddiOp(home, one))

        def keep(e: Emit, _: SSAValue, carried: Values) -> Values:
            kept = Stack(carried)
            found = self.run(e, first, size, kept.load(e, self.inside(e, home), self.like))
            return kept.store(e, self.inside(e, next_home), found).tensors

        stack = Stack(loop(e, rounds, stack.tensors, keep))
        choices = [
            (right, middle, first),
            (left, middle, last),
            (right, e(arith.SubiOp(places, one)), places),
            (left, e(arith.SubiOp(times, one)), times),
            (right, behind, e(arith.SelectOp(left, front, reach))),
            (right, next_home, home),
        ]
        return [e(arith.SelectOp(c, yes, no)) for c, yes, no in choices], stack

    def inside(self, e: Emit, place: SSAValue) -> SSAValue:
        """A place of the stack, known to be one."""
        least = e(arith.MaxSIOp(place, index(e, 0)))
        return e(arith.MinSIOp(least, index(e, self.states - 1)))


def start(e: Emit, count: SSAValue, states: int) -> tuple[Values, SSAValue]:
    """The segment of all rounds, and how many levels there are at most."""
    times, reach = repetitions(e, count, states - 1)
    zero = index(e, 0)
    depth = computed(e, arith.AddiOp, times, index(e, states - 1))
    return [zero, count, index(e, states - 1), times, reach, zero], depth
