"""Sums through index tables by plans: what makes the plan of a mesh, and the functions that take it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from anamc.backends.names import PLANNED_SUFFIX
from anamc.backends.openacc_c.interface import Function, Interface, Kind, Parameter
from anamc.backends.openacc_c.layout import broken
from anamc.backends.openacc_c.plan_groups import PlanGroup, groups_of, plans_of
from anamc.backends.openacc_c.plan_helpers import COLOUR, COLUMN, HASH, LENGTH, MIX, TEXT
from anamc.backends.openacc_c.sizes import length_text
from anamc.dialects.plan_layout import HEADER, LOW, MAGIC, PlanLayout
from anamc.dialects.plans import PlanSource
from anamc.dialects.statuses import OTHER_PLAN

NEGATIVE_SIZE = 1


def plan_texts(interface: Interface) -> list[str]:
    """The definitions, behind those of the functions that they call; none where nothing goes by a plan."""
    entries = {f.base: f for f in interface.of(Kind.ENTRY)}
    texts: list[str] = []
    for group in groups_of(interface):
        printer = GroupPrinter(group)
        texts += [] if texts else [TEXT]
        texts += [printer.size(), printer.workspace_size(), printer.hash(), printer.maker(), printer.fits()]
        texts += [planned(group, function, entries[function.base]) for function in group.functions]
    return texts


def prototypes(group: PlanGroup) -> dict[str, str]:
    """The declarations of what belongs to a plan, without ``;``, by their endings."""
    parameters = group.parameters(group.functions[0])
    sizes = [p.declaration(restrict=False) for p in parameters if not p.is_array]
    tables = [p.declaration(restrict=False) for p in parameters if p.is_array]
    plan, workspace = names_of(group)
    return {
        "_plan_size": broken(f"int64_t {group.base}_plan_size(", sizes, ")", "    "),
        "_plan_workspace_size": broken(f"int64_t {group.base}_plan_workspace_size(", sizes, ")", "    "),
        "_make_plan": broken(
            f"int {group.base}_make_plan(", [*sizes, *tables, f"int *{plan}", f"void *{workspace}"], ")", "    "
        ),
        "_plan_hash": broken(f"static uint64_t {group.base}_plan_hash(", [*sizes, *tables], ")", "    "),
        "_plan_fits": broken(
            f"static int {group.base}_plan_fits(", [*sizes, *tables, f"const int *{plan}"], ")", "    "
        ),
    }


def names_of(group: PlanGroup) -> tuple[str, str]:
    """What the plan and the workspace of its maker are called."""
    scope = group.functions[0].scope.inside()
    return scope.unique("plan"), next((p.name for p in group.functions[0].parameters if p.is_workspace), "workspace")


def planned_prototype(function: Function) -> str:
    """The declaration of a function that takes a plan, without ``;``."""
    items = [p.declaration(restrict=False) for p in function.parameters if p.plan is None]
    return broken(f"int {planned_symbol(function)}(", [*items, f"const int *{plan_name(function)}"], ")", "    ")


def planned_symbol(function: Function) -> str:
    """The C name of the public function."""
    return f"{function.base}{PLANNED_SUFFIX}"


def plan_name(function: Function) -> str:
    """What the plan is called there."""
    return function.scope.inside().unique("plan")


def negative(sizes: Sequence[Parameter], status: int) -> list[str]:
    """Statements that refuse negative sizes."""
    conditions = " || ".join(f"{p.name} < 0" for p in sizes)
    return [f"if ({conditions}) {{", f"  return {status};", "}"]


def defined(prototype: str, lines: Sequence[str]) -> str:
    """A function of C."""
    body = "".join(f"{line}\n" if line.startswith("#") else f"  {line}\n" for line in lines)
    return f"{prototype}\n{{\n{body}}}\n"


class GroupPrinter:
    """What belongs to one block of plans."""

    def __init__(self, group: PlanGroup) -> None:
        self.group = group
        self.layout: PlanLayout = group.layout
        parameters = group.parameters(group.functions[0])
        self.sizes = [p for p in parameters if not p.is_array]
        self.tables = [p for p in parameters if p.is_array]
        self.names = {p.text: p.name for p in parameters}
        self.prototypes = prototypes(group)
        self.plan, self.workspace = names_of(group)
        scope = group.functions[0].scope.inside()
        scope.take(self.plan)
        self.hashed, self.sets, self.start, self.status, self.columns = (
            scope.unique(n) for n in ("hash", "sets", "start", "status", "columns")
        )
        self.arguments = ", ".join(p.name for p in parameters)

    def size(self) -> str:
        """`<base>_plan_size`: words."""
        lengths = [length_of(self.names[rows], source) for rows, source in self.layout.plans]
        body = [*negative(self.sizes, 0), f"return {' + '.join([str(self.layout.first), *lengths])};"]
        return self.defined("_plan_size", body)

    def workspace_size(self) -> str:
        """`<base>_plan_workspace_size`: bytes; 64 bits for each thing that is counted, and a colour for each chunk."""
        chunks = [f"2 * {length_of(self.names[rows], source)}" for rows, source in self.layout.plans]
        total = " + ".join([f"8 * ({self.places(len(self.layout.counted))})", *chunks])
        return self.defined("_plan_workspace_size", [*negative(self.sizes, 0), f"return {total};"])

    def places(self, count: int) -> str:
        """How many places the first of what is counted have."""
        counted = self.layout.counted[:count]
        return " + ".join(f"(int64_t){self.names.get(c, c)}" for c in counted) or "0"

    def hash(self) -> str:
        """`<base>_plan_hash`: of all tables."""
        hash = self.hashed
        lines = [f"(void){p.name};" for p in self.sizes if not any(p.text in t.declared for t in self.tables)]
        lines.insert(0, f"uint64_t {hash} = 0;")
        for p in self.tables:
            lines.append(f"{hash} = {MIX}({hash}, {HASH}({p.name}, {length_text(p.dims or ())}));")
        return self.defined("_plan_hash", [*lines, f"return {hash};"])

    def maker(self) -> str:
        """`<base>_make_plan`: what says that there is a plan is written at last."""
        plan, layout, hash, start, status = self.plan, self.layout, self.hashed, self.start, self.status
        lines = [f"uint64_t *{self.sets} = (uint64_t *){self.workspace};", f"int *{start};", f"uint64_t {hash};"]
        lines += [f"int {status};", *negative(self.sizes, NEGATIVE_SIZE)]
        lines += [f"{plan}[0] = 0;", f"{start} = {plan} + {layout.first};"]
        for k, (rows, source) in enumerate(layout.plans):
            lines += [f"{start} += {length_of(self.names[layout.plans[k - 1][0]], layout.plans[k - 1][1])};"] * (k > 0)
            lines += self.made(self.names[rows], source)
        lines += [f"{hash} = {self.group.base}_plan_hash({self.arguments});", f"{plan}[1] = {layout.key};"]
        lines += [f"{plan}[2] = (int)({hash} & {LOW});", f"{plan}[3] = (int)({hash} >> 32 & {LOW});"]
        lines += [f"{plan}[{HEADER + k}] = {p.name};" for k, p in enumerate(self.sizes)]
        return self.defined("_make_plan", [*lines, f"{plan}[0] = {MAGIC};", "return 0;"])

    def made(self, rows: str, source: PlanSource) -> Iterator[str]:
        """One table of the plan."""
        places, count = self.places(len(self.layout.counted)), len(source.columns)
        yield "{"
        yield f"  const {COLUMN} {self.columns}[{count}] = {{"
        yield from (f"    {{{', '.join(self.column(column))}}}," for column in source.columns)
        yield "  };"
        given = [self.columns, str(count), rows, str(source.chunk), self.start, self.sets, places]
        given.append(f"(int *)({self.sets} + {places})")
        yield from broken(f"  {self.status} = {COLOUR}(", given, ");", "      ").split("\n")
        yield "}"
        yield from (f"if ({self.status} != 0) {{", f"  return {self.status};", "}")

    def column(self, column: tuple[str, int, str]) -> Iterator[str]:
        """A column of a table: where it begins, its step, what it counts, and where the bits of that lie."""
        table, number, counted = column
        declared = next(p.declared for p in self.tables if p.text == table)
        yield self.names[table]
        yield str(max(number, 0))
        yield "1" if number < 0 else str(declared[1])
        yield self.names.get(counted, counted)
        yield self.places(self.layout.counted.index(counted))

    def fits(self) -> str:
        """`<base>_plan_fits`: whether a plan was made for these sizes and tables."""
        plan, hash = self.plan, self.hashed
        head = [f"{plan} == NULL", f"{plan}[0] != {MAGIC}", f"{plan}[1] != {self.layout.key}"]
        head += [f"{plan}[{HEADER + k}] != {p.name}" for k, p in enumerate(self.sizes)]
        lines = [f"uint64_t {hash};", f"if ({' || '.join(head)}) {{", "  return 0;", "}"]
        lines.append(f"{hash} = {self.group.base}_plan_hash({self.arguments});")
        lines.append(f"return {plan}[2] == (int)({hash} & {LOW}) && {plan}[3] == (int)({hash} >> 32 & {LOW});")
        return self.defined("_plan_fits", lines)

    def defined(self, ending: str, lines: Sequence[str]) -> str:
        return defined(self.prototypes[ending], lines)


def length_of(rows: str, source: PlanSource) -> str:
    """The words of one table of a plan."""
    return f"{LENGTH}({rows}, {source.chunk})"


def planned(group: PlanGroup, function: Function, entry: Function) -> str:
    """The public function: it checks the plan, and hands its tables to the one that computes."""
    plan, layout = plan_name(function), group.layout
    names = {p.text: p.name for p in function.sizes}
    starts = {layout.plans[0]: f"{plan} + {layout.first}"}
    for (rows, source), following in zip(layout.plans, layout.plans[1:], strict=False):
        starts[following] = f"{starts[rows, source]} + {length_of(names[rows], source)}"
    given = dict(zip((p for p in function.parameters if p.plan is not None), plans_of(function), strict=True))
    shared = ", ".join([*(p.name for p in group.parameters(function)), plan])
    lines = [*negative(function.sizes, NEGATIVE_SIZE), f"if (!{group.base}_plan_fits({shared})) {{"]
    lines += [f"  return {OTHER_PLAN};", "}", "#ifdef _OPENACC"]
    lines += called(entry.symbol, [p.name for p in function.parameters if p.plan is None])
    lines.append("#else")
    lines += called(function.symbol, [starts[given[p]] if p in given else p.name for p in function.parameters])
    return defined(planned_prototype(function), [*lines, "#endif"])


def called(symbol: str, arguments: Sequence[str]) -> list[str]:
    """What returns the status of another function."""
    return broken(f"  return {symbol}(", arguments, ");", "      ").replace("  return", "return", 1).split("\n")
