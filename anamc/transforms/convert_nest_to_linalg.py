"""Pass `convert-nest-to-linalg`: nests whose maps are all affine become `linalg.generic`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import func, linalg
from xdsl.dialects.builtin import AffineMapAttr, ModuleOp, TensorType
from xdsl.ir import Block, Operation, Region, SSAValue
from xdsl.ir.affine import AffineDimExpr, AffineMap
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import PatternRewriter
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.rows import Dims
from anamc.dialects import nest
from anamc.dialects.access import AccessAttr
from anamc.dialects.injective import linear_coefficients
from anamc.lowering.nests import FLOAT_COMBINERS, INTEGER_COMBINERS, is_integer


def refusal(op: nest.MapOp, dims: Dims) -> str | None:
    """Why a nest is no `linalg.generic`: its maps, or ranges that do not follow from shapes. None where it is one."""
    accesses = [*op.read_accesses, *op.write_accesses]
    if op.where:
        return "it has guards"
    if op.winners:
        return "it asks for the winning iteration of a result"
    if any(not a.is_direct for a in accesses):
        return "it reads an index table"
    if any(linear_coefficients(e) is None for a in accesses for e in a.indices):
        return "an index is not linear in the iterators"
    if any(len(a.indices) != len(set(a.indices)) for a in op.write_accesses) or any(
        not isinstance(e, AffineDimExpr) for a in op.write_accesses for e in a.indices
    ):
        return "a result is not written at distinct iterators"
    tensors = [*op.reads, *op.inits]
    for iterator, extent in enumerate(op.extents):
        sizes = [
            dims.of(t)[k]
            for t, a in zip(tensors, accesses, strict=True)
            for k, e in enumerate(a.indices)
            if e == AffineDimExpr(iterator)
        ]
        if not sizes:
            return f"the range of iterator {iterator} follows from no shape"
        if any(size != extent for size in sizes):
            return f"the range of iterator {iterator} is not that of a dimension it runs over"
    return None


def convert(op: nest.MapOp) -> None:
    """Replaces one nest."""
    rewriter = PatternRewriter(op)
    count = len(op.ranges.data)
    used: set[int] = {d for a in op.write_accesses for d in a.map.data.used_dims()}
    block = Block(arg_types=[t.type.element_type for t in (*op.reads, *op.inits) if isinstance(t.type, TensorType)])
    values: dict[SSAValue, SSAValue] = dict(zip(op.body.block.args[count:], block.args[: len(op.reads)], strict=True))
    for k, argument in enumerate(op.body.block.args[:count]):
        if argument.uses.get_length():
            index = linalg.IndexOp(k)
            block.add_op(index)
            values[argument] = index.result
    for inner in list(op.body.block.ops)[:-1]:
        block.add_op(inner.clone(value_mapper=values))
    results = [values.get(v, v) for v in op.yielded]
    starts = block.args[len(op.reads) :]
    block.add_op(linalg.YieldOp(*combined(block, [c.data for c in op.combiners], starts, results)))
    generic = linalg.GenericOp(
        list(op.reads),
        list(op.inits),
        Region(block),
        [AffineMapAttr(without_symbols(a)) for a in (*op.read_accesses, *op.write_accesses)],
        [
            linalg.IteratorTypeAttr.parallel() if k in used else linalg.IteratorTypeAttr.reduction()
            for k in range(count)
        ],
        [r.type for r in op.results_],
    )
    generic.location = op.location
    for old, new in zip(op.results, generic.results, strict=True):
        new.name_hint = old.name_hint
    rewriter.replace(op, generic)


def combined(
    block: Block, combiners: Sequence[str], starts: Sequence[SSAValue], values: Sequence[SSAValue]
) -> list[SSAValue]:
    """What each result becomes: the old value combined with the new one, or the new one."""
    found: list[SSAValue] = []
    for combiner, start, value in zip(combiners, starts, values, strict=True):
        if combiner == "set":
            found.append(value)
            continue
        op = (INTEGER_COMBINERS if is_integer(value) else FLOAT_COMBINERS)[combiner](start, value)
        block.add_op(op)
        found.append(op.results[0])
    return found


def without_symbols(access: AccessAttr) -> AffineMap:
    """The map of an access in the iterators alone (sizes occur in no linear index)."""
    return AffineMap(access.map.data.num_dims, 0, access.indices)


@dataclass(frozen=True)
class ConvertNestToLinalgPass(ModulePass):
    """
    ``nest.map`` => `linalg.generic`, for people who go on with other MLIR tools.

    Refuses nests with guards, with winning iterations (`arg`), with index tables, with indices that
    divide or use sizes, with results written at other than distinct iterators, and with ranges that
    are not those of the shapes; they stay, or,
    with `strict`, are an error that says why.
    """

    name = "convert-nest-to-linalg"

    strict: bool = False

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for function in [o for o in op.ops if isinstance(o, func.FuncOp) and o.body.blocks]:
            dims = Dims(function)
            nests = [o for o in function.body.block.ops if isinstance(o, nest.MapOp)]
            reasons: dict[Operation, str | None] = {o: refusal(o, dims) for o in nests}
            for inner in nests:
                reason = reasons[inner]
                if reason is None:
                    convert(inner)
                elif self.strict:
                    raise PassFailedException(f"convert-nest-to-linalg: a nest cannot be converted: {reason}")
