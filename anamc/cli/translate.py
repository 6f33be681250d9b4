"""`anamc-translate`: one format to another, from stdin to stdout where no file is named."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from anamc import __version__
from anamc.cli.session import OK, Report, UsageError, guarded, safe_streams

if TYPE_CHECKING:
    from anamc.program import Program

PROGRAM = "anamc-translate"
IMPORTS = ("json", "ix", "mlir")


def _c(program: Program, dtype: str | None) -> str:
    from io import StringIO

    from xdsl.context import Context

    from anamc.backends.openacc_c import OpenAccCTarget
    from anamc.cli.emit import Emitter

    emitter, output = Emitter(program, dtype), StringIO()
    OpenAccCTarget(emitter.stem).emit(Context(), emitter.c_module(), output)
    return output.getvalue()


def _llvm(program: Program, dtype: str | None) -> str:
    from anamc.backends.llvm_ir.target import llvm_text
    from anamc.cli.emit import Emitter

    return llvm_text(Emitter(program, dtype).llvm_module())


def _json(program: Program, dtype: str | None) -> str:
    from anamc.backends.graph_json import emit_json

    return emit_json(program.ir)


def drawing(program: Program, kind: str) -> str:
    """A picture, `dot` or `svg`: of a block graph, or of functions with nests."""
    from anamc.backends import dot, function_pictures, graph_svg
    from anamc.pipelines import run

    graphs = {"dot": dot.emit_dot, "svg": graph_svg.emit_svg}
    functions = {"dot": function_pictures.emit_dot, "svg": function_pictures.emit_svg}
    emit = (graphs if program.is_graph else functions)[kind]
    return emit(run(program.ir.clone(), ["graph-infer-shapes"]))


def _dot(program: Program, dtype: str | None) -> str:
    return drawing(program, "dot")


def _svg(program: Program, dtype: str | None) -> str:
    return drawing(program, "svg")


def _mlir(program: Program, dtype: str | None) -> str:
    return f"{program}\n"


EMIT: dict[str, tuple[Callable[[Program, str | None], str], str]] = {
    "c": (_c, "C with OpenACC, all files one behind the other"),
    "llvm": (_llvm, "LLVM IR"),
    "json": (_json, "the JSON document of a block graph"),
    "dot": (_dot, "a drawing for Graphviz"),
    "svg": (_svg, "a drawing for browsers"),
    "mlir": (_mlir, "the module as it was read"),
}
"""What can be written, and how."""

ENDINGS = {".c": "c", ".ll": "llvm", ".json": "json", ".dot": "dot", ".svg": "svg", ".mlir": "mlir"}


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(PROGRAM, description=__doc__, allow_abbrev=False)
    top.add_argument("input", nargs="?", default="-", help="FILE.json, FILE.ix or FILE.mlir (default: stdin)")
    top.add_argument("-o", "--output", default="-", metavar="FILE", help="default: stdout")
    formats = top.add_mutually_exclusive_group()
    for name in IMPORTS:
        help = f"read {name}, whatever the ending"
        formats.add_argument(f"--import-{name}", dest="format", action="store_const", const=name, help=help)
    emits = top.add_mutually_exclusive_group()
    for name, (_, help) in EMIT.items():
        emits.add_argument(f"--emit-{name}", dest="emit", action="store_const", const=name, help=f"write {help}")
    top.add_argument("--dtype", choices=("float32", "float64"), help="of C and LLVM IR (default: float32)")
    top.add_argument("--debug", action="store_true", help="show the traceback of an error")
    top.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of `anamc-translate`; the exit status as of `anamc`."""
    safe_streams()
    options = parser().parse_args(arguments)
    return guarded(Report("translate"), lambda: translate(options), program=PROGRAM, debug=options.debug)


def translate(options: argparse.Namespace) -> int:
    """Reads, writes."""
    emit = options.emit or ENDINGS.get(Path(options.output).suffix)
    if emit is None:
        known = ", ".join(f"--emit-{name}" for name in EMIT)
        raise UsageError(f"say what to write: {known}, or an ending that tells")
    text = EMIT[emit][0](_program(options), options.dtype)
    if options.output == "-":
        sys.stdout.write(text)
        return OK
    from anamc.cli.files import write_file

    write_file(options.output, text.encode())
    return OK


def _program(options: argparse.Namespace) -> Program:
    from anamc.cli.files import read_bytes
    from anamc.program import load, parse

    if options.input != "-":
        stem = Path(options.input).stem
        return (
            parse(read_bytes(options.input), options.format, options.input, stem)
            if options.format
            else load(options.input)
        )
    if options.format is None:
        raise UsageError("stdin has no ending: say --import-json, --import-ix or --import-mlir")
    return parse(sys.stdin.buffer.read(), options.format, "<stdin>")


if __name__ == "__main__":
    sys.exit(main())
