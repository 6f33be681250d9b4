"""Tensors that are made of others: `cache`, `random`, `reshape`, `cond`, checked."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

from anamc.errors import shown
from anamc.frontends.index_notation import syntax
from anamc.frontends.index_notation.instructions import apply
from anamc.frontends.index_notation.names import Scope, what
from anamc.frontends.index_notation.source import Spot
from anamc.frontends.index_notation.terms import (
    Apply,
    Constant,
    IteratorTerm,
    Kernel,
    Length,
    Read,
    Tensor,
    Term,
    Type,
    Variable,
    Version,
)
from anamc.frontends.index_notation.threefry import BITS

if TYPE_CHECKING:
    from anamc.frontends.index_notation.check import Checker

I, S = Type.INDEX, Type.SCALAR
EVERY = "e"
"""The iterator of these kernels."""


def check_random(checker: Checker, statement: syntax.Random) -> None:
    """`random t[dims] = uniform(a, b)`: a kernel that adds ``a + bits / (2^24 / (b - a))`` everywhere."""
    tensor = checker.names.get(statement.name)
    if not isinstance(tensor, Tensor):
        return
    spot = statement.spot
    if not statement.dims:
        raise checker.source.error("A1020", "an array has at least one dimension", spot)
    tensor.given = tuple(checker.static(d, Scope(checker.names), "a dimension") for d in statement.dims)
    tensor.given_spot = spot
    low, high = (0.0, 1.0) if statement.init is None else checker.interval(statement.init)
    stream = Constant(spot, I, (), checker.streams)
    checker.streams += 1
    seed = Variable(spot, I, (), "seed", "seed")
    value: Term = Constant(spot, S, (), low)
    if high > low:
        bits = Apply(spot, S, (seed, stream, _place(spot)), "random")
        # Divided, for a product and the sum behind it may become one operation with one rounding, or not.
        inside = apply(checker.source, "/", (bits, Constant(spot, S, (), 2.0**BITS / (high - low))), spot)
        value = apply(checker.source, "+", (value, inside), spot) if low else inside
    checker.append(Kernel(tensor, spot, (_place(spot),), True, value, (IteratorTerm(EVERY, spot),)))


def check_reshape(checker: Checker, statement: syntax.Reshape) -> None:
    """`t = reshape(x, [dims])`: a kernel that adds `x{i}` to `t{i}`; at most one dimension is -1."""
    tensor, spot = checker.names.get(statement.name), statement.spot
    source = version_of(checker, statement.source)
    if not isinstance(tensor, Tensor):
        return
    if source.tensor.type is not S:
        what = f"'{shown(source.tensor.name)}' is an integer array, and reshape takes Scalars"
        raise checker.source.error("A1015", what, statement.source.spot)
    if not statement.dims:
        raise checker.source.error("A1020", "an array has at least one dimension", spot)
    dims = [checker.static(d, Scope(checker.names), "a dimension") for d in statement.dims]
    tensor.given, tensor.given_spot = tuple(_completed(checker, dims, source.tensor)), spot
    tensor.reshaped = source.tensor
    value = Read(spot, S, (_place(spot),), source.tensor, source.version, True)
    checker.append(Kernel(tensor, spot, (_place(spot),), True, value, (IteratorTerm(EVERY, spot),)))


def _place(spot: Spot) -> Variable:
    return Variable(spot, I, (), "iterator", EVERY)


def _completed(checker: Checker, dims: Sequence[Term], source: Tensor) -> list[Term]:
    """The dimensions with the one that is left open, ``len div`` the product of the others."""
    open_ = [k for k, d in enumerate(dims) if isinstance(d, Constant) and d.value == -1]
    if len(open_) > 1:
        raise checker.source.error("A1043", "two dimensions are left open", dims[open_[1]].spot)
    if not open_:
        return list(dims)
    at = dims[open_[0]].spot
    others: Term = Constant(at, I, (), 1)
    for k, dim in enumerate(dims):
        if k != open_[0]:
            others = apply(checker.source, "*", (others, dim), at)
    whole = apply(checker.source, "floordiv", (Length(at, I, (), source), others), at)
    return [whole if k == open_[0] else d for k, d in enumerate(dims)]


def check_cond(checker: Checker, statement: syntax.Cond) -> None:
    """`t = cond(target: a, ..., otherwise: b)`: `t` stands for one of them in the function of each target."""
    tensor = checker.names.get(statement.name)
    if not isinstance(tensor, Tensor):
        return
    for label, name in statement.branches:
        key = None if label.text == syntax.OTHERWISE else label.text
        if key is not None and key not in checker.targets:
            near = get_close_matches(key, checker.targets, 1)
            help = f"did you mean '{near[0]}'?" if near else f"write it: target {shown(key)}: ..."
            raise checker.source.error("A1040", f"unknown target '{shown(key)}'", label.spot, help=help)
        if key in tensor.choices:
            raise checker.source.error("A1041", f"'{shown(label.text)}' stands twice", label.spot)
        chosen = version_of(checker, name)
        if chosen.tensor.type is not S:
            what = f"'{shown(name.text)}' is an integer array, and cond takes Scalars"
            raise checker.source.error("A1015", what, name.spot)
        tensor.choices[key] = Version(chosen.tensor, chosen.version, name.spot)


def version_of(checker: Checker, name: syntax.Name) -> Version:
    """A tensor as it stands at this point; A1010, A1016, A1018."""
    found = checker.names.get(name.text)
    if found is None:
        raise checker.names.unknown(name.text, name.spot)
    if not isinstance(found, Tensor):
        raise checker.source.error("A1016", f"'{shown(name.text)}' is {what(found)}, no tensor", name.spot)
    if found.is_open:
        why = f"it is first written in line {found.spot.line}"
        raise checker.source.error("A1018", f"'{shown(name.text)}' is read before it is written", name.spot, why=why)
    return Version(found, len(found.kernels), name.spot)
