"""Function names as C sees them: the same that the C backend gives."""

from __future__ import annotations

from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.llvm import FuncOp

from anamc.backends import names
from anamc.backends.names import BASE_LIMIT, ENTRY_SUFFIXES, Names

ENTRY = "_eval"
QUERY = "_workspace_size"


def _bases(defined: list[str]) -> list[str]:
    """Names of the entries: what has both `<name>_eval` and `<name>_workspace_size`."""
    known = set(defined)
    candidates = [n.removesuffix(ENTRY) for n in defined if n.endswith(ENTRY)]
    return [n for n in candidates if n + QUERY in known]


def c_symbols(module: ModuleOp) -> dict[str, str]:
    """
    For each function of a module of the `llvm` dialect, an identifier of C.

    Declared functions keep their names, which the system's libraries know.
    """
    functions = [f for f in module.ops if isinstance(f, FuncOp)]
    defined = [f.sym_name.data for f in functions if f.body.blocks]
    scope = Names(names.FUNCTIONS)
    found = {f.sym_name.data: scope.take(f.sym_name.data) for f in functions if not f.body.blocks}
    for base in _bases(defined):
        name = scope.unique(base, limit=BASE_LIMIT, suffixes=ENTRY_SUFFIXES)
        found |= {base: name, base + ENTRY: name + ENTRY, base + QUERY: name + QUERY}
    for name in defined:
        if name not in found:
            found[name] = scope.unique(name)
    return found
