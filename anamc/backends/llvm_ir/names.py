"""Names of the values and blocks of one function."""

from __future__ import annotations

import re
from collections.abc import Mapping

from xdsl.dialects import llvm
from xdsl.dialects.llvm import FuncOp
from xdsl.ir import Block, Operation, SSAValue

from anamc.backends.llvm_ir.literals import constant_text, symbol_text

FOREIGN = re.compile(r"[^A-Za-z0-9_.$-]")


def _literal(op: Operation, symbols: Mapping[str, str]) -> str | None:
    """The text of an operation that LLVM IR writes in place, `None` for all others."""
    match op:
        case llvm.ConstantOp():
            return constant_text(op.value, op.result.type)
        case llvm.ZeroOp():
            return "null" if isinstance(op.res.type, llvm.LLVMPointerType) else "zeroinitializer"
        case llvm.UndefOp():
            return "undef"
        case llvm.AddressOfOp():
            name = op.global_name.string_value()
            return symbol_text(symbols.get(name, name))
        case _:
            return None


class Names:
    """
    Readable names, each used once: hints of the IR, `v1`, `v2`, ... elsewhere, blocks `bb1`, `bb2`, ...

    Every value has its name before anything is printed, as a phi may name a later one.
    """

    def __init__(self, op: FuncOp, symbols: Mapping[str, str]) -> None:
        self._symbols = symbols
        self.values: dict[SSAValue, str] = {}
        self.labels: dict[Block, str] = {}
        self._used: dict[str, int] = {}
        self._count = 0
        for i, block in enumerate(op.body.blocks):
            self.labels[block] = self._unique(f"bb{i}" if i else "entry")
        for block in op.body.blocks:
            for argument in block.args:
                self._define(argument)
            for inner in block.ops:
                self._define_results(inner)

    def _define_results(self, op: Operation) -> None:
        literal = _literal(op, self._symbols)
        for result in op.results:
            if literal is not None:
                self.values[result] = literal
            else:
                self._define(result)

    def _define(self, value: SSAValue) -> None:
        hint = FOREIGN.sub("_", value.name_hint) if value.name_hint else ""
        self.values[value] = "%" + (self._unique(hint) if hint and not hint[0].isdigit() else self._unnamed())

    def _unnamed(self) -> str:
        self._count += 1
        return self._unique(f"v{self._count}")

    def _unique(self, name: str) -> str:
        while (count := self._used.get(name)) is not None:
            self._used[name] = count + 1
            name = f"{name}_{count + 1}"
        self._used[name] = 0
        return name
