"""
The derivatives that emitted code has beside each function, in the manner of Tapenade.

`@f_vjp` and `@f_jvp` stand for `f_b` and `f_d`: with respect to every float that the function uses,
of every float result. Each array that carries a derivative is followed by its companion: `u` by `ub`
(cotangent) or `ud` (tangent).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xdsl.dialects import func
from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, StringAttr
from xdsl.ir import Attribute

from anamc.derivatives import jvp, vjp
from anamc.derivatives.names import is_float
from anamc.program import Program, Signature

COMPANIONS = {"vjp": "b", "jvp": "d"}
"""Each kind of derivative, and what is behind the names of its arrays."""


def with_companions(program: Program, function: str | None = None) -> Program:
    """
    The program with `@f_vjp` and `@f_jvp` behind each public function `@f` that has floats in and out.

    `function`: the only one that is kept, and has them. Raises DerivativeError for an operation that has no derivative.
    """
    module = program.tensors.clone()
    for op in list(module.ops):
        named = op.sym_name.data if isinstance(op, func.FuncOp) else ""
        if function is not None and named in program.functions and named != function:
            op.detach()
            op.erase()
    taken = {op.sym_name.data for op in module.ops if isinstance(op, func.FuncOp)}
    chosen = list(program.functions.values()) if function is None else [program.function(function)]
    for signature in chosen:
        for kind in COMPANIONS:
            for made in companion(program, signature, kind):
                name = f"{signature.name}_{kind}"
                while name in taken:
                    name += "_"
                taken.add(name)
                made.properties["sym_name"] = StringAttr(name)
                module.body.block.add_op(made)
    return Program(module, program.name, is_generated=program.is_generated, left_out=program.left_out)


def companion(program: Program, signature: Signature, kind: str) -> Iterator[func.FuncOp]:
    """The function of one derivative; none where there is nothing to differentiate."""
    wrt = [a.name for a in signature.arguments if a.used and is_float(a)]
    of = [r.name for r in signature.results if is_float(r)]
    if not wrt or not of:
        return
    found = (vjp if kind == "vjp" else jvp)(program, wrt, of, signature.name)
    functions = (op for op in found.tensors.ops if isinstance(op, func.FuncOp))
    (made,) = (op.clone() for op in functions if op.sym_name.data in found.functions)
    arguments, results = (of, wrt) if kind == "vjp" else (wrt, of)
    beside_arguments, beside_results = ("write", "read") if kind == "vjp" else ("read", "write")
    for key, names, access in (("arg_attrs", arguments, beside_arguments), ("res_attrs", results, beside_results)):
        given = made.properties[key]
        if isinstance(given, ArrayAttr):
            made.properties[key] = ArrayAttr(labelled(list(given.data), names, access, COMPANIONS[kind]))
    made.attributes["anamc.companion"] = ArrayAttr([StringAttr(kind), StringAttr(signature.name)])
    yield made


def labelled(data: Sequence[Attribute], names: Sequence[str], access: str, ending: str) -> Iterator[Attribute]:
    """
    The attributes of arguments or results, of which the last ones are companions of `names`.

    `anamc.beside` says what an array stands behind: `"read u"` an argument, `"write y"` a result.
    """
    first = len(data) - len(names)
    yield from data[:first]
    for given, name in zip(data[first:], names, strict=True):
        kept = dict(given.data) if isinstance(given, DictionaryAttr) else {}
        beside = {"anamc.name": StringAttr(f"{name}{ending}"), "anamc.beside": StringAttr(f"{access} {name}")}
        yield DictionaryAttr(kept | beside)
