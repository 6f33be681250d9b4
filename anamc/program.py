"""
A Program: an xDSL module with its functions, signatures and text.

Functions carry their signature in argument and result attributes, at every level from
tensors down: `anamc.name` (the user's name), and `anamc.dims` (one entry a dimension: an
integer, or the name of a run-time size such as "nnodes"). Arguments of type `index` are
the run-time sizes themselves.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from xdsl.dialects.builtin import (
    ArrayAttr,
    DictionaryAttr,
    Float32Type,
    Float64Type,
    FloatAttr,
    IndexType,
    IntegerType,
    LocationAttr,
    ModuleOp,
    StringAttr,
    TensorType,
    UnknownLoc,
)
from xdsl.ir import Attribute, BlockArgument, Operation, SSAValue

from anamc.analysis.checks import ComputedCheck, IndexCheck
from anamc.analysis.dims import named_dims
from anamc.dialects import ad, graph
from anamc.errors import CallError, Error, FileError, FrontendError, Place, shown
from anamc.frontends import FRONTENDS
from anamc.pipelines import OPTIONAL, STAGES, context_of_all, remaining, run

if TYPE_CHECKING:
    from xdsl.dialects import func


HINTS = (ad.CustomOp, ad.StopGradientOp)
"""Operations that only derivatives look at."""


@dataclass(frozen=True)
class Array:
    """
    An array argument or result.

    `dtype` is a NumPy name; `dims` has an int or the name of a run-time size for each dimension.
    `used` is False for an argument that nothing reads: it may be left out. `is_param` is True for
    a parameter of an index program, and `init` is the range that its first values are drawn from;
    `is_cache` is True for its caches. `place` is where the user's file has it.
    """

    name: str
    dtype: str
    dims: tuple[int | str, ...]
    used: bool = True
    init: tuple[float, float] | None = None
    is_cache: bool = False
    is_param: bool = False
    place: Place = field(default=Place(), compare=False, repr=False)

    @property
    def shape(self) -> tuple[int | None, ...]:
        """The dimensions, `None` where the size is known at run time only."""
        return tuple(d if isinstance(d, int) else None for d in self.dims)


@dataclass(frozen=True)
class Signature:
    """What a function takes and gives: run-time sizes, arrays in, arrays out."""

    name: str
    sizes: tuple[str, ...]
    arguments: tuple[Array, ...]
    results: tuple[Array, ...]
    checks: tuple[IndexCheck, ...] = field(default=(), repr=False)
    """Indices that are checked before the function runs."""
    requires: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """Conditions on the run-time sizes ("n == m"), each with its place and reason."""
    computed: tuple[ComputedCheck, ...] = field(default=(), repr=False)
    """Indices that the function computes, and checks while it runs."""
    place: Place = field(default=Place(), compare=False, repr=False)
    """Where the user's file has it."""


