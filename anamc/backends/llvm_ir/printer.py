"""Prints the `llvm` dialect as LLVM IR: the same module gives the same bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import singledispatchmethod
from typing import Any

from xdsl.dialects import llvm
from xdsl.dialects.builtin import DictionaryAttr, IntegerAttr, ModuleOp, StringAttr
from xdsl.dialects.utils import FastMathFlag
from xdsl.ir import Attribute, Block, Operation, SSAValue
from xdsl.utils.base_printer import BasePrinter
from xdsl.utils.exceptions import DiagnosticException

from anamc.backends.llvm_ir.attributes import argument_attributes, function_attributes
from anamc.backends.llvm_ir.instructions import BINARY, CASTS, EXACTNESS, INTRINSICS
from anamc.backends.llvm_ir.literals import TARGET, quoted, suffix, symbol_text, type_text
from anamc.backends.llvm_ir.names import Names
from anamc.dialects import lanes

IN_PLACE = (llvm.ConstantOp, llvm.ZeroOp, llvm.UndefOp, llvm.AddressOfOp)
"""Operations that have no line of their own."""

LINKAGES = {"external": "", "internal": "internal ", "private": "private "}
Edge = tuple[Block, Sequence[SSAValue]]


def _table(*classes: type[Operation]) -> Any:
    """The union of `classes`, as `singledispatch` wants it."""
    union: Any = classes[0]
    for cls in classes[1:]:
        union = union | cls
    return union


class LlvmIrPrinter(BasePrinter):
    """Prints one module. Functions are printed as they stand; intrinsics are declared at the end."""

    def print_module(self, module: ModuleOp, symbols: Mapping[str, str]) -> None:
        """
        The whole file, with the names of `symbols` where functions have others in C.

        An operation that is not of the `llvm` dialect is an error that names it.
        """
        self.symbols = symbols
        self.declarations: dict[str, str] = {}
        self.groups: dict[str, int] = {}
        self.loops = 0
        self._print_header(module)
        for op in module.ops:
            if not isinstance(op, llvm.FuncOp):
                raise DiagnosticException(f"{TARGET}: cannot print '{op.name}'")
            self._print_function(op)
        for _, declaration in sorted(self.declarations.items()):
            self.print_string(f"\n{declaration}\n")
        for attributes, number in self.groups.items():
            self.print_string(f"\nattributes #{number} = {{ {attributes} }}\n")
        if self.loops:
            nodes = (f"!{k} = distinct !{{!{k}, !0}}\n" for k in range(1, self.loops + 1))
            self.print_string(f'\n!0 = !{{!"llvm.loop.unroll.disable"}}\n{"".join(nodes)}')

    def _print_header(self, module: ModuleOp) -> None:
        name = module.sym_name.data if module.sym_name is not None else "anamc"
        self.print_string(f"source_filename = {quoted(name)}\n")
        for key, text in (("llvm.data_layout", "datalayout"), ("llvm.target_triple", "triple")):
            if isinstance(value := module.attributes.get(key), StringAttr):
                self.print_string(f"target {text} = {quoted(value.data)}\n")

    # functions

    def _group(self, op: llvm.FuncOp) -> str:
        """Reference to the attribute group of a function."""
        if not (attributes := function_attributes(op)):
            return ""
        return f" #{self.groups.setdefault(attributes, len(self.groups))}"

    def _print_function(self, op: llvm.FuncOp) -> None:
        self._check_function(op)
        types = op.function_type.inputs.data
        described = op.arg_attrs.data if op.arg_attrs is not None else (DictionaryAttr({}),) * len(types)
        parts = [type_text(t) + argument_attributes(a) for t, a in zip(types, described, strict=True)]
        result, symbol = type_text(op.function_type.output), self._symbol(op.sym_name.data)
        if not op.body.blocks:
            self.print_string(f"\ndeclare {result} {symbol}({', '.join(parts)}){self._group(op)}\n")
            return

        self.names = Names(op, self.symbols)
        arguments = (f"{p} {self._value(a)}" for p, a in zip(parts, op.body.blocks[0].args, strict=True))
        linkage = LINKAGES[op.linkage.linkage.data]
        self.print_string(f"\ndefine {linkage}{result} {symbol}({', '.join(arguments)}){self._group(op)} {{\n")
        edges = self._edges(op)
        for i, block in enumerate(op.body.blocks):
            self._print_block(block, edges.get(block, []), is_entry=i == 0)
        self.print_string("}\n")

    def _check_function(self, op: llvm.FuncOp) -> None:
        if op.linkage.linkage.data not in LINKAGES:
            raise DiagnosticException(f"{TARGET}: cannot print the linkage '{op.linkage.linkage.data}'")
        if op.CConv.convention.data != "ccc" or op.function_type.is_variadic:
            raise DiagnosticException(f"{TARGET}: cannot print '{op.sym_name.data}': not a plain C function")

    def _edges(self, op: llvm.FuncOp) -> dict[Block, list[Edge]]:
        """For each block, where control comes from and with which values."""
        edges: dict[Block, list[Edge]] = {}
        for block in op.body.blocks:
            match block.last_op:
                case llvm.BrOp() as branch:
                    edges.setdefault(branch.successor, []).append((block, branch.arguments))
                case llvm.CondBrOp() as branch:
                    edges.setdefault(branch.then_block, []).append((block, branch.then_arguments))
                    edges.setdefault(branch.else_block, []).append((block, branch.else_arguments))
                case _:
                    pass
        return edges

    def _print_block(self, block: Block, edges: list[Edge], is_entry: bool) -> None:
        self.print_string("" if is_entry else "\n")
        self.print_string(f"{self.names.labels[block]}:\n")
        for argument in () if is_entry else block.args:
            sources = (f"[ {self._value(v[argument.index])}, %{self.names.labels[b]} ]" for b, v in edges)
            self._line(f"{self._value(argument)} = phi {type_text(argument.type)} {', '.join(sources)}")
        for op in block.ops:
            if not isinstance(op, IN_PLACE):
                self.print_op(op)

    # pieces of a line

    def _symbol(self, name: str) -> str:
        return symbol_text(self.symbols.get(name, name))

    def _line(self, text: str) -> None:
        self.print_string(f"  {text}\n")

    def _assign(self, op: Operation, text: str) -> None:
        self._line(f"{self._value(op.results[0])} = {text}")

    def _value(self, value: SSAValue) -> str:
        return self.names.values[value]

    def _typed(self, value: SSAValue) -> str:
        return f"{type_text(value.type)} {self._value(value)}"

    def _flags(self, op: Operation) -> str:
        """Fast-math and overflow flags, sorted, each with a space in front."""
        flags: list[str] = []
        if isinstance(fast := op.properties.get("fastmathFlags"), llvm.FastMathAttr):
            names = sorted(flag.value for flag in fast.data)
            flags += ["fast"] if len(names) == len(FastMathFlag) else names
        if isinstance(op, llvm.ArithmeticBinOpOverflow) and op.overflowFlags is not None:
            flags += sorted(f.value for f in llvm.OverflowAttr.from_int(op.overflowFlags.value.data).data)
        flags += [text for key, text in EXACTNESS.items() if key in op.properties]
        return "".join(f" {flag}" for flag in flags)

    def _call(self, op: Operation, name: str, operands: Sequence[SSAValue], intrinsic: bool) -> None:
        result = type_text(op.results[0].type) if op.results else "void"
        symbol = self._symbol(name)
        if intrinsic:
            types = ", ".join(type_text(o.type) for o in operands)
            self.declarations[name] = f"declare {result} {symbol}({types})"
        text = f"call{self._flags(op)} {result} {symbol}({', '.join(map(self._typed, operands))})"
        if op.results:
            self._assign(op, text)
        else:
            self._line(text)

    # operations

    @singledispatchmethod
    def print_op(self, op: Operation) -> None:
        """One line for an operation."""
        raise DiagnosticException(f"{TARGET}: cannot print '{op.name}'")

    @print_op.register(_table(*BINARY))
    def _binary(self, op: Operation) -> None:
        lhs, rhs = op.operands
        self._assign(op, f"{BINARY[type(op)]}{self._flags(op)} {self._typed(lhs)}, {self._value(rhs)}")

    @print_op.register(_table(*CASTS))
    def _cast(self, op: Operation) -> None:
        target = type_text(op.results[0].type)
        self._assign(op, f"{CASTS[type(op)]}{self._flags(op)} {self._typed(op.operands[0])} to {target}")

    @print_op.register(_table(*INTRINSICS))
    def _intrinsic(self, op: Operation) -> None:
        name = f"llvm.{INTRINSICS[type(op)]}.{suffix(op.results[0].type)}"
        self._call(op, name, op.operands, intrinsic=True)

    @print_op.register
    def _call_intrinsic(self, op: llvm.CallIntrinsicOp) -> None:
        self._call(op, op.intrin.data, op.args, intrinsic=True)

    @print_op.register
    def _call_function(self, op: llvm.CallOp) -> None:
        if op.callee is None:
            raise DiagnosticException(f"{TARGET}: cannot print '{op.name}' of a pointer")
        self._call(op, op.callee.string_value(), op.args, intrinsic=False)

    @print_op.register
    def _fneg(self, op: llvm.FNegOp) -> None:
        self._assign(op, f"fneg{self._flags(op)} {self._typed(op.arg)}")

    @print_op.register
    def _icmp(self, op: llvm.ICmpOp) -> None:
        predicate = llvm.ICmpPredicateFlag.from_int(op.predicate.value.data)
        self._assign(op, f"icmp {predicate} {self._typed(op.lhs)}, {self._value(op.rhs)}")

    @print_op.register
    def _fcmp(self, op: llvm.FCmpOp) -> None:
        predicate = llvm.FCmpPredicateFlag.from_int(op.predicate.value.data).removeprefix("_")
        self._assign(op, f"fcmp{self._flags(op)} {predicate} {self._typed(op.lhs)}, {self._value(op.rhs)}")

    @print_op.register
    def _select(self, op: llvm.SelectOp) -> None:
        values = f"{self._typed(op.cond)}, {self._typed(op.lhs)}, {self._typed(op.rhs)}"
        self._assign(op, f"select{self._flags(op)} {values}")

    @print_op.register
    def _insert_element(self, op: llvm.InsertElementOp) -> None:
        parts = ", ".join(map(self._typed, (op.vector, op.value, op.index)))
        self._assign(op, f"insertelement {parts}")

    @print_op.register
    def _extract_element(self, op: lanes.GetOp) -> None:
        self._assign(op, f"extractelement {self._typed(op.x)}, i64 {op.lane.value.data}")

    @print_op.register
    def _compare_lanes(self, op: lanes.CmpfOp) -> None:
        self._assign(op, f"fcmp {op.kind.data} {self._typed(op.lhs)}, {self._value(op.rhs)}")

    @print_op.register
    def _select_lanes(self, op: lanes.SelectOp) -> None:
        self._assign(op, f"select {', '.join(map(self._typed, (op.mask, op.lhs, op.rhs)))}")

    @print_op.register
    def _shuffle(self, op: llvm.ShuffleVectorOp) -> None:
        mask = [int(k) for k in op.mask.iter_values()]
        lanes_text = ", ".join(f"i32 {k}" for k in mask)
        vectors = f"{self._typed(op.v1)}, {self._typed(op.v2)}"
        self._assign(op, f"shufflevector {vectors}, <{len(mask)} x i32> <{lanes_text}>")

    @print_op.register
    def _gep(self, op: llvm.GEPOp) -> None:
        dynamic = iter(op.ssa_indices)
        constants = op.rawConstantIndices.iter_values()
        indices = [self._typed(next(dynamic)) if c == llvm.GEP_USE_SSA_VAL else f"i32 {c}" for c in constants]
        inbounds = " inbounds" if op.inbounds is not None else ""
        parts = ", ".join([type_text(op.elem_type), self._typed(op.ptr), *indices])
        self._assign(op, f"getelementptr{inbounds} {parts}")

    @print_op.register
    def _alloca(self, op: llvm.AllocaOp) -> None:
        count = self._typed(op.size)
        size = "" if count == "i64 1" else f", {count}"
        self._assign(op, f"alloca {type_text(op.elem_type)}{size}{self._alignment(op, op.alignment)}")

    @print_op.register
    def _load(self, op: llvm.LoadOp) -> None:
        self._refuse_atomic(op)
        result = type_text(op.dereferenced_value.type)
        self._assign(op, f"load {result}, {self._typed(op.ptr)}{self._alignment(op, op.alignment)}")

    @print_op.register
    def _store(self, op: llvm.StoreOp) -> None:
        self._refuse_atomic(op)
        volatile = " volatile" if op.volatile_ is not None else ""
        alignment = self._alignment(op, op.alignment)
        self._line(f"store{volatile} {self._typed(op.value)}, {self._typed(op.ptr)}{alignment}")

    def _alignment(self, op: Operation, alignment: Attribute | None) -> str:
        """Always printed: LLVM's default for vectors is more than NumPy's arrays keep."""
        if not isinstance(alignment, IntegerAttr):
            raise DiagnosticException(f"{TARGET}: cannot print '{op.name}' without an alignment")
        return f", align {alignment.value.data}"

    def _refuse_atomic(self, op: llvm.LoadOp | llvm.StoreOp) -> None:
        if op.ordering is not None and op.ordering.value.data != 0:
            raise DiagnosticException(f"{TARGET}: cannot print '{op.name}' with an atomic ordering")

    @print_op.register
    def _br(self, op: llvm.BrOp) -> None:
        rolled = f", !llvm.loop !{self._loop()}" if lanes.ROLLED in op.attributes else ""
        self._line(f"br label %{self.names.labels[op.successor]}{rolled}")

    def _loop(self) -> int:
        """The number of a new node of metadata, for a loop that is not to be unrolled."""
        self.loops += 1
        return self.loops

    @print_op.register
    def _cond_br(self, op: llvm.CondBrOp) -> None:
        if op.then_block is op.else_block and tuple(op.then_arguments) != tuple(op.else_arguments):
            raise DiagnosticException(f"{TARGET}: cannot print '{op.name}' to one block with different values")
        then, otherwise = self.names.labels[op.then_block], self.names.labels[op.else_block]
        self._line(f"br {self._typed(op.cond)}, label %{then}, label %{otherwise}")

    @print_op.register
    def _return(self, op: llvm.ReturnOp) -> None:
        self._line(f"ret {self._typed(op.arg)}" if op.arg is not None else "ret void")

    @print_op.register
    def _unreachable(self, op: llvm.UnreachableOp) -> None:
        self._line("unreachable")
