"""`anamc`: the driver for people."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from anamc import __version__
from anamc.cli.session import Report, guarded, safe_streams

COMMANDS = ("run", "compile", "grad-check", "init", "view", "bench", "doctor")
"""Modules of `anamc.cli.commands` (`a-b` is a_b.py), in the order of the help."""

EPILOG = "exit status: 0 well, 1 an error that the message says how to mend, 2 wrong usage, 3 an error of anamc"


def parser() -> argparse.ArgumentParser:
    """The command line of `anamc`: one subparser a command."""
    top = argparse.ArgumentParser(
        "anamc", description="Turns block graphs into kernels.", epilog=EPILOG, allow_abbrev=False
    )
    top.add_argument("--version", action="version", version=f"anamc {__version__}")
    top.add_argument("--debug", action="store_true", help="show the traceback of an error")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in COMMANDS:
        command: Any = import_module(f"anamc.cli.commands.{name.replace('-', '_')}")
        added = commands.add_parser(
            name, help=command.HELP, description=command.__doc__, epilog=EPILOG, allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )  # fmt: skip
        command.add_arguments(added)
        added.add_argument("--json", action="store_true", help="write one JSON object to stdout instead of text")
        added.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help="show tracebacks")
        added.set_defaults(run=command.run)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of `anamc`; the exit status (argparse itself exits with 2, and 0 for `--help`)."""
    safe_streams()
    options = parser().parse_args(arguments)
    report = Report(options.command, options.json)
    return guarded(
        report, lambda: options.run(options, report), program=f"anamc {options.command}", debug=options.debug
    )


if __name__ == "__main__":
    sys.exit(main())