class Program:
    """
    A module of anamc at any level from blocks to tensors.

    `ir` is the xDSL module, `str(program)` its text, `functions` the signatures by name, `left_out` the passes that it
    is compiled without.
    """

    def __init__(
        self, ir: ModuleOp, name: str = "program", *, is_generated: bool = False, left_out: Sequence[str] = ()
    ) -> None:
        """`is_generated`: from a frontend, so that its float type is chosen when it is compiled."""
        self.ir = ir
        self.name = name
        self.left_out = tuple(left_out)
        self.is_generated = is_generated or self.is_graph

    def __str__(self) -> str:
        return str(self.ir)

    def without(self, *passes: str) -> Program:
        """
        The same program, compiled without some passes that only make code faster: to compare, or to find an error.

        Derivatives of it, and whatever runs or emits it, leave them out too. Error A0816 for a pass that is none of
        `anamc.pipelines.OPTIONAL`.
        """
        if unknown := [name for name in passes if name not in OPTIONAL]:
            raise Error(
                "A0816",
                f"'{shown(unknown[0])}' is no pass that can be left out",
                why="others are needed, or there is no such pass",
                help=f"these can be: {', '.join(OPTIONAL)}",
            )
        left_out = tuple(name for name in OPTIONAL if name in (*self.left_out, *passes))
        return Program(self.ir, self.name, is_generated=self.is_generated, left_out=left_out)

    @property
    def is_graph(self) -> bool:
        """True for a program at the level of blocks."""
        return any(isinstance(op, graph.NetworkOp) for op in self.ir.ops)

    @cached_property
    def tensors(self) -> ModuleOp:
        """The module on tensors: what is interpreted, differentiated and compiled. Do not change it."""
        return run(self.ir.clone(), remaining(STAGES["tensors"], self.left_out))

    @cached_property
    def checked(self) -> ModuleOp:
        """The module on tensors with checks of all computed indices: what runs. Do not change it."""
        return run(self.tensors.clone(), ["check-indices"])

    @cached_property
    def differentiable(self) -> ModuleOp:
        """The same with the rules and hints for derivatives that are still to be asked for. Do not change it."""
        if not any(isinstance(op, HINTS) or "ad.checkpoint" in op.attributes for op in self.ir.walk()):
            return self.tensors
        order = remaining(STAGES["tensors"], self.left_out)
        return run(self.ir.clone(), order, options={"ad-expand": {"keep-hints": (True,)}})

    @cached_property
    def functions(self) -> dict[str, Signature]:
        """The signature of each public function, in order."""
        from xdsl.dialects import func

        found: dict[str, Signature] = {}
        for op, checked in zip(self.tensors.ops, self.checked.ops, strict=True):
            if not isinstance(op, func.FuncOp) or not isinstance(checked, func.FuncOp):
                continue
            if op.body.blocks and not _is_private(op):
                found[op.sym_name.data] = signature(op, checked)
        return found

    def function(self, name: str | None = None) -> Signature:
        """The signature of a function; the first one where no name is given. CallError where there is none."""
        functions = self.functions
        if name is None:
            if not functions:
                raise CallError("A0802", "the program has no function")
            return next(iter(functions.values()))
        if name not in functions:
            raise CallError(
                "A0803",
                f"the program has no function '{shown(name)}'",
                why="it has " + ", ".join(f"'{shown(f)}'" for f in functions),
            )
        return functions[name]

    @property
    def params(self) -> tuple[Array, ...]:
        """The parameters of an index program: arguments with a range of first values, of all its functions."""
        arguments = (a for f in self.functions.values() for a in f.arguments if a.init is not None)
        return tuple({a.name: a for a in arguments}.values())

    @property
    def network(self) -> graph.NetworkOp:
        """The only block graph of the program, shapes resolved. Error where there is not exactly one."""
        found = [o for o in self._resolved.ops if isinstance(o, graph.NetworkOp)]
        if len(found) != 1:
            raise Error(
                "A0804",
                f"expected a program of one block graph, got {len(found)}",
                why="parameters are laid out by the encoders of a block graph",
            )
        return found[0]

    @cached_property
    def _resolved(self) -> ModuleOp:
        return run(self.ir.clone(), ["graph-infer-shapes"])


def load(path: str | os.PathLike[str]) -> Program:
    """
    Reads a program: `.json` (block graph) or `.mlir`, by the ending.

    Raises FileError where the file cannot be read, FrontendError where it is wrong.
    """
    place = Path(path)
    format = place.suffix.removeprefix(".")
    known_format(format, str(path))
    try:
        text = place.read_bytes()
    except OSError as error:
        raise FileError(
            "A0601", f"cannot read '{shown(path)}'", place=Place(str(path)), why=error.strerror or str(error)
        ) from None
    return parse(text, format, str(path), name=place.stem)


def parse(text: str | bytes, format: str = "mlir", file: str = "<string>", name: str = "program") -> Program:
    """A program from its text. `format` is `json` or `mlir`."""
    known_format(format, file)
    if format == "mlir":
        from anamc.frontends.mlir_text import parse_mlir

        return Program(parse_mlir(text, file, context_of_all()), name)
    ir = FRONTENDS[format](text if isinstance(text, bytes) else text.encode(), file, name)
    return Program(ir, name, is_generated=True)


