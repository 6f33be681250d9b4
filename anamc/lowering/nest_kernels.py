"""How a nest on whole tensors becomes a kernel: rows over one of its iterators, or one row that does it all."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects import arith, tensor
from xdsl.ir import SSAValue

from anamc.analysis.types import tensor_type
from anamc.dialects import kernel, nest
from anamc.lowering.kernel_builder import (
    KernelBuilder,
    Write,
    dynamic,
    is_start,
    row_start,
    start_inside,
    zero_row,
)
from anamc.lowering.nest_rows import ROW, WHOLE, as_rows
from anamc.lowering.row_winners import whole_numbers
from anamc.lowering.winners import NOBODY


def nest_rows(build: KernelBuilder, op: nest.MapOp) -> None:
    """A nest as rows over one of its iterators; where there is none, one row that does it all, in the nest's order."""
    rows = as_rows(op, build.dims)
    if rows is None:
        whole_nest(build, op)
        return
    used = sorted({r.position for a in (*rows.reads, *rows.writes) for r in a.inner.tables})
    tables = [op.tables[k] for k in used]
    reads = [(v, a.outer) for v, a in zip(op.reads, rows.reads, strict=True) if not is_start(v)]
    reads += [(v, w.outer) for v, w in zip(op.inits, rows.writes, strict=True) if not w.adds and not is_start(v)]
    reads += [(t, WHOLE) for t in tables]

    def body(build: KernelBuilder, arguments: Sequence[SSAValue]) -> Sequence[SSAValue]:
        given = iter(arguments)
        inner_reads = [
            row_start(build, v, a.outer) if is_start(v) else next(given)
            for v, a in zip(op.reads, rows.reads, strict=True)
        ]
        inits: list[SSAValue] = []
        for value, access in zip(op.inits, rows.writes, strict=True):
            if access.adds:
                inits.append(zero_row(build, kernel.row_type(value.type, access.outer)))
            else:
                inits.append(row_start(build, value, access.outer) if is_start(value) else next(given))
        inner_tables = dict(zip(used, given, strict=True))
        inner = build.inner_nest(op, rows, inner_reads, inits, inner_tables)
        return [*inner.results_, *(whole_numbers(build, op, rows.iterator, number) for number in inner.args_)]

    writes: list[Write] = []
    for k, (init, access) in enumerate(zip(op.inits, rows.writes, strict=True)):
        dims = build.dims.of(op.results_[k])
        covered = access.outer == ROW and dims[0] == op.extents[rows.iterator]
        start = build.empty(tensor_type(init), dims) if covered else init
        writes.append(("add" if access.adds else "write", start, [access.outer]))
    for k, number in zip(op.winners, op.args_, strict=True):
        nobody = build.before(arith.ConstantOp(NOBODY))
        start = tensor.SplatOp(nobody, dynamic(build.dims.of(number)), tensor_type(number))
        writes.append(("write", build.before(start), [rows.writes[k].outer]))
    made = build.rows(op.extents[rows.iterator], reads, writes, body, op.tables)
    for old, new in zip(op.results, made.results, strict=True):
        new.name_hint = old.name_hint
    build.rewriter.replace(op, [], made.results)


def whole_nest(build: KernelBuilder, op: nest.MapOp) -> None:
    """A nest on whole tensors: one row that does it all, in the nest's order."""
    tensors = [*op.reads, *op.inits, *op.tables]
    read = [t for t in dict.fromkeys(tensors) if not is_start(t)]

    def body(build: KernelBuilder, values: Sequence[SSAValue]) -> Sequence[SSAValue]:
        known = dict(zip(read, values, strict=True))
        inside = op.clone()
        inside.operands = [*op.sizes, *(known[t] if t in known else start_inside(build, t) for t in tensors)]
        inside.attributes.pop("anamc.block", None)
        build.add(inside)
        return inside.results

    writes: list[Write] = [("write", build.empty(tensor_type(r), build.dims.of(r)), [WHOLE]) for r in op.results]
    made = build.rows(1, [(t, WHOLE) for t in read], writes, body)
    for old, new in zip(op.results, made.results, strict=True):
        new.name_hint = old.name_hint
    build.rewriter.replace(op, [], made.results)
