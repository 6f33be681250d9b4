"""
Rules of `scf.for` and `scf.if` on tensors.

The reverse of a loop runs it backwards, from states that it kept or computes again (`#ad.policy`): only
what a loop carries from one iteration to the next is ever kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isqrt

from xdsl.dialects import arith, math, scf
from xdsl.dialects.builtin import FloatAttr, IndexType, TensorType, f64, i64
from xdsl.ir import Attribute, Block, SSAValue
from xdsl.utils.exceptions import PassFailedException

from anamc.autodiff.activity import Activity, captured
from anamc.autodiff.binomial import Segments, start
from anamc.autodiff.emit import Emit
from anamc.autodiff.forward import Forward
from anamc.autodiff.loops import Stack, Values, branch, computed, constant_index, index, inlined, loop
from anamc.autodiff.reverse import Reverse
from anamc.autodiff.tables import REGION_JVP, REGION_VJP, Contributions
from anamc.dialects import ad
from anamc.dialects.ad import is_differentiable
from anamc.errors import DerivativeError, Place, shown

Dots = Sequence[SSAValue | None]


class Reversed:
    """The reverse of one loop; positions count the values that it carries."""

    def __init__(self, op: scf.ForOp, bars: Dots, sweep: Reverse) -> None:
        self.op = op
        self.sweep = sweep
        self.body = op.body.block
        self.active = [k for k, v in enumerate(op.iter_args) if is_differentiable(v.type)]
        self.outer = [v for v in captured(op) if v in sweep.activity]
        e = sweep.emit
        self.bars = [e.zeros(op.iter_args[k]) if (bar := bars[k]) is None else bar for k in self.active]

    def iteration(self, e: Emit, k: SSAValue) -> SSAValue:
        """The induction variable of iteration `k`."""
        return computed(e, arith.AddiOp, self.op.lb, computed(e, arith.MuliOp, k, self.op.step))

    def count(self, e: Emit) -> SSAValue:
        span = computed(e, arith.SubiOp, self.op.ub, self.op.lb)
        return computed(e, arith.MaxSIOp, computed(e, arith.CeilDivSIOp, span, self.op.step), index(e, 0))

    def step(self, e: Emit, k: SSAValue, state: Values) -> Values:
        """One iteration of the loop itself."""
        return inlined(e, self.body, [self.iteration(e, k), *state])[1]

    def step_back(self, e: Emit, k: SSAValue, state: Values, bars: Values) -> Values:
        """Cotangents of the state and of outer values behind iteration `k`, from those in front of it."""
        ops, yielded = inlined(e, self.body, [self.iteration(e, k), *state])
        inputs = [*(state[k] for k in self.active), *self.outer]
        inner = Reverse(e, Activity(ops, inputs, [yielded[k] for k in self.active]), self.sweep.customs)
        count = len(self.active)
        for position, bar in zip(self.active, bars[:count], strict=True):
            inner.give(yielded[position], bar)
        inner.sweep(ops)
        found: list[SSAValue] = []
        for position in self.active:
            bar = inner.take(state[position])
            found.append(e.zeros(state[position]) if bar is None else bar)
        for value, total in zip(self.outer, bars[count:], strict=True):
            bar = inner.take(value)
            found.append(total if bar is None else e.plus(total, bar))
        inner.settle()
        return found

    def run(self, e: Emit, first: SSAValue, count: SSAValue, state: Values) -> Values:
        """Some iterations."""
        return loop(e, count, state, lambda e, k, s: self.step(e, computed(e, arith.AddiOp, first, k), s))

    def run_keeping(
        self, e: Emit, first: SSAValue, count: SSAValue, room: SSAValue, state: Values
    ) -> tuple[Values, Stack]:
        """Some iterations, and the state in front of each."""
        stack = Stack.empty(e, room, state)
        n = len(state)

        def body(e: Emit, k: SSAValue, carried: Values) -> Values:
            kept = Stack(carried[n:]).store(e, k, carried[:n])
            return [*self.step(e, computed(e, arith.AddiOp, first, k), carried[:n]), *kept.tensors]

        results = loop(e, count, [*state, *stack.tensors], body)
        return results[:n], Stack(results[n:])

    def back(self, e: Emit, first: SSAValue, count: SSAValue, stack: Stack, like: Values, bars: Values) -> Values:
        """Some iterations backwards, from kept states."""

        def body(e: Emit, k: SSAValue, carried: Values) -> Values:
            place = e(arith.SubiOp(e(arith.SubiOp(count, index(e, 1))), k))
            state = stack.load(e, place, like)
            return self.step_back(e, computed(e, arith.AddiOp, first, place), state, carried)

        return loop(e, count, bars, body)

    # Policies --------------------------------------------------------------------------------

    def all(self, e: Emit, before: Emit, bars: Values) -> Values:
        """Keeps every state."""
        count, zero = self.count(before), index(before, 0)
        results, stack = self.run_keeping(before, zero, count, count, self.op.iter_args)
        self.sweep.replaced[self.op] = results
        return self.back(e, zero, count, stack, self.op.iter_args, bars)

    def recompute(self, e: Emit, before: Emit, bars: Values) -> Values:
        """Keeps the first state, from which every other one is computed again."""
        count, zero = self.count(before), index(before, 0)

        def body(e: Emit, k: SSAValue, carried: Values) -> Values:
            place = e(arith.SubiOp(e(arith.SubiOp(count, index(e, 1))), k))
            state = self.run(e, zero, place, self.op.iter_args)
            return self.step_back(e, place, state, carried)

        return loop(e, count, bars, body)

    def sqrt(self, e: Emit, before: Emit, bars: Values) -> Values:
        """Keeps the first state of each of about sqrt(n) segments, and while it goes back, those of one segment."""
        count = self.count(before)
        size = root(before, count)
        segments = computed(before, arith.CeilDivSIOp, count, size)
        like, n = self.op.iter_args, len(self.op.iter_args)

        def length(e: Emit, base: SSAValue) -> SSAValue:
            return e(arith.MinSIOp(size, e(arith.SubiOp(count, base))))

        def forth(e: Emit, s: SSAValue, carried: Values) -> Values:
            kept = Stack(carried[n:]).store(e, s, carried[:n])
            base = e(arith.MuliOp(s, size))
            return [*self.run(e, base, length(e, base), carried[:n]), *kept.tensors]

        marks = Stack.empty(before, segments, like)
        results = loop(before, segments, [*like, *marks.tensors], forth)
        self.sweep.replaced[self.op] = results[:n]
        marks = Stack(results[n:])

        def back(e: Emit, k: SSAValue, carried: Values) -> Values:
            s = e(arith.SubiOp(e(arith.SubiOp(segments, index(e, 1))), k))
            base = e(arith.MuliOp(s, size))
            _, stack = self.run_keeping(e, base, length(e, base), size, marks.load(e, s, like))
            return self.back(e, base, length(e, base), stack, like, carried)

        return loop(e, segments, bars, back)

    def binomial(self, e: Emit, before: Emit, bars: Values) -> Values:
        """Keeps at most so many states as the policy says, and runs the least number of rounds that these allow."""
        states = states_of(self.op)
        if states < 2:
            return self.recompute(e, before, bars)
        count, zero, n = self.count(before), index(before, 0), len(bars)
        like = self.op.iter_args
        whole, depth = start(before, count, states)
        segments = Segments(self.run, like, states)
        stack = Stack.empty(e, index(e, states), like, numbers=0.0).store(e, zero, like)

        def body(e: Emit, k: SSAValue, carried: Values) -> Values:
            place = e(arith.SubiOp(e(arith.SubiOp(count, index(e, 1))), k))
            state, stack = segments.state(e, place, whole, depth, Stack(carried[n:]))
            return [*self.step_back(e, place, state, carried[:n]), *stack.tensors]

        return loop(e, count, [*bars, *stack.tensors], body)[:n]


def root(e: Emit, count: SSAValue) -> SSAValue:
    """The square root, rounded up; at least 1."""
    number = constant_index(count)
    if number is not None:
        return index(e, max(isqrt(max(number - 1, 0)) + 1, 1))
    real = e(arith.SIToFPOp(e(arith.IndexCastOp(count, i64)), f64))
    least = e(arith.ConstantOp(FloatAttr(1.0, f64)))
    up = e(math.CeilOp(e(math.SqrtOp(e(arith.MaximumfOp(real, least))))))
    return computed(e, arith.MaxSIOp, e(arith.IndexCastOp(e(arith.FPToSIOp(up, i64)), count.type)), index(e, 1))


def policy_of(op: scf.ForOp) -> str:
    """`#ad.policy` of a loop; `all` where there is none. A1103 for something else in its place."""
    found = op.attributes.get("ad.checkpoint")
    if found is not None and not isinstance(found, ad.PolicyAttr):
        raise DerivativeError(
            "A1103",
            f"'ad.checkpoint' of a loop is no policy: {shown(found)}",
            place=Place.of(op.location),
            help="one of " + ", ".join(f"#ad.policy<{p}{', c' * (p == 'binomial')}>" for p in ad.POLICIES),
        )
    return "all" if found is None else found.kind.data


def states_of(op: scf.ForOp) -> int:
    """How many states the policy `binomial` of a loop keeps."""
    found = op.attributes.get("ad.checkpoint")
    return found.count.value.data if isinstance(found, ad.PolicyAttr) else 0


COUNTED = "it counts what it does, as the reverse of a loop under 'binomial' does too: it has tangents, no cotangents"


def on_tensors(op: scf.ForOp | scf.IfOp, *also: type[Attribute]) -> None:
    """A1103 for a loop or branch with results that are no tensors, nor of the types `also`."""
    for value in op.results:
        if not isinstance(value.type, (TensorType, *also)):
            raise DerivativeError(
                "A1103",
                f"'{op.name}' with a value of type {value.type} cannot be differentiated",
                place=Place.of(op.location),
                why=COUNTED if isinstance(value.type, IndexType) else "",
                help="carry tensors, of rank 0 for a number",
            )


@REGION_VJP.of(scf.ForOp)
def for_vjp(op: scf.ForOp, bars: Dots, sweep: Reverse) -> Contributions:
    """Runs backwards: ``state_bar = (d step / d state)^T state_bar``, and sums for what every iteration reads."""
    on_tensors(op)
    policy = policy_of(op)
    made = Reversed(op, bars, sweep)
    policies = {"all": made.all, "recompute": made.recompute, "sqrt": made.sqrt, "binomial": made.binomial}
    block = op.parent_block()
    if block is None:
        raise PassFailedException("ad-expand: a loop outside of a block")
    before = Emit(block, op, labels=False)
    before.source = op
    e = sweep.emit
    totals = [e.zeros(v) for v in made.outer]
    found = policies[policy](e, before, [*made.bars, *totals])
    for k, bar in zip(made.active, found, strict=False):
        yield op.iter_args[k], lambda bar=bar: bar
    for value, bar in zip(made.outer, found[len(made.active) :], strict=True):
        yield value, lambda bar=bar: bar


@REGION_JVP.of(scf.ForOp)
def for_jvp(op: scf.ForOp, dots: Dots, sweep: Forward) -> Dots:
    """The loop that carries the tangents as well."""
    on_tensors(op, IndexType)
    e = sweep.emit
    active = [k for k, v in enumerate(op.iter_args) if is_differentiable(v.type)]
    starts = [e.zeros(op.iter_args[k]) if (dot := dots[3 + k]) is None else dot for k in active]
    n = len(op.iter_args)
    block = Block(arg_types=[a.type for a in op.body.block.args] + [s.type for s in starts])
    inner = Emit(block, labels=False)
    known: dict[SSAValue, SSAValue] = {block.args[1 + k]: block.args[1 + n + j] for j, k in enumerate(active)}
    yielded, tangents = pushed(inner, op.body.block, block.args[: n + 1], known, sweep, active)
    block.add_op(scf.YieldOp(*yielded, *tangents))
    made = e.add(scf.ForOp(op.lb, op.ub, op.step, [*op.iter_args, *starts], block))
    if "ad.checkpoint" in op.attributes:
        made.attributes["ad.checkpoint"] = op.attributes["ad.checkpoint"]
    sweep.replaced[op] = made.results[:n]
    found: list[SSAValue | None] = [None] * n
    for k, dot in zip(active, made.results[n:], strict=True):
        found[k] = dot
    return found


def pushed(
    e: Emit, body: Block, arguments: Values, known: dict[SSAValue, SSAValue], sweep: Forward, active: Sequence[int]
) -> tuple[Values, Values]:
    """A body with its tangents: what it yields, and the tangents of the positions in `active`."""
    ops, yielded = inlined(e, body, arguments)
    inner = Forward(e, Activity(ops, [*known, *sweep.dots], [yielded[k] for k in active]), sweep.customs)
    inner.dots |= {**sweep.dots, **known}
    inner.sweep(ops)
    e.anchor = None
    tangents = [e.zeros(yielded[k]) if (dot := inner.dots.get(yielded[k])) is None else dot for k in active]
    return inner.settled(yielded), tangents


@REGION_VJP.of(scf.IfOp)
def if_vjp(op: scf.IfOp, bars: Dots, sweep: Reverse) -> Contributions:
    """The cotangents of the side that was taken."""
    on_tensors(op)
    outer = [v for v in captured(op) if v in sweep.activity]
    given = [(k, bar) for k, bar in enumerate(bars) if bar is not None]

    def back(e: Emit, block: Block) -> Values:
        ops, yielded = inlined(e, block, [])
        inner = Reverse(e, Activity(ops, outer, [yielded[k] for k, _ in given]), sweep.customs)
        for k, bar in given:
            inner.give(yielded[k], bar)
        inner.sweep(ops)
        found = [inner.take(v) for v in outer]
        inner.settle()
        return [e.zeros(v) if bar is None else bar for v, bar in zip(outer, found, strict=True)]

    yes, no = op.true_region.block, op.false_region.block
    made = branch(sweep.emit, op.cond, [v.type for v in outer], lambda e: back(e, yes), lambda e: back(e, no))
    for value, bar in zip(outer, made, strict=True):
        yield value, lambda bar=bar: bar


@REGION_JVP.of(scf.IfOp)
def if_jvp(op: scf.IfOp, dots: Dots, sweep: Forward) -> Dots:
    """The branch that gives the tangents as well."""
    on_tensors(op)
    active = [k for k, r in enumerate(op.results) if is_differentiable(r.type)]
    types = [*(r.type for r in op.results), *(op.results[k].type for k in active)]

    def both(e: Emit, block: Block) -> Values:
        yielded, tangents = pushed(e, block, [], {}, sweep, active)
        return [*yielded, *tangents]

    yes, no = op.true_region.block, op.false_region.block
    made = branch(sweep.emit, op.cond, types, lambda e: both(e, yes), lambda e: both(e, no))
    n = len(op.results)
    sweep.replaced[op] = made[:n]
    found: list[SSAValue | None] = [None] * n
    for k, dot in zip(active, made[n:], strict=True):
        found[k] = dot
    return found
