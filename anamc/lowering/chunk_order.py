"""In which order the chunks of a kernel run, and into which row of its partial sums each adds."""

from __future__ import annotations

from collections.abc import Callable

from xdsl.dialects import arith
from xdsl.ir import SSAValue

from anamc.lowering.emitter import Emitter, Index
from anamc.lowering.planned import by_colours, chunks_of_colours

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


def by_plan(emit: Emitter, plan: SSAValue, count: Index, slots: int | None, body: Body) -> None:
    """
    The chunks of a plan, colour after colour, in parallel as far as they meet nowhere.

    With `slots`, each looks through the chunks of a colour for its own: there are some thousand of them at most,
    where a chunk takes a hundred thousand times as long as a look.
    """
    if slots is None:
        by_colours(emit, plan, lambda k: body(k, k))
        return

    def colour(first: Index, last: Index) -> None:
        def slot(place: Index) -> None:
            def look(at: Index) -> None:
                k = emit.load_index(plan, (at, 0))
                own = arith.CmpiOp(emit.index(emit.mod(k, slots)), emit.index(place), "eq")
                times = arith.SelectOp(emit.value(own), emit.index(1), emit.index(0))
                emit.nested([emit.value(times)], lambda _: body(k, place), ["own"])

            emit.loop(last, lambda at, _: (look(at), ())[1], (), "at", first)

        emit.parallel(emit.min(count, slots), slot, "slot", grain=1)

    chunks_of_colours(emit, plan, colour)


def in_order(emit: Emitter, count: Index, slots: int | None, body: Body) -> None:
    """One chunk after the other."""

    def chunk(k: Index) -> None:
        body(k, k if slots is None else emit.mod(k, slots))

    emit.nested([count], lambda at: chunk(at[0]), ["chunk"])
