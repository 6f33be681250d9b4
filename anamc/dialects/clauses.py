"""The clauses of `nest.map` and `kernel.rows` in text: what is read, and what is combined into results."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.ir import SSAValue
from xdsl.ir.affine import AffineExpr
from xdsl.parser import Parser
from xdsl.printer import Printer

from anamc.dialects.access import AccessAttr
from anamc.dialects.access_syntax import AccessParser, AccessPrinter, ParsedAccess, Space

ReadClause = tuple[SSAValue, list[ParsedAccess]]
WriteClause = tuple[str, SSAValue, list[ParsedAccess]]


def parse_clauses(
    parser: Parser, space: Space, combiners: Sequence[str], *, alternatives: bool = False
) -> tuple[list[ReadClause], list[WriteClause], list[int]]:
    """
    `read(access, ...) add(access, ...) ...`; several accesses in one clause, clauses in any number.

    With `alternatives` a result may be reached at several indices: `add(%A[x | y] : type)`; without
    them it may ask for its winning iteration: `max(%A[x] : type arg)`. Those results come last, by position.
    """
    reads: list[ReadClause] = []
    writes: list[WriteClause] = []
    winners: list[int] = []
    accesses = AccessParser(parser, space)
    while (keyword := parser.parse_optional_keyword_in(("read", *combiners))) is not None:
        parser.parse_punctuation("(")
        while not parser.parse_optional_punctuation(")"):
            tensor, parsed = accesses.typed_access(alternatives and keyword != "read")
            if keyword == "read":
                reads.append((tensor, parsed))
            else:
                writes.append((keyword, tensor, parsed))
                if not alternatives and parser.parse_optional_keyword("arg"):
                    winners.append(len(writes) - 1)
            if not parser.parse_optional_punctuation(","):
                parser.parse_punctuation(")")
                break
    return reads, writes, winners


def print_clauses(
    printer: Printer,
    accesses: AccessPrinter,
    reads: Sequence[tuple[SSAValue, Sequence[AccessAttr]]],
    writes: Sequence[tuple[str, SSAValue, Sequence[AccessAttr]]],
    winners: Sequence[int] = (),
) -> None:
    """The clauses as `parse_clauses` reads them; neighbours with one combiner share a clause."""
    if reads:
        printer.print_string(" read(")
        printer.print_list(reads, lambda r: accesses.typed_access(*r))
        printer.print_string(")")
    previous = ""
    for k, (combiner, tensor, access) in enumerate(writes):
        printer.print_string(", " if combiner == previous else f"{')' if previous else ''} {combiner}(")
        accesses.typed_access(tensor, access)
        if k in winners:
            printer.print_string(" arg")
        previous = combiner
    if previous:
        printer.print_string(")")


def parse_where(parser: Parser, space: Space) -> list[AffineExpr]:
    """`where(e >= 0, ...)`, or nothing."""
    found: list[AffineExpr] = []
    if not parser.parse_optional_keyword("where"):
        return found
    parser.parse_punctuation("(")
    while not parser.parse_optional_punctuation(")"):
        if found:
            parser.parse_punctuation(",")
        found.append(AccessParser(parser, space).affine())
        parser.parse_punctuation(">")
        parser.parse_punctuation("=")
        position = parser.pos
        if parser.parse_integer(allow_boolean=False, allow_negative=False):
            parser.raise_error("a guard has the form 'e >= 0'", position)
    return found


def print_where(printer: Printer, accesses: AccessPrinter, where: Sequence[AffineExpr]) -> None:
    """The guards as `parse_where` reads them."""
    for k, expr in enumerate(where):
        printer.print_string(", " if k else " where(")
        accesses.affine(expr)
        printer.print_string(" >= 0")
    if where:
        printer.print_string(")")


def parse_plan(parser: Parser) -> tuple[SSAValue, int] | None:
    """`plan(%p : type by 256)`, or nothing."""
    if not parser.parse_optional_keyword("plan"):
        return None
    parser.parse_punctuation("(")
    plan, _ = AccessParser(parser, Space({})).typed_access(False)
    parser.parse_keyword("by")
    chunk = parser.parse_integer(allow_boolean=False, allow_negative=False)
    parser.parse_punctuation(")")
    return plan, chunk


def print_plan(printer: Printer, plan: SSAValue, chunk: int) -> None:
    """The plan as `parse_plan` reads it."""
    printer.print_string(" plan(")
    printer.print_ssa_value(plan)
    printer.print_string(" : ")
    printer.print_attribute(plan.type)
    printer.print_string(f" by {chunk})")
