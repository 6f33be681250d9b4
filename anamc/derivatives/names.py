"""Which arguments and results a derivative is with respect to, and of: by name, or the default."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from anamc.errors import CallError, shown
from anamc.program import Array, Program, Signature

Names = str | Sequence[str] | None
"""One name, several, or the default."""


def function_of(program: Program, function: str | None) -> Signature:
    """The function named, else the first. CallError for what is no Program."""
    if not isinstance(program, Program):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise CallError(
            "A1114",
            f"a derivative is of a Program, got {type(program).__name__}",
            help="anamc.load(file) reads one; derivatives come before anamc.jit",
        )
    return program.function(function)


def loss_function(program: Program, function: str | None) -> Signature:
    """The function named, else the first whose name ends in `_loss`, else the first."""
    if function is None and isinstance(program, Program):  # pyright: ignore[reportUnnecessaryIsInstance]
        function = next((name for name in program.functions if name.endswith("_loss")), None)
    return function_of(program, function)


def wrt_of(signature: Signature, names: Names) -> list[int]:
    """Positions among the arrays: those named, or `params`, or all params of an index program."""
    chosen = default_wrt(signature) if names is None else listed("wrt", names)
    return positions("wrt", chosen, signature, signature.arguments, "argument")


def default_wrt(signature: Signature) -> list[str]:
    """`params`, or the params of an index program. CallError where there are none."""
    named = [a.name for a in signature.arguments]
    found = ["params"] if "params" in named else [a.name for a in signature.arguments if a.is_param]
    if not found:
        raise CallError(
            "A1104",
            f"'{shown(signature.name)}' has no params: say what to differentiate with respect to",
            place=signature.place,
            why="its arguments are " + quoted(named),
            help="wrt=[...]",
        )
    return found


def results_of(signature: Signature, names: Names) -> list[int]:
    """Positions of the results named; default all floats."""
    results = signature.results
    if names is not None:
        return positions("of", listed("of", names), signature, results, "result")
    found = [k for k, r in enumerate(results) if is_float(r)]
    if not found:
        raise CallError(
            "A1106",
            f"'{shown(signature.name)}' has no result with a derivative",
            place=signature.place,
            why="its results are " + ", ".join(f"'{shown(r.name)}' of {r.dtype}" for r in results),
        )
    return found


def one_of(signature: Signature, names: Names) -> list[int]:
    """The position of one result of one element."""
    results = signature.results
    if names is None:
        found = [k for k, r in enumerate(results) if is_one(r) and is_float(r)]
        if len(found) != 1:
            raise CallError(
                "A1107",
                f"'{shown(signature.name)}' has {len(found) or 'no'} results of one element",
                place=signature.place,
                why="its results are " + ", ".join(f"'{shown(r.name)}' {list(r.dims)}" for r in results),
                help="of=... names the one to differentiate" if found else "use anamc.vjp for results of more",
            )
        return found
    chosen = results_of(signature, names)
    if len(chosen) == 1 and is_one(results[chosen[0]]):
        return chosen
    first = results[chosen[0]]
    found = f"'{shown(first.name)}' of shape {list(first.dims)}" if len(chosen) == 1 else f"{len(chosen)} results"
    raise CallError(
        "A1107",
        f"the gradient is of one result of one element, got {found}",
        place=first.place,
        help="use anamc.vjp for results of more elements, and for several",
    )


def listed(what: str, names: str | Sequence[str]) -> list[str]:
    """A name, or a list of names, as a list. CallError for another type, for none, and for one twice."""
    found = [names] if isinstance(names, str) else list(names) if isinstance(names, Iterable) else None  # pyright: ignore[reportUnnecessaryIsInstance]
    if found is None or not all(isinstance(n, str) for n in found):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise CallError(
            "A1113",
            f"{what} is a name or a list of names, got {shown(repr(names))}",
            help=f"{what}='x', or {what}=['x', 'y']",
        )
    if not found:
        raise CallError("A1113", f"{what} names nothing", help=f"leave {what} out for its default")
    twice = next((n for k, n in enumerate(found) if n in found[:k]), None)
    if twice is not None:
        raise CallError("A1109", f"{what} names '{shown(twice)}' twice", help="name it once")
    return found


def positions(what: str, names: Sequence[str], signature: Signature, arrays: Sequence[Array], kind: str) -> list[int]:
    """Where arrays of these names stand; CallError where there is none, or none of floats."""
    known = {array.name: k for k, array in enumerate(arrays)}
    for name in names:
        if name not in known:
            raise CallError(
                "A1105",
                f"{what}: '{shown(signature.name)}' has no {kind} '{shown(name)}'",
                place=signature.place,
                why=f"its {kind}s are {quoted(known)}",
                help=f"{what}=[...] takes {kind}s by their names",
            )
        if not is_float(array := arrays[known[name]]):
            raise CallError(
                "A1106",
                f"{what}: the {kind} '{shown(name)}' is {array.dtype}",
                place=array.place,
                why="only floats have derivatives",
                help=f"leave it out of {what}",
            )
    return [known[name] for name in names]


def is_float(array: Array) -> bool:
    return array.dtype.startswith("float")


def is_one(array: Array) -> bool:
    """True for an array of one element."""
    return all(d == 1 for d in array.dims) and len(array.dims) <= 1


def quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{shown(n)}'" for n in names) or "none"
