"""
Which operations become part of an expression, and which get a variable of their own.

An operation is inlined where that changes neither the result nor how often it is computed: a
constant; a short index expression; a value used once in the same loop, where nothing in between
writes what it reads.
"""

from __future__ import annotations

from xdsl.dialects import acc, arith, func, math, memref, scf
from xdsl.dialects.builtin import IndexType
from xdsl.ir import BlockArgument, Operation, SSAValue, Use

from anamc.backends.openacc_c.memory import Writes, is_formula
from anamc.backends.openacc_c.operators import RULES

MAX_TREE = 14
"""Most operations in one expression."""

MAX_INDEX_LEAVES = 4
"""Most names and numbers in an index expression that is written out at every use."""

INDEX_ARITHMETIC = (arith.AddiOp, arith.SubiOp, arith.MuliOp)
SCOPES = (scf.ForOp, scf.ParallelOp, acc.LoopOp, acc.ParallelOp, acc.SerialOp, acc.DataOp, func.FuncOp)
"""What a value is not carried across: its expression would be computed again and again, or elsewhere."""

PURE = (*RULES, memref.LoadOp)
"""Operations that compute one value and do nothing else."""

POINTERS = (memref.SubviewOp, memref.ViewOp, memref.AllocaOp)


def _is_pure(op: Operation) -> bool:
    """Whether `op` computes one value and does nothing else; so does a call of a formula."""
    return isinstance(op, PURE) or (isinstance(op, func.CallOp) and is_formula(op))


def _scope(op: Operation) -> Operation | None:
    parent = op.parent_op()
    while parent is not None and not isinstance(parent, SCOPES):
        parent = parent.parent_op()
    return parent


def _owner(value: SSAValue) -> Operation | None:
    return value.owner if isinstance(value.owner, Operation) else None


def _uses(op: Operation) -> list[Use]:
    """The uses of the results of `op` that are written in C."""
    return [use for result in op.results for use in result.uses if not _is_silent(use)]


def _is_silent(use: Use) -> bool:
    """Whether C does not write the operand: lengths of pointers, ends of data regions."""
    match use.operation:
        case memref.ViewOp():
            return use.index > 1
        case memref.SubviewOp(offsets=offsets):
            return use.index > len(offsets)
        case acc.CopyoutOp() | acc.DeleteOp() | acc.UpdateHostOp():
            return True
        case _:
            return False


def _is_size(op: Operation) -> bool:
    """Whether `op` is an argument of the function in another integer type."""
    if not isinstance(op, arith.IndexCastOp | arith.ExtSIOp):
        return False
    return isinstance(op.input, BlockArgument) and isinstance(op.input.owner.parent_op(), func.FuncOp)


class Inlining:
    """The decision for every operation of one function: `inlined`, `dead`, or else a variable."""

    def __init__(self, function: func.FuncOp) -> None:
        self.writes = Writes(function)
        self.inlined: set[Operation] = set()
        self.dead: set[Operation] = set()
        self._leaves: dict[Operation, int] = {}
        self._size: dict[Operation, int] = {}
        self._full: set[Operation] = set()
        self._single: set[Operation] = set()
        self._statement: dict[Operation, Operation] = {}
        self._everywhere: set[Operation] = set()
        self._clauses: set[Operation] = set()
        order = [op for op in function.walk() if op is not function]
        for op in order:
            self._measure(op)
        for op in reversed(order):
            self._decide(op)

    def is_mentioned(self, value: SSAValue) -> bool:
        """Whether C names `value` in a build without OpenACC."""
        return any(self._mentions(use) for use in value.uses)

    def _mentions(self, use: Use) -> bool:
        match use.operation:
            case acc.DataBoundsOp():
                return False
            case acc.PresentOp() | acc.CopyinOp() | acc.CreateOp() | acc.GetDevicePtrOp():
                return self.is_mentioned(use.operation.acc_var)
            case acc.ParallelOp() | acc.SerialOp() | acc.DataOp() | acc.UpdateOp():
                return False
            case op:
                return not (_is_silent(use) or op in self.dead or op in self._clauses)

    def is_read(self, array: SSAValue) -> bool:
        """Whether anything but stores uses `array`."""
        return any(self._mentions(u) and not isinstance(u.operation, memref.StoreOp) for u in array.uses)

    def _measure(self, op: Operation) -> None:
        """Sizes of expression trees, if all that can be were inlined; operands come before their users."""
        owners = [_owner(v) for v in op.operands]
        if isinstance(op, INDEX_ARITHMETIC) and isinstance(op.result.type, IndexType):
            self._leaves[op] = sum(self._leaves.get(o, 1) if o else 1 for o in owners)
        sizes = [self._size[o] for o in owners if o is not None and o in self._single]
        if sum(sizes) >= MAX_TREE:
            self._full.add(op)
            sizes = [1 for _ in sizes]
        self._size[op] = 1 + sum(sizes)
        if len(_uses(op)) == 1:
            self._single.add(op)

    def _decide(self, op: Operation) -> None:
        uses = [use for use in _uses(op) if use.operation not in self.dead]
        if self._vanishes(op, uses):
            self._clauses.add(op)
            self.inlined.add(op)
        elif not uses and (_is_pure(op) or isinstance(op, POINTERS)):
            self.dead.add(op)
        elif isinstance(op, arith.ConstantOp) or (_is_pure(op) and self._fits(op, uses)):
            self.inlined.add(op)
        elif self._leaves.get(op, MAX_INDEX_LEAVES + 1) <= MAX_INDEX_LEAVES or _is_size(op):
            self._everywhere.add(op)
            self.inlined.add(op)

    def _vanishes(self, op: Operation, uses: list[Use]) -> bool:
        """Whether only data clauses use `op`: then it stands in the pragma, and nowhere else."""
        if not uses or not isinstance(op, (*PURE, func.CallOp)):
            return False
        return all(isinstance(u.operation, acc.DataBoundsOp) or u.operation in self._clauses for u in uses)

    def _fits(self, op: Operation, uses: list[Use]) -> bool:
        """Whether `op`, used once, may be computed where its value is used."""
        if len(uses) != 1:
            return False
        user = uses[0].operation
        if user in self._everywhere or user in self._clauses or _is_repeated(uses[0]) or _scope(user) is not _scope(op):
            return False
        if user in self._full and self._size[op] > 1:
            return False
        if isinstance(op, math.FmaOp) and isinstance(user, math.FmaOp):  # Horner's scheme: a line for each
            return False
        statement = self._statement.get(user, user) if user in self.inlined else user
        if isinstance(op, memref.LoadOp) and self.writes.between(op, statement):
            return False
        self._statement[op] = statement
        return True


def _is_repeated(use: Use) -> bool:
    """Whether the use is the bound of a loop, which C evaluates in each round."""
    match use.operation:
        case scf.ForOp():
            return use.index < len(("lower", "upper", "step"))
        case scf.ParallelOp() | acc.LoopOp():
            return True
        case _:
            return False
