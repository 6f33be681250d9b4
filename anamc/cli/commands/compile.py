"""
Writes code for other programs: C99 with a header, LLVM IR, object code.

    anamc compile net.json -o out/                         out/src/*.c, out/include/*.h, out/llvm/*.ll
    anamc compile net.json -o out/ --backend c --openmp
    anamc compile net.json -o out/ --emit-object --cpu host
    anamc compile net.json -o out/ --emit-object --target aarch64-unknown-linux-gnu --cpu cortex-a72
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from anamc.cli.session import OK, Report, UsageError, add_without
from anamc.errors import shown

if TYPE_CHECKING:
    from anamc.backends.llvm_ir.machine import Machine
    from anamc.cli.emit import Emitter

HELP = "write C, LLVM IR or object code"
BACKENDS = ("c", "llvm")
NO_MACHINE = "none"
MATH_MODES = ("default", "fast", "precise")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("program", help="a block graph (.json), an index program (.ix) or a module (.mlir)")
    parser.add_argument("-o", "--output", metavar="DIR", help="the folder to write to")
    parser.add_argument(
        "--keep", type=bytes_a_row, metavar="all|auto|none|BYTES",
        help="what kernels keep in memory for later ones, the rest is computed again: the most bytes a row, "
        "or auto: what takes longer to compute",
    )  # fmt: skip
    parser.add_argument(
        "--explain", action="store_true",
        help="show each kernel: rows, operations, bytes, what it keeps, the time to expect; no -o is needed",
    )  # fmt: skip
    add_without(parser)
    parser.add_argument(
        "--machine", metavar="NAME",
        help="whose vectors kernels suit: avx512, avx2, neon, generic, a file *.json, or none: one row at a time "
        "(default: in LLVM IR and objects that of --target, --cpu, --features, where none is named and in C "
        "vectors of any width; for --explain this machine)",
    )  # fmt: skip
    parser.add_argument("--backend", action="append", choices=(*BACKENDS, "all"), help="may be repeated (default: all)")
    parser.add_argument(
        "--dtype", choices=("float32", "float64"), help="default: float32; a module in MLIR keeps its types"
    )
    parser.add_argument("--function", metavar="NAME", help="one function only (default: all)")
    parser.add_argument(
        "--math", choices=MATH_MODES, default="default",
        help="elementary functions: at most 4 units in the last place, 1e-5 in float32, or the C library's",
    )  # fmt: skip
    parser.add_argument(
        "--derivatives", action=argparse.BooleanOptionalAction,
        help="<name>_b and <name>_d of each function (default: where they can be formed)",
    )  # fmt: skip
    parser.add_argument(
        "--openmp",
        action="store_true",
        help="OpenMP directives in the C besides those of OpenACC, and functions by a plan of the mesh",
    )
    parser.add_argument(
        "--blocks", action=argparse.BooleanOptionalAction, default=True,
        help="in C: kernels also in blocks of rows, for processors with vectors, beside the form for GPUs (default)",
    )  # fmt: skip
    parser.add_argument("--emit-object", action="store_true", help="write DIR/obj/*.o too")
    parser.add_argument("--target", metavar="TRIPLE", help="of the LLVM IR and the object (default: this machine's)")
    parser.add_argument("--cpu", help="of the LLVM IR and the object: a name, or 'host' (default: generic)")
    parser.add_argument("--features", help="of the LLVM IR and the object, such as +avx2,+fma")


def bytes_a_row(text: str) -> str | int:
    """`all`, `auto`, `none`, or a number."""
    return int(text) if text.isdecimal() else text


def run(options: argparse.Namespace, report: Report) -> int:
    """Writes all files, or none; explains the kernels."""
    backends = chosen(options)
    if options.explain:
        explain(options, report)
    if options.output is None:
        return OK
    import anamc
    from anamc.cli.emit import Emitter
    from anamc.cli.files import write_folder

    program = anamc.load(options.program).without(*options.without)
    check_machine(options)
    keep = "all" if options.keep is None else options.keep
    choices = (options.function, options.math, options.derivatives, keep)
    machines = (c_machine(options), llvm_machine(options))
    emitter = Emitter(program, options.dtype, *choices, *machines, plans=options.openmp)
    files: dict[str, bytes] = {}
    if "c" in backends:
        files |= {name: text.encode() for name, text in emitter.c_files(options.openmp).items()}
    if "llvm" in backends or options.emit_object:
        files |= llvm_files(emitter, options, "llvm" in backends)
    written = write_folder(options.output, files)
    report.data |= {
        "output": str(Path(options.output)), "files": list(files), "sizes": [len(data) for data in files.values()]
    }  # fmt: skip
    for path, data in zip(written, files.values(), strict=True):
        report.say(f"wrote {shown(path)} ({len(data)} bytes)")
    return OK


def chosen(options: argparse.Namespace) -> tuple[str, ...]:
    """The backends asked for. UsageError for options that do not go together."""
    asked = options.backend or ["all"]
    backends = BACKENDS if "all" in asked else tuple(b for b in BACKENDS if b in asked)
    if options.output is None and not options.explain:
        raise UsageError("-o DIR says where to write; --explain alone needs none")
    if options.explain and options.machine == NO_MACHINE:
        raise UsageError("--explain needs a machine; 'none' is for code that is written")
    if not options.blocks and "c" not in backends:
        raise UsageError("--no-blocks is an option of the C backend")
    if options.openmp and "c" not in backends:
        raise UsageError("--openmp is an option of the C backend")
    machine = options.target or options.cpu or options.features
    if machine and "llvm" not in backends and not options.emit_object:
        raise UsageError("--target, --cpu and --features are options of the LLVM backend and of --emit-object")
    if options.cpu == "host" and options.target:
        raise UsageError("--cpu host is the CPU of this machine, so --target cannot name another")
    return backends


def c_machine(options: argparse.Namespace) -> str:
    """For which vectors the C has a second form."""
    from anamc.runtime.compiler import SCALARS
    from anamc.schedule.machines import LOOPS

    return (options.machine or LOOPS) if options.blocks else SCALARS


def llvm_machine(options: argparse.Namespace) -> str:
    """For which vectors the LLVM IR is: those of the machine that it is for, unless something else is said."""
    from anamc.backends.llvm_ir.machine import vectors_of
    from anamc.schedule.machines import LOOPS

    if options.machine:
        return options.machine
    named = options.target or options.cpu or options.features
    return vectors_of(named_machine(options)) if named else LOOPS


def explain(options: argparse.Namespace, report: Report) -> None:
    """The kernels of the program, and of its derivatives where these are asked for, as the JIT would run them."""
    import anamc
    from anamc.cli.explain import explained, show
    from anamc.derivatives.companions import with_companions
    from anamc.runtime.compiler import KEEP, float_type, machine_name

    program = anamc.load(options.program).without(*options.without)
    function = None if options.function is None else program.function(options.function).name
    dtype = float_type(program, options.dtype)
    if options.derivatives:
        program = with_companions(program, function)
    keep = KEEP if options.keep is None else options.keep
    found = explained(program, dtype, options.machine or machine_name(), keep)
    wanted = [entry for entry in found if function is None or options.derivatives or entry.function == function]
    show(wanted, report)


def check_machine(options: argparse.Namespace) -> None:
    """Errors for machines that nobody knows: said before anything is compiled."""
    from anamc.runtime.compiler import SCALARS
    from anamc.schedule.machine_files import machine_of

    if options.machine and options.machine != SCALARS:
        machine_of(options.machine)
    if options.target or options.cpu or options.features:
        from anamc.backends.llvm_ir.machine import Machine, check, host

        machine = named_machine(options)
        check(Machine(machine.triple or host().triple, machine.cpu or "generic", machine.features))


def named_machine(options: argparse.Namespace) -> Machine:
    """The machine of `--target`, `--cpu` and `--features`, with "" for what nobody names."""
    from anamc.backends.llvm_ir.machine import Machine, host

    machine = host() if options.cpu == "host" else Machine(options.target or "", options.cpu or "")
    return replace(machine, features=options.features or machine.features)


def llvm_files(emitter: Emitter, options: argparse.Namespace, text: bool) -> dict[str, bytes]:
    """LLVM IR and object code; without a machine the text names none, and the object is for any CPU of this kind."""
    from anamc.backends.llvm_ir.object_code import emit_object
    from anamc.backends.llvm_ir.target import llvm_text

    machine = named_machine(options)
    module = emitter.llvm_module(machine.triple, machine.cpu, machine.features)
    files = {f"llvm/{emitter.stem}.ll": llvm_text(module).encode()} if text else {}
    if options.emit_object:
        code = emit_object(module, machine.triple or None, machine.cpu or None, machine.features)
        files[f"obj/{emitter.stem}.o"] = code
    return files
