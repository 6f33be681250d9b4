"""How a nest on whole tensors becomes a kernel: rows over one of its iterators, or one row that does it all."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.ir import SSAValue

from anamc.analysis.types import tensor_type
from anamc.dialects import kernel, nest
from anamc.lowering.kernel_builder import (
    KernelBuilder,
    Write,
    is_start,
    row_start,
    start_inside,
    zero_row,
)
from anamc.lowering.nest_rows import ROW, WHOLE, as_rows


def nest_rows(build: KernelBuilder, op: nest.MapOp) -> None:
    """A nest as rows over one of its iterators; where there is none, one row that does it all, in the nest's order."""
    rows = as_rows(op)
    if rows is None:
        whole_nest(build, op)
        return
    used = sorted({r.position for a in (*rows.reads, *rows.writes) for r in a.inner.tables})
    tables = [op.tables[k] for k in used]
    reads = [(v, a.outer) for v, a in zip(op.reads, rows.reads, strict=True) if not is_start(v)]
    starts = [] if rows.accumulates else [v for v in op.inits if not is_start(v)]
    reads += [(v, ROW) for v in starts] + [(t, WHOLE) for t in tables]

    def body(build: KernelBuilder, arguments: Sequence[SSAValue]) -> Sequence[SSAValue]:
        given = iter(arguments)
        inner_reads = [
            row_start(build, v, a.outer) if is_start(v) else next(given)
            for v, a in zip(op.reads, rows.reads, strict=True)
        ]
        inits: list[SSAValue] = []
        for value, access in zip(op.inits, rows.writes, strict=True):
            if rows.accumulates:
                inits.append(zero_row(build, kernel.row_type(value.type, access.outer)))
            else:
                inits.append(row_start(build, value, access.outer) if is_start(value) else next(given))
        inner_tables = dict(zip(used, given, strict=True))
        return build.inner_nest(op, rows, inner_reads, inits, inner_tables)

    writes: list[Write] = []
    for k, (init, access) in enumerate(zip(op.inits, rows.writes, strict=True)):
        combiner = "add" if rows.accumulates else "write"
        dims = build.dims.of(op.results_[k])
        covered = not rows.accumulates and bool(dims) and dims[0] == op.extents[rows.iterator]
        writes.append((combiner, build.empty(tensor_type(init), dims) if covered else init, [access.outer]))
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

    writes: list[Write] = [("write", build.empty(tensor_type(r), build.dims.of(r)), [WHOLE]) for r in op.results_]
    made = build.rows(1, [(t, WHOLE) for t in read], writes, body)
    for old, new in zip(op.results, made.results, strict=True):
        new.name_hint = old.name_hint
    build.rewriter.replace(op, [], made.results)
