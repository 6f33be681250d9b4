"""Which nests of a kernel body are computed inside others: bias and activation join the sum they touch."""

from __future__ import annotations

from dataclasses import dataclass, field

from xdsl.ir import Block, Operation, SSAValue

from anamc.analysis.elementwise import FUNCTIONS
from anamc.analysis.nests import is_contraction, is_pointwise, shape
from anamc.dialects import kernel, nest


def is_long(op: nest.MapOp) -> bool:
    """True where the body has an elementary function: it needs the registers that sums are in."""
    return any(isinstance(inner, FUNCTIONS) for inner in op.body.block.ops)


@dataclass
class BodyPlan:
    """
    The groups of nests of one kernel body.

    A nest whose result only one other nest reads, element by element, is computed inside that one and
    not stored. The last nest of such a group is its root; a group has at most one contraction.
    """

    body: Block
    summed: frozenset[int] = frozenset()
    """Positions in the yield of what is summed over all rows."""
    inside: dict[nest.MapOp, nest.MapOp] = field(default_factory=dict[nest.MapOp, nest.MapOp])
    contraction: dict[nest.MapOp, nest.MapOp] = field(default_factory=dict[nest.MapOp, nest.MapOp])
    last_use: dict[SSAValue, int] = field(default_factory=dict[SSAValue, int])
    sums: dict[nest.MapOp, int] = field(default_factory=dict[nest.MapOp, int])
    """Roots that are not stored but added to a sum over rows: their position in the yield."""

    def __post_init__(self) -> None:
        ops = list(self.body.ops)
        for op in ops:
            if isinstance(op, nest.MapOp):
                self._place(op)
        order = {op: k for k, op in enumerate(ops)}
        for op in ops:
            at = order[self.root(op)]
            for value in op.operands:
                self.last_use[value] = max(self.last_use.get(value, 0), at)

    def root(self, op: Operation) -> Operation:
        """The nest that computes what `op` computes."""
        while isinstance(op, nest.MapOp) and op in self.inside:
            op = self.inside[op]
        return op

    def is_inside(self, value: SSAValue) -> bool:
        return isinstance(value.owner, nest.MapOp) and value.owner in self.inside

    def _place(self, op: nest.MapOp) -> None:
        if is_contraction(op):
            self.contraction[op] = op
        elif not is_pointwise(op):
            return
        result = op.results_[0]
        users = {use.operation for use in result.uses}
        if len(users) != 1 or not shape(result):
            return
        (user,) = users
        if isinstance(user, kernel.YieldOp):
            positions = [k for k, v in enumerate(user.operands) if v is result]
            if len(positions) == 1 and positions[0] in self.summed:
                self.sums[op] = positions[0]
        elif isinstance(user, nest.MapOp) and self._joins(op, result, user):
            self.inside[op] = user
            if op in self.contraction:
                self.contraction[user] = self.contraction.pop(op)

    def _joins(self, op: nest.MapOp, result: SSAValue, user: nest.MapOp) -> bool:
        """True where `user` takes each element of the result once, when it computes the same element."""
        if is_pointwise(user):
            if op in self.contraction and (user in self.contraction or is_long(user)):
                return False
            same = all(a.is_identity() for t, a in zip(user.reads, user.read_accesses, strict=True) if t is result)
            return same and tuple(user.extents) == shape(result) and result not in user.inits
        if not is_contraction(user) or op in self.contraction:
            return False
        return result is user.inits[0] and result not in user.reads
