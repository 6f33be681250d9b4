"""
From a Program to something that runs: `jit`.

A warm start only loads: dialects and passes are imported when something is compiled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from xdsl.dialects.builtin import ModuleOp, StringAttr

from anamc.backends.llvm_ir.machine import host, vectors_of
from anamc.dialects.orders import NUMBERS, ORDER, Layout, numbers_of, order_of
from anamc.dialects.plans import PLAN, PlanSource
from anamc.errors import CallError, Place, ScheduleError, shown
from anamc.pipelines import FLOAT_TYPES, MATH_MODES, STAGES, remaining, run
from anamc.program import Array, ComputedCheck, IndexCheck, Program, Signature
from anamc.runtime.cache import Entry, ObjectCache, cache_key
from anamc.runtime.callable import Function, check_threads, with_dtype
from anamc.runtime.jit import compile_object, load, machine_key
from anamc.runtime.schedules import remembered, schedules_key

FROM_TENSORS = (*STAGES["kernels"], *STAGES["loops"], *STAGES["flat"])
"""Passes from tensors to what every backend reads."""
IN_BLOCKS = (*STAGES["kernels"], *STAGES["blocks"], *STAGES["flat"])
"""The same for emitted C: kernels in two forms, one row a thread and blocks of rows."""
WITH_PLANS = (*STAGES["kernels"], *STAGES["planned"], *STAGES["flat"])
"""The same, where functions whose rows meet have a form with plans beside them."""
PLANNED = (*STAGES["kernels"], "plan-edges", "reorder-rows", *STAGES["loops"], *STAGES["flat"])
"""The same for the JIT: rows that meet through index tables run by plans."""
ON_VECTORS = (*STAGES["kernels"], *STAGES["vectors"], *STAGES["flat"])
"""The same, with the rows of kernels in the lanes of vectors."""
WITHOUT_PLANS = tuple(name for name in ON_VECTORS if name not in ("plan-edges", "reorder-rows"))
"""The same for code whose callers have no plans: rows that meet run in order."""

SCALARS = "none"
"""No machine with vectors."""
KEEP = "auto"
"""What kernels keep for later ones where nobody says."""
SCHEDULED = ON_VECTORS[: ON_VECTORS.index("schedule-kernels") + 1]
"""Up to where the kernels have schedules."""
PARTIALS = 64
"""The most partial sums of a sum over rows: gradients of weights take so many times their memory for any rows."""
MAX_OPS = 1024
"""Kernels on vectors keep their rows in the cache, so that they may be much longer than loops for people to read."""


def jit(
    program: Program,
    function: str | None = None,
    dtype: str | None = None,
    threads: int = 1,
    vectors: bool = True,
    math: str = "default",
    keep: str | int = KEEP,
) -> Function:
    """
    Compiles a function of a program for this machine.

    `function`: default the first. `dtype`: "float32" or "float64"; default "float32", but a program
    written by hand in MLIR keeps its types. `vectors`: run kernels on vectors of rows where they have
    such a form; False for one row at a time. `math`: "default", where elementary functions are at most
    4 units in the last place off; "fast", where 1e-5 is enough in float32; "precise", the C library's.
    `keep`: the most bytes a row that kernels keep in memory for later ones, as the backward sweep does
    of the forward one; above, rows are computed again. "all" keeps whatever is read later, "none" what must be,
    "auto" what takes much longer to compute again than to fetch.
    The machine code is cached on disk (`$ANAMC_CACHE_DIR`, else `~/.cache/anamc`). Raises CallError
    for a function, dtype, number of threads, `vectors` or `math` that there is not, ScheduleError for a `keep` that
    cannot be met.
    """
    threads = check_threads(threads)
    check_vectors(vectors)
    check_math(math)
    check_keep(keep)
    dtype = float_type(program, dtype)
    disk = ObjectCache()
    tuned = remembered(disk, schedules_key(program, function or "", dtype, keep)) if vectors else ()
    return compiled(program, function, dtype, threads, vectors, math, keep, tuned, disk)


def compiled(
    program: Program,
    function: str | None,
    dtype: str,
    threads: int,
    vectors: bool,
    math: str,
    keep: str | int,
    schedules: tuple[str, ...],
    disk: ObjectCache,
) -> Function:
    """The same with schedules of kernels that are known."""
    choices = (function or "", dtype, str(vectors), str(threads), math, str(keep), str(program.left_out), *schedules)
    key = cache_key("jit with orders", str(program.ir), *choices, *machine_key())
    entry = disk.load(key)
    if entry is None:
        signature = with_dtype(program.function(function), dtype)
        machine = machine_name() if vectors else SCALARS
        flat = flat_module(program, signature.name, dtype, machine, keep=keep, schedules=schedules)
        plans = [asdict(source) for source in plan_sources(flat)]
        called = {"signature": asdict(signature), "plans": plans, "layout": asdict(layout_of(flat))}
        made = compile_object(flat, threads=threads, math=math, last=True)
        entry = Entry(made.code, made.meta | called)
        disk.store(key, entry)
    plans = tuple(map(PlanSource.of_record, entry.meta["plans"]))  # pyright: ignore
    layout = Layout.of_record(entry.meta["layout"])  # pyright: ignore
    located = partial(program.function, function)
    signature = signature_of(entry.meta["signature"])
    return Function(signature, load(entry), dtype, plans=plans, layout=layout, threads=threads, located=located)


def check_vectors(vectors: object) -> None:
    """CallError for anything but True and False: `vectors="no"` would turn them on."""
    if not isinstance(vectors, bool):
        raise CallError("A0527", f"vectors must be True or False, got {shown(repr(vectors))}")


def check_math(math: str) -> None:
    """CallError for a mode that there is not."""
    if math not in MATH_MODES:
        raise CallError("A0526", f"math must be one of {', '.join(map(repr, MATH_MODES))}, got '{shown(math)}'")


def check_keep(keep: object) -> None:
    """ScheduleError for a bound that is neither a word nor a whole number; the pass reads words and numbers."""
    if isinstance(keep, bool) or not isinstance(keep, str | int):
        raise ScheduleError("A0813", f"'keep' must be 'auto', 'all', 'none' or bytes a row, got {shown(repr(keep))}")


def float_type(program: Program, dtype: str | None) -> str:
    """The float type to compile for; CallError for an unknown one."""
    if dtype is None and program.is_generated:
        return "float32"
    if dtype is None:
        found = {a.dtype for s in program.functions.values() for a in (*s.arguments, *s.results)} & FLOAT_TYPES.keys()
        return found.pop() if len(found) == 1 else "float32"
    if dtype not in FLOAT_TYPES:
        raise CallError("A0521", f"dtype must be 'float32' or 'float64', got '{shown(dtype)}'")
    return dtype


def machine_name() -> str:
    """The name that `schedule-kernels` has for this machine."""
    return vectors_of(host())


def flat_module(
    program: Program,
    function: str | None,
    dtype: str,
    machine: str | None = None,
    lanes: str = "auto",
    keep: str | int = "all",
    blocks: str = "",
    schedules: tuple[str, ...] = (),
    order: Sequence[str] = (),
    plans: bool = False,
) -> ModuleOp:
    """
    The module that backends read: one function, or all of them where `function` is None.

    `machine`: for which kernels are put on vectors, "none" for scalars; both take plans of rows that
    meet (`plan_sources`). None for what every backend reads, without plans. `lanes`: what `schedule-kernels`
    puts in them. `keep`: what kernels keep for later ones, as of `jit`. `blocks`: where there is no machine,
    that for which each kernel has a second form in blocks of rows, as C prints them. `schedules` of kernels
    on vectors, as of `schedule-kernels`. `order`: passes instead of all of `ON_VECTORS`. `plans`: with
    `blocks`, functions whose rows meet have a form with plans beside them.
    """
    from xdsl.dialects import func

    module = program.tensors.clone()
    if function is not None:
        for op in list(module.ops):
            if isinstance(op, func.FuncOp) and op.sym_name.data in program.functions and op.sym_name.data != function:
                op.detach()
                op.erase()
    check_plans(module)
    options: dict[str, dict[str, tuple[str | int | bool, ...]]] = {"stash-or-recompute": {"keep": (keep,)}}
    if machine is None:
        options["block-kernels"] = {"machine": (blocks,)}
        order = (WITH_PLANS if plans else IN_BLOCKS) if blocks else FROM_TENSORS
        return run(module, remaining(order, program.left_out), dtype=dtype, options=options)
    if machine == SCALARS:
        return run(module, remaining(PLANNED, program.left_out), dtype=dtype, options=options)
    options["split-reductions"] = {"most": (PARTIALS,)}
    options["schedule-kernels"] = {"machine": (machine,), "lanes": (lanes,), "schedules": schedules}
    options["fuse-kernels"] = {"max_ops": (MAX_OPS,)}
    # Only the JIT reads this, and LLVM verifies the text: a second, for a large gradient.
    order = remaining(order or ON_VECTORS, program.left_out)
    return run(module, order, dtype=dtype, options=options, verify=False)


def check_plans(module: ModuleOp) -> None:
    """ScheduleError A0817 for a kernel with a plan of the caller: nothing could tell whether it fits the tables."""
    from anamc.dialects import kernel

    for op in module.walk():
        if isinstance(op, kernel.RowsOp) and op.plan is not None:
            raise ScheduleError(
                "A0817",
                "a kernel goes by a plan of the caller",
                place=Place.of(op.location),
                why="a plan that was made for other tables would reach outside of the arrays",
                help="leave 'plan(...)' out: plans are made of the tables of each call",
            )


def plan_sources(flat: ModuleOp) -> list[PlanSource]:
    """What the plans of the entry of a flat module are made of, in the order of its arguments."""
    from xdsl.dialects import func

    entries = [op for op in flat.ops if isinstance(op, func.FuncOp) and "anamc.entry" in op.attributes]
    found = [PlanSource.of(a.data.get(PLAN)) for entry in entries for a in entry.arg_attrs or ()]
    return [source for source in found if source is not None]


def layout_of(flat: ModuleOp) -> Layout:
    """Which rows of the arrays of the entry may come in another order."""
    from xdsl.dialects import func

    entries = [op for op in flat.ops if isinstance(op, func.FuncOp) and "anamc.entry" in op.attributes]
    marks = [a.data for entry in entries for a in entry.arg_attrs or ()]
    named = [(name.data, m) for m in marks if isinstance(name := m.get("anamc.name"), StringAttr)]
    arrays = {name: order for name, m in named if (order := order_of(m.get(ORDER))) is not None}
    numbers = {name: columns for name, m in named if (columns := numbers_of(m.get(NUMBERS))) is not None}
    return Layout(arrays, numbers)


def signature_of(data: Any) -> Signature:
    """A signature from its JSON form in the cache."""
    arrays = {
        kind: tuple(
            Array(a["name"], a["dtype"], tuple(a["dims"]), a["used"], a["init"] and tuple(a["init"]), a["is_cache"])
            for a in data[kind]
        )
        for kind in ("arguments", "results")
    }
    checks = tuple(map(IndexCheck.of, data["checks"]))
    requires = tuple((condition, reason) for condition, reason in data["requires"])
    computed = tuple(map(ComputedCheck.of, data["computed"]))
    sizes = tuple(data["sizes"])
    return Signature(data["name"], sizes, arrays["arguments"], arrays["results"], checks, requires, computed)
