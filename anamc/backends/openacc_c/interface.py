"""The functions of a flat module as C sees them: names, parameters, shapes, what they are for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from xdsl.dialects import func, memref
from xdsl.dialects.builtin import (
    ArrayAttr,
    DictionaryAttr,
    IntegerAttr,
    IntegerType,
    MemRefType,
    ModuleOp,
    StringAttr,
    SymbolRefAttr,
)
from xdsl.ir import Attribute, BlockArgument, SSAValue
from xdsl.utils.exceptions import DiagnosticException

from anamc.backends import names
from anamc.backends.names import (
    BASE_LIMIT,
    DERIVATIVE_SUFFIXES,
    ENTRY_SUFFIXES,
    PLAIN_SUFFIXES,
    PLAN_SUFFIXES,
    PLANNED_SUFFIX,
    Names,
)
from anamc.backends.openacc_c.c_types import c_type
from anamc.backends.openacc_c.helpers import FILE_NAMES
from anamc.backends.openacc_c.memory import is_formula, root
from anamc.backends.openacc_c.sizes import renamed
from anamc.dialects.forms import HOST_FORM, PLANNED
from anamc.dialects.plans import PLAN, PlanSource
from anamc.dialects.size_syntax import parse_size, size_text
from anamc.dialects.sizes import Number, Size


class Kind(Enum):
    """What a function is for."""

    ENTRY = "entry"
    PLANNED = "planned"
    WORKSPACE = "workspace"
    PUBLIC = "public"
    PRIVATE = "private"


@dataclass(frozen=True)
class Parameter:
    """
    A parameter: its C name, the user's name, its dimensions in C, how it is used.

    `is_companion`: a tangent or cotangent, in an entry that is a derivative. `plan`: what a plan is made of.
    `declared`: its dimensions in the user's names.
    """

    value: BlockArgument
    name: str
    text: str
    dims: tuple[Size, ...] | None
    access: str
    unused: bool
    is_companion: bool = False
    plan: PlanSource | None = None
    declared: tuple[int | str, ...] = ()

    @property
    def type(self) -> Attribute:
        return self.value.type

    @property
    def is_array(self) -> bool:
        return isinstance(self.type, MemRefType)

    @property
    def is_workspace(self) -> bool:
        return self.access == "workspace"

    @property
    def constant(self) -> bool:
        """Whether the function only reads the array."""
        return self.access == "read"

    @property
    def shape(self) -> str:
        """The shape as people write it: ``nnodes x 2``."""
        texts = [size_text(d) for d in self.dims or ()]
        return " x ".join(f"({t})" if " " in t else t for t in texts) or "1"

    def declaration(self, *, restrict: bool) -> str:
        """The parameter in a prototype."""
        if self.is_workspace:
            return f"void *{self.name}"
        if not self.is_array:
            return f"{c_type(self.type)} {self.name}"
        const = "const " if self.constant else ""
        return f"{const}{c_type(self.type)} *{'restrict ' if restrict else ''}{self.name}"


@dataclass(frozen=True)
class Function:
    """
    A function of the module: its C name; for an entry and its workspace size the name of the entry as well.

    `plain`: the name of the function that takes its workspace from the heap. `derivative`: vjp or
    jvp, where the entry is one, else empty. `of`: the name of the entry without derivatives, where it goes by a plan.
    """

    op: func.FuncOp
    kind: Kind
    symbol: str
    base: str
    parameters: tuple[Parameter, ...]
    scope: Names
    plain: str = ""
    derivative: str = ""
    of: str = ""

    @property
    def sizes(self) -> tuple[Parameter, ...]:
        return tuple(p for p in self.parameters if not p.is_array)

    @property
    def arrays(self) -> tuple[Parameter, ...]:
        return tuple(p for p in self.parameters if p.is_array and not p.is_workspace)

    @property
    def outputs(self) -> tuple[Parameter, ...]:
        return tuple(p for p in self.arrays if p.access in ("write", "update"))

    @property
    def added(self) -> tuple[Parameter, ...]:
        """What the plain function adds to: cotangents, where the entry writes them."""
        return tuple(p for p in self.outputs if p.is_companion) if self.derivative == "vjp" else ()

    @property
    def workspace(self) -> Parameter | None:
        """The workspace, where the function uses it."""
        return next((p for p in self.parameters if p.is_workspace and p.value.uses), None)

    @property
    def result(self) -> str:
        """The C type of the result."""
        results = self.op.function_type.outputs.data
        if len(results) > 1:
            raise DiagnosticException(f"openacc-c: '{self.symbol}' has {len(results)} results, C functions have one")
        return c_type(results[0]) if results else "void"

    @property
    def inline(self) -> bool:
        """Whether the function is a formula that its callers should hold themselves."""
        return is_formula(self.op)

    @property
    def comments(self) -> tuple[str, ...]:
        return self._texts("anamc.comment")

    @property
    def checks(self) -> tuple[str, ...]:
        """What the checks of computed indices are about, in the order of their statuses."""
        return self._texts("anamc.checks")

    def _texts(self, key: str) -> tuple[str, ...]:
        lines = self.op.attributes.get(key)
        if not isinstance(lines, ArrayAttr):
            return ()
        return tuple(line.data for line in lines.data if isinstance(line, StringAttr))


class Interface:
    """All functions of `module`, with names that clash neither with each other nor with anything of C."""

    def __init__(self, module: ModuleOp, stem: str) -> None:
        self.stem = names.file_stem(stem)
        self.scope = Names(names.FUNCTIONS)
        for name in (*FILE_NAMES, f"{self.stem}_abi_version", f"{self.stem}_abi_version_number", f"{self.stem}_h"):
            self.scope.take(name)
        ops = [op for op in module.ops if isinstance(op, func.FuncOp)]
        self.derivatives = {entry: of for op in ops if (of := _derivative(op)) for _, entry in [kind_of(op)]}
        planned = [entry for op in ops for kind, entry in [kind_of(op)] if kind is Kind.PLANNED]
        self.planned = {self.derivatives[entry][1] if entry in self.derivatives else entry for entry in planned}
        bases = {text: self._base(text) for text in dict.fromkeys(_entries(ops)) if text not in self.derivatives}
        for entry, (kind, of) in self.derivatives.items():
            bases[entry] = f"{bases[of]}_{kind}" if of in bases else self._base(entry)
        symbols = {op.sym_name.data: self._symbol(op, bases) for op in ops}
        self.functions = {op.sym_name.data: self._function(op, symbols, bases) for op in ops}
        self.host_forms = {
            form.root_reference.data: self.functions[op.sym_name.data]
            for op in ops
            if isinstance(form := op.attributes.get(HOST_FORM), SymbolRefAttr)
        }

    def _base(self, entry: str) -> str:
        has_derivatives = any(of == entry for _, of in self.derivatives.values())
        suffixes = (*ENTRY_SUFFIXES, *(DERIVATIVE_SUFFIXES if has_derivatives else ()))
        if entry in self.planned:
            suffixes = (*suffixes, *PLAN_SUFFIXES, *(f"{s}{PLANNED_SUFFIX}" for s in ("", "_vjp", "_jvp")))
        return self.scope.unique(entry, limit=BASE_LIMIT, suffixes=suffixes)

    def _symbol(self, op: func.FuncOp, bases: dict[str, str]) -> str:
        kind, entry = kind_of(op)
        if kind is Kind.ENTRY:
            return bases[entry] if entry in self.derivatives else f"{bases[entry]}_eval"
        if kind is Kind.WORKSPACE:
            return f"{bases[entry]}_workspace_size"
        if kind is Kind.PLANNED:
            return self.scope.unique(f"{bases[entry]}_chunks")
        return self.scope.unique(op.sym_name.data)

    def _function(self, op: func.FuncOp, symbols: dict[str, str], bases: dict[str, str]) -> Function:
        kind, entry = kind_of(op)
        public = kind is not Kind.PRIVATE
        scope = self.scope.inside(names.PUBLIC if public else names.LOCAL)
        parameters = () if op.is_declaration else tuple(_parameters(op, scope, public))
        base = bases.get(entry, "")
        derivative, of = self.derivatives.get(entry, ("", ""))
        plain = f"{bases[of]}{PLAIN_SUFFIXES[derivative]}" if derivative else base
        symbol = symbols[op.sym_name.data]
        return Function(op, kind, symbol, base, parameters, scope, plain, derivative, bases.get(of) or base)

    def host_form(self, function: Function) -> Function | None:
        """The form of a function for processors with vectors, where it has one."""
        return self.host_forms.get(function.op.sym_name.data)

    def of(self, kind: Kind) -> list[Function]:
        """The functions of one kind, in the module's order."""
        return [f for f in self.functions.values() if f.kind is kind]


