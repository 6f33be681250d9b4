"""Rules of `scatter`: the adjoint of a gather is a sum over edges, and the other way round."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.ir import SSAValue

from anamc.autodiff.emit import Emit, element_type
from anamc.autodiff.tables import CONSTANT, JVP, SUMS, VJP, Contributions
from anamc.dialects import mlp, scatter

Dots = Sequence[SSAValue | None]


@VJP.of(scatter.GatherOp)
def gather_vjp(op: scatter.GatherOp, bars: Sequence[SSAValue], e: Emit) -> Contributions:
    """``x_bar[n] = sum`` of ``y_bar[e]`` over the edges with this end at n."""
    signs = (1, 0) if op.end.value.data == 0 else (0, 1)
    yield op.x, lambda: e(scatter.SumOp(bars[0], op.edges, e.size(op.x, 0), signs))


@JVP.of(scatter.GatherOp)
def gather_jvp(op: scatter.GatherOp, dots: Sequence[SSAValue], e: Emit) -> Dots:
    """Linear."""
    return [e(scatter.GatherOp(dots[0], op.edges, op.end.value.data))]


@SUMS.of(scatter.SumOp)
def sum_of_sums(e: Emit, ops: Sequence[scatter.SumOp]) -> Sequence[SSAValue]:
    """All that arrives at the left ends of one edge list, and at its right ends, in one sum over the edges."""
    groups: dict[SSAValue, list[scatter.SumOp]] = {}
    for op in ops:
        groups.setdefault(op.edges, []).append(op)
    found: list[SSAValue] = []
    for edges, group in groups.items():
        plain = [op for op in group if [s for _, s in op.ends] == [1]]
        found += [op.y for op in group if op not in plain]
        left = e.add_all(op.x for op in plain if op.ends[0][0] == 0)
        right = e.add_all(op.x for op in plain if op.ends[0][0] == 1)
        if left is not None and right is not None:
            found.append(e(scatter.PairSumOp(left, right, edges, plain[0].n)))
        elif left is not None or right is not None:
            side, signs = (left, (1, 0)) if left is not None else (right, (0, 1))
            if side is not None:
                found.append(e(scatter.SumOp(side, edges, plain[0].n, signs)))
    return found


def to_edges(e: Emit, bar: SSAValue, op: scatter.SumOp | scatter.MeanOp) -> SSAValue:
    """``s_l bar[left] + s_r bar[right]`` at each edge."""
    terms = [(e(scatter.GatherOp(bar, op.edges, end)), sign) for end, sign in op.ends]
    if len(terms) == 2 and terms[0][1] < 0 < terms[1][1]:
        terms.reverse()
    total = terms[0][0] if terms[0][1] > 0 else e.negative(terms[0][0])
    for value, sign in terms[1:]:
        total = e.plus(total, value) if sign > 0 else e.minus(total, value)
    return total


@VJP.of(scatter.SumOp)
def sum_vjp(op: scatter.SumOp, bars: Sequence[SSAValue], e: Emit) -> Contributions:
    """``x_bar[e] = s_l y_bar[left] + s_r y_bar[right]``"""
    yield op.x, lambda: to_edges(e, bars[0], op)


@JVP.of(scatter.SumOp)
def sum_jvp(op: scatter.SumOp, dots: Sequence[SSAValue], e: Emit) -> Dots:
    """Linear."""
    return [e(scatter.SumOp(dots[0], op.edges, op.n, signs_of(op)))]


@VJP.of(scatter.MeanOp)
def mean_vjp(op: scatter.MeanOp, bars: Sequence[SSAValue], e: Emit) -> Contributions:
    """As the sum, of ``y_bar[n] / max(count[n], 1)``."""

    def contribution() -> SSAValue:
        count = e(scatter.CountOp(op.edges, op.n, signs_of(op), element_type(op.x)))
        one = e.constant(1.0, count)
        share = e.over(one, e.select(e.compare("ogt", count, one), count, one))
        return to_edges(e, e(mlp.ScaleRowsOp(bars[0], share)), op)

    yield op.x, contribution


@JVP.of(scatter.MeanOp)
def mean_jvp(op: scatter.MeanOp, dots: Sequence[SSAValue], e: Emit) -> Dots:
    """Linear."""
    return [e(scatter.MeanOp(dots[0], op.edges, op.n, signs_of(op)))]


@VJP.of(scatter.PairSumOp)
def pair_sum_vjp(op: scatter.PairSumOp, bars: Sequence[SSAValue], e: Emit) -> Contributions:
    """``l_bar[e] = y_bar[left]``, ``r_bar[e] = y_bar[right]``"""
    for end, value in enumerate((op.l, op.r)):
        yield value, lambda end=end: e(scatter.GatherOp(bars[0], op.edges, end))


@JVP.of(scatter.PairSumOp)
def pair_sum_jvp(op: scatter.PairSumOp, dots: Dots, e: Emit) -> Dots:
    """Linear."""
    left, right, *_ = dots
    if left is not None and right is not None:
        return [e(scatter.PairSumOp(left, right, op.edges, op.n))]
    if left is not None:
        return [e(scatter.SumOp(left, op.edges, op.n, (1, 0)))]
    return [None if right is None else e(scatter.SumOp(right, op.edges, op.n, (0, 1)))]


def signs_of(op: scatter.SumOp | scatter.MeanOp) -> tuple[int, int]:
    """Signs at the left and right ends."""
    left, right = (s.value.data for s in op.signs)
    return left, right


CONSTANT[scatter.CountOp] = "a number of edges"
