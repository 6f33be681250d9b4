"""
Rules of `nest.map`: reads swap with results, and the body becomes its partials.

The body is differentiated by the engine itself, on scalars; the values that it needs are computed again.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from xdsl.dialects import arith
from xdsl.dialects.builtin import IndexType, IntegerAttr, i64
from xdsl.ir import Block, Region, SSAValue

from anamc.autodiff.activity import Activity, is_inside
from anamc.autodiff.emit import Emit, element_type
from anamc.autodiff.forward import Forward
from anamc.autodiff.nests import Likeness, Write, constant_nest
from anamc.autodiff.reverse import Reverse
from anamc.autodiff.simplify import constant_of
from anamc.autodiff.tables import CONSTANT, PREPARE, REGION_JVP, REGION_VJP, SUMS, Contributions
from anamc.dialects import nest
from anamc.dialects.access import AccessAttr, identity, shape_of
from anamc.dialects.ad import is_differentiable
from anamc.dialects.nest_check import CheckOp
from anamc.dialects.nest_parts import NestParts
from anamc.errors import DerivativeError, Place

Bars = Sequence[SSAValue | None]


CONSTANT[CheckOp] = "whether indices are inside"


@PREPARE.of(nest.MapOp)
def with_winners(op: nest.MapOp, e: Emit) -> Sequence[SSAValue]:
    """The nest with the winning iteration of each `max` and `min`: the derivative goes to the first winner."""
    wanted = [
        k
        for k, (c, init) in enumerate(zip(op.combiners.data, op.inits, strict=True))
        if c.data in nest.ORDERED and is_differentiable(init.type)
    ]
    if not set(wanted) - set(op.winners):
        return op.results
    winners = [*op.winners, *(k for k in wanted if k not in op.winners)]
    parts = NestParts.of(op)
    parts.winners = winners
    made = e.add(parts.build())
    made.attributes |= op.attributes
    return made.results[: len(op.results)]


@REGION_VJP.of(nest.MapOp)
def map_vjp(op: nest.MapOp, bars: Bars, sweep: Reverse) -> Contributions:
    """
    ``x_bar[R(i)] += p(i) y_bar[W(i)]``: one nest for all active reads.

    `add`: as above, and the initial tensor gets ``y_bar``. `set`: likewise, but the initial tensor gets
    nothing where it was overwritten. `max`, `min`: all goes to the first winner, or to the initial value.
    """
    no_outer_scalars(op, sweep.activity)
    for k, init in enumerate(op.inits):
        if (bar := bars[k]) is not None:
            yield init, lambda k=k, bar=bar: init_bar(op, k, bar, sweep.emit)
    reads = [k for k, tensor in enumerate(op.reads) if tensor in sweep.activity]

    @cache
    def made() -> dict[SSAValue, SSAValue]:
        return reverse_nest(op, bars, reads, sweep.emit)

    for tensor in dict.fromkeys(op.reads[k] for k in reads):
        if tensor in made():
            yield tensor, lambda tensor=tensor: made()[tensor]


def reverse_nest(op: nest.MapOp, bars: Bars, reads: Sequence[int], e: Emit) -> dict[SSAValue, SSAValue]:
    """The cotangent of each tensor read, of those that are not 0."""
    like = Likeness(op)
    live = [k for k in range(len(op.inits)) if bars[k] is not None]
    scalars = [like.scalar(k) for k in reads]
    activity = Activity(like.body, scalars, [like.yielded[k] for k in live])
    sweep = Reverse(Emit(like.block, labels=False), activity)
    for k in live:
        bar = bars[k]
        if bar is None or like.yielded[k] not in activity:
            continue
        access = op.write_accesses.data[k]
        seed = like.read(bar, access, "y_bar")
        mask = [(won(like, op, k, sweep.emit), True)] if k in op.winners else []
        sweep.give(like.yielded[k], seed, mask)
    sweep.sweep(like.body)
    places: dict[tuple[SSAValue, AccessAttr], list[SSAValue]] = {}
    for k, scalar in zip(reads, scalars, strict=True):
        if (bar := sweep.take(scalar)) is not None and constant_of(bar) != 0.0:
            places.setdefault((op.reads[k], op.read_accesses.data[k]), []).append(bar)
    if not places:
        return {}
    values = [v for group in places.values() if (v := sweep.emit.add_all(group)) is not None]
    writes: list[Write] = [("add", e.zeros(tensor), access) for tensor, access in places]
    found: dict[SSAValue, SSAValue] = {}
    for (tensor, _), bar in zip(places, like.finish(e, writes, values), strict=True):
        found[tensor] = e.plus(found[tensor], bar) if tensor in found else bar
    return found


def init_bar(op: nest.MapOp, k: int, bar: SSAValue, e: Emit) -> SSAValue:
    """The cotangent of the tensor that a result starts from."""
    combiner, access = op.combiners.data[k].data, op.write_accesses.data[k]
    if combiner == "add":
        return bar
    if combiner == "set":
        return constant_nest(e, op, bar, access, 0.0)
    return where_nobody(bar, winner_of(op, k), e)


def won(like: Likeness, op: nest.MapOp, k: int, e: Emit) -> SSAValue:
    """True in the iteration that gave an element of result `k` its value."""
    winner = like.read(winner_of(op, k), op.write_accesses.data[k], "winner")
    return e(arith.CmpiOp(like.number(e), winner, "eq"))


def winner_of(op: nest.MapOp, k: int) -> SSAValue:
    return op.args_[op.winners.index(k)]


def where_nobody(value: SSAValue, winner: SSAValue, e: Emit) -> SSAValue:
    """`value` where no iteration won, elsewhere 0."""
    shape = shape_of(value.type)
    block = Block(arg_types=[*[IndexType()] * len(shape), element_type(value), i64])
    *_, v, w = block.args
    inner = Emit(block, labels=False)
    nobody = inner(arith.ConstantOp(IntegerAttr(-1, i64)))
    kept = inner.select(inner(arith.CmpiOp(w, nobody, "eq")), v, inner.zeros(v))
    block.add_op(nest.YieldOp(kept))
    extents = [n if n >= 0 else e.size(value, d) for d, n in enumerate(shape)]
    at = identity(len(shape))
    return e(nest.MapOp(extents, [(value, at), (winner, at)], [("set", e.zeros(value), at)], Region(block)))


@REGION_JVP.of(nest.MapOp)
def map_jvp(op: nest.MapOp, dots: Bars, sweep: Forward) -> Bars:
    """
    ``y_dot[W(i)] += sum_k p_k(i) x_k_dot[R_k(i)]``, from the tangent of the initial tensor; `set` likewise.

    `max`, `min`: the tangent of the first winner.
    """
    no_outer_scalars(op, sweep.activity)
    e = sweep.emit
    count = len(op.sizes)
    read_dots = dots[count : count + len(op.reads)]
    init_dots = dots[count + len(op.reads) : count + len(op.reads) + len(op.inits)]
    like = Likeness(op)
    known: dict[SSAValue, SSAValue] = {}
    for k, dot in enumerate(read_dots):
        if dot is not None:
            known[like.scalar(k)] = like.read(dot, op.read_accesses.data[k], "dot")
    inner = Forward(Emit(like.block, labels=False), Activity(like.body, known, like.yielded))
    inner.dots.update(known)
    inner.sweep(like.body)
    inner.emit.block, inner.emit.anchor = like.block, None
    writes: list[Write] = []
    values: list[SSAValue] = []
    places: list[int] = []
    found: list[SSAValue | None] = [None] * len(op.results)
    for k, (init, access) in enumerate(zip(op.inits, op.write_accesses.data, strict=True)):
        dot, start = inner.dots.get(like.yielded[k]), init_dots[k]
        if dot is None:
            found[k] = None if start is None else init_bar(op, k, start, e)
            continue
        combiner = op.combiners.data[k].data
        if k in op.winners:
            dot = inner.emit.select(won(like, op, k, inner.emit), dot, inner.emit.zeros(dot))
            combiner, start = "add", None if start is None else init_bar(op, k, start, e)
        writes.append((combiner, e.zeros(init) if start is None else start, access))
        values.append(dot)
        places.append(k)
    if writes:
        for k, value in zip(places, like.finish(e, writes, values), strict=True):
            found[k] = value
    return found


@SUMS.of(nest.MapOp)
def chained(e: Emit, ops: Sequence[nest.MapOp]) -> Sequence[SSAValue]:
    """Nests that add to zeros, each from the result of the one before."""
    adding = [op for op in ops if op.combiners.data[0].data == "add" and constant_of(op.inits[0]) == 0.0]
    rest = [op.results[0] for op in ops if op not in adding]
    total: SSAValue | None = None
    for op in adding:
        if total is not None and op.parent_block() is not None:
            op.operands[len(op.sizes) + len(op.reads)] = total
        total = op.results[0]
    return rest if total is None else [*rest, total]


def no_outer_scalars(op: nest.MapOp, activity: Activity) -> None:
    """A1103 where the body uses a scalar from outside that carries a derivative."""
    for inner in op.body.walk():
        for value in inner.operands:
            if is_differentiable(value.type) and not is_inside(value, op) and activity.varies(value):
                raise DerivativeError(
                    "A1103",
                    "the body of 'nest.map' uses a scalar from outside that carries a derivative",
                    place=Place.of(op.location),
                    help="read it from a tensor of rank 0",
                )