def kind_of(op: func.FuncOp) -> tuple[Kind, str]:
    """What `op` is for, and the user's name of the entry it belongs to."""
    if isinstance(planned := op.attributes.get(PLANNED), StringAttr):
        return Kind.PLANNED, planned.data
    for key, kind in (("anamc.entry", Kind.ENTRY), ("anamc.workspace_of", Kind.WORKSPACE)):
        if isinstance(name := op.attributes.get(key), StringAttr):
            return kind, name.data
    private = op.sym_visibility is not None and op.sym_visibility.data == "private"
    return (Kind.PRIVATE if private else Kind.PUBLIC), ""


def _derivative(op: func.FuncOp) -> tuple[str, str] | None:
    """What kind of derivative an entry is, and of which entry."""
    match op.attributes.get("anamc.companion"):
        case ArrayAttr(data=(StringAttr(data=kind), StringAttr(data=of))) if kind in PLAIN_SUFFIXES:
            return kind, of
        case _:
            return None


def _entries(ops: list[func.FuncOp]) -> Iterator[str]:
    for kind in (Kind.ENTRY, Kind.WORKSPACE):
        yield from (entry for op in ops for found, entry in [kind_of(op)] if found is kind)


def _attributes(op: func.FuncOp, argument: BlockArgument) -> dict[str, Attribute]:
    attributes = op.arg_attrs.data[argument.index] if op.arg_attrs is not None else DictionaryAttr({})
    return dict(attributes.data)


