"""Statements as text: what `reader.read` reads back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from anamc.frontends.index_notation import syntax

LEVELS: dict[str, int] = {
    "or": 1,
    "and": 2,
    "not": 3,
    **dict.fromkeys(("==", "!=", "<", ">", "<=", ">="), 4),
    **dict.fromkeys(("+", "-"), 5),
    **dict.fromkeys(("*", "/", "div", "mod"), 6),
    "u-": 7,
}
"""How tightly operators bind."""
POSTFIX = 8
ATOM = 9


def program_text(statements: Sequence[syntax.Statement]) -> tuple[str, list[syntax.Statement]]:
    """The text of a program, a line a statement; its custom gradients know where they stand in it."""
    lines: list[str] = []
    placed: list[syntax.Statement] = []
    start = 0
    for statement in statements:
        line = statement_text(statement)
        is_gradient = isinstance(statement, syntax.Gradient)
        placed.append(replace(statement, span=(start, start + len(line))) if is_gradient else statement)
        lines.append(line + "\n")
        start += len(line) + 1
    return "".join(lines), placed


def statement_text(statement: syntax.Statement) -> str:
    """One statement on one line."""
    return STATEMENTS[type(statement)](statement)


def _input(s: syntax.Input) -> str:
    dims = "" if s.dims is None else f"[{_args(s.dims)}]"
    return f"input {s.name}{dims}" + ("" if s.element == "scalar" else f" : {s.element}")


def _param(s: syntax.Param) -> str:
    return f"param {s.name}[{_args(s.dims)}]{_init(s.init)}"


def _init(init: syntax.Invoke | None) -> str:
    return "" if init is None else f" = {expression_text(init)}"


def _output(s: syntax.Output) -> str:
    names = ", ".join(n.text for n in s.names)
    return f"output {names}" if s.target is None else f"target {s.target.text}: {names}"


def _kernel(s: syntax.Kernel) -> str:
    iterators = ", ".join(map(_iterator, s.iterators))
    many = f"({iterators})" if len(s.iterators) > 1 else iterators
    return f"{_target(s.target)} ++= {_body(s.body)}" + (f" | {many}" if iterators else "")


def _target(t: syntax.Target) -> str:
    name = f"grad({t.name})" if t.is_grad else t.name
    return f"{name}{{{_args(t.indices)}}}" if t.is_flat else f"{name}[{_args(t.indices)}]"


def _iterator(i: syntax.Iterator) -> str:
    if i.low is None or i.high is None:
        return i.name
    return f"{i.name} in {expression_text(i.low)}{'..' if i.inclusive else '..<'}{expression_text(i.high)}"


def _gradient(s: syntax.Gradient) -> str:
    return f"grad({s.name}) by {{ {' '.join(map(_kernel, s.kernels))} }}"


STATEMENTS: dict[type[Any], Callable[[Any], str]] = {
    syntax.Input: _input,
    syntax.Param: _param,
    syntax.Const: lambda s: f"const {s.name} = {expression_text(s.value)}",
    syntax.Shape: lambda s: f"{s.name}.shape = [{_args(s.dims)}]",
    syntax.Output: _output,
    syntax.Cache: lambda s: f"cache {s.name}[{_args(s.dims)}]",
    syntax.Random: lambda s: f"random {s.name}[{_args(s.dims)}]{_init(s.init)}",
    syntax.Reshape: lambda s: f"{s.name} = reshape({s.source.text}, [{_args(s.dims)}])",
    syntax.Cond: lambda s: f"{s.name} = cond({', '.join(f'{t.text}: {n.text}' for t, n in s.branches)})",
    syntax.Kernel: _kernel,
    syntax.Gradient: _gradient,
}


def _body(expr: syntax.Expr) -> str:
    """What stands behind `++=` or between parentheses."""
    if not isinstance(expr, syntax.Body):
        return expression_text(expr)
    lets = "".join(f"let {let.name} = {expression_text(let.value)}; " for let in expr.lets)
    return lets + expression_text(expr.value)


def _args(exprs: Sequence[syntax.Expr]) -> str:
    return ", ".join(map(expression_text, exprs))


def expression_text(expr: syntax.Expr) -> str:
    """One expression, with the parentheses that it needs."""
    return _text(expr)[0]


def _inside(expr: syntax.Expr, level: int) -> str:
    text, own = _text(expr)
    return text if own >= level else f"({text})"


def _text(expr: syntax.Expr) -> tuple[str, int]:
    match expr:
        case syntax.Invoke() if expr.function in LEVELS:
            return _operator(expr)
        case syntax.Invoke():
            return f"{expr.function}({_args(expr.args)})", ATOM
        case syntax.Number():
            return repr(expr.value), ATOM
        case syntax.Name():
            return expr.text, ATOM
        case syntax.Grad():
            return f"grad({expr.text})", ATOM
        case syntax.At():
            return f"{_inside(expr.base, POSTFIX)}[{_args(expr.indices)}]", POSTFIX
        case syntax.Flat():
            return f"{_inside(expr.base, POSTFIX)}{{{expression_text(expr.index)}}}", POSTFIX
        case syntax.Property():
            return f"{_inside(expr.base, POSTFIX)}.{expr.name}", POSTFIX
        case syntax.Items():
            return f"[{_args(expr.items)}]", ATOM
        case _:
            return f"({_body(expr)})", ATOM


def _operator(expr: syntax.Invoke) -> tuple[str, int]:
    level = LEVELS[expr.function]
    if len(expr.args) == 1:
        sign = "-" if expr.function == "u-" else "not "
        return sign + _inside(expr.args[0], level), level
    chain = [expr]
    while isinstance(left := chain[-1].args[0], syntax.Invoke) and _continues(left, level):
        chain.append(left)
    parts = [_inside(chain[-1].args[0], level + (1 if level == LEVELS["=="] else 0))]
    for link in reversed(chain):
        parts.append(f" {link.function} {_inside(link.args[1], level + 1)}")
    return "".join(parts), level


def _continues(left: syntax.Invoke, level: int) -> bool:
    """True where the left side is a part of the same row of operators, which are read from the left."""
    return len(left.args) == 2 and LEVELS.get(left.function) == level and left.function in syntax.CHAINS
