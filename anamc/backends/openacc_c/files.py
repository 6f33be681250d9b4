"""The files of a module: header, kernels, plain functions."""

from __future__ import annotations

from xdsl.dialects import func
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Attribute
from xdsl.utils.exceptions import DiagnosticException

from anamc.backends.openacc_c import pragmas
from anamc.backends.openacc_c.c_types import INDEX
from anamc.backends.openacc_c.header import header
from anamc.backends.openacc_c.helpers import ORDER, helper_name, helper_text
from anamc.backends.openacc_c.interface import Function, Interface, Kind
from anamc.backends.openacc_c.layout import NOTICE
from anamc.backends.openacc_c.plain import plain_file
from anamc.backends.openacc_c.printer import FunctionPrinter

INDEX_TYPE = f"""\
/* Type of row numbers and subscripts: -DANAMC_INDEX=int32_t where arrays are short. */
#ifndef ANAMC_INDEX
#define ANAMC_INDEX ptrdiff_t
#endif
typedef ANAMC_INDEX {INDEX};
"""


INCLUDES = "#include <math.h>\n#include <stdbool.h>\n#include <stddef.h>\n"


def emit_c(module: ModuleOp, stem: str) -> dict[str, str]:
    """
    The C files of a flat module: relative path to text, the same bytes each time.

    ``include/<stem>.h``, ``src/<stem>_kernels.c``, and, where there is an entry, ``src/<stem>.c`` with
    the plain functions. Raises DiagnosticException for an operation that has no C.
    """
    interface = Interface(module, stem)
    files = {
        f"include/{interface.stem}.h": header(interface),
        f"src/{interface.stem}_kernels.c": kernels(interface),
    }
    if interface.of(Kind.ENTRY):
        files[f"src/{interface.stem}.c"] = plain_file(interface)
    return files


def entry_symbols(module: ModuleOp, stem: str) -> dict[str, str]:
    """The C name of each entry's plain function, by the user's name; ``_eval`` and ``_workspace_size`` go behind it."""
    entries = Interface(module, stem).of(Kind.ENTRY)
    return {f.op.attributes["anamc.entry"].data: f.base for f in entries}  # pyright: ignore[reportAttributeAccessIssue]


def kernels(interface: Interface) -> str:
    """The text of ``src/<stem>_kernels.c``."""
    helpers: set[tuple[str, Attribute]] = set()
    symbols = {name: f.symbol for name, f in interface.functions.items()}
    printed = [FunctionPrinter(f, symbols, helpers).print_function() for f in _ordered(interface)]
    macros = pragmas.DEFINITIONS + (pragmas.OMP_DEFINITIONS if any("ANAMC_OMP(" in text for text in printed) else "")
    parts = [
        NOTICE,
        f'#include "{interface.stem}.h"\n',
        INCLUDES,
        macros,
        INDEX_TYPE,
        *_helper_texts(helpers),
        *printed,
        _version(interface.stem),
    ]
    return "\n".join(parts)


def _helper_texts(used: set[tuple[str, Attribute]]) -> list[str]:
    order = list(ORDER)
    return [helper_text(*h) for h in sorted(used, key=lambda h: (order.index(h[0]), helper_name(*h)))]


def _version(stem: str) -> str:
    return f"int {stem}_abi_version(void)\n{{\n  return {stem.upper()}_ABI_VERSION;\n}}\n"


def _ordered(interface: Interface) -> list[Function]:
    """Functions to print: callees before callers, private ones only if they are called."""
    order: dict[str, Function] = {}
    open_: set[str] = set()

    def visit(name: str) -> None:
        if name in order:
            return
        if name in open_:
            raise DiagnosticException(f"openacc-c: '@{name}' calls itself")
        function = interface.functions.get(name)
        if function is None or function.op.is_declaration:
            raise DiagnosticException(f"openacc-c: '@{name}' is not a function of the module")
        open_.add(name)
        for op in function.op.walk():
            if isinstance(op, func.CallOp):
                visit(op.callee.root_reference.data)
        order[name] = function

    for kind in (Kind.WORKSPACE, Kind.ENTRY, Kind.PUBLIC):
        for function in interface.of(kind):
            visit(function.op.sym_name.data)
    return list(order.values())
