"""The files of a module: header, kernels, plain functions."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from xdsl.dialects import func
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Attribute
from xdsl.utils.exceptions import DiagnosticException

from anamc.backends.openacc_c import pragmas
from anamc.backends.openacc_c.c_types import INDEX
from anamc.backends.openacc_c.header import header
from anamc.backends.openacc_c.helpers import ORDER, helper_name, helper_text
from anamc.backends.openacc_c.interface import Function, Interface, Kind, kind_of
from anamc.backends.openacc_c.layout import NOTICE
from anamc.backends.openacc_c.plain import plain_file
from anamc.backends.openacc_c.plan_groups import groups_of
from anamc.backends.openacc_c.plans import plan_texts, planned_symbol
from anamc.backends.openacc_c.printer import FunctionPrinter
from anamc.dialects.forms import HOST_ONLY
from anamc.dialects.plan_layout import PlanLayout

INDEX_TYPE = f"""\
/* Type of row numbers and subscripts: -DANAMC_INDEX=int32_t where arrays are short. */
#ifndef ANAMC_INDEX
#define ANAMC_INDEX ptrdiff_t
#endif
typedef ANAMC_INDEX {INDEX};
"""


DEVICE, HOST = "#ifdef _OPENACC", "#ifndef _OPENACC"
"""Who sees each form of a kernel."""

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


def plans_of_entries(module: ModuleOp, stem: str) -> dict[str, tuple[str, str, PlanLayout]]:
    """By the names of entries that take a plan: the C function, what the names of its makers begin with, its layout."""
    groups = groups_of(Interface(module, stem))
    return {kind_of(f.op)[1]: (planned_symbol(f), g.base, g.layout) for g in groups for f in g.functions}


def kernels(interface: Interface) -> str:
    """The text of ``src/<stem>_kernels.c``."""
    printer = KernelsPrinter(interface)
    printed = [printer.text(f) for f in _ordered(interface)]
    plans = plan_texts(interface)
    parts = [
        NOTICE,
        f'#include "{interface.stem}.h"\n',
        INCLUDES,
        pragmas.macros([*printed, *plans]),
        INDEX_TYPE,
        *printer.helper_texts(),
        *printed,
        *plans,
        _version(interface.stem),
    ]
    return "\n".join(parts)


@dataclass
class KernelsPrinter:
    """
    Prints functions, those with two forms in both: `#ifdef _OPENACC` one row a thread, else the form for processors.

    `helpers`: those that each form calls; "" stands for functions of one form.
    """

    interface: Interface
    helpers: dict[str, set[tuple[str, Attribute]]] = field(
        default_factory=lambda: {form: set[tuple[str, Attribute]]() for form in ("", DEVICE, HOST)}
    )

    def text(self, function: Function) -> str:
        host = self.interface.host_form(function)
        if host is None and HOST_ONLY in function.op.attributes:
            return f"{HOST}\n{self.form(function, HOST)}#endif\n"
        if host is None:
            return self.form(function, "")
        first = self.form(function, DEVICE)
        second = self.form(replace(host, symbol=function.symbol), HOST)
        return f"{DEVICE}\n{first}#else\n{second}#endif\n"

    def form(self, function: Function, form: str) -> str:
        symbols = {name: f.symbol for name, f in self.interface.functions.items()}
        return FunctionPrinter(function, symbols, self.helpers[form]).print_function()

    def helper_texts(self) -> list[str]:
        """Helpers in their order; those that only one form calls are defined for it alone."""
        order = list(ORDER)
        every, device, host = (self.helpers[form] for form in ("", DEVICE, HOST))
        texts: list[str] = []
        for helper in sorted(every | device | host, key=lambda h: (order.index(h[0]), helper_name(*h))):
            text = helper_text(*helper)
            only = DEVICE if helper not in every | host else HOST if helper not in every | device else ""
            texts.append(f"{only}\n{text}#endif\n" if only else text)
        return texts


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
        host = interface.host_form(function)
        for form in (function, host) if host is not None else (function,):
            for op in form.op.walk():
                if isinstance(op, func.CallOp):
                    visit(op.callee.root_reference.data)
        order[name] = function

    for kind in (Kind.WORKSPACE, Kind.ENTRY, Kind.PLANNED, Kind.PUBLIC):
        for function in interface.of(kind):
            visit(function.op.sym_name.data)
    return list(order.values())
