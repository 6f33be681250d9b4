"""Expressions, names and lines of one C function: what statements are printed with."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from io import StringIO

from xdsl.dialects import func, memref
from xdsl.dialects.builtin import Float32Type, Float64Type, IndexType, IntegerType, MemRefType, i1
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.utils.base_printer import BasePrinter
from xdsl.utils.exceptions import DiagnosticException

from anamc.backends.openacc_c import expressions as e
from anamc.backends.openacc_c.expressions import Expr
from anamc.backends.openacc_c.helpers import helper_name
from anamc.backends.openacc_c.inlining import Inlining
from anamc.backends.openacc_c.interface import Function
from anamc.backends.openacc_c.layout import WIDTH, broken
from anamc.backends.openacc_c.operators import RULES

DEFAULT_NAMES: dict[type[Attribute], str] = {
    IndexType: "i",
    Float32Type: "x",
    Float64Type: "x",
    IntegerType: "k",
    MemRefType: "a",
}


def default_name(type: Attribute) -> str:
    """A name for a value that has none, by its type."""
    if type == i1:
        return "is"
    return next((name for kind, name in DEFAULT_NAMES.items() if isinstance(type, kind)), "v")


class ScopePrinter(BasePrinter):
    """
    Keeps what each value is called, and writes lines.

    `symbols` are the C names of all functions by their name in the IR; helper functions that the
    text calls are added to `helpers`. Raises DiagnosticException for what C or this printer has no word for.
    """

    def __init__(self, function: Function, symbols: dict[str, str], helpers: set[tuple[str, Attribute]]) -> None:
        self.out = StringIO()
        super().__init__(self.out, indent_num_spaces=2)
        self.function = function
        self.symbols = symbols
        self.helpers = helpers
        self.inlining = Inlining(function.op)
        self.names = function.scope
        self.values: dict[SSAValue, Expr] = {}

    # Expressions

    def value(self, value: SSAValue) -> Expr:
        """The expression that stands for `value` here."""
        if value in self.values:
            return self.values[value]
        op = value.owner
        if isinstance(op, memref.LoadOp):
            return self.element(op.memref, op.indices)
        if isinstance(op, func.CallOp):
            return self.call(op)
        if isinstance(op, Operation) and (rule := RULES.get(type(op))):
            return rule(op, self)
        raise DiagnosticException(f"openacc-c: cannot print '{op.name if isinstance(op, Operation) else value.type}'")

    def helper(self, name: str, type: Attribute) -> str:
        """The name of a helper function, which the file will define."""
        self.helpers.add((name, type))
        return helper_name(name, type)

    def element(self, array: SSAValue, indices: Sequence[SSAValue]) -> Expr:
        """``array[index]``. Arrays have one dimension."""
        if len(indices) != 1:
            raise DiagnosticException(f"openacc-c: cannot print an access with {len(indices)} indices")
        return e.subscript(self.value(array), self.value(indices[0]))

    def call(self, op: func.CallOp) -> Expr:
        """A call as an expression."""
        start, items = self.call_parts(op)
        return Expr(f"{start}{', '.join(items)})")

    def call_parts(self, op: func.CallOp) -> tuple[str, list[str]]:
        """A call as ``name(`` and its arguments."""
        return f"{self.symbols[op.callee.root_reference.data]}(", [self.value(v).converted for v in op.operands]

    # Lines and names

    def line(self, text: str) -> None:
        """One statement, or several lines of it."""
        indent = "  " * self._indent
        self.print_string("".join(f"{indent}{part}\n" for part in text.split("\n")), indent=0)

    def fits(self, text: str) -> bool:
        """Whether `text` stands on one line here."""
        return self._indent * 2 + len(text) <= WIDTH

    def list(self, start: str, items: Sequence[str], end: str, indent: str) -> str:
        """``start item, item end``, broken where it does not fit here."""
        return broken(start, items, end, indent, WIDTH - self._indent * 2)

    @contextmanager
    def braces(self, head: str) -> Generator[None]:
        """A block after `head`, with names of its own."""
        self.line(f"{head} {{" if head else "{")
        with self.scope(), self.indented():
            yield
        self.line("}")

    @contextmanager
    def scope(self) -> Generator[None]:
        outer, self.names = self.names, self.names.inside()
        yield
        self.names = outer

    def fresh(self, value: SSAValue, *, changing: bool = False) -> str:
        """A name for `value`, from its hint, and from now on its expression."""
        name = self.names.unique(value.name_hint or default_name(value.type))
        self.values[value] = e.variable(name, changing=changing)
        return name