def _text(attributes: dict[str, Attribute], key: str, default: str = "") -> str:
    value = attributes.get(key)
    return value.data if isinstance(value, StringAttr) else default


def _is_standard(text: str, argument: BlockArgument, attributes: dict[str, Attribute]) -> bool:
    """Whether an argument is what the document calls by this name, not a feature that the user called so."""
    type, dims = argument.type, attributes.get("anamc.dims")
    match text:
        case "nnodes" | "nedges":
            return not isinstance(type, MemRefType)
        case "edgelist":
            return isinstance(type, MemRefType) and isinstance(type.element_type, IntegerType)
        case "params":
            return isinstance(dims, ArrayAttr) and len(dims.data) == 1 and isinstance(dims.data[0], IntegerAttr)
        case "loss":
            return isinstance(dims, ArrayAttr) and not dims.data
        case _:
            return _text(attributes, "anamc.access") == "workspace"


def _parameters(op: func.FuncOp, scope: Names, public: bool) -> Iterator[Parameter]:
    arguments = op.body.block.args
    sizes: dict[str, str] = {}
    written = _written(op)
    standard: set[str] = set()
    workspace = next((a for a in arguments if _text(_attributes(op, a), "anamc.access") == "workspace"), None)
    if workspace is not None:
        scope.take("workspace")
    for argument in arguments:
        attributes = _attributes(op, argument)
        text = _text(attributes, "anamc.name", argument.name_hint or f"argument_{argument.index + 1}")
        if argument is workspace:
            name = "workspace"
        elif public and text not in standard and _is_standard(text, argument, attributes):
            standard.add(text)
            name = scope.take(text)
        else:
            name = scope.unique(text)
        if not isinstance(argument.type, MemRefType):
            sizes[text] = name
        access = _text(attributes, "anamc.access") or ("update" if argument in written else "read")
        beside = "anamc.beside" in attributes
        plan = PlanSource.of(attributes.get(PLAN))
        dims, declared = _dims(attributes, sizes), _declared(attributes)
        yield Parameter(argument, name, text, dims, access, not argument.uses, beside, plan, declared)


def _written(op: func.FuncOp) -> set[SSAValue]:
    """The arrays that `op` writes, as far as a hand-written function does not say."""
    roots: set[SSAValue] = set()
    for inner in op.walk():
        if isinstance(inner, memref.StoreOp | memref.AtomicRMWOp):
            roots.add(root(inner.memref))
        elif isinstance(inner, func.CallOp):
            roots.update(root(v) for v in inner.operands if isinstance(v.type, MemRefType))
    return roots


def _dims(attributes: dict[str, Attribute], sizes: dict[str, str]) -> tuple[Size, ...] | None:
    """Dimensions: numbers, and sizes under their C names."""
    dims = attributes.get("anamc.dims")
    if not isinstance(dims, ArrayAttr):
        return None
    return tuple(
        Number(dim.value.data) if isinstance(dim, IntegerAttr) else renamed(parse_size(dim.data, tuple(sizes)), sizes)
        for dim in dims.data
        if isinstance(dim, IntegerAttr | StringAttr)
    )


def _declared(attributes: dict[str, Attribute]) -> tuple[int | str, ...]:
    """Dimensions: numbers, and sizes as the user calls them."""
    dims = attributes.get("anamc.dims")
    found = dims.data if isinstance(dims, ArrayAttr) else ()
    return tuple(
        d.value.data if isinstance(d, IntegerAttr) else d.data for d in found if isinstance(d, IntegerAttr | StringAttr)
    )


def first_entry(module: ModuleOp) -> str:
    """The user's name of the first entry, empty where there is none."""
    return next(_entries([op for op in module.ops if isinstance(op, func.FuncOp)]), "")
