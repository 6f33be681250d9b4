"""The header of a module: its public functions, documented, for C and C++."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from anamc.backends.openacc_c.c_types import c_type
from anamc.backends.openacc_c.interface import Function, Interface, Kind, Parameter
from anamc.backends.openacc_c.layout import NOTICE, broken, comment_block, table
from anamc.backends.openacc_c.plan_groups import PlanGroup, groups_of
from anamc.backends.openacc_c.plans import names_of as plan_names
from anamc.backends.openacc_c.plans import plan_name, planned_prototype, planned_symbol, prototypes
from anamc.backends.openacc_c.printer import prototype
from anamc.dialects.statuses import BAD_ROW, FIRST_STATUS, OTHER_PLAN

NEGATIVE_SIZE = 1
ABI_VERSION = 1
"""Changes when a call to an emitted function changes its meaning."""

ALIGNMENT = 64
"""Alignment of a workspace (bytes)."""

ACCESS = {"read": "in", "write": "out", "update": "in and out"}


def header(interface: Interface) -> str:
    """The text of ``include/<stem>.h``."""
    stem, guard = interface.stem, interface.stem.upper()
    parts = [NOTICE, f"#ifndef {guard}_H\n#define {guard}_H\n", "#include <stdint.h>\n", _version(stem, guard)]
    parts += ["#ifdef __cplusplus\nextern \"C\" {\n#endif\n", f"/* {guard}_ABI_VERSION of the compiled code. */\n"
              f"int {stem}_abi_version(void);\n"]  # fmt: skip
    parts += list(_public(interface))
    parts += ["#ifdef __cplusplus\n}\n#endif\n", f"#endif /* {guard}_H */\n"]
    return "\n".join(parts)


def _version(stem: str, guard: str) -> str:
    what = f"How the functions below are called. {stem}_abi_version() must give the same."
    return f"/* {what} */\n#define {guard}_ABI_VERSION {ABI_VERSION}\n"


def _public(interface: Interface) -> Iterator[str]:
    for entry in interface.of(Kind.ENTRY):
        yield comment_block(_plain_comment(entry)) + plain_prototype(entry) + ";\n"
        yield comment_block(_entry_comment(entry)) + prototype(entry, entry.symbol, restrict=False) + ";\n"
    for group in groups_of(interface):
        yield from _plans(group)
        for function in group.functions:
            yield comment_block(_planned_comment(group, function)) + planned_prototype(function) + ";\n"
    for query in interface.of(Kind.WORKSPACE):
        entry = query.base if query.derivative else f"{query.base}_eval"
        planned = planned_symbol(query) if query.base in {f.base for f in interface.of(Kind.PLANNED)} else ""
        both = f"{entry} and {planned} need" if planned else f"{entry} needs"
        what = f"Bytes of workspace that {both}; 0 where {'they need' if planned else 'it needs'} none."
        yield comment_block([what]) + prototype(query, query.symbol, restrict=False) + ";\n"
    for function in interface.of(Kind.PUBLIC):
        rows = _rows(function)
        yield comment_block([*function.comments, *rows] or [function.symbol]) + (
            prototype(function, function.symbol, restrict=False) + ";\n"
        )


def _plans(group: PlanGroup) -> Iterator[str]:
    """The size of a plan, that of the workspace of its maker, and the maker."""
    found = prototypes(group)
    plan, workspace = plan_names(group)
    sizes = ", ".join(p.name for p in group.parameters(group.functions[0]) if not p.is_array)
    takers = [planned_symbol(f) for f in group.functions]
    numbers = f"Numbers of int that a plan for {', '.join(takers)} has."
    yield comment_block([numbers]) + found["_plan_size"] + ";\n"
    yield (
        comment_block([f"Bytes of workspace that {group.base}_make_plan needs."])
        + found["_plan_workspace_size"]
        + ";\n"
    )
    rows = [(f"  {p.name}", p.shape, "in") for p in group.parameters(group.functions[0]) if p.is_array]
    rows.append((f"  {plan}", f"{group.base}_plan_size({sizes})", "out"))
    maker = [
        "Makes the plan of a mesh, once: which rows of the tables threads may compute at once.",
        f"Gives 0; {NEGATIVE_SIZE} if a size is negative; {BAD_ROW} if a number of a table is none of a row.",
        "Only what was made with 0 is a plan.",
        *table(rows),
        f"  {workspace}: {group.base}_plan_workspace_size({sizes}) bytes, aligned to 8",
    ]
    yield comment_block(maker) + found["_make_plan"] + ";\n"


def _planned_comment(group: PlanGroup, function: Function) -> list[str]:
    plan, tables = plan_name(function), [p.name for p in group.parameters(function) if p.is_array]
    base = function.base if function.derivative else f"{function.base}_eval"
    return [
        f"What {base} does, by a plan that {group.base}_make_plan made: threads of OpenMP share all its rows.",
        "The same bits at any number of threads; sums may be rounded otherwise than without a plan.",
        f"Gives what {base} gives; {OTHER_PLAN} if the plan was made for other sizes or another {' or '.join(tables)},",
        "or is none, and then writes nothing.",
        f"Arguments are those of {base}, and behind them",
        f"  {plan}: what {group.base}_make_plan wrote",
    ]


def plain_prototype(entry: Function) -> str:
    """The document's signature: sizes, arrays in and out, nothing else and nothing constant but the sizes."""
    sizes = [f"const {c_type(p.type)} {p.name}" for p in entry.sizes]
    arrays = [f"{c_type(p.type)} *{p.name}" for p in entry.arrays]
    return broken(f"void {entry.plain}(", sizes + arrays or ["void"], ")", "    ")


