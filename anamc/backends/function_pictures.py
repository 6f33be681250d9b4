"""
Functions on tensors as pictures: arguments, nests with their loops, results.

What index programs look like: a box a kernel, with the tensor that it writes and the ranges that
were inferred.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects import arith, func
from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, FileLineColLoc, IntegerAttr, ModuleOp, StringAttr
from xdsl.ir import Attribute, BlockArgument, Operation, SSAValue
from xdsl.utils.exceptions import DiagnosticException

from anamc.backends.dot import quoted
from anamc.backends.graph_svg import Picture, emit_pictures
from anamc.dialects import nest

SIGNS = {"arith.addi": "+", "arith.subi": "-", "arith.muli": "*"}
SHAPES = {"feature": "ellipse", "nest": "box", "result": "ellipse"}
"""Boxes in Graphviz."""


def emit_svg(module: ModuleOp) -> str:
    """The public functions of a module as SVG. DiagnosticException where it has none with nests."""
    return emit_pictures(pictures(module))


def emit_dot(module: ModuleOp) -> str:
    """The same in Graphviz's language."""
    lines = ["digraph anamc {", "  rankdir=LR;", '  node [fontname="sans-serif"];']
    for k, picture in enumerate(pictures(module)):
        lines += [f"  subgraph cluster_{k} {{", f"    label={quoted(picture.title)};"]
        for n, box in enumerate(picture.boxes):
            lines.append(f"    n{k}_{n} [label={quoted(*box.lines)}, shape={SHAPES[box.kind]}];")
        lines += [f"    n{k}_{a} -> n{k}_{b};" for a, b, _ in picture.links]
        lines.append("  }")
    return "\n".join([*lines, "}", ""])


def pictures(module: ModuleOp) -> list[FunctionPicture]:
    """One picture a public function that has nests."""
    functions = [op for op in module.ops if isinstance(op, func.FuncOp) and op.body.blocks]
    found = [FunctionPicture(f) for f in functions if any(isinstance(op, nest.MapOp) for op in f.body.block.ops)]
    if not found:
        raise DiagnosticException("nothing to draw: the module has no function with nests")
    return found


class FunctionPicture(Picture):
    """A function: its arrays, its nests in order, its results."""

    def __init__(self, function: func.FuncOp) -> None:
        block = function.body.block
        attributes = function.arg_attrs.data if function.arg_attrs else ()
        sizes = [a for a in block.args if not _has_dims(attributes, a.index)]
        super().__init__(f"{function.sym_name.data}({', '.join(_name(s) for s in sizes)})")
        for argument in block.args:
            if _has_dims(attributes, argument.index) and argument.uses.get_length():
                self.made[argument] = self.box("feature", _name(argument), _dims(attributes[argument.index]))
        for op in block.ops:
            if isinstance(op, nest.MapOp):
                self._nest(op)
        results = function.res_attrs.data if function.res_attrs else ()
        for k, value in enumerate(block.last_op.operands if block.last_op else ()):
            data = results[k] if k < len(results) else DictionaryAttr({})
            self._link(value, self.box("result", _text(data, "anamc.name") or f"out{k}", _dims(data)))

    def _nest(self, op: nest.MapOp) -> None:
        loops = [f"{_name(a)} < {_extent(e)}" for a, e in zip(op.body.block.args, op.extents, strict=False)]
        place = [f"line {op.location.line.data}"] if isinstance(op.location, FileLineColLoc) else []
        box = self.box("nest", _name(op.results[0]), ", ".join(loops) or "once", *place)
        for value in dict.fromkeys(op.operands):
            self._link(value, box)
        self.made.update(dict.fromkeys(op.results, box))

    def _link(self, value: SSAValue, box: int) -> None:
        if value in self.made:
            self.links.append((self.made[value], box, ""))


def _name(value: SSAValue) -> str:
    return value.name_hint or (f"arg{value.index}" if isinstance(value, BlockArgument) else "nest")


def _extent(extent: int | SSAValue) -> str:
    """A number, a named size, or the formula that computes it."""
    if isinstance(extent, int):
        return str(extent)
    return extent.name_hint or _formula(extent.owner)


def _formula(owner: object) -> str:
    if isinstance(owner, arith.ConstantOp) and isinstance(owner.value, IntegerAttr):
        return str(owner.value.value.data)
    if not isinstance(owner, Operation) or owner.name not in SIGNS:
        return "?"
    left, right = (_extent(v) for v in owner.operands)
    if owner.name == "arith.muli":
        left, right = (f"({t})" if " " in t else t for t in (left, right))
    return f"{left} {SIGNS[owner.name]} {right}"


def _has_dims(attributes: Sequence[DictionaryAttr], k: int) -> bool:
    return k < len(attributes) and "anamc.dims" in attributes[k].data


def _text(data: DictionaryAttr, key: str) -> str:
    value = data.data.get(key)
    return value.data if isinstance(value, StringAttr) else ""


def _dims(data: DictionaryAttr) -> str:
    dims = data.data.get("anamc.dims")
    return ", ".join(map(_dim, dims.data)) if isinstance(dims, ArrayAttr) else ""


def _dim(dim: Attribute) -> str:
    match dim:
        case StringAttr():
            return dim.data
        case IntegerAttr():
            return str(dim.value.data)
        case _:
            return "?"
