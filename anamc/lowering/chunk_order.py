"""In which order the chunks of a kernel run, and into which row of its partial sums each adds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from xdsl.dialects import arith
from xdsl.ir import SSAValue

from anamc.lowering.emitter import Emitter, Index

Body = Callable[[Index, Index], None]
"""Takes the number of a chunk and its row of partial sums."""


def in_parallel(emit: Emitter, count: Index, slots: int | None, body: Body, hint: str, grain: int = 0) -> None:
    """
    `count` chunks that meet nowhere but in partial sums, a row of which has each chunk of its own.

    With `slots`, chunk ``k`` adds into row ``k mod slots``: these run side by side, the chunks of one in order.
    """
    if slots is None:
        emit.parallel(count, lambda k: body(k, k), hint, grain)
        return

    def slot(place: Index) -> None:
        rounds = emit.ceildiv(emit.sub(count, place), slots)
        emit.nested([rounds], lambda at: body(emit.add(emit.mul(at[0], slots), place), place), [hint])

    emit.parallel(emit.min(count, slots), slot, "slot", grain)


def in_order(emit: Emitter, count: Index, slots: int | None, body: Body) -> None:
    """One chunk after the other."""

    def chunk(k: Index) -> None:
        body(k, k if slots is None else emit.mod(k, slots))

    emit.nested([count], lambda at: chunk(at[0]), ["chunk"])


def by_plan(emit: Emitter, plan: SSAValue, count: Index, slots: int | None, body: Body) -> None:
    """
    The chunks of a plan (`anamc.dialects.plans`), colour after colour, those of one in parallel.

    The order in which chunks that meet are computed is the plan's, at any number of threads. With `slots`, each
    looks through the chunks of a colour for its own: there are some thousand of them at most, and a chunk takes a
    hundred thousand times as long as a look.
    """

    def colour(c: Index, carried: Sequence[SSAValue]) -> Sequence[SSAValue]:
        first = emit.load_index(plan, (c, 1))
        last = emit.load_index(plan, (emit.add(c, 1), 1))
        begin, end = emit.add(first, 1), emit.add(last, 1)
        if slots is None:
            emit.parallel(emit.sub(end, begin), lambda k: each(emit.add(begin, k)), "chunk", grain=1)
        else:
            emit.parallel(emit.min(count, slots), partial(own, begin, end, slots), "slot", grain=1)
        return carried

    def each(at: Index) -> None:
        k = emit.load_index(plan, (at, 0))
        body(k, k)

    def own(begin: Index, end: Index, slots: int, place: Index) -> None:
        def look(at: Index, carried: Sequence[SSAValue]) -> Sequence[SSAValue]:
            k = emit.load_index(plan, (at, 0))
            is_own = arith.CmpiOp(emit.index(emit.mod(k, slots)), emit.index(place), "eq")
            times = arith.SelectOp(emit.value(is_own), emit.index(1), emit.index(0))
            emit.nested([emit.value(times)], lambda _: body(k, place), ["own"])
            return carried

        emit.loop(end, look, (), "at", begin)

    emit.loop(emit.load_index(plan, (0, 0)), colour, (), "colour")
