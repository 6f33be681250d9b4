"""Attributes of functions and arguments as LLVM IR writes them."""

from __future__ import annotations

from collections.abc import Iterator

from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, IntegerAttr, StringAttr, UnitAttr
from xdsl.dialects.llvm import FuncOp, TargetFeaturesAttr
from xdsl.ir import Attribute
from xdsl.utils.exceptions import DiagnosticException

from anamc.backends.llvm_ir.literals import TARGET, quoted

ARGUMENT_ORDER = ("noalias", "nocapture", "nonnull", "noundef", "readonly", "writeonly", "align", "dereferenceable")
FUNCTION_PROPERTIES = {"no_inline": "noinline", "no_unwind": "nounwind", "optimize_none": "optnone"}
STRING_PROPERTIES = {"target_cpu": "target-cpu", "target_features": "target-features", "tune_cpu": "tune-cpu"}
KEYWORDS = frozenset({"alwaysinline", "cold", "hot", "mustprogress", "nofree", "norecurse", "nosync", "willreturn"})
PAIRS = {("memory", "0"): "memory(none)"}
"""Attributes with a number, which MLIR writes as a pair of strings."""


def _argument_attribute(name: str, value: Attribute) -> str:
    match value:
        case UnitAttr():
            return name
        case IntegerAttr() if name == "align":
            return f"align {value.value.data}"
        case IntegerAttr():
            return f"{name}({value.value.data})"
        case _:
            raise DiagnosticException(f"{TARGET}: cannot print the argument attribute 'llvm.{name} = {value}'")


def argument_attributes(attributes: DictionaryAttr) -> str:
    """Attributes of the `llvm` dialect, in a fixed order, each with a space in front."""
    known = {key.removeprefix("llvm."): value for key, value in attributes.data.items() if key.startswith("llvm.")}
    for name in known:
        if name not in ARGUMENT_ORDER:
            raise DiagnosticException(f"{TARGET}: cannot print the argument attribute 'llvm.{name}'")
    return "".join(" " + _argument_attribute(name, known[name]) for name in ARGUMENT_ORDER if name in known)


def _passthrough(attribute: Attribute) -> str:
    match attribute:
        case StringAttr():
            return attribute.data if attribute.data in KEYWORDS else quoted(attribute.data)
        case ArrayAttr(data=(StringAttr(data=key), StringAttr(data=value))):
            return PAIRS.get((key, value), f"{quoted(key)}={quoted(value)}")
        case _:
            raise DiagnosticException(f"{TARGET}: cannot print the function attribute '{attribute}'")


def _strings(op: FuncOp) -> Iterator[tuple[str, str]]:
    """Attributes with a text."""
    for name, text in STRING_PROPERTIES.items():
        match op.get_attr_or_prop(name):
            case StringAttr(data=value):
                yield text, value
            case TargetFeaturesAttr(features=features):
                yield text, ",".join(f.data for f in features)
            case _:
                pass


def _function_attributes(op: FuncOp) -> Iterator[str]:
    """Properties, or attributes of the same name: xDSL's parser makes attributes of them."""
    for name, text in FUNCTION_PROPERTIES.items():
        if op.get_attr_or_prop(name) is not None:
            yield text
    passthrough = op.get_attr_or_prop("passthrough")
    for attribute in passthrough if isinstance(passthrough, ArrayAttr) else ():
        yield _passthrough(attribute)
    for text, value in _strings(op):
        yield f"{quoted(text)}={quoted(value)}"


def function_attributes(op: FuncOp) -> str:
    """Keywords first, then strings, each group sorted; empty where there is none."""
    return " ".join(sorted(_function_attributes(op), key=lambda a: (a.startswith('"'), a)))
