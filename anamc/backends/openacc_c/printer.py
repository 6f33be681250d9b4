"""One function of a flat module as readable C99. It prints what the IR says and chooses nothing."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from functools import singledispatchmethod

from xdsl.dialects import acc, arith, func, memref, scf
from xdsl.dialects.builtin import DYNAMIC_INDEX, MemRefType
from xdsl.ir import Attribute, Block, Operation, SSAValue
from xdsl.utils.exceptions import DiagnosticException

from anamc.backends.openacc_c import expressions as e
from anamc.backends.openacc_c.c_types import c_type
from anamc.backends.openacc_c.expressions import Expr
from anamc.backends.openacc_c.interface import Function
from anamc.backends.openacc_c.layout import broken, comment_block
from anamc.backends.openacc_c.memory import root
from anamc.backends.openacc_c.operators import RULES
from anamc.backends.openacc_c.pragmas import data_clauses, loop_clauses
from anamc.backends.openacc_c.scope import ScopePrinter, default_name
from anamc.dialects import lanes
from anamc.dialects.forms import ALIGNED, OMP, SIMD

COMPOUND: dict[type[Operation], tuple[str, bool]] = {
    arith.AddfOp: ("+=", True),
    arith.SubfOp: ("-=", False),
    arith.MulfOp: ("*=", True),
    arith.DivfOp: ("/=", False),
    arith.AddiOp: ("+=", True),
    arith.SubiOp: ("-=", False),
    arith.MuliOp: ("*=", True),
}
"""Operators that update in place, and whether the operands may change places."""

ATOMIC_ADDF = 0
BYTES = "bytes"
"""The workspace of an entry, as bytes."""


class FunctionPrinter(ScopePrinter):
    """
    Prints the definition of one function.

    Raises DiagnosticException for what C or this printer has no word for.
    """

    def __init__(self, function: Function, symbols: dict[str, str], helpers: set[tuple[str, Attribute]]) -> None:
        super().__init__(function, symbols, helpers)
        self.on_device = False
        self.constants = {p.value for p in function.parameters if p.is_array and p.constant}
        self.returned: set[Operation] = set()

    def body(self, block: Block, end: Callable[[Operation], None]) -> None:
        """The statements of a block; `end` prints its terminator."""
        last = block.last_op
        for op in block.ops:
            if op is last:
                end(op)
            elif op not in self.inlining.inlined and op not in self.inlining.dead:
                self.statement(op)

    # Statements

    @singledispatchmethod
    def statement(self, op: Operation) -> None:
        if type(op) in RULES or isinstance(op, memref.LoadOp):
            value = op.results[0]
            expression = self.value(value).converted
            self.line(f"const {c_type(value.type)} {self.fresh(value)} = {expression};")
            return
        raise DiagnosticException(f"openacc-c: cannot print '{op.name}'")

    @statement.register
    def _(self, op: memref.StoreOp) -> None:
        self.assign(self.element(op.memref, op.indices).text, op.value)

    @statement.register
    def _(self, op: lanes.PrefetchOp) -> None:
        self.line(f"ANAMC_PREFETCH(&{self.element(op.buffer, op.indices).text});")

    @statement.register
    def _(self, op: memref.AtomicRMWOp) -> None:
        if op.kind.value.data != ATOMIC_ADDF or op.result.uses:
            raise DiagnosticException("openacc-c: cannot print 'memref.atomic_rmw' but for addf without uses")
        if self.on_device:
            self.line("ANAMC_ACC(atomic update)")
        target, value = self.element(op.memref, op.indices).text, self.value(op.value).converted
        self.line(f"{target} -= {value[1:]};" if _is_negated(value) else f"{target} += {value};")

    @statement.register
    def _(self, op: memref.AllocaOp) -> None:
        size = max(_length(op.memref.type), 1)
        name = self.fresh(op.memref)
        aligned = "ANAMC_ALIGNED " if ALIGNED in op.attributes else ""
        self.line(f"{aligned}{c_type(op.memref.type)} {name}[{size}];")
        if not self.inlining.is_read(op.memref):
            self.line(f"(void){name};")

    @statement.register
    def _(self, op: memref.SubviewOp) -> None:
        offset = op.static_offsets.get_values()
        if len(offset) != 1 or op.static_strides.get_values() != (1,):
            raise DiagnosticException("openacc-c: cannot print 'memref.subview' but for one dimension and stride 1")
        start = self.value(op.offsets[0]) if offset[0] == DYNAMIC_INDEX else Expr(str(offset[0]))
        source = self.value(op.source)
        place = source if start.text == "0" else e.plus(source, start)
        const = "const " if root(op.source) in self.constants else ""
        self.line(f"{const}{c_type(op.result.type)} *{self.fresh(op.result)} = {place.text};")

    @statement.register
    def _(self, op: memref.ViewOp) -> None:
        shift = self.value(op.byte_shift)
        type = c_type(op.result.type)
        place = self.value(op.source) if shift.text == "0" else e.plus(self.value(op.source), shift)
        name = self.fresh(op.result)
        self.line(f"{type} *{name} = {e.cast(f'{type} *', place).text};")

    @statement.register
    def _(self, op: func.CallOp) -> None:
        if not op.results:
            start, items = self.call_parts(op)
            return self.line(self.list(start, items, ");", "    "))
        self.line(f"const {c_type(op.results[0].type)} {self.fresh(op.results[0])} = {self.call(op).text};")
        return self.mark_unused(op.results)

    @statement.register
    def _(self, op: scf.ForOp) -> None:
        self.declare_carried(op)
        if SIMD in op.attributes:
            self.line("ANAMC_SIMD")
        with self.loop(op.body.block.args[0], op.lb, op.ub, op.step):
            self.body(op.body.block, self.assign_all_to(op.body.block.args[1:]))
        self.mark_unused(op.results)

    def declare_carried(self, op: scf.ForOp) -> None:
        """Variables of what a loop carries: a new one, or that of the initial value if nobody else reads it."""
        for argument, init, result in zip(op.body.block.args[1:], op.iter_args, op.results, strict=True):
            start = self.value(init)
            if not (start.variables == {start.text} and init.uses.get_length() == 1):
                name = self.fresh(argument, changing=True)
                self.line(f"{c_type(argument.type)} {name} = {start.converted};")
                start = self.values[argument]
            self.values[argument] = self.values[result] = start

    @contextmanager
    def loop(self, variable: SSAValue, lower: SSAValue, upper: SSAValue, step: SSAValue) -> Generator[None]:
        """A counting loop. The variable's name is free again behind it."""
        start, end, increment = self.value(lower), self.value(upper), self.value(step)
        with self.scope():
            name = self.fresh(variable)
            bound = e.binary("<", Expr(name), end).text
            forward = f"++{name}" if increment.text == "1" else f"{name} += {increment.converted}"
            with self.braces(f"for ({c_type(variable.type)} {name} = {start.converted}; {bound}; {forward})"):
                yield

    def assign_all_to(self, targets: Sequence[SSAValue]) -> Callable[[Operation], None]:
        """Prints a ``yield``: its operands are assigned at once to the variables of `targets`."""

        def end(op: Operation) -> None:
            pairs = [(self.values[t].text, v) for t, v in zip(targets, op.operands, strict=True)]
            pairs = [(name, v) for name, v in pairs if self.value(v).text != name]
            assigned: set[str] = set()
            for name, value in pairs:
                assigned.add(name)
                self.keep(assigned, [v for other, v in pairs if other not in assigned])
                self.assign(name, value)

        return end

    def keep(self, assigned: set[str], later: list[SSAValue]) -> None:
        """Give values that read a variable about to be assigned a constant of their own."""
        for value in later:
            expression = self.value(value)
            if expression.variables & assigned:
                type = c_type(value.type)
                name = self.names.unique(f"next_{value.name_hint or default_name(value.type)}")
                self.line(f"const {type} {name} = {expression.converted};")
                self.values[value] = e.variable(name)

    def assign(self, target: str, value: SSAValue) -> None:
        """``target = value``, or ``target += ...`` where the value is made of the target."""
        op = value.owner
        if value not in self.values and isinstance(op, Operation) and type(op) in COMPOUND:
            operator, commutes = COMPOUND[type(op)]
            left, right = (self.value(v) for v in op.operands)
            if left.text == target:
                return self.line(f"{target} {operator} {right.converted};")
            if commutes and right.text == target:
                return self.line(f"{target} {operator} {left.converted};")
        return self.line(f"{target} = {self.value(value).converted};")

    @statement.register
    def _(self, op: scf.IfOp) -> None:
        if self.returns_at_once(op):
            return
        for result in op.results:
            self.line(f"{c_type(result.type)} {self.fresh(result, changing=True)};")
        self.line(f"if ({self.value(op.cond).text}) {{")
        self.branch(op.true_region.block, op.results)
        otherwise = op.false_region.block if op.false_region.blocks else None
        if otherwise is not None and (op.results or otherwise.first_op is not otherwise.last_op):
            self.line("} else {")
            self.branch(otherwise, op.results)
        self.line("}")
        self.mark_unused(op.results)

    def branch(self, block: Block, results: Sequence[SSAValue]) -> None:
        """The statements of one branch."""
        with self.scope(), self.indented():
            self.body(block, self.assign_all_to(results))

    def returns_at_once(self, op: scf.IfOp) -> bool:
        """``if (...) { return x; } ... return y;`` where the result of an ``if`` is what the function returns."""
        follower = op.next_op
        if not isinstance(follower, func.ReturnOp) or len(op.results) != 1 or tuple(follower.operands) != op.results:
            return False
        self.returned.add(follower)
        with self.braces(f"if ({self.value(op.cond).text})"):
            self.body(op.true_region.block, self.return_)
        self.body(op.false_region.block, self.return_)
        return True

    def return_(self, op: Operation) -> None:
        """Print a terminator as the function's return."""
        if op.operands and op not in self.returned:
            self.line(f"return {self.value(op.operands[0]).converted};")

    def mark_unused(self, results: Sequence[SSAValue]) -> None:
        """Tell the compiler that a variable that is assigned but not read is meant so."""
        for result in results:
            if not result.uses:
                self.line(f"(void){self.values[result].text};")

    # Parallel loops and devices

    @statement.register
    def _(self, op: scf.ParallelOp) -> None:
        if op.initVals:
            raise DiagnosticException("openacc-c: cannot print 'scf.parallel' with reductions")
        if OMP in op.attributes:
            self.line("ANAMC_OMP(parallel for schedule(static))")
        self.nest(op.body.block, op.lowerBound, op.upperBound, op.step)

    def nest(self, block: Block, *bounds: Sequence[SSAValue]) -> None:
        """Loops within loops, one a dimension."""
        self.nested(list(zip(block.args, *bounds, strict=True)), block)

    def nested(self, loops: list[tuple[SSAValue, ...]], block: Block) -> None:
        if not loops:
            return self.body(block, lambda _: None)
        with self.loop(*loops[0]):
            return self.nested(loops[1:], block)

    @statement.register(acc.DataBoundsOp)
    @statement.register(acc.DeleteOp)
    @statement.register(acc.CopyoutOp)
    @statement.register(acc.UpdateHostOp)
    def _(self, op: Operation) -> None:
        """Nothing: part of the directive that uses it."""

    @statement.register(acc.PresentOp)
    @statement.register(acc.CopyinOp)
    @statement.register(acc.CreateOp)
    @statement.register(acc.GetDevicePtrOp)
    def _(self, op: acc.PresentOp | acc.CopyinOp | acc.CreateOp | acc.GetDevicePtrOp) -> None:
        """The array has one name, on the host and on the device."""
        self.values[op.acc_var] = self.value(op.var)

    @contextmanager
    def device(self) -> Generator[None]:
        outer, self.on_device = self.on_device, True
        yield
        self.on_device = outer

    @statement.register
    def _(self, op: acc.ParallelOp) -> None:
        loop = op.region.block.first_op
        if not isinstance(loop, acc.LoopOp) or loop.next_op is not op.region.block.last_op:
            raise DiagnosticException("openacc-c: cannot print 'acc.parallel' but for one with a single 'acc.loop'")
        self.pragma("parallel loop " + " ".join(loop_clauses(loop)), op.data_clause_operands)
        if OMP in loop.attributes:
            self.line("ANAMC_OMP(parallel for schedule(static))")
        with self.device():
            self.nest(loop.region.block, loop.lowerbound, loop.upperbound, loop.step)

    @statement.register
    def _(self, op: acc.SerialOp) -> None:
        self.pragma("serial", op.data_clause_operands)
        with self.braces(""):
            self.body(op.region.block, lambda _: None)

    @statement.register
    def _(self, op: acc.DataOp) -> None:
        self.pragma("data", op.data_clause_operands)
        with self.braces(""):
            self.body(op.region.block, lambda _: None)

    @statement.register
    def _(self, op: acc.UpdateOp) -> None:
        self.pragma("update", op.data_clause_operands)

    def pragma(self, text: str, arrays: Sequence[SSAValue]) -> None:
        """A directive with the data clauses of `arrays`, one clause a line where they are many."""
        clauses = data_clauses(arrays, self.value)
        joined = [f"{clause}({', '.join(items)})" for clause, items in clauses]
        line = f"ANAMC_ACC({' '.join([text, *joined])})"
        if self.fits(line):
            return self.line(line)
        rest = [self.list(f"    {clause}(", items, ")", "      ") for clause, items in clauses]
        return self.line("\n".join([f"ANAMC_ACC({text}", *rest]) + ")")

    # The function

    def prototype(self, *, restrict: bool) -> str:
        """The function's declaration, without ``;``."""
        return prototype(self.function, self.function.symbol, restrict=restrict)

    def print_function(self) -> str:
        """The definition, with a comment where the IR has one."""
        function = self.function
        head = comment_block(_describe(function)) if function.comments else ""
        head += "ANAMC_ACC(routine seq)\n" if function.inline else ""
        for parameter in function.parameters:
            self.values[parameter.value] = Expr(parameter.name)
        self.out.write(head + self.prototype(restrict=True) + "\n{\n")
        with self.indented():
            self.prologue()
            self.body(function.op.body.block, self.return_)
        self.out.write("}\n")
        return self.out.getvalue()

    def prologue(self) -> None:
        """Parameters that are not used, and the workspace as bytes."""
        workspace = self.function.workspace
        for parameter in self.function.parameters:
            if parameter.is_workspace and workspace is not None:
                name = self.names.unique(BYTES)
                self.line(f"unsigned char *{name} = (unsigned char *){parameter.name};")
                self.values[parameter.value] = Expr(name)
            elif not self.inlining.is_mentioned(parameter.value):
                self.line(f"(void){parameter.name};")


def _is_negated(text: str) -> bool:
    return text.startswith("-") and text[1:].isidentifier()


def _length(type: MemRefType) -> int:
    shape = type.get_shape()
    if len(shape) != 1 or shape[0] == DYNAMIC_INDEX:
        raise DiagnosticException("openacc-c: cannot print 'memref.alloca' but for one dimension of fixed size")
    return shape[0]


def _describe(function: Function) -> list[str]:
    """The comment of a kernel: what it does, and the shapes of its arrays."""
    notes = {"write": ", written", "update": ", updated"}
    shapes = [f"  {p.name}: {p.shape}{notes.get(p.access, '')}" for p in function.arrays if p.dims is not None]
    return [*function.comments, *shapes]


def prototype(function: Function, name: str, *, restrict: bool) -> str:
    """A declaration, without ``;``."""
    items = [p.declaration(restrict=restrict) for p in function.parameters] or ["void"]
    static = "static " if function.kind.value in ("private", "planned") else ""
    static += "inline " if function.inline else ""
    return broken(f"{static}{function.result} {name}(", items, ")", " " * 4)
