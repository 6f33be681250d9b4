"""Loops over the chunks of a plan: colour after colour, the chunks of one in parallel."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xdsl.ir import SSAValue

from anamc.lowering.emitter import Emitter, Index


def by_colours(emit: Emitter, plan: SSAValue, body: Callable[[Index], None]) -> None:
    """
    Calls `body` with the number of each chunk of a plan (`anamc.dialects.plans`).

    The order in which chunks that meet are computed is the plan's, at any number of threads.
    """

    def colour(first: Index, last: Index) -> None:
        emit.parallel(
            emit.sub(last, first), lambda k: body(emit.load_index(plan, (emit.add(first, k), 0))), "chunk", grain=1
        )

    chunks_of_colours(emit, plan, colour)


def chunks_of_colours(emit: Emitter, plan: SSAValue, body: Callable[[Index, Index], None]) -> None:
    """Calls `body` for each colour in turn, with the first row of its chunks in the plan and that behind the last."""

    def colour(c: Index, carried: Sequence[SSAValue]) -> Sequence[SSAValue]:
        first = emit.load_index(plan, (c, 1))
        last = emit.load_index(plan, (emit.add(c, 1), 1))
        body(emit.add(first, 1), emit.add(last, 1))
        return carried

    emit.loop(emit.load_index(plan, (0, 0)), colour, (), "colour")
