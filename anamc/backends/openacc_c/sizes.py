"""Sizes in C: numbers of elements, in int64_t."""

from __future__ import annotations

from collections.abc import Sequence

from anamc.dialects.sizes import Call, Name, Number, Size, fold

PREFIX = "anamc_size_"
FUNCTIONS: dict[str, tuple[str, str]] = {
    "floordiv": ("a / b, rounded down; a division by 0 is one by 1", "a / b - (a % b != 0 && (a < 0) != (b < 0))"),
    "ceildiv": ("a / b, rounded up; a division by 0 is one by 1", "a / b + (a % b != 0 && (a < 0) == (b < 0))"),
    "mod": ("The remainder with the sign of b; a division by 0 is one by 1", "a % b + (a % b * b < 0 ? b : 0)"),
    "div": ("a / b; a division by 0 is one by 1", "a / b"),
    "rem": ("The remainder with the sign of a; a division by 0 is one by 1", "a % b"),
    "max": ("The larger of a and b", "a > b ? a : b"),
    "min": ("The smaller of a and b", "a < b ? a : b"),
}
"""What each function of sizes is in C: a note, and what it gives of `a` and `b`."""
NAMES = tuple(PREFIX + function for function in FUNCTIONS)


def length_text(dims: Sequence[Size]) -> str:
    """The number of elements of an array, as a C expression; a size below 0 counts as 0."""
    counted = [d for d in dims if d != Number(1)]
    moving = [d for d in counted if not isinstance(d, Number)]
    if all(isinstance(d, Name) for d in moving) and len(moving) < 2:
        return "(int64_t)" + (" * ".join(d.text if isinstance(d, Name) else _text(d) for d in counted) or "1")
    return " * ".join(_text(d) if isinstance(d, Number) else f"{PREFIX}max({_text(d)}, 0)" for d in counted)


def functions_of(dims: Sequence[Size]) -> set[str]:
    """The functions that `length_text` calls."""
    moving = [d for d in dims if not isinstance(d, Number)]
    if all(isinstance(d, Name) for d in moving) and len(moving) < 2:
        return set()
    return {"max"} | {f for d in moving for f in _called(d)}


def function_text(function: str) -> str:
    """The definition of a function of sizes."""
    note, value = FUNCTIONS[function]
    guard = "" if function in ("max", "min") else "  b = b == 0 ? 1 : b;\n"
    name = PREFIX + function
    return f"/* {note}. */\nstatic int64_t {name}(int64_t a, int64_t b)\n{{\n{guard}  return {value};\n}}\n"


def renamed(size: Size, names: dict[str, str]) -> Size:
    """The size with its run-time sizes under other names."""
    match size:
        case Name():
            return Name(names[size.text])
        case Call():
            return Call(size.function, tuple(renamed(a, names) for a in size.args))
        case Number():
            return size


def _called(size: Size) -> set[str]:
    if not isinstance(size, Call):
        return set()
    own = set[str]() if size.function in ("+", "*") else {size.function}
    return own.union(*(_called(a) for a in size.args))


def _text(size: Size) -> str:
    """A size as a C expression that stands for itself."""
    return fold(size, lambda name: f"(int64_t){name}", _number, _call)


def _number(value: int) -> str:
    return str(value) if value >= 0 else f"({value})"


def _call(function: str, a: str, b: str) -> str:
    return f"({a} {function} {b})" if function in ("+", "*") else f"{PREFIX}{function}({a}, {b})"
