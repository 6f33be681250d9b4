"""What a kernel uses several times, or nests deeply, becomes a `let`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from anamc.frontends.index_notation import syntax

MAX_DEPTH = 32
"""Deepest nesting that is kept; deeper parts are named."""
NAMED = (syntax.Invoke, syntax.At, syntax.Flat)
"""Forms that `let` can name."""


def with_lets(root: syntax.Expr, fresh: Callable[[], str]) -> syntax.Expr:
    """
    The expression as a tree: a part that stands in it twice is computed once, by a `let` in front.

    `fresh` gives names that nothing else has.
    """
    order = _postorder(root)
    uses = _uses(order)
    made: dict[int, syntax.Expr] = {}
    depth: dict[int, int] = {}
    lets: list[syntax.Let] = []
    for node in order:
        children = [made[id(c)] for c in node.children]
        new = _rebuilt(node, children) if children else node
        deep = _depth(node, [depth[id(c)] for c in node.children])
        if node is not root and isinstance(node, NAMED) and children and (uses[id(node)] > 1 or deep > MAX_DEPTH):
            name = fresh()
            lets.append(syntax.Let(node.spot, name, new))
            new, deep = syntax.Name(node.spot, name), 1
        made[id(node)], depth[id(node)] = new, deep
    body = made[id(root)]
    return syntax.Body(body.spot, tuple(lets), body) if lets else body


def mentioned(statement: syntax.Statement) -> list[syntax.Name | syntax.Grad]:
    """Every name that a statement mentions."""
    match statement:
        case syntax.Output():
            return list(statement.names)
        case syntax.Cond():
            return [name for _, name in statement.branches]
        case syntax.Reshape():
            return [statement.source, *(n for d in statement.dims for n in _postorder(d) if isinstance(n, syntax.Name))]
        case syntax.Gradient():
            own = [syntax.Name(statement.spot, statement.name)]
            return [*own, *(n for kernel in statement.kernels for n in mentioned(kernel))]
        case _:
            roots = syntax.expressions(statement)
            return [n for r in roots for n in _postorder(r) if isinstance(n, syntax.Name | syntax.Grad)]


def _postorder(root: syntax.Expr) -> list[syntax.Expr]:
    found: list[syntax.Expr] = []
    seen: set[int] = set()
    stack = [(root, False)]
    while stack:
        node, ready = stack.pop()
        if ready:
            found.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            stack += [(c, False) for c in reversed(node.children)]
    return found


def _uses(order: Iterable[syntax.Expr]) -> dict[int, int]:
    uses: dict[int, int] = {}
    for node in order:
        for child in node.children:
            uses[id(child)] = uses.get(id(child), 0) + 1
    return uses


def _depth(node: syntax.Expr, children: list[int]) -> int:
    """A long row of one operator counts as one."""
    if isinstance(node, syntax.Invoke) and node.function in syntax.CHAINS:
        return max(children[0], children[1] + 1)
    return max(children, default=0) + 1


def _rebuilt(node: Any, children: list[syntax.Expr]) -> syntax.Expr:
    match node:
        case syntax.Invoke():
            return replace(node, args=tuple(children))
        case syntax.At():
            return replace(node, base=children[0], indices=tuple(children[1:]))
        case syntax.Flat():
            return replace(node, base=children[0], index=children[1])
        case syntax.Items():
            return replace(node, items=tuple(children))
        case _:
            return replace(node, base=children[0])
