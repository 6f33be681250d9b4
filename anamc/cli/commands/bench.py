"""
Measures a call of a function and of its gradient, as the JIT runs them on this machine.

    anamc bench net.json --rows 100000 --threads 2
    anamc bench net.json --rows 100000 --tune --seconds 120     searches schedules, keeps the best for later compiles
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from anamc.cli.session import OK, Report, UsageError, add_without
from anamc.errors import shown

if TYPE_CHECKING:
    from anamc.cli.tuning import Job, Tuned

HELP = "measure a function and its gradient; search schedules"
ROWS = 100_000
SECONDS = 60.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("program", help="a block graph (.json), an index program (.ix) or a module (.mlir)")
    parser.add_argument("--function", metavar="NAME", help="default: the first; its loss for the gradient")
    parser.add_argument("--rows", type=int, help=f"nodes of drawn arrays (default: {ROWS})")
    parser.add_argument("--edges", type=int, help="edges of drawn arrays (default: three a node)")
    parser.add_argument(
        "--size", action="append", default=[], metavar="NAME=NUMBER", help="of drawn arrays of an index program"
    )
    parser.add_argument("--seed", type=int, default=0, help="of drawn arrays (default: 0)")
    parser.add_argument("--threads", type=int, default=1, help="default: 1")
    parser.add_argument("--dtype", choices=("float32", "float64"), help="default: float32; MLIR keeps its types")
    parser.add_argument(
        "--gradient", action=argparse.BooleanOptionalAction, help="measure it too (default: where there is one)"
    )
    add_without(parser)
    parser.add_argument("--tune", action="store_true", help="search schedules of the kernels; keep the best")
    parser.add_argument(
        "--seconds", type=float, help=f"with --tune: for how long, for each function (default: {SECONDS:g})"
    )


def run(options: argparse.Namespace, report: Report) -> int:
    """Prints a row a function, and with `--tune` what was tried and chosen."""
    from anamc.cli.tuning import tune
    from anamc.runtime.callable import check_threads

    if options.seconds is not None and not options.tune:
        raise UsageError("--seconds is an option of --tune")
    if options.seconds is not None and not options.seconds > 0:
        raise UsageError(f"--seconds must be more than 0, got {options.seconds:g}")
    check_threads(options.threads)
    jobs = list(jobs_of(options))
    tuned: dict[str, Tuned] = {}
    if options.tune:
        for job in jobs:
            tuned[job.function] = tune(job, SECONDS if options.seconds is None else options.seconds)
            tell(job.function, tuned[job.function], report)
    rows = [measured(job) for job in jobs]
    report.data |= {"functions": rows, "threads": options.threads}
    report.data["tuned"] = {name: as_json(found) for name, found in tuned.items()}
    table = [
        (shown(str(r["function"])), milliseconds(r["seconds"]), milliseconds(r["expected"]), part(r)) for r in rows
    ]
    title = f"{options.threads} thread{'s' * (options.threads > 1)}"
    report.table(("function", "a call", "expected", "of it"), table, title=title)
    return OK


def jobs_of(options: argparse.Namespace) -> Any:
    """The function, and its gradient."""
    import anamc
    from anamc.cli.commands.run import size
    from anamc.cli.inputs import Choice, arrays_for
    from anamc.cli.tuning import Job
    from anamc.derivatives.names import loss_function
    from anamc.errors import Error
    from anamc.runtime.callable import with_dtype
    from anamc.runtime.compiler import float_type

    program = anamc.load(options.program).without(*options.without)
    rows = ROWS if options.rows is None else options.rows
    choice = Choice(rows, options.edges, options.seed, dict(map(size, options.size)))
    dtype = float_type(program, options.dtype)
    signature = with_dtype(program.function(options.function), dtype)
    arrays = arrays_for(program, signature, {}, None, choice)
    yield Job(program, signature.name, dtype, options.threads, arrays)
    if options.gradient is False:
        return
    try:
        of = loss_function(program, options.function)
        scalar = [len(r.dims) == 0 or r.dims == (1,) for r in of.results] == [True]
        gradient = anamc.value_and_grad(program, function=of.name) if scalar else anamc.vjp(program, function=of.name)
    except Error:
        if options.gradient:
            raise
        return
    wanted = with_dtype(gradient.function(), dtype)
    given = {a.name: arrays[a.name] for a in wanted.arguments if a.used and a.name in arrays}
    yield Job(gradient, wanted.name, dtype, options.threads, arrays_for(gradient, wanted, given, None, choice))


def measured(job: Job) -> dict[str, Any]:
    """The least time of a call, and the time that the machine would need at its best."""
    import anamc
    from anamc.cli.explain import explained
    from anamc.cli.tuning import compared
    from anamc.runtime.compiler import KEEP, machine_name

    call = anamc.jit(job.program, job.function, job.dtype, job.threads).bind(**job.arrays)
    seconds = min(compared(call, call))
    lines = [e for e in explained(job.program, job.dtype, machine_name(), KEEP) if e.function == job.function]
    sizes = [int(e.rows) if e.rows.isdecimal() else job.arrays.get(e.rows) for e in lines]
    known = [e.nanoseconds * size for e, size in zip(lines, sizes, strict=True) if isinstance(size, int)]
    expected = sum(known) * 1e-9 / job.threads if len(known) == len(lines) else None
    return {"function": job.function, "seconds": seconds, "expected": expected}


def milliseconds(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds * 1e3:.4g} ms"


def part(row: dict[str, Any]) -> str:
    return "-" if not row["expected"] else f"{100 * row['expected'] / row['seconds']:.0f} %"


def tell(function: str, found: Tuned, report: Report) -> None:
    """What was tried, what was chosen, and the gain."""
    report.say(f"{shown(function)}: each schedule that was tried, the time of a call, and over that of the best before")
    for t in found.tried:
        ratio = f"{t.seconds / t.best:.2f}{' taken' if t.won else ''}"
        report.say(f"  kernel {t.kernel}: {t.schedule:<78} {milliseconds(t.seconds):>10} {ratio}")
    for k, text in enumerate(found.schedules):
        if text:
            report.say(f"  kernel {k}: {text}")
    if not any(found.schedules):
        report.say("  no schedule is better than those of the cost model")
    else:
        report.say(f"  {found.gain:.2f} times as fast")
    if not found.complete:
        report.say("  the time was over before all were tried: --seconds gives more")
    if not found.kept:
        report.say("  nothing could be kept: the cache cannot be written")


def as_json(found: Tuned) -> dict[str, Any]:
    """The fields of a search for `--json`."""
    tried = [{"kernel": t.kernel, "schedule": t.schedule, "seconds": t.seconds, "best": t.best} for t in found.tried]
    return {
        "schedules": found.schedules, "gain": found.gain, "complete": found.complete, "kept": found.kept, "tried": tried
    }  # fmt: skip
