"""
Runs C that was compiled with sanitizers: `python -m support.sanitized LIBRARY SYMBOL PROGRAM SEED ...`.

The process is started with the address sanitizer in front; a wrong access ends it.
"""

from __future__ import annotations

import sys

import anamc
from anamc.runtime.system_compiler import load_entry
from support.computed_programs import random_arrays, random_program


def main(library: str, symbol: str, number: str, *seeds: str) -> int:
    """Prints, for each seed of arrays, the code of the error, or `fine`."""
    program = anamc.parse(random_program(int(number)).text, format="ix", name="program")
    function = load_entry(library, program.function(), "float64", symbol=symbol)
    for seed in seeds:
        try:
            function(**random_arrays(int(seed)))
            print("fine", flush=True)
        except anamc.CallError as error:
            print(error.code, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
