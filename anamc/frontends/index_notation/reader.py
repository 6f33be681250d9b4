"""Text to statements, by lark."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from functools import cache
from math import isfinite
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedToken, v_args

from anamc.errors import FrontendError, Place, shown
from anamc.frontends.index_notation import syntax
from anamc.frontends.index_notation.grammar import GRAMMAR, WORDS
from anamc.frontends.index_notation.source import Source, Spot

MAX_BYTES = 16 * 2**20
"""Largest text (bytes)."""
MAX_DEPTH = 64
"""Deepest nesting of expressions; a chain of one sum or product counts as one."""
MAX_INTEGER = 2**31 - 1
"""Largest index and size."""


def read(text: str | bytes, file: str) -> tuple[Source, list[syntax.Statement]]:
    """The statements of a program. Raises FrontendError A1001 to A1006."""
    source = Source(decoded(text, file), file)
    try:
        statements: list[syntax.Statement] = _grammar().parse(source.text)  # pyright: ignore[reportAssignmentType]
    except UnexpectedToken as error:
        raise _unexpected_token(source, error) from None
    except UnexpectedCharacters as error:
        raise _unexpected_text(source, error) from None
    except _MisreadError as error:
        raise source.error(error.code, error.what, error.at, help=error.help) from None
    for statement in statements:
        check_depth(source, statement)
    return source, statements


def decoded(text: str | bytes, file: str) -> str:
    """The text; A1002 where it is no UTF-8, A1003 where it is too large."""
    if len(text) > MAX_BYTES:
        raise FrontendError("A1003", f"the text has {len(text)} bytes, at most {MAX_BYTES} are read", place=Place(file))
    if isinstance(text, str):
        return text
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        raise FrontendError("A1002", "the text is not UTF-8", place=Place(file), why=str(error)) from None


class _MisreadError(Exception):
    """What is wrong with a token or statement, before the source is at hand."""

    def __init__(self, code: str, what: str, at: Spot, help: str = "") -> None:
        super().__init__(what)
        self.code, self.what, self.at, self.help = code, what, at, help


def _spot(token: Token) -> Spot:
    return Spot(token.line or 1, token.column or 1)


@v_args(inline=True)
class _Statements(Transformer[Token, Any]):
    """A node of the syntax for each rule of the grammar."""

    def start(self, *statements: Any) -> list[Any]:
        return list(statements)

    def input(self, name: Token, dims: tuple[Any, ...] | None, element: Token | None) -> syntax.Input:
        return syntax.Input(_spot(name), str(name), dims, str(element or "scalar"), _spot(element or name))

    def param(
        self, name: Token, dims: tuple[Any, ...], init: Token | None, args: tuple[Any, ...] | None
    ) -> syntax.Param:
        made = None if init is None else syntax.Invoke(_spot(init), str(init), args or ())
        return syntax.Param(_spot(name), str(name), dims, made)

    def const(self, name: Token, value: Any) -> syntax.Const:
        return syntax.Const(_spot(name), str(name), value)

    def shape(self, name: Token, _: Token, args: tuple[Any, ...]) -> syntax.Shape:
        return syntax.Shape(_spot(name), str(name), args)

    def output(self, *names: Token) -> syntax.Output:
        return syntax.Output(tuple(syntax.Name(_spot(n), str(n)) for n in names))

    def target(self, word: Token, name: Token, *names: Token) -> syntax.Output:
        if word != "target":
            raise _unknown_statement(word, name)
        if name == syntax.OTHERWISE:
            raise _MisreadError("A1041", f"'{name}' cannot name a target", _spot(name))
        found = tuple(syntax.Name(_spot(n), str(n)) for n in names)
        return syntax.Output(found, syntax.Name(_spot(name), str(name)))

    def stored(
        self, word: Token, name: Token, dims: tuple[Any, ...], init: Token | None, args: tuple[Any, ...] | None
    ) -> syntax.Cache | syntax.Random:
        if word not in ("cache", "random"):
            raise _unknown_statement(word, name)
        made = None if init is None else syntax.Invoke(_spot(init), str(init), args or ())
        if word == "random":
            return syntax.Random(_spot(name), str(name), dims, made)
        if made is not None:
            raise _MisreadError("A1001", "a cache starts at zero", made.spot)
        return syntax.Cache(_spot(name), str(name), dims)

    def branch(self, label: Token | None, value: Any) -> Any:
        return label, value

    def made(self, name: Token, function: Token, *branches: Any) -> syntax.Cond | syntax.Reshape:
        if function not in MADE:
            help = f"did you mean '{near[0]}'?" if (near := get_close_matches(function, MADE, 1)) else ""
            what = f"a tensor is not made by '{shown(function)}'"
            raise _MisreadError("A1013", what, _spot(function), help or "cond(...), reshape(...), or t[i] ++= ...")
        return MADE[function](name, function, branches)

    def kernel(self, target: syntax.Target, sign: Token, body: Any, iterators: Any) -> syntax.Kernel:
        return syntax.Kernel(_spot(sign), target, body, iterators or ())

    def written_at(self, name: Token, args: tuple[Any, ...]) -> syntax.Target:
        return syntax.Target(_spot(name), str(name), False, args, False)

    def written_flat(self, name: Token, index: Any) -> syntax.Target:
        return syntax.Target(_spot(name), str(name), False, (index,), True)

    def written_grad_at(self, _: Token, name: Token, args: tuple[Any, ...]) -> syntax.Target:
        return syntax.Target(_spot(name), str(name), True, args, False)

    def written_grad_flat(self, _: Token, name: Token, index: Any) -> syntax.Target:
        return syntax.Target(_spot(name), str(name), True, (index,), True)

    def gradient(self, grad: Token, name: Token, by: Token, *rest: Any) -> syntax.Gradient:
        if by != "by":
            raise _MisreadError("A1001", f"unexpected '{by}'", _spot(by), "a custom gradient is grad(t) by { ... }")
        span = (grad.start_pos or 0, rest[-1].end_pos or 0)
        return syntax.Gradient(_spot(name), str(name), rest[:-1], span)

    def iterators(self, *found: Any) -> tuple[Any, ...]:
        return found

    def iterator(self, name: Token, low: Any, dots: Token | None, high: Any) -> syntax.Iterator:
        return syntax.Iterator(_spot(name), str(name), low, high, dots == "..")

    def dims(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        return args

    def args(self, *found: Any) -> tuple[Any, ...]:
        return tuple(a for a in found if a is not None)

    def body(self, *parts: Any) -> Any:
        *lets, value = parts
        return syntax.Body(value.spot, tuple(lets), value) if lets else value

    def let(self, name: Token, value: Any) -> syntax.Let:
        return syntax.Let(_spot(name), str(name), value)

    def binary(self, left: Any, sign: Token, right: Any) -> syntax.Invoke:
        return syntax.Invoke(_spot(sign), str(sign), (left, right))

    def unary(self, sign: Token, value: Any) -> Any:
        return syntax.Invoke(_spot(sign), "u-" if sign == "-" else str(sign), (value,))

    def at(self, base: Any, bracket: Token, args: tuple[Any, ...]) -> syntax.At:
        return syntax.At(base.spot, base, args)

    def flat(self, base: Any, _: Token, index: Any, __: Token) -> syntax.Flat:
        return syntax.Flat(base.spot, base, index)

    def property(self, base: Any, name: Token) -> syntax.Property:
        return syntax.Property(base.spot, base, name.lstrip(". \t\r\n\f"))

    def integer(self, token: Token) -> syntax.Number:
        if len(token) > 10 or int(token) > MAX_INTEGER:
            raise _MisreadError("A1005", f"{shown(token)} is more than {MAX_INTEGER}", _spot(token))
        return syntax.Number(_spot(token), int(token))

    def scalar(self, token: Token) -> syntax.Number:
        if len(token) > 400 or not isfinite(float(token)):
            raise _MisreadError("A1005", f"{shown(token)} is too large for a float64", _spot(token))
        return syntax.Number(_spot(token), float(token))

    def name(self, token: Token) -> syntax.Name:
        return syntax.Name(_spot(token), str(token))

    def invoke(self, name: Token, args: tuple[Any, ...]) -> syntax.Invoke:
        return syntax.Invoke(_spot(name), str(name), args)

    def grad(self, _: Token, name: Token) -> syntax.Grad:
        return syntax.Grad(_spot(name), str(name))

    def items(self, bracket: Token, args: tuple[Any, ...]) -> syntax.Items:
        return syntax.Items(_spot(bracket), args)


def _cond(name: Token, function: Token, branches: Sequence[tuple[Token | None, Any]]) -> syntax.Cond:
    found: list[tuple[syntax.Name, syntax.Name]] = []
    for label, value in branches:
        if label is None or not isinstance(value, syntax.Name):
            raise _MisreadError("A1001", "a branch of cond is no tensor with its target", value.spot, COND_HELP)
        found.append((syntax.Name(_spot(label), str(label)), value))
    return syntax.Cond(_spot(name), str(name), tuple(found))


def _reshape(name: Token, function: Token, branches: Sequence[tuple[Token | None, Any]]) -> syntax.Reshape:
    (label, source), *rest = branches
    shape = rest[0][1] if len(rest) == 1 and rest[0][0] is None else None
    if label is not None or not isinstance(source, syntax.Name) or not isinstance(shape, syntax.Items):
        raise _MisreadError("A1001", "reshape takes a tensor and a shape", _spot(function), "reshape(x, [-1, 4])")
    return syntax.Reshape(_spot(name), str(name), source, shape.items)


MADE: dict[str, Callable[..., syntax.Cond | syntax.Reshape]] = {"cond": _cond, "reshape": _reshape}
"""What may stand behind `t =`."""
COND_HELP = "cond(target: tensor, ..., otherwise: tensor)"
WORDS_OF_STATEMENTS = ("input", "param", "const", "output", "target", "cache", "random")


def _unknown_statement(word: Token, name: Token) -> _MisreadError:
    near = get_close_matches(word, WORDS_OF_STATEMENTS, 1)
    help = f"did you mean '{near[0]}'?" if near else "a statement begins with " + ", ".join(WORDS_OF_STATEMENTS)
    return _MisreadError("A1001", f"unexpected '{shown(name)}' behind '{shown(word)}'", _spot(name), help)


@cache
def _grammar() -> Lark:
    return Lark(GRAMMAR, parser="lalr", lexer="basic", transformer=_Statements())


def _unexpected_token(source: Source, error: UnexpectedToken) -> FrontendError:
    token: Token = error.token
    ended = token.type == "$END"
    what = "the text ends too early" if ended else f"unexpected '{shown(token)}'"
    at = _end(source) if ended else _spot(token)
    return source.error("A1001", what, at, why=expectation(error.expected))


def _end(source: Source) -> Spot:
    """Behind the last thing that is no space."""
    text = source.text.rstrip()
    line = text.count("\n")
    return Spot(line + 1, len(text) - (text.rfind("\n") + 1) + 1)


def _unexpected_text(source: Source, error: UnexpectedCharacters) -> FrontendError:
    found = re.match(r"[\w.]+|.", source.text[error.pos_in_stream or 0 :][:40], re.DOTALL)
    word = found.group() if found else ""
    help = "numbers are 2 (an index), 2.0, 1e-3, 1.5e2 (scalars)" if word[:1].isdigit() or word[:1] == "." else ""
    return source.error("A1001", f"unexpected '{shown(word)}'", Spot(error.line, error.column), help=help)


def expectation(terminals: Iterable[str]) -> str:
    """`expected a name, '(' or ']'`"""
    found = set(terminals)
    between = "the next statement" if {"CONST", "INPUT"} <= found else ""
    found -= {"CONST", "INPUT", "OUTPUT", "PARAM", "GRAD", "NAME", "$END"} if between else set()
    words = sorted({WORDS.get(t, f"'{t.lower()}'") for t in found}, key=lambda w: (w[:1] == "'", w))
    words += [between] if between else []
    if not words:
        return ""
    return f"expected {', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else f"expected {words[0]}"


def check_depth(source: Source, statement: syntax.Statement) -> None:
    """A1004 for an expression that is nested too deeply."""
    stack = [(e, 1) for e in syntax.expressions(statement)]
    while stack:
        expr, depth = stack.pop()
        if depth > MAX_DEPTH:
            help = "split it by let, or into several kernels"
            raise source.error("A1004", f"an expression is nested deeper than {MAX_DEPTH}", expr.spot, help=help)
        chain = isinstance(expr, syntax.Invoke) and expr.function in syntax.CHAINS
        stack += [(e, depth if chain and k == 0 else depth + 1) for k, e in enumerate(expr.children)]
