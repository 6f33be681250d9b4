"""Which schedule a kernel gets on a machine, or why it gets none."""

from __future__ import annotations

from math import prod

from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import AnyFloat, TensorType
from xdsl.ir import Attribute, Operation, SSAValue

from anamc.analysis.element_kernels import has_tile
from anamc.analysis.elementwise import ELEMENTWISE
from anamc.analysis.outer import updates_by_rows
from anamc.analysis.products import filled_products, turned_matrices
from anamc.analysis.table_rows import reached_by_tables
from anamc.analysis.work import least_piece, piece
from anamc.dialects import kernel, nest
from anamc.dialects.access import block_of
from anamc.dialects.schedule import ScheduleAttr
from anamc.schedule.machines import Machine

CHUNK = 1024
"""Rows of a chunk where the kernel itself has none."""
LOCAL_BYTES = 512 * 1024
"""The most that local arrays of a block may take on the stack."""
SUM_BYTES = 1024 * 1024
"""The same for sums over rows."""
FEW = 4
"""Kernels of a constant number of rows below this are not worth a vector."""
MOST_ROWS, LEAST_ROWS = 96, 24
"""Rows of a block with features in lanes: multiples of every tile."""
MOSTLY = 0.9
"""The least part of the products that must fill the lanes."""
QUARTER = 4
"""Where less than such a part of a row is moved a layer, turning rows does not matter."""
NARROW = 32
"""Rows of fewer numbers than this run in blocks of four vectors, for their sums are short."""


def schedule_of(op: kernel.RowsOp, machine: Machine, lanes: str = "auto") -> ScheduleAttr | str:
    """A schedule with rows or features in lanes, or the reason why there is none. `lanes`: auto, rows or features."""
    element = element_type(op)
    if reason := refusal(op):
        return reason
    if isinstance(op.extent, int) and op.extent < FEW:
        return f"it has {op.extent} rows"
    if not isinstance(element, AnyFloat):
        return "its rows hold no floats"
    vector, size = machine.lanes(element.bitwidth), element.bitwidth // 8
    if vector < 2:
        return f"vectors of the machine hold one number of {element.bitwidth} bits"
    if lanes == "features" or (lanes == "auto" and suits_features(op, vector)):
        found = features_in_lanes(op, machine, vector, size)
        if isinstance(found, ScheduleAttr):
            return found
    return rows_in_lanes(op, machine, vector, size)


