"""Pass `split-reductions`: a sum over all rows becomes sums over blocks of rows, then a sum of these."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import arith, func, tensor
from xdsl.dialects.builtin import DYNAMIC_INDEX, ArrayAttr, IndexType, ModuleOp, TensorType, UnitAttr
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import PatternRewriter
from xdsl.rewriter import InsertPoint, Rewriter
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.image_work import summed, summed_piece
from anamc.analysis.regions import ancestor_in, block_of_value, operations_in
from anamc.analysis.types import tensor_type
from anamc.dialects import kernel
from anamc.dialects.access import AccessAttr, block_of
from anamc.lowering.nest_rows import ROW, WHOLE
from anamc.numerics.constants import float_constant

MANY = 256
"""Sums of fewer numbers have a partial sum for each block: that takes little memory, and is the most accurate."""


@dataclass(frozen=True)
class SplitReductionsPass(ModulePass):
    """
    ``add(%s)`` over n rows => ``add(%partials[r floordiv block])``, then ``add(%s)`` over the partials.

    The order of the additions is fixed by `block`, so the bits are the same at any number of
    threads, and a float32 sum over many rows stays accurate. Kernels that compute much for a row get
    shorter blocks (256 or 128 rows; 16 of images), so that threads share them. Refuses kernels whose (constant)
    number of rows fits in one block, and sums of partials (`anamc.total`).
    `most`: the most partial sums of a kernel that sums 256 numbers or more (gradients of weights); with more blocks,
    ``add(%partials[(r floordiv block) mod most])``: blocks that are `most` apart are added up in their order. 0: one
    of each block, at any size.
    """

    name = "split-reductions"

    block: int = 1024
    most: int = 0

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        if self.block < 2:
            raise PassFailedException(f"split-reductions: block must be >= 2, got {self.block}")
        if self.most < 0:
            raise PassFailedException(f"split-reductions: most must be 0 or more, got {self.most}")
        for function in [o for o in op.ops if isinstance(o, func.FuncOp) and o.body.blocks]:
            for inner in [o for o in operations_in(function) if isinstance(o, kernel.RowsOp)]:
                rows = summed_piece(inner, self.block)
                if "anamc.total" in inner.attributes or (isinstance(inner.extent, int) and inner.extent <= rows):
                    continue
                if any(is_whole_sum(inner, k) for k in range(len(inner.inits))):
                    self.split(inner, rows, function)

    def split(self, op: kernel.RowsOp, rows: int, function: func.FuncOp) -> None:
        rewriter = PatternRewriter(op)
        most = self.most if is_large(op) else 0
        blocks = self.block_count(op, rows, most, function)
        number = AffineExpr.dimension(0) // rows
        wraps = most and not (isinstance(op.extent, int) and op.extent <= most * rows)
        place = AccessAttr(AffineMap(1, 0, (number % most if wraps else number,)))
        writes: list[tuple[str, SSAValue, list[AccessAttr]]] = []
        for k, (combiner, init, accesses) in enumerate(zip(op.combiners, op.inits, op.write_accesses, strict=True)):
            if not is_whole_sum(op, k):
                writes.append((combiner.data, init, list(accesses)))
                continue
            partials = zeros(init, blocks, rewriter)
            writes.append(("add", partials, [place]))
        reads = list(zip(op.reads, op.read_accesses.data, strict=True))
        body = op.detach_region(op.body)
        partial = kernel.RowsOp(op.extent, reads, writes, body, op.tables, op.rows, dict(op.attributes))
        partial.location = op.location
        rewriter.insert(partial)
        results: list[SSAValue] = []
        for k, value in enumerate(partial.results):
            value.name_hint = op.results[k].name_hint
            results.append(self.total(op, k, value, blocks, rewriter) if is_whole_sum(op, k) else value)
        rewriter.replace(op, [], results)

    @staticmethod
    def block_count(op: kernel.RowsOp, rows: int, most: int, function: func.FuncOp) -> int | SSAValue:
        """In front of the loops around the kernel: the partials have one place in all rounds."""
        extent = op.extent
        if isinstance(extent, int):
            return min(-(-extent // rows), most or extent)
        size = arith.ConstantOp.from_int_and_width(rows, IndexType())
        count = arith.CeilDivSIOp(extent, size.result)
        block = function.body.block
        outermost = ancestor_in(block, op) if block_of_value(extent) is block else op
        made: list[Operation] = [size, count]
        if most:
            limit = arith.ConstantOp.from_int_and_width(most, IndexType())
            made += [limit, arith.MinSIOp(count.result, limit.result)]
        Rewriter.insert_op(made, InsertPoint.before(outermost or op))
        return made[-1].results[0]

    def total(
        self, op: kernel.RowsOp, result: int, partials: SSAValue, blocks: int | SSAValue, rewriter: PatternRewriter
    ) -> SSAValue:
        """The sum of the partials onto what the result started from."""
        init = op.inits[result]
        partials.name_hint = "partials"
        body = Block(arg_types=[IndexType(), init.type])
        body.args[0].name_hint = "b"
        body.add_op(kernel.YieldOp(body.args[1]))
        labels = op.attributes.get("anamc.blocks", ArrayAttr[Attribute]([]))
        attributes: dict[str, Attribute] = {"anamc.blocks": labels, "anamc.total": UnitAttr()}
        last = kernel.RowsOp(blocks, [(partials, ROW)], [("add", init, [WHOLE])], Region(body), attributes=attributes)
        last.location = op.location
        rewriter.insert(last)
        last.results[0].name_hint = op.results[result].name_hint
        return last.results[0]


def is_large(op: kernel.RowsOp) -> bool:
    """True where many numbers are summed, or an unknown number, and no sums over blocks stand there already."""
    accesses = [a for found in op.write_accesses for a in found]
    return not 0 < summed(op) < MANY and all(block_of(a) is None for a in accesses)


def is_whole_sum(op: kernel.RowsOp, result: int) -> bool:
    """True for `add(%s)` of a whole tensor."""
    accesses = op.write_accesses.data[result].data
    return op.combiners.data[result].data == "add" and len(accesses) == 1 and not accesses[0].indices


def zeros(like: SSAValue, blocks: int | SSAValue, rewriter: PatternRewriter) -> SSAValue:
    """One zero of the type of `like` for each block."""
    type = tensor_type(like)
    zero = float_constant(0.0, type.element_type)
    lead, sizes = (blocks, []) if isinstance(blocks, int) else (DYNAMIC_INDEX, [blocks])
    filled = tensor.SplatOp(zero.result, sizes, TensorType(type.element_type, [lead, *type.get_shape()]))
    rewriter.insert([zero, filled])
    return filled.result
