"""Operators and functions: what they take and give, and what they are on constants."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from difflib import get_close_matches

from anamc.errors import FrontendError, shown
from anamc.frontends.index_notation.polynomials import truncated
from anamc.frontends.index_notation.source import Source, Spot
from anamc.frontends.index_notation.terms import Apply, Constant, Term, Type

S, I, B = Type.SCALAR, Type.INDEX, Type.BOOLEAN
MAX_INDEX = 2**63 - 1
"""Largest index that a constant may become."""

Signature = tuple[tuple[Type, ...], Type]
ARITHMETIC: tuple[Signature, ...] = (((S, S), S), ((I, I), I))
ORDER: tuple[Signature, ...] = (((S, S), B), ((I, I), B))
SCALAR: tuple[Signature, ...] = (((S,), S),)
WHOLE: tuple[Signature, ...] = (((I, I), I),)

SIGNATURES: dict[str, tuple[Signature, ...]] = {
    **dict.fromkeys(("+", "-", "*", "min", "max"), ARITHMETIC),
    "/": (((S, S), S),),
    **dict.fromkeys(("div", "mod", "wrap", "floordiv"), WHOLE),
    **dict.fromkeys(("==", "!="), (*ORDER, ((B, B), B))),
    **dict.fromkeys(("<", ">", "<=", ">="), ORDER),
    **dict.fromkeys(("and", "or"), (((B, B), B),)),
    "not": (((B,), B),),
    **dict.fromkeys(("u-", "sq", "abs"), (((S,), S), ((I,), I))),
    **dict.fromkeys(("sin", "cos", "exp", "sqrt", "ln", "log2", "log10"), SCALAR),
    **dict.fromkeys(("tanh", "log1p", "expm1", "erf"), SCALAR),
    "pow": (((S, S), S),),
    "select": (((B, S, S), S), ((B, I, I), I), ((B, B, B), B)),
    "toScalar": (((I,), S),),
    "toIndex": (((S,), I),),
}
"""What every operator and function takes, and gives for it; `u-` is the sign."""

DIVISIONS = ("div", "mod", "wrap", "floordiv")
"""Instructions that may not divide by 0."""

SPECIAL = ("epoch", "jvp")
"""Functions with a meaning of their own."""


def wrapped(a: int, b: int) -> int:
    """``(a rem b + b) rem b``: in ``0 .. b - 1`` for positive b."""
    return _remainder(_remainder(a, b) + b, b)


def _remainder(a: int, b: int) -> int:
    return a - b * truncated(a, b)


def _divide(a: float, b: float) -> float | None:
    return a / b if b else None


FOLDED: dict[str, Callable[..., float | int | bool | None]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divide,
    "min": min,
    "max": max,
    "div": truncated,
    "mod": _remainder,
    "wrap": wrapped,
    "floordiv": operator.floordiv,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "and": lambda a, b: a and b,
    "or": lambda a, b: a or b,
    "not": operator.not_,
    "u-": lambda a: -a,
    "sq": lambda a: a * a,
    "abs": lambda a: abs(a),
    "select": lambda c, a, b: a if c else b,
    "toScalar": float,
}
"""Instructions that are done at once where all arguments are constants; None: not now."""


def apply(source: Source, name: str, args: Sequence[Term], at: Spot) -> Term:
    """
    The term of an instruction, or the constant that it is.

    Raises FrontendError for an unknown name (A1013), the number (A1014) or types (A1015) of the
    arguments, a division by the constant 0 (A1028), and a constant that is too large (A1005).
    """
    type = _type(source, name, args, at)
    divides = name in DIVISIONS
    if divides and isinstance(args[1], Constant) and args[1].value == 0:
        raise source.error("A1028", f"'{name}' by 0", args[1].spot)
    folded = _folded(name, args)
    if folded is None:
        return Apply(at, type, tuple(args), name)
    if type is I and not -MAX_INDEX <= folded <= MAX_INDEX:
        raise source.error("A1005", "a constant index is more than 64 bits hold", at)
    return Constant(at, type, (), folded)


def _folded(name: str, args: Sequence[Term]) -> float | int | bool | None:
    values = [a.value for a in args if isinstance(a, Constant)]
    if len(values) < len(args) or name not in FOLDED:
        return None
    try:
        return FOLDED[name](*values)
    except OverflowError:
        return None


def _type(source: Source, name: str, args: Sequence[Term], at: Spot) -> Type:
    if name not in SIGNATURES:
        raise unknown_function(source, name, at)
    signatures = SIGNATURES[name]
    arity = len(signatures[0][0])
    if len(args) != arity:
        raise source.error("A1014", f"'{name}' takes {_arguments(arity)}, got {len(args)}", at)
    given = tuple(a.type for a in args)
    for wanted, result in signatures:
        if wanted == given:
            return result
    options = " or ".join(_types(wanted) for wanted, _ in signatures)
    mixed = {S, I} <= set(given)
    help = "there are no implicit conversions: write 2.0 for 2, or toScalar(...), toIndex(...)" if mixed else ""
    sign = "-" if name == "u-" else name
    raise source.error("A1015", f"'{sign}' takes {options}, got {_types(given)}", at, help=help)


def unknown_function(source: Source, name: str, at: Spot) -> FrontendError:
    """A1013, with the nearest name that exists."""
    known = [n for n in (*SIGNATURES, *SPECIAL) if n.isidentifier()]
    near = get_close_matches(name, known, 1)
    help = f"did you mean '{near[0]}'?" if near else ""
    return source.error("A1013", f"unknown function '{shown(name)}'", at, help=help)


def _arguments(count: int) -> str:
    return "1 argument" if count == 1 else f"{count} arguments"


def _types(types: Sequence[Type]) -> str:
    names = ", ".join(t.value for t in types)
    return names if len(types) == 1 else f"({names})"
