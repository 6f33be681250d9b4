"""Floats that come out of tensors: which these are, and the same function with tensors of rank 0 in their place."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from xdsl.dialects import arith, func, scf, tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX, AnyFloat, IndexType, IntegerAttr, TensorType
from xdsl.ir import Block, Operation, Region, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap
from xdsl.rewriter import InsertPoint, Rewriter

from anamc.analysis.elementwise import ELEMENTWISE
from anamc.analysis.regions import CONTROL, is_within, operations_in
from anamc.analysis.types import tensor_type
from anamc.dialects import ad, mlp, nest
from anamc.dialects.access import AccessAttr, identity
from anamc.numerics.constants import float_constant

PREDICATES = {1: "oeq", 2: "ogt", 3: "oge", 4: "olt", 5: "ole", 6: "one", 13: "une"}
"""Comparisons of `arith.cmpf` that `mlp.where` has, by their numbers."""


def element(value: SSAValue) -> bool:
    """True for a float, and for a tensor of floats."""
    return isinstance(value.type.element_type if isinstance(value.type, TensorType) else value.type, AnyFloat)


def is_number(value: SSAValue) -> bool:
    return isinstance(value.type, AnyFloat)


def is_arithmetic(op: Operation) -> bool:
    """Floats to one float."""
    return isinstance(op, (*ELEMENTWISE, ad.StopGradientOp)) and is_number(op.results[0])


def numbers_of(function: func.FuncOp) -> set[SSAValue]:
    """The floats outside of nests that depend on an element of a tensor."""
    found: set[SSAValue] = set()
    ops, count = list(operations_in(function)), -1
    while len(found) > count:
        count = len(found)
        for op in ops:
            found.update(v for v in made_numbers(op, found) if is_number(v))
    return found


def made_numbers(op: Operation, numbers: set[SSAValue]) -> list[SSAValue]:
    """What an operation makes of elements of tensors."""
    if isinstance(op, tensor.ExtractOp):
        return [op.result]
    if isinstance(op, CONTROL):
        return [v for values in carried(op) if any(v in numbers for v in values) for v in values[: 1 + is_loop(op)]]
    return [op.results[0]] if is_arithmetic(op) and any(v in numbers for v in op.operands) else []


def is_loop(op: Operation) -> bool:
    return isinstance(op, scf.ForOp)


def carried(op: scf.ForOp | scf.IfOp) -> list[tuple[SSAValue, ...]]:
    """Of each result: it, in a loop the block argument and the start, then what is yielded for it."""
    lasts = [r.block.last_op for r in op.regions if r.blocks]
    yielded = [tuple(last.operands[k] for last in lasts if last is not None) for k in range(len(op.results))]
    if isinstance(op, scf.IfOp):
        return [(r, *y) for r, y in zip(op.results, yielded, strict=True)]
    return [(op.results[k], op.body.block.args[1 + k], op.iter_args[k], *yielded[k]) for k in range(len(op.results))]


class Lifter:
    """Puts a tensor of rank 0 beside each number; what still uses the number itself keeps it."""

    def __init__(self, numbers: set[SSAValue]) -> None:
        self.numbers = numbers
        self.lifted: dict[SSAValue, SSAValue] = {}
        self.anchor: Operation | None = None

    def lift(self, function: func.FuncOp) -> None:
        for op in list(operations_in(function)):
            self.anchor = op
            match op:
                case scf.ForOp() | scf.IfOp():
                    self.control(op)
                case scf.YieldOp():
                    self.handed_on(op)
                case nest.MapOp():
                    self.nest(op)
                case _:
                    if (made := self.made(op)) is not None:
                        made.name_hint = made.name_hint or op.results[0].name_hint
                        self.replace(op, made)

    def replace(self, op: Operation, made: SSAValue) -> None:
        if is_number(op.results[0]):
            self.lifted[op.results[0]] = made
        else:
            Rewriter.replace_op(op, [], [made])

    def made(self, op: Operation) -> SSAValue | None:
        """The tensor that stands for the result of an operation; None where it has none."""
        match op:
            case tensor.ExtractOp() if op.result in self.numbers and op.result not in self.lifted:
                return self.read(op)
            case tensor.SplatOp() if op.input in self.numbers:
                return self.spread(op)
            case tensor.InsertOp() if element(op.result):
                return self.put(op.scalar, op.dest, op.indices)
            case tensor.FromElementsOp() if element(op.result):
                return self.row(op)
            case arith.SelectOp() if op.result in self.numbers:
                return self.chosen(op)
            case _ if op.results and op.results[0] in self.numbers and is_arithmetic(op):
                number = TensorType(op.results[0].type, [])
                values = [self.tensor(v) for v in op.operands]
                return self.add(
                    op.__class__.create(
                        operands=values, result_types=[number], properties=op.properties, attributes=op.attributes
                    )
                )
            case _:
                return None

    # Operations on single elements -----------------------------------------------------------

    def read(self, op: tensor.ExtractOp) -> SSAValue:
        """``y = x[i..]``"""
        place, symbols = position(op.indices)
        return self.map([], [(op.tensor, place)], self.empty(op.result), number_access(0, len(symbols)), symbols)

    def spread(self, op: tensor.SplatOp) -> SSAValue:
        """``y[..] = x``"""
        type, sizes = tensor_type(op.result), iter(op.dynamicSizes)
        extents = [next(sizes) if n == DYNAMIC_INDEX else n for n in type.get_shape()]
        init = self.add(tensor.EmptyOp(list(op.dynamicSizes), type))
        read = (self.tensor(op.input), number_access(len(extents), 0))
        return self.map(extents, [read], init, identity(len(extents)))

    def put(self, value: SSAValue, into: SSAValue, indices: Sequence[SSAValue]) -> SSAValue:
        """``y = x`` but for ``y[i..] = v``"""
        place, symbols = position(indices)
        return self.map([], [(self.tensor(value), number_access(0, len(symbols)))], into, place, symbols)

    def row(self, op: tensor.FromElementsOp) -> SSAValue:
        """``y[k..] = v_k``"""
        type = tensor_type(op.result)
        zero = self.add(float_constant(0.0, type.element_type))
        found = self.add(tensor.SplatOp(zero, [], type))
        for value, at in zip(op.elements, product(*map(range, type.get_shape())), strict=True):
            found = self.put(value, found, [self.index(i) for i in at])
        return found

    def chosen(self, op: arith.SelectOp) -> SSAValue:
        """A comparison of numbers is one of tensors; another condition chooses between them."""
        yes, no = self.tensor(op.lhs), self.tensor(op.rhs)
        condition = op.cond.owner
        if isinstance(condition, arith.CmpfOp) and (kind := PREDICATES.get(condition.predicate.value.data)):
            return self.add(mlp.WhereOp(kind, self.tensor(condition.lhs), self.tensor(condition.rhs), yes, no))
        taken, other = (Region(Block([scf.YieldOp(v)])) for v in (yes, no))
        return self.add(scf.IfOp(op.cond, [yes.type], taken, other))

    # What hands on numbers -------------------------------------------------------------------

    def control(self, op: scf.ForOp | scf.IfOp) -> None:
        """Results, and what a loop carries, as tensors; behind them the numbers, for what goes on with these."""
        for k, result in enumerate(op.results):
            if result not in self.numbers:
                continue
            if isinstance(op, scf.ForOp):
                op.operands[3 + k] = self.tensor(op.iter_args[k])
                argument = op.body.block.args[1 + k]
                self.retyped(argument, InsertPoint.at_start(op.body.block))
            self.retyped(result, InsertPoint.after(op))

    def retyped(self, value: SSAValue, point: InsertPoint) -> None:
        """A value as a tensor of rank 0, with the number read from it."""
        new = Rewriter.replace_value_with_new_type(value, TensorType(value.type, []))
        number = tensor.ExtractOp(new, [], value.type)
        Rewriter.insert_op(number, point)
        new.replace_uses_with_if(number.result, lambda use: use.operation is not number)
        self.numbers.add(number.result)
        self.lifted[number.result] = new

    def handed_on(self, op: scf.YieldOp) -> None:
        outer = op.parent_op()
        if isinstance(outer, CONTROL):
            for k, (value, result) in enumerate(zip(op.arguments, outer.results, strict=True)):
                if isinstance(result.type, TensorType) and not isinstance(value.type, TensorType):
                    op.operands[k] = self.tensor(value)

    def nest(self, op: nest.MapOp) -> None:
        """Numbers from outside that a body uses are read."""
        body = op.body.block
        inner = [v for o in op.body.walk() for v in o.operands if v in self.numbers and not is_within(v, op)]
        for value in dict.fromkeys(inner):
            read = body.insert_arg(value.type, len(op.ranges) + len(op.reads))
            read.name_hint = value.name_hint
            value.replace_uses_with_if(read, lambda use, block=body: is_within_block(block, use.operation))
            op = self.anchor = reading(op, self.tensor(value))

    # Parts -----------------------------------------------------------------------------------

    def tensor(self, value: SSAValue) -> SSAValue:
        """A number as a tensor of rank 0."""
        if isinstance(value.type, TensorType):
            return value
        if value not in self.lifted:
            return self.add(tensor.SplatOp(value, [], TensorType(value.type, [])))
        return self.lifted[value]

    def index(self, value: int) -> SSAValue:
        return self.add(arith.ConstantOp.from_int_and_width(value, IndexType()))

    def empty(self, like: SSAValue) -> SSAValue:
        return self.add(tensor.EmptyOp([], TensorType(like.type, [])))

    def map(
        self,
        extents: Sequence[int | SSAValue],
        reads: Sequence[tuple[SSAValue, AccessAttr]],
        init: SSAValue,
        access: AccessAttr,
        symbols: Sequence[SSAValue] = (),
    ) -> SSAValue:
        """A nest that copies."""
        block = Block(arg_types=[*[IndexType()] * len(extents), tensor_type(init).element_type])
        block.add_op(nest.YieldOp(block.args[-1]))
        return self.add(nest.MapOp(extents, reads, [("set", init, access)], Region(block), (), symbols))

    def add(self, op: Operation) -> SSAValue:
        """Puts an operation in front of the one at hand, with its place."""
        if self.anchor is not None:
            op.location = self.anchor.location
            Rewriter.insert_op(op, InsertPoint.before(self.anchor))
        return op.results[0]


def position(indices: Sequence[SSAValue]) -> tuple[AccessAttr, list[SSAValue]]:
    """One place in a tensor, without iterators, and the sizes that it is computed from."""
    place: list[AffineExpr] = []
    symbols: list[SSAValue] = []
    for value in indices:
        if (number := constant_index(value)) is not None:
            place.append(AffineExpr.constant(number))
            continue
        place.append(AffineExpr.symbol(len(symbols)))
        symbols.append(value)
    return AccessAttr(AffineMap(0, len(symbols), tuple(place))), symbols


def number_access(iterators: int, sizes: int) -> AccessAttr:
    """The only element of a tensor of rank 0."""
    return AccessAttr(AffineMap(iterators, sizes, ()))


def constant_index(value: SSAValue) -> int | None:
    """The number of a constant index."""
    number = value.owner.value if isinstance(value.owner, arith.ConstantOp) else None
    return number.value.data if isinstance(number, IntegerAttr) else None


def is_within_block(block: Block, op: Operation | None) -> bool:
    while op is not None and op.parent_block() is not block:
        op = op.parent_op()
    return op is not None


def reading(op: nest.MapOp, number: SSAValue) -> nest.MapOp:
    """The nest with one more read, of a tensor of rank 0, whose block argument is there already."""
    accesses = [*op.read_accesses.data, number_access(len(op.ranges), len(op.sizes))]
    writes = zip((c.data for c in op.combiners), op.inits, op.write_accesses.data, strict=True)
    made = nest.MapOp(
        op.extents,
        list(zip([*op.reads, number], accesses, strict=True)),
        list(writes),
        op.detach_region(op.body),
        list(op.tables),
        list(op.sizes),
        where=op.where,
        winners=op.winners,
    )
    made.location = op.location
    made.attributes |= op.attributes
    for old, new in zip(op.results, made.results, strict=True):
        new.name_hint = old.name_hint
    Rewriter.replace_op(op, made)
    return made
