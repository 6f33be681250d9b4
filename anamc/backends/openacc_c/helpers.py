"""Small C functions that a kernel file defines where it needs them."""

from __future__ import annotations

from xdsl.dialects.builtin import Float32Type, IndexType, i32, i64
from xdsl.ir import Attribute

from anamc.backends.openacc_c.c_types import INDEX, c_type
from anamc.backends.openacc_c.plan_helpers import NAMES as PLAN_NAMES
from anamc.backends.openacc_c.sizes import NAMES as SIZE_FUNCTIONS

HELPERS: dict[str, str] = {
    "maximum": "a > b || isnan(a) ? a : b",
    "minimum": "a < b || isnan(a) ? a : b",
    "max": "a > b ? a : b",
    "min": "a < b ? a : b",
    "floor_divide": "a / b - (a % b != 0 && (a < 0) != (b < 0))",
    "ceil_divide": "a / b + (a % b != 0 && (a < 0) == (b < 0))",
}
"""What each gives of `a` and `b`."""

NOTES = {
    "maximum": "The larger of a and b; NaN where one of them is.",
    "minimum": "The smaller of a and b; NaN where one of them is.",
    "max": "The larger of a and b.",
    "min": "The smaller of a and b.",
    "floor_divide": "a / b, rounded down.",
    "ceil_divide": "a / b, rounded up.",
}

MULADD = """\
/* a * b + c, rounded once where the machine does that fast. */
ANAMC_ACC(routine seq)
static inline {float} {name}({float} a, {float} b, {float} c)
{{
#if defined(__FMA__) || defined(__FP_FAST_FMA{ending}) || defined(__ARM_FEATURE_FMA)
  return fma{suffix}(a, b, c);
#else
  return a * b + c;
#endif
}}
"""

BITS = """\
/* The bits of x. */
ANAMC_ACC(routine seq)
static inline {int} {name}({float} x)
{{
  union {{
    {float} number;
    {int} bits;
  }} u;
  u.number = x;
  return u.bits;
}}
"""

FROM_BITS = """\
/* The number whose bits are k. */
ANAMC_ACC(routine seq)
static inline {float} {name}({int} k)
{{
  union {{
    {int} bits;
    {float} number;
  }} u;
  u.bits = k;
  return u.number;
}}
"""

FLOAT_HELPERS = {"muladd": MULADD, "bits": BITS, "from_bits": FROM_BITS}
"""Helpers on a float type and the integer of its width."""

ORDER = (*FLOAT_HELPERS, *HELPERS)

SUFFIXES: dict[Attribute, str] = {IndexType(): "_index", i32: "", i64: "_int64"}


def helper_name(helper: str, type: Attribute) -> str:
    """The C name of `helper` for a type, e.g. ``anamc_maximumf``."""
    ending = "f" if isinstance(type, Float32Type) else SUFFIXES.get(type, "")
    return f"anamc_{helper}{ending}"


def helper_text(helper: str, type: Attribute) -> str:
    """The definition of `helper` for a type."""
    name, c = helper_name(helper, type), c_type(type)
    if (text := FLOAT_HELPERS.get(helper)) is not None:
        single = isinstance(type, Float32Type)
        integer, suffix = ("int", "f") if single else ("int64_t", "")
        return text.format(float=c, int=integer, name=name, suffix=suffix, ending=suffix.upper())
    return (
        f"/* {NOTES[helper]} */\n"
        "ANAMC_ACC(routine seq)\n"
        f"static inline {c} {name}({c} a, {c} b)\n{{\n  return {HELPERS[helper]};\n}}\n"
    )


ALL_NAMES = tuple(helper_name(h, t) for h in ORDER for t in (*SUFFIXES, Float32Type()))
MACROS = ("ANAMC_ACC", "ANAMC_OMP", "ANAMC_SIMD", "ANAMC_ALIGNED", "ANAMC_PRAGMA", "ANAMC_INDEX")
FILE_NAMES = (
    *PLAN_NAMES,
    *ALL_NAMES,
    *SIZE_FUNCTIONS,
    *MACROS,
    INDEX,
    "anamc_fill_nan",
    "anamc_fill_nanf",
    "anamc_end",
    "anamc_add",
    "anamc_addf",
)
"""Names that the emitted files may define: nobody else gets them."""
