"""Pass `hoist-gathered-layers`: a layer over gathered node fields is computed once a node, not once an edge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from xdsl.context import Context
from xdsl.dialects import arith, func, tensor
from xdsl.dialects.builtin import ModuleOp, TensorType
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import PatternRewriter
from xdsl.transforms.dead_code_elimination import region_dce

from anamc.analysis.types import tensor_type
from anamc.dialects import mlp, scatter
from anamc.numerics.constants import float_constant

EXTRA_TRAFFIC = 10
"""
What an element more to gather costs, in multiply-adds saved: at about 20 bytes a nanosecond from the caches
and 25 multiply-adds, a gathered width J instead of L pays where ``L J > 10 (J - L)``.
"""

ENDS = ("left", "right")
"""What the two nodes of an edge are called."""


@dataclass(frozen=True)
class Run:
    """Neighbouring parts of a concatenation that are gathered at one end of one edge list, or stand on the edges."""

    parts: tuple[SSAValue, ...]
    gather: scatter.GatherOp | None

    @property
    def width(self) -> int:
        return sum(width_of(p) for p in self.parts)


def width_of(value: SSAValue) -> int:
    return tensor_type(value).get_shape()[-1]


def runs_of(concat: tensor.ConcatOp, outputs: int) -> list[Run]:
    """The parts, neighbours of a kind together; gathers that do not pay count as parts on the edges."""

    def kind(part: SSAValue) -> tuple[SSAValue, int] | None:
        owner = part.owner
        return (owner.edges, owner.end.value.data) if isinstance(owner, scatter.GatherOp) else None

    found: list[Run] = []
    for key, parts in groupby(concat.inputs, kind):
        group = tuple(parts)
        owner = group[0].owner
        run = Run(group, owner if key is not None and isinstance(owner, scatter.GatherOp) else None)
        if pays(run, outputs):
            found.append(run)
        elif found and found[-1].gather is None:
            found[-1] = Run((*found[-1].parts, *group), None)
        else:
            found.append(Run(group, None))
    return found


def pays(run: Run, outputs: int) -> bool:
    """True where gathering `outputs` elements and no product beats gathering the fields and multiplying."""
    return run.gather is not None and run.width * outputs > EXTRA_TRAFFIC * (outputs - run.width)


class Hoist:
    """One layer, `z = [e, h[left], h[right]] W + b`, whose weights lie in a flat vector."""

    def __init__(self, op: mlp.DenseOp, runs: Sequence[Run], weights: mlp.UnpackOp) -> None:
        self.op = op
        self.runs = runs
        self.weights = weights
        self.rewriter = PatternRewriter(op)

    def add(self, op: Operation) -> SSAValue:
        op.location = self.op.location
        if (label := self.op.attributes.get("anamc.block")) is not None:
            op.attributes["anamc.block"] = label
        self.rewriter.insert(op)
        return op.results[0]

    def apply(self) -> None:
        """Each run is a term of the sum; the first one takes the bias."""
        terms: list[SSAValue] = []
        for run, weights in zip(self.runs, self.slices(), strict=True):
            bias = self.zero() if terms else self.op.b
            if run.gather is None:
                terms.append(self.add(mlp.DenseOp(self.concat(run.parts), weights, bias)))
                continue
            fields = [p.owner.x for p in run.parts if isinstance(p.owner, scatter.GatherOp)]
            projected = self.add(mlp.DenseOp(self.concat(fields), weights, bias))
            end = run.gather.end.value.data
            projected.name_hint = f"{self.op.y.name_hint or 'z'}_{ENDS[end]}"  # people read it where it is kept
            terms.append(self.add(scatter.GatherOp(projected, run.gather.edges, end)))
        total = terms[0]
        for term in terms[1:]:
            total = self.add(arith.AddfOp(total, term))
        total.name_hint = self.op.y.name_hint
        self.rewriter.replace(self.op, [], [total])

    def slices(self) -> Sequence[SSAValue]:
        """The rows of the weights that belong to each run: they lie one after the other in the vector."""
        at = self.weights.offsets[self.weights.results.index(self.op.w)]  # pyright: ignore[reportArgumentType]
        w = tensor_type(self.op.w)
        types = [TensorType(w.element_type, [run.width, width_of(self.op.w)]) for run in self.runs]
        unpack = mlp.UnpackOp(self.weights.params, at, types)
        self.add(unpack)
        for part in unpack.parts:
            part.name_hint = self.op.w.name_hint
        return unpack.parts

    def concat(self, parts: Sequence[SSAValue]) -> SSAValue:
        """Fields side by side."""
        if len(parts) == 1:
            return parts[0]
        type = tensor_type(parts[0])
        width = sum(width_of(p) for p in parts)
        return self.add(tensor.ConcatOp(list(parts), 1, TensorType(type.element_type, [type.get_shape()[0], width])))

    def zero(self) -> SSAValue:
        type = tensor_type(self.op.b)
        return self.add(tensor.SplatOp(self.add(float_constant(0.0, type.element_type)), [], type))


@dataclass(frozen=True)
class HoistGatheredLayersPass(ModulePass):
    """
    ``dense([e, h[left], h[right]], W, b)`` => ``dense(e, W_e, b) + dense(h, W_l, 0)[left] + dense(h, W_r, 0)[right]``.

    The weights must come from `mlp.unpack`: their rows are taken apart without a copy. Refuses gathers so
    narrow that what is saved in products is lost in gathering wider rows.
    """

    name = "hoist-gathered-layers"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for function in [o for o in op.ops if isinstance(o, func.FuncOp) and o.body.blocks]:
            hoisted = [hoist(inner) for inner in list(function.body.block.ops) if isinstance(inner, mlp.DenseOp)]
            if any(hoisted):
                region_dce(function.body)


def hoist(op: mlp.DenseOp) -> bool:
    """One layer, where it pays; True where it was rewritten."""
    concat, weights = op.x.owner, op.w.owner
    if not isinstance(concat, tensor.ConcatOp) or not isinstance(weights, mlp.UnpackOp):
        return False
    if len(tensor_type(op.x).get_shape()) != 2 or concat.dim.value.data != 1:
        return False
    runs = runs_of(concat, width_of(op.w))
    if all(run.gather is None for run in runs):
        return False
    Hoist(op, runs, weights).apply()
    return True