def known_format(format: str, file: str) -> None:
    """FrontendError for a format that nothing reads."""
    known = [*FRONTENDS, "mlir"]
    if format not in known:
        raise FrontendError(
            "A0124",
            f"unknown format '{shown(format)}'",
            place=Place(file),
            help="the formats are " + ", ".join(f".{f}" for f in known),
        )


def signature(function: func.FuncOp, checked: func.FuncOp) -> Signature:
    """The signature of a function on tensors; `checked` is the function with checks of computed indices."""
    from anamc.analysis.bounds import BoundsAnalysis  # a warm start has no need of it

    sizes: list[str] = []
    arguments: list[Array] = []
    for k, argument in enumerate(function.body.block.args):
        type = argument.type
        data = _attributes(function.arg_attrs, k)
        if isinstance(type, IndexType):
            sizes.append(_name(data, f"size{k}"))
        else:
            arguments.append(_array(type, data, f"arg{k}", argument))
    last = function.body.block.last_op
    results = [
        _array(value.type, _attributes(function.res_attrs, k), f"out{k}", value)
        for k, value in enumerate(last.operands if last is not None else ())
    ]
    bounds = BoundsAnalysis(function)
    requires = requirements(function.attributes.get("anamc.requires")) + bounds.requirements()
    computed = BoundsAnalysis(checked).computed()
    name, place = function.sym_name.data, Place.of(function.location)
    return Signature(name, tuple(sizes), tuple(arguments), tuple(results), bounds.checks(), requires, computed, place)


def requirements(attribute: Attribute | None) -> tuple[tuple[str, str], ...]:
    """`anamc.requires`: pairs of a condition on sizes and the reason for it."""
    pairs = [p.data for p in attribute if isinstance(p, ArrayAttr)] if isinstance(attribute, ArrayAttr) else []
    return tuple((p[0].data, p[1].data) for p in pairs if all(isinstance(t, StringAttr) for t in p) and len(p) == 2)


def _is_private(function: func.FuncOp) -> bool:
    return function.sym_visibility is not None and function.sym_visibility.data == "private"


def _attributes(attributes: ArrayAttr[DictionaryAttr] | None, k: int) -> dict[str, Attribute]:
    return dict(attributes.data[k].data) if attributes is not None else {}


def _name(data: dict[str, Attribute], default: str) -> str:
    name = data.get("anamc.name")
    return name.data if isinstance(name, StringAttr) else default


def _array(type: Attribute, data: dict[str, Attribute], default: str, value: SSAValue) -> Array:
    if not isinstance(type, TensorType):
        raise Error("A0805", f"a function takes and gives tensors and sizes, got {type}")
    dims = named_dims(data.get("anamc.dims"))
    return Array(
        _name(data, default),
        dtype_name(type.element_type),
        dims if dims is not None else tuple(type.get_shape()),
        "anamc.unused" not in data,
        initial_range(data.get("anamc.init")),
        "anamc.cache" in data,
        "anamc.param" in data,
        Place.of(location_of(value)),
    )


def location_of(value: SSAValue) -> LocationAttr:
    """Where the user's file has an argument, or what computes a value."""
    if isinstance(value, BlockArgument):
        return value.location
    return value.owner.location if isinstance(value.owner, Operation) else UnknownLoc()


def initial_range(attribute: Attribute | None) -> tuple[float, float] | None:
    """`anamc.init`: `["uniform", low, high]`."""
    bounds = [b.value.data for b in attribute if isinstance(b, FloatAttr)] if isinstance(attribute, ArrayAttr) else []
    return (bounds[0], bounds[1]) if len(bounds) == 2 else None


def dtype_name(type: Attribute) -> str:
    """NumPy name of an element type."""
    match type:
        case Float32Type():
            return "float32"
        case Float64Type():
            return "float64"
        case IndexType():
            return "int64"
        case IntegerType() if type.width.data in (8, 16, 32, 64):
            return f"int{type.width.data}"
        case _:
            raise Error("A0806", f"arrays of {type} cannot be passed")
