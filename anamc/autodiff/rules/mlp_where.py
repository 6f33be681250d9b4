"""Rule of `mlp.where`."""

from __future__ import annotations

from xdsl.ir import SSAValue

from anamc.autodiff.emit import Comparison, Emit
from anamc.autodiff.tables import MASKED, PARTIALS, Literal
from anamc.dialects import mlp


@MASKED.of(mlp.WhereOp)
def where_choice(e: Emit, op: mlp.WhereOp, k: int, v: SSAValue) -> tuple[SSAValue, Literal] | None:
    """``r = x kind y ? yes : no``: nothing comes from what is compared, nor from the side not taken."""
    return None if k < 2 else (v, (Comparison(op.kind.data, op.x, op.y), k == 2))


@PARTIALS.of(mlp.WhereOp)
def where(e: Emit, op: mlp.WhereOp, k: int, v: SSAValue) -> SSAValue | None:
    """``r = x kind y ? yes : no``: ``dr = x kind y ? dyes : dno``; nothing comes from what is compared."""
    condition = Comparison(op.kind.data, op.x, op.y)
    if k < 2:
        return None
    return e.select(condition, v, e.zeros(v)) if k == 2 else e.select(condition, e.zeros(v), v)
