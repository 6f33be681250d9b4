"""
Draws first values for the parameters of a network and writes them to an HDF5 file.

    anamc init net.json -o params.h5 --kind he --seed 1 --set gain=0.5
"""

from __future__ import annotations

import argparse

from anamc.cli.session import OK, Report, UsageError

HELP = "draw first values of parameters into an HDF5 file"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("program", help="a block graph (.json) or an index program (.ix)")
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="the HDF5 file to write")
    parser.add_argument(
        "--kind", help="of a block graph: glorot (default), he, lecun, normal, uniform, orthogonal or zeros"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the random numbers (default: 0)")
    parser.add_argument("--dtype", choices=("float32", "float64"), default="float32", help="default: float32")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=NUMBER",
        help="an option of the kind, such as gain=0.5, or a size of params, such as n=10",
    )  # fmt: skip


def run(options: argparse.Namespace, report: Report) -> int:
    """Writes the file; its path and the number of parameters are reported."""
    settings = dict(map(setting, options.set))
    import anamc

    program = anamc.load(options.program)
    values = anamc.init_params(program, options.seed, options.kind, options.dtype, **settings)
    anamc.save_params(options.output, program, values)
    named = isinstance(values, dict)
    count = sum(int(v.size) for v in values.values()) if named else int(values.size)
    kind = options.kind or ("uniform" if named else "glorot")
    report.data |= {
        "output": options.output, "count": count, "kind": kind, "seed": options.seed, "dtype": options.dtype
    }  # fmt: skip
    report.say(f"{options.output}: {count} parameters, {kind}, seed {options.seed}, {options.dtype}")
    return OK


def setting(text: str) -> tuple[str, float]:
    """`gain=0.5` or `n=10` as a pair. UsageError where it is none."""
    name, equals, value = text.partition("=")
    try:
        if equals and name.isidentifier():
            return name, int(value) if value.isdecimal() else float(value)
    except ValueError:
        pass
    raise UsageError(f"--set takes NAME=NUMBER, got {text!a}")
