"""
Checks the derivatives of a program: forward against reverse, and both against differences.

    anamc grad-check net.json                              random arrays and parameters
    anamc grad-check net.json --wrt params --rows 100 --params p.h5 --inputs in.npz
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from anamc.cli.session import OK, Report
from anamc.errors import Error, shown

if TYPE_CHECKING:
    from anamc.cli.gradients import Checked

HELP = "check derivatives: dot test and central differences"
ROWS = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("program", help="a block graph (.json), an index program (.ix) or a module (.mlir)")
    parser.add_argument("--wrt", action="append", metavar="NAME", help="may be repeated (default: all floats used)")
    parser.add_argument("--of", action="append", metavar="NAME", help="may be repeated (default: all float results)")
    parser.add_argument("--function", metavar="NAME", help="default: the loss, else the first")
    parser.add_argument("--params", metavar="FILE.h5", help="parameters (default: drawn by --seed)")
    parser.add_argument("--inputs", metavar="FILE.npz", help="arrays by the names in the graph; the others are drawn")
    parser.add_argument("--rows", type=int, help=f"nodes of drawn arrays (default: {ROWS})")
    parser.add_argument("--edges", type=int, help="edges of drawn arrays (default: three a node)")
    parser.add_argument(
        "--size", action="append", default=[], metavar="NAME=NUMBER", help="of drawn arrays of an index program"
    )
    parser.add_argument("--seed", type=int, default=0, help="of drawn arrays and directions (default: 0)")
    parser.add_argument("--backend", choices=("jit", "interpreter"), default="jit", help="default: jit")


def run(options: argparse.Namespace, report: Report) -> int:
    """Prints a table with a row an argument; status 1 where a check fails."""
    import anamc
    from anamc.cli.commands.run import size
    from anamc.cli.files import read_npz
    from anamc.cli.gradients import DIFFERENCE, DOT, Gradients
    from anamc.cli.inputs import Choice, arrays_for, in_float64
    from anamc.derivatives.names import loss_function
    from anamc.runtime.callable import with_dtype

    sizes = dict(map(size, options.size))
    choice = Choice(ROWS if options.rows is None else options.rows, options.edges, options.seed, sizes)
    program = anamc.load(options.program)
    signature = with_dtype(loss_function(program, options.function), "float64")
    params = anamc.load_params(options.params, program, "float64") if options.params else None
    given = in_float64(read_npz(options.inputs)) if options.inputs else {}
    arrays = arrays_for(program, signature, given, params, choice)
    gradients = Gradients(program, signature, options.wrt, options.of, options.backend)
    found = gradients.check(arrays, options.seed)
    report.data |= {"function": signature.name, "backend": options.backend, "arguments": [f.data for f in found]}
    named = ", ".join(f"{shown(name)} = {arrays[name]}" for name in signature.sizes)
    report.say(f"{shown(signature.name)}: {named or 'no sizes'}, float64, {options.backend}")
    report.table(("argument", "shape", "largest", "dot test", "differences", ""), [row(f) for f in found])
    report.say(f"errors are relative to the sum of absolute terms; allowed: {DOT:g}, {DIFFERENCE:g}")
    return finish(found)


def row(checked: Checked) -> tuple[str, ...]:
    """One line of the table."""
    errors = (f"{checked.dot_error:.1e}", f"{checked.difference_error:.1e}")
    return (shown(checked.name), str(list(checked.shape)), f"{checked.largest:.3g}", *errors, checked.verdict)


def finish(found: list[Checked]) -> int:
    """0 where all is well. Error A1112 where a check failed."""
    wrong = [f for f in found if not f.ok]
    if not wrong:
        return OK
    raise Error(
        "A1112",
        "derivatives disagree: " + ", ".join(f"'{shown(f.name)}' ({f.verdict})" for f in wrong),
        why="the table has how far; where only differences disagree, a kink may lie between the two points",
        help="--seed draws other arrays; a custom gradient may be wrong",
    )