def rows_in_lanes(op: kernel.RowsOp, machine: Machine, vector: int, size: int) -> ScheduleAttr | str:
    """A schedule where each lane holds a row; numbers of `size` bytes."""
    vectors = 4 if widest(op) < NARROW else 2
    while vectors > 1 and local_numbers(op) * size * vector * vectors > machine.stash:
        vectors //= 2
    if local_numbers(op) * size * vector * vectors > LOCAL_BYTES:
        return f"its rows need {local_numbers(op)} numbers at once"
    if sum_numbers(op, vector) * size * vector > SUM_BYTES:
        return f"it sums {sum_numbers(op, vector)} numbers over its rows"
    if op.planned is not None and op.planned[1] % (vector * vectors):
        return f"its plan has chunks of {op.planned[1]} rows, no multiple of {vector * vectors}"
    outputs, block = max(1, machine.accumulators // vectors), vector * vectors
    return ScheduleAttr("rows", vector, block, (outputs, vectors), *chunks(op, vector), ahead_of(op, block))


def features_in_lanes(op: kernel.RowsOp, machine: Machine, vector: int, size: int) -> ScheduleAttr | str:
    """A schedule where lanes hold neighbouring features; numbers of `size` bytes."""
    rows = MOST_ROWS
    while rows > LEAST_ROWS and local_numbers(op) * size * rows > machine.stash:
        rows //= 2
    turned = sum(numbers(v) for v in turned_matrices(op.body.block, vector))
    if (local_numbers(op) * rows + turned) * size > LOCAL_BYTES:
        return f"its rows need {local_numbers(op)} numbers at once, and {turned} of matrices"
    return ScheduleAttr("features", vector, rows, machine.tile, *chunks(op, LEAST_ROWS), ahead_of(op, rows))


def ahead_of(op: kernel.RowsOp, block: int) -> int:
    """One block, where rows are reached through tables: what comes next is fetched while a block is computed."""
    return block if reached_by_tables(op) else 0


def chunks(op: kernel.RowsOp, step: int) -> tuple[int, int]:
    """The most and the least rows of a chunk, the latter a multiple of `step`."""
    most = chunk_of(op) or piece(op, CHUNK)
    return most, least_piece(op, step, most) if only_writes(op) else most


def only_writes(op: kernel.RowsOp) -> bool:
    """True where rows are written alone, so that any chunks give the same."""
    return op.planned is None and all(c.data == "write" for c in op.combiners)


def elements_in_lanes(op: kernel.RowsOp, machine: Machine) -> ScheduleAttr | None:
    """A schedule where each row runs on vectors of neighbouring elements; None where no nest has such a form."""
    element = element_type(op)
    kinds = (nest.MapOp, tensor.EmptyOp, tensor.SplatOp, arith.ConstantOp)
    others = [o for o in list(op.body.block.ops)[:-1] if not isinstance(o, kinds)]
    rows = any(isinstance(v.type, TensorType) for o in others for v in (*o.operands, *o.results))
    if rows or not isinstance(element, AnyFloat):
        return None
    vector = machine.lanes(element.bitwidth)
    if vector < 2 or not has_tile(op, vector, machine.accumulators):
        return None
    return ScheduleAttr("elements", vector, 1, (machine.accumulators, 1), 1)


def chunk_of(op: kernel.RowsOp) -> int | None:
    """Rows of a chunk where the kernel itself says it: those of its plan, or those that are summed together."""
    if op.planned is not None:
        return op.planned[1]
    summed = (
        block_of(a)
        for c, accesses in zip(op.combiners, op.write_accesses, strict=True)
        for a in accesses
        if c.data == "add"
    )
    return next((tile for tile in summed if tile is not None), None)


def suits_features(op: kernel.RowsOp, vector: int) -> bool:
    """
    True where features in lanes are the better layout.

    Products must fill the lanes, and rows must be moved that rows in lanes would have to turn: without
    them that layout is a little faster, for it sums short rows without loss.
    """
    full, all = filled_products(op.body.block, vector)
    return full > 0 and full >= MOSTLY * all and moved_numbers(op) * QUARTER * widest(op) >= all


def moved_numbers(op: kernel.RowsOp) -> int:
    """The numbers of a row that are read or written in memory."""
    found = sum(
        numbers(a) for a, access in zip(op.body.block.args[1:], op.read_accesses, strict=True) if access.indices
    )
    for k, accesses in enumerate(op.write_accesses):
        direct = all(a.is_direct for a in accesses)
        if direct and op.combiners.data[k].data == "write":
            found += sum(numbers(v) for v in op.yielded_of(k))
        elif not direct:
            found += 2 * sum(numbers(v) for v in op.yielded_of(k))
    return found


def refusal(op: kernel.RowsOp) -> str:
    """What in a kernel has no form on vectors; empty where there is nothing."""
    body = op.body.block
    if body.args[0].uses.get_length():
        return "it computes with the row number"
    if not any(isinstance(inner, nest.MapOp) for inner in body.ops):
        return "it computes nothing"
    for argument, access in zip(body.args[1:], op.read_accesses, strict=True):
        if access.indices and argument.uses.get_length() and (reason := row_refusal(argument.type)):
            return reason
    for value in op.yielded:
        if reason := row_refusal(value.type, any_rank=True):
            return reason
    for inner in list(body.ops)[:-1]:
        if reason := op_refusal(inner):
            return reason
    return accumulator_refusal(op)


def row_refusal(type: Attribute, any_rank: bool = False) -> str:
    if not isinstance(type, TensorType) or not isinstance(type.get_element_type(), AnyFloat):
        return f"it reads or gives rows of type {type}"
    if any(s < 0 for s in type.get_shape()) or (not any_rank and type.get_num_dims() > 1):
        return f"its rows are of type {type}"
    return ""


def accumulator_refusal(op: kernel.RowsOp) -> str:
    """Rows of rank 2 are summed over rows, and else have no form."""
    for k, (combiner, accesses) in enumerate(zip(op.combiners, op.write_accesses, strict=True)):
        ranks = [v.type.get_num_dims() for v in op.yielded_of(k)]  # pyright: ignore
        for access, rank in zip(accesses, ranks, strict=True):
            if access.indices and rank > 1 and not (access.is_direct and combiner.data == "add"):
                return f"it {'writes' if combiner.data == 'write' else 'scatters'} rows of rank {rank}"
    return ""


def op_refusal(op: Operation) -> str:
    """Why an operation of a body has no form on vectors."""
    if isinstance(op, tensor.EmptyOp | tensor.SplatOp | arith.ConstantOp):
        return ""
    if not isinstance(op, nest.MapOp):
        tensors = any(isinstance(v.type, TensorType) for v in (*op.operands, *op.results))
        return f"'{op.name}' on rows" if tensors else ""
    if not all(isinstance(e, int) for e in op.extents):
        return "a loop of run-time length in a row"
    if 0 in op.extents:
        return "a loop without iterations in a row"
    if any(init in op.reads for init in op.inits):
        return "a row value that a loop reads and starts from"
    if op.where:
        return "a loop with guards in a row"
    if op.winners:
        return "the winning iteration of a loop in a row"
    if not all(isinstance(r.type, TensorType) and isinstance(r.type.get_element_type(), AnyFloat) for r in op.results_):
        return "a row value that holds no floats"
    for inner in list(op.body.block.ops)[:-1]:
        if not isinstance(inner, (arith.ConstantOp, arith.AndIOp, arith.OrIOp, arith.XOrIOp, *ELEMENTWISE)):
            return f"'{inner.name}' in a row"
    return ""


def element_type(op: kernel.RowsOp) -> Attribute | None:
    """The widest float type of the rows."""
    types = [
        v.type.get_element_type() for v in (*op.body.block.args[1:], *op.yielded) if isinstance(v.type, TensorType)
    ]
    floats = [t for t in types if isinstance(t, AnyFloat)]
    return max(floats, key=lambda t: t.bitwidth, default=None)


def numbers(value: SSAValue) -> int:
    return prod(value.type.get_shape()) if isinstance(value.type, TensorType) else 0


def widest(op: kernel.RowsOp) -> int:
    """The most numbers of a row value of rank 1 at most."""
    made = [r for inner in op.body.block.ops if isinstance(inner, nest.MapOp) for r in inner.results]
    return max((numbers(r) for r in made if isinstance(r.type, TensorType) and r.type.get_num_dims() < 2), default=1)


def local_numbers(op: kernel.RowsOp) -> int:
    """The most numbers of a row that are kept at the same time, roughly: what is alive behind each nest."""
    body = op.body.block
    order = {inner: k for k, inner in enumerate(body.ops)}
    rows = [a for a, access in zip(body.args[1:], op.read_accesses, strict=True) if access.indices]
    values = [*rows, *(r for inner in body.ops if isinstance(inner, nest.MapOp) for r in inner.results)]
    change = [0] * (len(order) + 2)
    for value in values:
        uses = [order.get(u.operation, 0) for u in value.uses]
        if not uses or all(isinstance(u.operation, kernel.YieldOp) for u in value.uses):
            continue  # a value that is only yielded is summed or written where it is made
        start = order.get(value.owner, 0) if isinstance(value.owner, Operation) else 0
        change[start] += numbers(value)
        change[max(uses) + 1] -= numbers(value)
    most = alive = 0
    for step in change:
        alive += step
        most = max(most, alive)
    return most


def sum_numbers(op: kernel.RowsOp, vector: int) -> int:
    """The numbers that are summed over rows lane by lane."""
    total = 0
    for k, (combiner, accesses) in enumerate(zip(op.combiners, op.write_accesses, strict=True)):
        if combiner.data == "add" and all(a.is_direct for a in accesses):
            total += sum(numbers(v) for v in op.yielded_of(k) if updates_by_rows(v, vector) is None)
    return total
