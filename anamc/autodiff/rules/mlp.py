"""Rules of the layers and losses of `mlp`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xdsl.dialects import math
from xdsl.ir import SSAValue

from anamc.autodiff.emit import Emit
from anamc.autodiff.tables import JVP, SUMS, VJP, Contributions
from anamc.dialects import mlp
from anamc.numerics.scalar import MAPE_FLOOR

Dots = Sequence[SSAValue | None]


@VJP.of(mlp.UnpackOp)
def unpack_vjp(op: mlp.UnpackOp, bars: Dots, e: Emit) -> Contributions:
    """``params_bar[offset ...] = part_bar``, 0 elsewhere."""
    given = [(o, bar) for o, bar in zip(op.offsets, bars, strict=True) if bar is not None]
    yield op.params, lambda: e(mlp.PackOp([bar for _, bar in given], [o for o, _ in given], op.params.type))


@JVP.of(mlp.UnpackOp)
def unpack_jvp(op: mlp.UnpackOp, dots: Sequence[SSAValue], e: Emit) -> Dots:
    """The same parts of the tangent."""
    return e.add(mlp.UnpackOp(dots[0], op.offset.value.data, [p.type for p in op.parts])).results


@SUMS.of(mlp.PackOp)
def sum_of_packs(e: Emit, ops: Sequence[mlp.PackOp]) -> Sequence[SSAValue]:
    """One vector of all parts; parts in the same place are added. Overlaps of another kind are left to add."""
    places: dict[tuple[int, object], list[SSAValue]] = {}
    for op in ops:
        for offset, part in zip(op.places, op.parts, strict=True):
            places.setdefault((offset, part.type), []).append(part)
    order = sorted(places, key=lambda place: place[0])
    ends = [offset + mlp.element_count(places[offset, type][0].type) for offset, type in order]
    if any(end > start for end, (start, _) in zip(ends, order[1:], strict=False)):
        return [op.params for op in ops]
    parts = [total for place in order if (total := e.add_all(places[place])) is not None]
    return [e(mlp.PackOp(parts, [offset for offset, _ in order], ops[0].params.type))]


@VJP.of(mlp.DenseOp)
def dense_vjp(op: mlp.DenseOp, bars: Sequence[SSAValue], e: Emit) -> Contributions:
    """``x_bar = y_bar w^T``, ``w_bar = sum x^T y_bar``, ``b_bar = sum y_bar`` over the rows."""
    (g,) = bars
    yield op.x, lambda: e(mlp.DenseTransposedOp(g, op.w))
    yield op.w, lambda: e(mlp.OuterOp(op.x, g))
    yield op.b, lambda: e(mlp.SumRowsOp(g))


@JVP.of(mlp.DenseOp)
def dense_jvp(op: mlp.DenseOp, dots: Dots, e: Emit) -> Dots:
    """``y_dot = x_dot w + x w_dot + b_dot``"""
    x, w, b = dots
    shift = e.zeros(op.b) if b is None else b
    if x is None and w is None:
        return [e(mlp.BroadcastOp(shift, e.run_time_sizes(op.y), op.y.type))]
    first = e(mlp.DenseOp(op.x, w, shift)) if w is not None else None
    if x is None:
        return [first]
    second = e(mlp.DenseOp(x, op.w, shift if first is None else e.zeros(op.b)))
    return [e.add_all([first, second])]


def normalized(op: mlp.LayerNormOp, e: Emit) -> tuple[SSAValue, SSAValue]:
    """The standardized rows, and one over their deviation."""
    h, inv = e.add(mlp.StandardizeOp(op.x, op.eps.value.data)).results
    return h, inv


def in_rows(e: Emit, x: SSAValue, like: SSAValue) -> SSAValue:
    """A row repeated to the shape of `like`."""
    return x if x.type == like.type else e(mlp.BroadcastOp(x, e.run_time_sizes(like), like.type))


@VJP.of(mlp.LayerNormOp)
def layer_norm_vjp(op: mlp.LayerNormOp, bars: Sequence[SSAValue], e: Emit) -> Contributions:
    """
    ``shift_bar = sum y_bar``, ``scale_bar = sum h y_bar``, ``x_bar = inv (v - mean v - h mean(h v))``.

    ``h = (x - mean) inv``, ``v = scale y_bar``.
    """
    (g,) = bars
    h, inv = normalized(op, e)
    yield op.x, lambda: e(mlp.StandardizeTangentOp(e.times(g, in_rows(e, op.scale, g)), h, inv))
    yield op.scale, lambda: e(mlp.SumRowsOp(e.times(h, g)))
    yield op.shift, lambda: e(mlp.SumRowsOp(g))


@JVP.of(mlp.LayerNormOp)
def layer_norm_jvp(op: mlp.LayerNormOp, dots: Dots, e: Emit) -> Dots:
    """``y_dot = scale h_dot + scale_dot h + shift_dot``"""
    x, scale, shift = dots
    h, inv = normalized(op, e)
    terms: list[SSAValue | None] = []
    if x is not None:
        terms.append(e.times(e(mlp.StandardizeTangentOp(x, h, inv)), in_rows(e, op.scale, op.y)))
    if scale is not None:
        terms.append(e.times(h, in_rows(e, scale, op.y)))
    if shift is not None:
        terms.append(in_rows(e, shift, op.y))
    return [e.add_all(terms)]


@VJP.of(mlp.MeanOp)
def mean_vjp(op: mlp.MeanOp, bars: Sequence[SSAValue], e: Emit) -> Contributions:
    """``x_bar[n] = factor/N y_bar``, ``init_bar = y_bar``."""
    (g,) = bars
    sizes = e.run_time_sizes
    yield op.x, lambda: e(mlp.MeanTransposedOp(g, sizes(op.x), op.factor.value.data, op.x.type))
    yield op.init, lambda: g


@JVP.of(mlp.MeanOp)
def mean_jvp(op: mlp.MeanOp, dots: Dots, e: Emit) -> Dots:
    """Linear."""
    x, init = dots
    if x is None:
        return [init]
    return [e(mlp.MeanOp(x, e.zeros(op.init) if init is None else init, op.factor.value.data))]


Slopes = Callable[[Emit, SSAValue, SSAValue, float], SSAValue]
"""``dl/dp`` or ``dl/dt`` of an elementwise loss, for its rows `p` and `t`."""


def sign(e: Emit, x: SSAValue) -> SSAValue:
    """1, -1, and 0 at 0."""
    below = e.where("olt", x, 0.0, e.constant(-1.0, x), e.zeros(x))
    return e.where("ogt", x, 0.0, e.constant(1.0, x), below)


def huber_slope(e: Emit, p: SSAValue, t: SSAValue, delta: float) -> SSAValue:
    """``d`` where ``|d| < delta``, else ``delta sign d``."""
    d = e.minus(p, t)
    return e.where("olt", e.unary(math.AbsFOp, d), delta, d, e.scaled(sign(e, d), delta))


def mape_floor(e: Emit, t: SSAValue) -> tuple[SSAValue, SSAValue]:
    """``|t|``, and what an error is divided by."""
    size, least = e.unary(math.AbsFOp, t), e.constant(MAPE_FLOOR, t)
    return size, e.select(e.compare("ogt", size, least), size, least)


def mape_slope(e: Emit, p: SSAValue, t: SSAValue, delta: float) -> SSAValue:
    """``100 sign(p - t) / max(|t|, 1e-8)``"""
    return e.over(e.scaled(sign(e, e.minus(p, t)), 100.0), mape_floor(e, t)[1])


def mape_target(e: Emit, p: SSAValue, t: SSAValue, delta: float) -> SSAValue:
    """``-100 sign(p - t) / s - 100 |p - t| / s^2 sign(t)`` where ``s = |t|`` counts."""
    size, scale = mape_floor(e, t)
    error = e.scaled(e.unary(math.AbsFOp, e.minus(p, t)), 100.0)
    shrink = e.times(e.over(error, e.times(scale, scale)), sign(e, t))
    moved = e.where("ogt", size, MAPE_FLOOR, shrink, e.zeros(t))
    return e.minus(e.negative(mape_slope(e, p, t, delta)), moved)


def hinge(e: Emit, p: SSAValue, t: SSAValue, other: SSAValue) -> SSAValue:
    """``-other`` where ``t p < 1``, else 0."""
    return e.where("olt", e.times(t, p), 1.0, e.negative(other), e.zeros(p))


def opposite(slope: Slopes) -> Slopes:
    return lambda e, p, t, delta: e.negative(slope(e, p, t, delta))


def mse_slope(e: Emit, p: SSAValue, t: SSAValue, delta: float) -> SSAValue:
    return e.scaled(e.minus(p, t), 2.0)


def mae_slope(e: Emit, p: SSAValue, t: SSAValue, delta: float) -> SSAValue:
    return sign(e, e.minus(p, t))


def cross_entropy_slope(e: Emit, p: SSAValue, t: SSAValue, delta: float) -> SSAValue:
    """``softmax(p) sum(t) - t``"""
    total = e(mlp.RowDotOp(t, e.constant(1.0, t)))
    return e.minus(e(mlp.ScaleRowsOp(e(mlp.SoftmaxOp(p)), total)), t)


SLOPES: dict[str, tuple[Slopes, Slopes]] = {
    "mse": (mse_slope, opposite(mse_slope)),
    "mae": (mae_slope, opposite(mae_slope)),
    "mape": (mape_slope, mape_target),
    "huber": (huber_slope, opposite(huber_slope)),
    "bce_with_logits": (
        lambda e, p, t, delta: e.minus(e(mlp.SigmoidOp(p)), t),
        lambda e, p, t, delta: e.negative(p),
    ),
    "hinge": (lambda e, p, t, delta: hinge(e, p, t, t), lambda e, p, t, delta: hinge(e, p, t, p)),
    "cross_entropy": (cross_entropy_slope, lambda e, p, t, delta: e.negative(e(mlp.LogSoftmaxOp(p)))),
}
"""Of each loss: its slopes in `p` and in `t`."""


@VJP.of(mlp.RowLossOp)
def row_loss_vjp(op: mlp.RowLossOp, bars: Sequence[SSAValue], e: Emit) -> Contributions:
    """``p_bar[.., j] = y_bar[..] dl/dp_j``; likewise `t`."""
    (g,) = bars
    slopes = SLOPES[op.kind.data]
    for value, slope in zip((op.p, op.t), slopes, strict=True):
        yield value, lambda slope=slope: e(mlp.ScaleRowsOp(slope(e, op.p, op.t, op.delta.value.data), g))


@JVP.of(mlp.RowLossOp)
def row_loss_jvp(op: mlp.RowLossOp, dots: Dots, e: Emit) -> Dots:
    """``y_dot[..] = <dl/dp, p_dot> + <dl/dt, t_dot>``"""
    terms = [
        e(mlp.RowDotOp(slope(e, op.p, op.t, op.delta.value.data), dot))
        for slope, dot in zip(SLOPES[op.kind.data], dots, strict=True)
        if dot is not None
    ]
    return [e.add_all(terms)]
