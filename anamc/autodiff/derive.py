"""The derivative of a function as a function: `@f` with directions in and derivatives out."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects import func, scf
from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, FunctionType, StringAttr
from xdsl.ir import Attribute, Block, BlockArgument, SSAValue
from xdsl.rewriter import Rewriter

from anamc.autodiff.activity import Activity
from anamc.autodiff.customs import Customs
from anamc.autodiff.emit import Emit
from anamc.autodiff.forward import Forward
from anamc.autodiff.reverse import Reverse
from anamc.autodiff.tables import PREPARE


class Derived:
    """A clone of a function with a place for the operations of its derivative."""

    def __init__(self, function: func.FuncOp, name: str) -> None:
        self.function = function.clone()
        self.function.properties["sym_name"] = StringAttr(name)
        self.function.properties["sym_visibility"] = StringAttr("private")
        self.block = self.function.body.block
        last = self.block.last_op
        if not isinstance(last, func.ReturnOp):
            raise TypeError("a function on tensors ends in func.return")
        self.last: func.ReturnOp = last
        prepare(self.block)
        self.ops = [op for op in self.block.ops if op is not last]
        self.arguments = list(self.block.args)

    def activity(self, wrt: Sequence[int], of: Sequence[int]) -> Activity:
        """What carries derivatives from the arguments `wrt` to the results `of`."""
        return Activity(self.ops, [self.arguments[k] for k in wrt], [self.last.operands[k] for k in of])

    def directions(self, of: Sequence[SSAValue], suffix: str) -> list[BlockArgument]:
        """New arguments of the types of `of`."""
        found: list[BlockArgument] = []
        for value in of:
            argument = self.block.insert_arg(value.type, len(self.block.args))
            argument.name_hint = None if value.name_hint is None else f"{value.name_hint}_{suffix}"
            found.append(argument)
        return found

    def finish(self, extra: Sequence[SSAValue]) -> func.FuncOp:
        """The function that also returns `extra`."""
        self.last.operands = [*self.last.operands, *extra]
        outputs = [v.type for v in self.last.operands]
        self.function.properties["function_type"] = FunctionType.from_lists([a.type for a in self.block.args], outputs)
        for key, count in (("arg_attrs", len(self.block.args)), ("res_attrs", len(outputs))):
            given = self.function.properties.get(key)
            if isinstance(given, ArrayAttr):
                self.function.properties[key] = padded(given, count)
        return self.function


def prepare(block: Block) -> None:
    """Operations whose rules need other forms of them are replaced by these."""
    for op in list(block.ops):
        if isinstance(op, scf.ForOp | scf.IfOp):
            for region in op.regions:
                for inner in region.blocks:
                    prepare(inner)
        if (rule := PREPARE.get(op)) is not None:
            emit = Emit(block, op)
            emit.source = op
            values = rule(op, emit)
            for old, new in zip(op.results, values, strict=True):
                new.name_hint = new.name_hint or old.name_hint
            if list(values) != list(op.results):
                Rewriter.replace_op(op, [], values)


def padded(attributes: ArrayAttr[Attribute], count: int) -> ArrayAttr[Attribute]:
    """Attributes of arguments or results, empty for those that were added."""
    return ArrayAttr([*attributes.data, *[DictionaryAttr({})] * (count - len(attributes.data))])


def reverse(
    function: func.FuncOp, name: str, wrt: Sequence[int], of: Sequence[int], customs: Customs | None = None
) -> func.FuncOp:
    """
    `@f(x...) -> y...` becomes `@name(x..., y_bar of...) -> y..., x_bar wrt...`: ``x_bar = (dy/dx)^T y_bar``.

    Raises DerivativeError for an operation on the way that has no rule.
    """
    derived = Derived(function, name)
    sweep = Reverse(Emit(derived.block, derived.last), derived.activity(wrt, of), customs)
    outputs = [derived.last.operands[k] for k in of]
    for value, bar in zip(outputs, derived.directions(outputs, "bar"), strict=True):
        if value in sweep.activity:
            sweep.give(value, bar)
    sweep.sweep(derived.ops)
    bars: list[SSAValue] = []
    for k in wrt:
        argument = derived.arguments[k]
        bar = sweep.take(argument)
        bars.append(sweep.emit.zeros(argument) if bar is None else bar)
        if not isinstance(bars[-1], BlockArgument) and argument.name_hint is not None:
            bars[-1].name_hint = f"{argument.name_hint}_bar"
    sweep.settle()
    return derived.finish(bars)


def forward(
    function: func.FuncOp, name: str, wrt: Sequence[int], of: Sequence[int], customs: Customs | None = None
) -> func.FuncOp:
    """
    `@f(x...) -> y...` becomes `@name(x..., x_dot wrt...) -> y..., y_dot of...`: ``y_dot = dy/dx x_dot``.

    Raises DerivativeError for an operation on the way that has no rule.
    """
    derived = Derived(function, name)
    sweep = Forward(Emit(derived.block, derived.last), derived.activity(wrt, of), customs)
    inputs = [derived.arguments[k] for k in wrt]
    sweep.dots.update(zip(inputs, derived.directions(inputs, "dot"), strict=True))
    sweep.sweep(derived.ops)
    sweep.emit.block, sweep.emit.anchor = derived.block, derived.last
    outputs = [derived.last.operands[k] for k in of]
    dots = [sweep.dots.get(value) for value in outputs]
    found = [sweep.emit.zeros(v) if dot is None else dot for v, dot in zip(outputs, dots, strict=True)]
    sweep.settled(())
    return derived.finish(found)
