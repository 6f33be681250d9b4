"""
Compiles and runs a program, and compares what every backend gives with the NumPy interpreter.

    anamc run                                              an embedded example: a fit to 2x - x^3
    anamc run net.json --rows 1000 --edges 3000            random arrays
    anamc run net.json --params p.h5 --inputs in.npz --output out.npz
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from anamc.cli.session import OK, Report, UsageError, add_without
from anamc.errors import shown

if TYPE_CHECKING:
    from anamc.cli.measure import Job, Measured

HELP = "compile and run a program; without arguments an example"
BACKENDS = ("interpreter", "jit", "c")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "program",
        nargs="?",
        help="a block graph (.json), an index program (.ix) or a module (.mlir); default: the example",
    )
    parser.add_argument("--params", metavar="FILE.h5", help="parameters (default: drawn by --seed)")
    parser.add_argument("--inputs", metavar="FILE.npz", help="arrays by the names in the graph; the others are drawn")
    parser.add_argument("--output", metavar="FILE.npz", help="write the results")
    parser.add_argument("--rows", type=int, help="nodes of drawn arrays (default: 1000)")
    parser.add_argument("--edges", type=int, help="edges of drawn arrays (default: three a node)")
    parser.add_argument(
        "--size", action="append", default=[], metavar="NAME=NUMBER", help="of drawn arrays of an index program"
    )
    parser.add_argument("--seed", type=int, default=0, help="of drawn arrays (default: 0)")
    parser.add_argument("--function", metavar="NAME", help="default: the first")
    parser.add_argument("--dtype", choices=("float32", "float64"), help="default: float32; MLIR keeps its types")
    parser.add_argument(
        "--backend", choices=(*BACKENDS, "all"), default="all", help="default: all, C where there is a compiler"
    )
    add_without(parser)
    parser.add_argument("--plot", metavar="FILE.png", help="of the example: where the picture goes")


def run(options: argparse.Namespace, report: Report) -> int:
    """Prints levels, times, errors; of the example a plot too."""
    return _example(options, report) if options.program is None else _program(options, report)


def _example(options: argparse.Namespace, report: Report) -> int:
    for name in ("params", "inputs", "rows", "edges", "size", "function", "without"):
        if getattr(options, name) not in (None, []):
            raise UsageError(f"--{name} needs a program")
    from anamc.cli.demo import ROWS, Demo

    demo = Demo(options.dtype or "float32")
    report.say(f"f(x) = 2x - x^3 on [-2, 2], a network 1-10-20-10-1 at {ROWS} rows, {demo.dtype}")
    runs = _run(demo.job, options, report)
    demo.check(runs)
    y = runs[-1].results["xout3"]
    report.data["fit_error"] = demo.fit_error(y)
    report.say(f"largest distance of the network from f: {demo.fit_error(y):.1e}\n")
    demo.show(y, options.plot, report)
    return OK


def _program(options: argparse.Namespace, report: Report) -> int:
    if options.plot is not None:
        raise UsageError("--plot belongs to the example, which runs without a program")
    import anamc
    from anamc.cli.files import read_npz
    from anamc.cli.inputs import Choice, arrays_for
    from anamc.cli.measure import Job
    from anamc.runtime.callable import with_dtype
    from anamc.runtime.compiler import float_type

    choice = Choice(options.rows, options.edges, options.seed, dict(map(size, options.size)))
    program = anamc.load(options.program).without(*options.without)
    dtype = float_type(program, options.dtype)
    signature = with_dtype(program.function(options.function), dtype)
    params = anamc.load_params(options.params, program, dtype) if options.params else None
    given = read_npz(options.inputs) if options.inputs else {}
    arrays = arrays_for(program, signature, given, params, choice)
    sizes = ", ".join(f"{shown(name)} = {arrays[name]}" for name in signature.sizes)
    report.say(f"{shown(signature.name)}: {sizes or 'no sizes'}, {dtype}")
    _run(Job(program, signature.name, dtype, arrays), options, report)
    return OK


def size(text: str) -> tuple[str, int]:
    """`n=10` as a pair. UsageError where it is none."""
    name, _, value = text.partition("=")
    if not name.isidentifier() or not value.isdecimal():
        raise UsageError(f"--size takes NAME=NUMBER, got {text!a}")
    return name, int(value)


def _run(job: Job, options: argparse.Namespace, report: Report) -> list[Measured]:
    from anamc.cli.files import npz_bytes, write_file
    from anamc.cli.measure import measured

    wanted = BACKENDS if options.backend == "all" else (options.backend,)
    runs, missing = measured(job, wanted, optional=options.backend == "all")
    _levels(job, report)
    _runs(job, runs, report)
    if missing:
        report.say(f"C is left out: {missing}")
    report.data |= {"function": job.function, "dtype": job.dtype, "without_c": missing}
    if options.output is not None:
        write_file(options.output, npz_bytes(runs[-1].results))
        report.data["output"] = options.output
        report.say(f"wrote {shown(options.output)}, results of {runs[-1].backend}")
    return runs


def _levels(job: Job, report: Report) -> None:
    from anamc.cli.levels import levels

    found = levels(job.program, job.function, job.dtype)
    report.data["levels"] = [{"name": f.name, "operations": f.operations, "seconds": f.seconds} for f in found]
    rows = [(f.name, str(f.operations), f"{1e3 * f.seconds:.1f}" if k else "") for k, f in enumerate(found)]
    report.table(("level", "operations", "ms"), rows)


def _runs(job: Job, runs: list[Measured], report: Report) -> None:
    from anamc.cli.measure import distance

    reference = next((r for r in runs if r.backend == "interpreter"), None)
    found = [
        {
            "backend": r.backend,
            "compile_seconds": r.compile_seconds,
            "run_seconds": r.run_seconds,
            "error": None if reference is None or r is reference else distance(r.results, reference.results),
        }
        for r in runs
    ]
    report.data["runs"] = found
    report.table(("backend", "compile", "run", "largest error"), [_row(f) for f in found])


def _row(run: dict[str, float | str | None]) -> tuple[str, ...]:
    seconds = [run["compile_seconds"], run["run_seconds"]]
    error = run["error"]
    return (str(run["backend"]), *map(_time, seconds), f"{error:.1e}" if isinstance(error, float) else "")


def _time(seconds: float | str | None) -> str:
    if not isinstance(seconds, float):
        return ""
    for unit, factor in (("s", 1.0), ("ms", 1e3), ("µs", 1e6)):
        if seconds * factor >= 1.0 or unit == "µs":
            return f"{seconds * factor:.3g} {unit}"
    return ""