def _rows(function: Function, added: Sequence[Parameter] = ()) -> list[str]:
    rows = [
        (f"  {p.name}", p.shape if p.dims is not None else "", "added to" if p in added else _note(p.access, p.unused))
        for p in function.arrays
    ]
    return table(rows)


DERIVATIVES = {
    "vjp": (
        "Reverse derivative, in the manner of Tapenade: 'b' behind a name is its cotangent.",
        "Those of results are read; to all others the transposed derivative is added.",
    ),
    "jvp": (
        "Forward derivative, in the manner of Tapenade: 'd' behind a name is its tangent.",
        "Values and tangents of the results are written.",
    ),
}
"""What the derivatives of an entry do."""


def _note(access: str, unused: bool) -> str:
    return "not used" if unused else ACCESS.get(access, "")


def _entry_comment(entry: Function) -> list[str]:
    query = f"{entry.base}_workspace_size({', '.join(p.name for p in entry.sizes)})"
    needed = f"{query} bytes, aligned to {ALIGNMENT}" if entry.workspace else "not used, may be NULL"
    same = f"The same as {entry.plain}, in memory of the caller"
    return [
        f"{same}; cotangents are written, nothing is added to them." if entry.derivative == "vjp" else f"{same}.",
        "Gives 0; 1 if a size is negative, and then writes nothing.",
        *(f"Gives {FIRST_STATUS + k} if a computed index is out of range: {c}." for k, c in enumerate(entry.checks)),
        *(["The results mean nothing then."] if entry.checks else []),
        *_rows(entry),
        f"  workspace: {needed}",
    ]


def _plain_comment(entry: Function) -> list[str]:
    what = [*entry.comments] or [f"Evaluates '{entry.base}'."]
    if entry.derivative:
        what = list(DERIVATIVES[entry.derivative])
    has_workspace = entry.workspace is not None or bool(entry.added)
    heap = "Takes its workspace from the heap; where" if has_workspace else "Where"
    return [
        *what,
        *_rows(entry, entry.added),
        "Arrays are row-major; what is written must not overlap anything else.",
        f"{heap} that fails or a size is negative, the results are NaN."
        if has_workspace
        else "Where a size is negative, the results are NaN.",
        *(["They are NaN too where an index that is computed is out of range."] if entry.checks else []),
    ]
