"""Rules of what derivatives of layers are made of: they are closed under differentiation."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects import tensor
from xdsl.ir import SSAValue

from anamc.autodiff.emit import Emit
from anamc.autodiff.tables import JVP, VJP, Contributions
from anamc.dialects import mlp
from anamc.dialects.mlp.types import shape_of, tensor_of

Dots = Sequence[SSAValue | None]


@VJP.of(mlp.DenseTransposedOp)
def dense_transposed_vjp(op: mlp.DenseTransposedOp, bars: Sequence[SSAValue], e: Emit) -> Contributions:
    """``y = g w^T``: ``g_bar = y_bar w``, ``w_bar = sum y_bar^T g``."""
    (bar,) = bars
    yield op.g, lambda: dense(e, bar, op.w)
    yield op.w, lambda: e(mlp.OuterOp(bar, op.g))


@JVP.of(mlp.DenseTransposedOp)
def dense_transposed_jvp(op: mlp.DenseTransposedOp, dots: Dots, e: Emit) -> Dots:
    """``y_dot = g_dot w^T + g w_dot^T``"""
    g, w = dots
    first = None if g is None else e(mlp.DenseTransposedOp(g, op.w))
    second = None if w is None else e(mlp.DenseTransposedOp(op.g, w))
    return [e.add_all([first, second])]


@VJP.of(mlp.OuterOp)
def outer_vjp(op: mlp.OuterOp, bars: Sequence[SSAValue], e: Emit) -> Contributions:
    """``w = sum x^T g``: ``x_bar = g w_bar^T``, ``g_bar = x w_bar``."""
    (bar,) = bars
    yield op.x, lambda: e(mlp.DenseTransposedOp(op.g, bar))
    yield op.g, lambda: dense(e, op.x, bar)


@JVP.of(mlp.OuterOp)
def outer_jvp(op: mlp.OuterOp, dots: Dots, e: Emit) -> Dots:
    """``w_dot = sum x_dot^T g + x^T g_dot``"""
    x, g = dots
    first = None if x is None else e(mlp.OuterOp(x, op.g))
    second = None if g is None else e(mlp.OuterOp(op.x, g))
    return [e.add_all([first, second])]


def dense(e: Emit, x: SSAValue, w: SSAValue) -> SSAValue:
    """``x w``: a layer whose bias is zero."""
    bias = tensor_of(w.type, shape_of(w.type)[1:])
    return e(mlp.DenseOp(x, w, e.filled(0.0, bias)))


@VJP.of(mlp.SumRowsOp)
def sum_rows_vjp(op: mlp.SumRowsOp, bars: Sequence[SSAValue], e: Emit) -> Contributions:
    """``x_bar[.., j] = y_bar[j]``"""
    (bar,) = bars
    yield op.x, lambda: e(mlp.BroadcastOp(bar, e.run_time_sizes(op.x), op.x.type))


@JVP.of(mlp.SumRowsOp)
def sum_rows_jvp(op: mlp.SumRowsOp, dots: Sequence[SSAValue], e: Emit) -> Dots:
    """Linear."""
    return [e(mlp.SumRowsOp(dots[0]))]


@VJP.of(mlp.BroadcastOp)
def broadcast_vjp(op: mlp.BroadcastOp, bars: Sequence[SSAValue], e: Emit) -> Contributions:
    """``x_bar[j] = sum y_bar[.., j]``"""
    (bar,) = bars
    yield op.x, lambda: e(mlp.SumRowsOp(bar))


@JVP.of(mlp.BroadcastOp)
def broadcast_jvp(op: mlp.BroadcastOp, dots: Sequence[SSAValue], e: Emit) -> Dots:
    """Linear."""
    return [e(mlp.BroadcastOp(dots[0], list(op.sizes), op.y.type))]


@VJP.of(mlp.RowDotOp)
def row_dot_vjp(op: mlp.RowDotOp, bars: Sequence[SSAValue], e: Emit) -> Contributions:
    """``a_bar = y_bar b``, ``b_bar = y_bar a`` row by row."""
    (bar,) = bars
    yield op.a, lambda: e(mlp.ScaleRowsOp(op.b, bar))
    yield op.b, lambda: e(mlp.ScaleRowsOp(op.a, bar))


@JVP.of(mlp.RowDotOp)
def row_dot_jvp(op: mlp.RowDotOp, dots: Dots, e: Emit) -> Dots:
    """``y_dot = <a_dot, b> + <a, b_dot>``"""
    a, b = dots
    first = None if a is None else e(mlp.RowDotOp(a, op.b))
    second = None if b is None else e(mlp.RowDotOp(op.a, b))
    return [e.add_all([first, second])]


@VJP.of(mlp.ScaleRowsOp)
def scale_rows_vjp(op: mlp.ScaleRowsOp, bars: Sequence[SSAValue], e: Emit) -> Contributions:
    """``x_bar = s y_bar``, ``s_bar = <x, y_bar>`` row by row."""
    (bar,) = bars
    yield op.x, lambda: e(mlp.ScaleRowsOp(bar, op.s))
    yield op.s, lambda: e(mlp.RowDotOp(op.x, bar))


@JVP.of(mlp.ScaleRowsOp)
def scale_rows_jvp(op: mlp.ScaleRowsOp, dots: Dots, e: Emit) -> Dots:
    """``y_dot = s x_dot + s_dot x``"""
    x, s = dots
    first = None if x is None else e(mlp.ScaleRowsOp(x, op.s))
    second = None if s is None else e(mlp.ScaleRowsOp(op.x, s))
    return [e.add_all([first, second])]


@VJP.of(mlp.StandardizeOp)
def standardize_vjp(op: mlp.StandardizeOp, bars: Dots, e: Emit) -> Contributions:
    """``x_bar = inv (y_bar - mean y_bar - y mean(y y_bar)) - inv^2 inv_bar / J y``"""
    y_bar, inv_bar = bars

    def contribution() -> SSAValue:
        along = None if y_bar is None else e(mlp.StandardizeTangentOp(y_bar, op.y, op.inv))
        if inv_bar is None:
            return present(along)
        slope = e.scaled(e.times(e.times(op.inv, op.inv), inv_bar), -1.0 / row_width(op.y))
        return present(e.add_all([along, e(mlp.ScaleRowsOp(op.y, slope))]))

    yield op.x, contribution


@JVP.of(mlp.StandardizeOp)
def standardize_jvp(op: mlp.StandardizeOp, dots: Sequence[SSAValue], e: Emit) -> Dots:
    """``y_dot = inv (x_dot - mean x_dot - y mean(y x_dot))``, ``inv_dot = -inv^2 mean(y x_dot)``"""
    (v,) = dots
    mean = e.scaled(e(mlp.RowDotOp(op.y, v)), -1.0 / row_width(op.y))
    return [e(mlp.StandardizeTangentOp(v, op.y, op.inv)), e.times(e.times(op.inv, op.inv), mean)]


def in_h(e: Emit, op: mlp.StandardizeTangentOp, bar: SSAValue) -> SSAValue:
    """``h_bar = -inv/J (y_bar <h, v> + v <y_bar, h>)``"""
    scale = e.scaled(op.inv, -1.0 / row_width(op.v))
    first = e(mlp.ScaleRowsOp(bar, e.times(scale, e(mlp.RowDotOp(op.h, op.v)))))
    second = e(mlp.ScaleRowsOp(op.v, e.times(scale, e(mlp.RowDotOp(bar, op.h)))))
    return e.plus(first, second)


@VJP.of(mlp.StandardizeTangentOp)
def standardize_tangent_vjp(op: mlp.StandardizeTangentOp, bars: Sequence[SSAValue], e: Emit) -> Contributions:
    """
    ``v_bar = inv (y_bar - mean y_bar - h mean(h y_bar))``, ``inv_bar = <y_bar, y> / inv``,
    ``h_bar = -inv/J (y_bar <h, v> + v <y_bar, h>)``.
    """
    (bar,) = bars
    yield op.v, lambda: e(mlp.StandardizeTangentOp(bar, op.h, op.inv))
    yield op.inv, lambda: e.over(e(mlp.RowDotOp(bar, op.y)), op.inv)
    yield op.h, lambda: in_h(e, op, bar)


@JVP.of(mlp.StandardizeTangentOp)
def standardize_tangent_jvp(op: mlp.StandardizeTangentOp, dots: Dots, e: Emit) -> Dots:
    """
    ``y_dot = inv (v_dot - mean v_dot - h mean(h v_dot)) + y inv_dot / inv
    - inv (h_dot mean(h v) + h mean(h_dot v))``.
    """
    v, h, inv = dots
    terms: list[SSAValue | None] = []
    if v is not None:
        terms.append(e(mlp.StandardizeTangentOp(v, op.h, op.inv)))
    if inv is not None:
        terms.append(e(mlp.ScaleRowsOp(op.y, e.over(inv, op.inv))))
    if h is not None:
        scale = e.scaled(op.inv, -1.0 / row_width(op.v))
        terms.append(e(mlp.ScaleRowsOp(h, e.times(scale, e(mlp.RowDotOp(op.h, op.v))))))
        terms.append(e(mlp.ScaleRowsOp(op.h, e.times(scale, e(mlp.RowDotOp(h, op.v))))))
    return [e.add_all(terms)]


@VJP.of(mlp.MeanTransposedOp)
def mean_transposed_vjp(op: mlp.MeanTransposedOp, bars: Sequence[SSAValue], e: Emit) -> Contributions:
    """``g_bar = factor/N sum y_bar``"""
    (bar,) = bars
    yield op.g, lambda: e(mlp.MeanOp(bar, e.zeros(op.g), op.factor.value.data))


@JVP.of(mlp.MeanTransposedOp)
def mean_transposed_jvp(op: mlp.MeanTransposedOp, dots: Sequence[SSAValue], e: Emit) -> Dots:
    """Linear."""
    return [e(mlp.MeanTransposedOp(dots[0], list(op.sizes), op.factor.value.data, op.y.type))]


@VJP.of(mlp.PackOp)
def pack_vjp(op: mlp.PackOp, bars: Sequence[SSAValue], e: Emit) -> Contributions:
    """Each part of the cotangent."""
    (bar,) = bars
    for part, offset in zip(op.parts, op.places, strict=True):
        yield part, lambda part=part, offset=offset: e(mlp.UnpackOp(bar, offset, [part.type]))


@JVP.of(mlp.PackOp)
def pack_jvp(op: mlp.PackOp, dots: Dots, e: Emit) -> Dots:
    """The tangents of the parts, where there are any."""
    given = [(o, dot) for o, dot in zip(op.places, dots, strict=True) if dot is not None]
    return [e(mlp.PackOp([dot for _, dot in given], [o for o, _ in given], op.params.type))]


@VJP.of(mlp.SplitOp)
def split_vjp(op: mlp.SplitOp, bars: Dots, e: Emit) -> Contributions:
    """The cotangents of the parts side by side."""
    yield op.x, lambda: joined(e, op, bars)


@JVP.of(mlp.SplitOp)
def split_jvp(op: mlp.SplitOp, dots: Sequence[SSAValue], e: Emit) -> Dots:
    """The parts of the tangent."""
    return e.add(mlp.SplitOp(dots[0], [shape_of(p.type)[-1] for p in op.parts])).results


def joined(e: Emit, op: mlp.SplitOp, bars: Dots) -> SSAValue:
    """Parts side by side; 0 where one is absent."""
    parts = [e.zeros(p) if bar is None else bar for p, bar in zip(op.parts, bars, strict=True)]
    rank = len(shape_of(op.x.type))
    return e(tensor.ConcatOp(parts, rank - 1, tensor_of(op.x.type, shape_of(op.x.type))))


def row_width(x: SSAValue) -> int:
    """The size of the last dimension: constant, as in every layer normalisation."""
    return max(shape_of(x.type)[-1], 1)


def present(value: SSAValue | None) -> SSAValue:
    """A rule is only asked where at least one cotangent is there."""
    if value is None:
        raise ValueError("a rule was asked without a cotangent")
    return value
