"""
Draws a block graph: blocks, links with rows and widths, results; or an index program: its kernels with their loops.

    anamc view net.json -o net.svg      a picture that any browser shows
    anamc view net.json -o net.dot      the same for Graphviz
"""

from __future__ import annotations

import argparse
from pathlib import Path

from anamc.cli.session import OK, Report, UsageError

HELP = "draw a block graph or an index program as SVG or DOT"
ENDINGS = (".svg", ".dot")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("program", help="a block graph (.json, or .mlir at the graph level) or an index program (.ix)")
    parser.add_argument("-o", "--output", metavar="FILE", help="FILE.svg or FILE.dot (default: SVG to stdout)")


def run(options: argparse.Namespace, report: Report) -> int:
    """Writes the picture."""
    ending = Path(options.output).suffix if options.output else ".svg"
    if ending not in ENDINGS:
        raise UsageError(f"pictures end in .svg or .dot, got {options.output!a}")
    if options.output is None and report.json:
        raise UsageError("--json needs -o FILE, for the picture would go to stdout too")
    import anamc
    from anamc.cli.files import write_file
    from anamc.cli.translate import drawing

    text = drawing(anamc.load(options.program), ending[1:])
    if options.output is None:
        print(text, end="")
        return OK
    write_file(options.output, text.encode())
    report.data |= {"output": options.output, "format": ending[1:]}
    report.say(f"wrote {options.output}")
    return OK
