"""Pass `convert-parallel-to-acc`: parallel loops and the arrays that they need, as OpenACC constructs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import acc, func, memref, scf
from xdsl.dialects.builtin import ArrayAttr, IntegerAttr, MemRefType, ModuleOp, StringAttr, UnitAttr, i64
from xdsl.ir import Block, BlockArgument, Operation, Region, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter
from xdsl.traits import is_side_effect_free
from xdsl.utils.exceptions import PassFailedException

from anamc.dialects.forms import HOST_FORM, HOST_ONLY, OMP
from anamc.dialects.statuses import REPORT_BYTES
from anamc.transforms.acc_clauses import POINTERS, Clauses, argument_attributes, arrays_of, root, text

NAME = "convert-parallel-to-acc"
DEFAULT_DEVICE = ArrayAttr([acc.DeviceTypeAttr(acc.DeviceType.NONE)])
MEMORY = (memref.LoadOp, memref.StoreOp, memref.AtomicRMWOp, memref.AllocaOp, func.CallOp)
"""Operations that read or write arrays, or make one."""


@dataclass(frozen=True)
class ConvertParallelToAccPass(ModulePass):
    """
    Makes OpenACC constructs of parallel loops: on host memory they mean what they meant before.

    - An outermost ``scf.parallel`` becomes a combined ``acc.parallel`` and ``acc.loop gang vector
      independent``; every array it uses is ``acc.present``. One inside another stays ``scf.parallel``,
      which printers make an ordinary loop.
    - What else touches memory in a kernel (``anamc.kernel``) runs on the device too: ``acc.serial``.
    - In an entry (``anamc.entry``) an ``acc.data`` region spans from the first to the last call:
      ``copyin`` for what is read, ``copyout`` for what is written, ``copy`` for what is updated, and
      ``create`` for all of the workspace, so that parts of it may overlap in turn. What checks of
      computed indices (``anamc.checks``) leave there comes back by ``acc.update``.

    Lengths are written with ``acc.bounds``, from ``anamc.dims``. A ``memref.atomic_rmw`` stays as it is
    (``acc.atomic.update`` has no memory effect in xDSL, and would be deleted): in an ``acc.parallel`` it
    is printed as an atomic update.

    With `openmp`, loops whose rows meet nowhere also get ``anamc.omp_parallel_for``: xDSL's ``omp`` and
    ``acc`` cannot both hold one loop body, so this decision is an attribute. Loops with atomic updates do
    not get it, and keep their order: the result has the same bits at any number of threads.

    Forms of kernels for processors (``anamc.host_form_of``) get no OpenACC: compilers that know it do not see them.

    Refuses reductions, arrays of unknown length, and values that pass from a serial to a parallel part
    of a kernel other than through an array.
    """

    name = NAME

    openmp: bool = False

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        functions = [f for f in op.ops if isinstance(f, func.FuncOp) and not f.is_declaration]
        described = [(f.attributes.get("anamc.workspace_of"), f.sym_name.data) for f in functions]
        queries = {entry.data: symbol for entry, symbol in described if isinstance(entry, StringAttr)}
        for function in functions:
            entry = function.attributes.get("anamc.entry")
            query = queries.get(entry.data, "") if isinstance(entry, StringAttr) else ""
            if HOST_FORM in function.attributes or HOST_ONLY in function.attributes:
                _threads(function, self.openmp)
                continue
            clauses = Clauses(NAME, function, query)
            _parallel_parts(function, clauses, self.openmp)
            if "anamc.kernel" in function.attributes:
                _serial_parts(function, clauses)
            if entry is not None:
                _data_regions(function, clauses)


def _present(ops: Sequence[Operation], clauses: Clauses, point: InsertPoint) -> list[SSAValue]:
    """An ``acc.present`` for every array that `ops` use, and its result in place of the array."""
    found: list[SSAValue] = []
    for value in arrays_of(ops):
        if isinstance(value.owner, memref.AllocaOp):
            raise PassFailedException(f"{NAME}: a 'memref.alloca' is shared by a parallel loop and its surroundings")
        inside = clauses.enter(value, acc.PresentOp, point)
        _replace_inside(value, inside, ops)
        found.append(inside)
    return found


def _replace_inside(value: SSAValue, new: SSAValue, ops: Iterable[Operation]) -> None:
    for op in (inner for outer in ops for inner in outer.walk()):
        for i, operand in enumerate(op.operands):
            if operand is value:
                op.operands[i] = new


def _parallel_parts(function: func.FuncOp, clauses: Clauses, openmp: bool) -> None:
    """Convert the outermost parallel loops of `function`."""
    loops = [op for op in function.walk() if isinstance(op, scf.ParallelOp)]
    for loop in loops:
        if loop.initVals:
            raise PassFailedException(f"{NAME}: 'scf.parallel' with reductions is not supported")
        if not _is_inside(loop, (scf.ParallelOp, acc.ParallelOp)):
            _convert_loop(loop, clauses, openmp)


def _threads(function: func.FuncOp, openmp: bool) -> None:
    """The outermost parallel loops of a form for processors: OpenMP's, if anyone's."""
    for loop in [op for op in function.walk() if isinstance(op, scf.ParallelOp)]:
        if openmp and not _is_inside(loop, (scf.ParallelOp,)) and not _has_atomics(loop):
            loop.attributes[OMP] = UnitAttr()


def _has_atomics(loop: Operation) -> bool:
    return any(isinstance(inner, memref.AtomicRMWOp) for inner in loop.walk())


def _is_inside(op: Operation, kinds: tuple[type[Operation], ...]) -> bool:
    """Whether `op` lies in an operation of one of `kinds`."""
    while (parent := op.parent_op()) is not None:
        if isinstance(parent, kinds):
            return True
        op = parent
    return False


def _convert_loop(op: scf.ParallelOp, clauses: Clauses, openmp: bool) -> None:
    block = op.body.block
    present = _present(tuple(block.ops), clauses, InsertPoint.before(op))
    body = op.body.detach_block(block)
    if body.last_op is not None:
        Rewriter.replace_op(body.last_op, acc.YieldOp())
    depth = len(body.args)
    loop = acc.LoopOp(
        region=Region(body),
        lowerbound=op.lowerBound,
        upperbound=op.upperBound,
        step=op.step,
        gang=DEFAULT_DEVICE,
        vector=DEFAULT_DEVICE,
        independent=DEFAULT_DEVICE,
        collapse=ArrayAttr([IntegerAttr(depth, i64)]) if depth > 1 else None,
        collapse_device_type=DEFAULT_DEVICE if depth > 1 else None,
        combined=acc.CombinedConstructsType.PARALLEL_LOOP,
    )
    if openmp and not _has_atomics(loop):
        loop.attributes[OMP] = UnitAttr()
    region = Region(Block([loop, acc.YieldOp()]))
    parallel = acc.ParallelOp(region=region, data_clause_operands=present, combined=True)
    loop.location = parallel.location = op.location
    Rewriter.replace_op(op, parallel)


def _touches_memory(op: Operation) -> bool:
    return any(isinstance(inner, MEMORY) for inner in op.walk())


def _serial_parts(function: func.FuncOp, clauses: Clauses) -> None:
    """Everything between the parallel loops of a kernel that touches memory runs on the device, in one thread."""
    group: list[Operation] = []
    results: set[SSAValue] = set()
    for op in tuple(function.body.block.ops):
        if isinstance(op, acc.ParallelOp | acc.SerialOp | func.ReturnOp):
            _flush_serial(group, op, clauses)
            group, results = [], set()
        elif _touches_memory(op) or any(v in results for inner in op.walk() for v in inner.operands):
            group.append(op)
            results.update(op.results)
        elif not (isinstance(op, POINTERS) or is_side_effect_free(op) or op.name.startswith("acc.")):
            raise PassFailedException(f"{NAME}: cannot place '{op.name}' between parallel loops")


def _flush_serial(group: list[Operation], end: Operation, clauses: Clauses) -> None:
    if not group:
        return
    members = {inner for op in group for inner in op.walk()}
    if any(use.operation not in members for op in group for result in op.results for use in result.uses):
        raise PassFailedException(f"{NAME}: a value computed in a serial part is used by another part of the kernel")
    present = _present(group, clauses, InsertPoint.before(end))
    for op in group:
        op.detach()
    serial = acc.SerialOp(region=Region(Block([*group, acc.YieldOp()])), data_clause_operands=present)
    serial.location = group[0].location
    Rewriter.insert_op(serial, InsertPoint.before(end))


ON_DEVICE = (func.CallOp, acc.ParallelOp)
REGIONS = (acc.DataOp, acc.ParallelOp, acc.SerialOp)
ENTRY_CLAUSES: dict[str, tuple[type[acc.CopyinOp | acc.CreateOp], acc.DataClause]] = {
    "read": (acc.CopyinOp, acc.DataClause.ACC_COPYIN),
    "write": (acc.CreateOp, acc.DataClause.ACC_COPYOUT),
    "update": (acc.CopyinOp, acc.DataClause.ACC_COPY),
    "workspace": (acc.CreateOp, acc.DataClause.ACC_CREATE),
}
"""How an array of an entry gets to the device, by ``anamc.access``."""


def _data_regions(function: func.FuncOp, clauses: Clauses) -> None:
    """One ``acc.data`` in every block of an entry that calls kernels, by itself or in loops."""
    for block in [block for op in function.walk() for region in op.regions for block in region.blocks]:
        device = [op for op in block.ops if _is_on_device(op)]
        if all(isinstance(op, scf.IfOp) for op in device) or _is_inside(device[0], REGIONS):
            continue
        _wrap(device, function, clauses)


def _is_on_device(op: Operation) -> bool:
    """Whether an operation runs a kernel, or what stands in it does."""
    if isinstance(op, scf.ForOp | scf.IfOp):
        return any(_is_on_device(inner) for region in op.regions for block in region.blocks for inner in block.ops)
    return isinstance(op, ON_DEVICE) and bool(arrays_of([op]))


def _wrap(device: list[Operation], function: func.FuncOp, clauses: Clauses) -> None:
    """Wrap `device`, operations of one block, in a data region; what else stands between them is computed before."""
    moved = _gathered(device)
    after = moved[-1].next_op
    point = InsertPoint.before(moved[0])
    entered = [(a, *_enter(a, function, clauses, point)) for a in _arguments(moved, function)]
    report = _report(entered, function, clauses, point)
    for argument, inside, _ in entered:
        _replace_inside(argument, inside, moved)
    for op in moved:
        op.detach()
    data = acc.DataOp(
        region=Region(Block([*moved, *report, acc.TerminatorOp()])),
        data_clause_operands=[inside for _, inside, _ in entered],
    )
    data.location = function.location
    exits = [_exit(argument, inside, clause, clauses) for argument, inside, clause in entered]
    if after is not None:  # a block ends in a terminator
        Rewriter.insert_op([data, *exits], InsertPoint.before(after))


def _report(
    entered: Sequence[tuple[BlockArgument, SSAValue, acc.DataClause]],
    function: func.FuncOp,
    clauses: Clauses,
    point: InsertPoint,
) -> list[Operation]:
    """What checks of computed indices leave at the start of the workspace, back to the host: it reads it."""
    checks = function.attributes.get("anamc.checks")
    found: list[Operation] = []
    for argument, inside, clause in entered:
        if clause != acc.DataClause.ACC_CREATE or not isinstance(checks, ArrayAttr):
            continue
        bounds = clauses.section(REPORT_BYTES * len(checks.data), point)
        device = acc.GetDevicePtrOp(var=inside, bounds=[bounds], data_clause=acc.DataClause.ACC_UPDATE_HOST)
        found += [device, acc.UpdateOp(data_clause_operands=[device.acc_var])]
        found.append(acc.UpdateHostOp(acc_var=device.acc_var, var=argument, bounds=[bounds]))
    return found


def _gathered(device: list[Operation]) -> list[Operation]:
    """`device` and the data clauses of its loops, side by side, with what needs them; the rest moves to the front."""
    own = {v.owner for op in device if isinstance(op, acc.ParallelOp) for v in op.data_clause_operands}
    op: Operation | None = next(op for op in device[0].parent_block().ops if op in own or op in device)  # pyright: ignore[reportOptionalMemberAccess]
    moved: dict[Operation, None] = {}
    while op is not None:
        following = op.next_op
        if op in own or op in device or any(v.owner in moved for v in op.operands):
            moved[op] = None
        else:
            _before(op, next(iter(moved)))
        if op is device[-1]:
            break
        op = following
    return list(moved)


def _before(op: Operation, first: Operation) -> None:
    """Move an operation between two calls in front of the first."""
    if not (isinstance(op, POINTERS) or is_side_effect_free(op)):
        raise PassFailedException(f"{NAME}: cannot place '{op.name}' between the kernels of an entry")
    op.detach()
    Rewriter.insert_op(op, InsertPoint.before(first))


def _arguments(ops: Sequence[Operation], function: func.FuncOp) -> list[BlockArgument]:
    """The array arguments of `function` that `ops` use, directly or through a pointer into one, in order."""
    roots = {root(value) for value in arrays_of(ops)}
    return [a for a in function.body.block.args if isinstance(a.type, MemRefType) and a in roots]


def _enter(
    argument: BlockArgument, function: func.FuncOp, clauses: Clauses, point: InsertPoint
) -> tuple[SSAValue, acc.DataClause]:
    attributes = argument_attributes(function, argument)
    access = text(attributes, "anamc.access")
    if access not in ENTRY_CLAUSES:
        raise PassFailedException(f"{NAME}: argument '{text(attributes, 'anamc.name')}' has no 'anamc.access'")
    kind, clause = ENTRY_CLAUSES[access]
    return clauses.enter(argument, kind, point, clause), clause


def _exit(argument: SSAValue, inside: SSAValue, clause: acc.DataClause, clauses: Clauses) -> Operation:
    """What ends the life of the device copy: with a copy back or without."""
    bounds = [clauses.bounds(argument)]
    if clause in (acc.DataClause.ACC_COPYOUT, acc.DataClause.ACC_COPY):
        return acc.CopyoutOp(acc_var=inside, var=argument, bounds=bounds, data_clause=clause)
    return acc.DeleteOp(acc_var=inside, bounds=bounds, data_clause=clause)
