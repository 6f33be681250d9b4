"""`anamc-opt`: mlir-opt habits over every dialect, pass, target and frontend of anamc and xDSL."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import IO

from xdsl.dialects.builtin import ModuleOp
from xdsl.utils.exceptions import ArgSpecParseError, DiagnosticException, ParseError
from xdsl.xdsl_opt_main import xDSLOptMain

from anamc.errors import Error, FrontendError, shown
from anamc.frontends import FRONTENDS
from anamc.frontends.mlir_text import PlacedParser, restore_text
from anamc.pipelines import PIPELINES, remaining
from anamc.universe import UNIVERSE


class AnamcOptMain(xDSLOptMain):
    """xdsl-opt with the table of anamc registered, whether or not the package is installed."""

    def register_all_dialects(self) -> None:
        super().register_all_dialects()
        for name, factory in UNIVERSE.all_dialects.items():
            if name not in self.ctx.registered_dialect_names:
                self.ctx.register_dialect(name, factory)

    def register_all_passes(self) -> None:
        super().register_all_passes()
        for name, factory in UNIVERSE.all_passes.items():
            self.available_passes.setdefault(name, factory)

    def register_all_targets(self) -> None:
        super().register_all_targets()
        for name, factory in UNIVERSE.all_targets.items():
            self.available_targets.setdefault(name, factory)

    def register_all_frontends(self) -> None:
        super().register_all_frontends()

        def parse_mlir(stream: IO[bytes]) -> ModuleOp:
            parser = PlacedParser(self.ctx, stream.read().decode(), self.get_input_name())
            module = parser.parse_module(not self.args.no_implicit_module)
            restore_text(module)
            return module

        self.available_frontends["mlir"] = parse_mlir
        for ending, parse in FRONTENDS.items():
            self.available_frontends[ending] = self._frontend(parse)

    def register_all_arguments(self, arg_parser: argparse.ArgumentParser) -> None:
        super().register_all_arguments(arg_parser)
        names = ", ".join(PIPELINES)
        arg_parser.add_argument(
            "--pipeline", choices=list(PIPELINES), metavar="NAME", help=f"a named pipeline in front of -p: {names}"
        )
        arg_parser.add_argument(
            "--without",
            action="append",
            default=[],
            metavar="PASS",
            help="a pass to leave out of --pipeline; repeatable",
        )
        arg_parser.add_argument("--pass-pipeline", dest="passes", help="the same as -p, as mlir-opt calls it")

    def setup_pipeline(self) -> None:
        if self.args.pipeline is not None or self.args.without:
            named = ",".join(without(self.args.pipeline, self.args.without))
            self.args.passes = ",".join(p for p in (named, self.args.passes) if p)
        try:
            super().setup_pipeline()
        except (ValueError, ParseError, ArgSpecParseError) as error:  # xDSL's way to refuse names and options of passes
            raise Error(
                "A0809", "the passes cannot be run", why=str(error), help="anamc-opt --help lists them"
            ) from None

    def prepare_input(self) -> tuple[list[tuple[IO[bytes], int]], str]:
        try:
            return super().prepare_input()
        except ValueError:  # xDSL's way to refuse an ending
            known = ", ".join(f".{name}" for name in self.available_frontends)
            raise FrontendError(
                "A0124",
                f"unknown format of '{shown(self.get_input_name())}'",
                help=f"the formats are {known}; -f names one",
            ) from None

    def _frontend(self, parse: Callable[[bytes, str, str], ModuleOp]) -> Callable[[IO[bytes]], ModuleOp]:
        def read(stream: IO[bytes]) -> ModuleOp:
            # The arguments are not parsed yet when frontends are registered.
            name = self.get_input_name()
            stem = PurePath(name).stem if self.args.input_file else "program"
            return parse(stream.read(), name, stem)

        return read


def without(pipeline: str | None, left_out: Sequence[str]) -> tuple[str, ...]:
    """The passes of a pipeline but some; error A0816 for one that it does not have."""
    order = PIPELINES[pipeline] if pipeline is not None else ()
    known = [name.partition("{")[0] for name in order]
    if unknown := [name for name in left_out if name not in known]:
        where = f"--pipeline {pipeline} has no such pass" if pipeline else "there is no --pipeline to leave it out of"
        help = f"its passes are {', '.join(known)}" if known else "--pipeline NAME, or write the passes by -p"
        raise Error("A0816", f"'{shown(unknown[0])}' cannot be left out", why=where, help=help)
    return remaining(order, left_out)


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point of `anamc-opt`; user errors are printed without a traceback, exit 1."""
    try:
        AnamcOptMain("anamc modular optimizer driver", arguments).run()
    except (Error, DiagnosticException, ParseError, OSError) as error:
        print(error, file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
