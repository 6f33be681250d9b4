"""
Fits the coefficients of elementary functions and writes `anamc/numerics/coefficients.py`.

    python -m tools.fit_polynomials            writes the table (half a minute)
    python -m tools.fit_polynomials tanh       fits what has this in its name, and only prints

Each approximation is Remez's (tools/remez.py) in 60 digits. Coefficients are then rounded to the type that
computes: those of a polynomial one after the other, lowest first, the others fitted again each time; those of a
quotient together, at the best of many common factors. The error in the table is that of the rounded coefficients.
"""

from __future__ import annotations

import math
import struct
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from pathlib import Path

from tools.remez import Fit, Function, Remez, horner, nodes

TABLE = Path(__file__).resolve().parents[1] / "anamc" / "numerics" / "coefficients.py"
ONE = Decimal(1)
PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899862803482534")
LN2 = Decimal(2).ln()
FACTORS = 400
"""Common factors that are tried for the coefficients of a quotient."""


def erf(x: Decimal) -> Decimal:
    """Maclaurin's series, with digits to lose."""
    with localcontext() as context:
        context.prec = 90
        total = term = x
        n = 0
        while abs(term) > Decimal("1e-75"):
            n += 1
            term = -term * x * x / n
            total += term / (2 * n + 1)
        return 2 * total / PI.sqrt()


def sin(x: Decimal) -> Decimal:
    total = term = x
    n = 1
    while abs(term) > Decimal("1e-70"):
        term = -term * x * x / ((n + 1) * (n + 2))
        total += term
        n += 2
    return total


def cos(x: Decimal) -> Decimal:
    return 1 - 2 * sin(x / 2) ** 2


@dataclass(frozen=True)
class Job:
    """
    What to approximate: `f` by a polynomial, or a quotient, in `z`, which is `argument` of points of ``[a, b]``.

    `f` and `weight` are functions of the point. The error is ``(approximation - f) / weight``.
    """

    name: str
    meaning: str
    f: Function
    weight: Function
    a: Decimal
    b: Decimal
    degree: tuple[int, int]
    single: bool
    argument: Function = lambda x: x

    def grid(self) -> list[Decimal]:
        return nodes(self.a, self.b, 2 * (60 * sum(self.degree) // 2 + 60))


def rounded(value: Decimal, single: bool) -> Decimal:
    """The nearest number of the type."""
    number = float(value)
    return Decimal(struct.unpack("f", struct.pack("f", number))[0] if single else number)


def polynomial(job: Job) -> Fit:
    """Coefficients rounded one after the other."""
    grid = job.grid()
    z, values, weights = ([g(x) for x in grid] for g in (job.argument, job.f, job.weight))
    fixed: list[Decimal] = []
    for k in range(job.degree[0] + 1):
        rest = dict(zip(z, (_rest(v, fixed, x) for v, x in zip(values, z, strict=True)), strict=True))
        scale = dict(zip(z, (w / x**k if k else w for w, x in zip(weights, z, strict=True)), strict=True))
        fit = Remez(rest.__getitem__, scale.__getitem__, z, (job.degree[0] - k, 0)).fit()
        fixed.append(rounded(fit.p[0], job.single))
    errors = ((horner(fixed, x) - f) / w for x, f, w in zip(z, values, weights, strict=True))
    return Fit(tuple(fixed), (ONE,), max(map(abs, errors)))


def _rest(value: Decimal, fixed: Sequence[Decimal], x: Decimal) -> Decimal:
    for c in fixed:
        value = (value - c) / x
    return value


def quotient(job: Job) -> Fit:
    """Numerator and denominator rounded at the best of many common factors."""
    grid = job.grid()
    z, values, weights = ([g(x) for x in grid] for g in (job.argument, job.f, job.weight))
    known, scale = dict(zip(z, values, strict=True)), dict(zip(z, weights, strict=True))
    fit = Remez(known.__getitem__, scale.__getitem__, z, job.degree).fit()
    found: list[Fit] = []
    for k in range(FACTORS if job.single else 1):
        p, q = (tuple(rounded(c * (1 + Decimal(k) / FACTORS), job.single) for c in part) for part in (fit.p, fit.q))
        errors = ((horner(p, x) / horner(q, x) - f) / w for x, f, w in zip(z, values, weights, strict=True))
        found.append(Fit(p, q, max(map(abs, errors))))
    return min(found, key=lambda fit: fit.error)


def _square(x: Decimal) -> Decimal:
    return x * x


def _exp_rest(r: Decimal) -> Decimal:
    return (r.exp() - 1 - r) / (r * r)


def _log_rest(f: Decimal) -> Decimal:
    return ((1 + f).ln() - f + f * f / 2) / f**3


def _artanh_rest(s: Decimal) -> Decimal:
    return (((1 + s) / (1 - s)).ln() / s - 2) / (s * s)


def jobs() -> Iterator[Job]:
    """All approximations, in the order of the table. Points next to 0 would lose their digits in `polynomial`."""
    half, third, near = LN2 / 2 * Decimal("1.001"), ONE / 3, Decimal("0.01")
    quarter = PI / 4 * Decimal("1.0005")
    yield Job("exp.fast.f32", "(exp(z) - 1) / z, relative to exp", lambda r: (r.exp() - 1) / r,
              lambda r: r.exp() / r, -half, half, (3, 0), True)  # fmt: skip
    yield Job("tanh.fast.f32", "(exp(z) - 1 - z) / z^2, relative to exp(z) - 1", _exp_rest,
              lambda r: (r.exp() - 1) / r**2, -half, half, (3, 0), True)  # fmt: skip
    for single, name in ((True, "f32"), (False, "f64")):
        yield Job(f"exp.{name}", "(exp(z) - 1 - z) / z^2, relative to exp", _exp_rest,
                  lambda r: r.exp() / (r * r), -half, half, (3 if single else 9, 0), single)  # fmt: skip
        yield Job(f"expm1.{name}", "(exp(z) - 1 - z) / z^2, relative to exp(z) - 1", _exp_rest,
                  lambda r: (r.exp() - 1) / r**2, -half, half, (4 if single else 10, 0), single)  # fmt: skip
        yield Job(f"exp2.{name}", "(2^z - 1) / z, relative to 2^z", lambda t: ((t * LN2).exp() - 1) / t,
                  lambda t: (t * LN2).exp() / t, -ONE / 2, ONE / 2, (5 if single else 11, 0), single)  # fmt: skip
        yield Job(f"sin.{name}", "(sin(x) - x) / x^3 in z = x^2, relative to sin", lambda x: (sin(x) - x) / x**3,
                  lambda x: sin(x) / x**3, near, quarter, (2 if single else 5, 0), single, _square)  # fmt: skip
        yield Job(f"cos.{name}", "(cos(x) - 1 + x^2/2) / x^4 in z = x^2, relative to cos",
                  lambda x: (cos(x) - 1 + x * x / 2) / x**4,
                  lambda x: cos(x) / x**4, near, quarter, (2 if single else 5, 0), single, _square)  # fmt: skip
    yield Job("log.f32", "(log(1 + z) - z + z^2/2) / z^3, relative to log", _log_rest,
              lambda f: (1 + f).ln() / f**3, -third, third, (6, 0), True)  # fmt: skip
    yield Job("log.f64", "(2 artanh(s)/s - 2) / z in z = s^2, relative to 2 artanh(s)/s", _artanh_rest,
              lambda s: ((1 + s) / (1 - s)).ln() / s**3, near, Decimal("0.1717"), (6, 0), False, _square)  # fmt: skip
    yield from _of_erf()


def _of_erf() -> Iterator[Job]:
    near = Decimal("0.001")
    yield Job("erf.fast.f32", "erf(x) / x in z = x^2, relative", lambda x: erf(x) / x, lambda x: erf(x) / x,
              near, Decimal("3.8"), (5, 4), True, _square)  # fmt: skip
    yield Job("erf.f32", "log2(1 - erf(z)) / z, the error as that of erf relative to erf",
              lambda x: (1 - erf(x)).ln() / LN2 / x, lambda x: erf(x) / (1 - erf(x)) / LN2 / x,
              near * 20, Decimal("3.95"), (8, 0), True)  # fmt: skip
    yield Job("exp2m1.f32", "(2^z - 1) / z, relative to 2^z - 1", lambda t: ((t * LN2).exp() - 1) / t,
              lambda t: ((t * LN2).exp() - 1) / t, -ONE / 2, ONE / 2, (5, 0), True)  # fmt: skip
    yield Job("erf.small.f64", "erf(x) / x in z = x^2, relative", lambda x: erf(x) / x, lambda x: erf(x) / x,
              near, ONE, (5, 5), False, _square)  # fmt: skip
    yield Job("erf.tail.f64", "-log(1 - erf(z)), the error as that of erf relative to erf",
              lambda x: -(1 - erf(x)).ln(), lambda x: erf(x) / (1 - erf(x)),
              ONE - near, Decimal("5.95"), (18, 0), False)  # fmt: skip


SPLITS: dict[str, tuple[Decimal, tuple[int, ...], bool]] = {
    "ln2.f32": (LN2, (16, 24), True),
    "ln2.f64": (LN2, (42, 53), False),
    "log10_2.f32": (Decimal(2).log10(), (16, 24), True),
    "log10_2.f64": (Decimal(2).log10(), (42, 53), False),
    "half_pi.f32": (PI / 2, (12, 12, 12, 24), True),
    "half_pi.f64": (PI / 2, (33, 33, 33, 53), False),
}
"""Numbers as sums of parts of so many bits: integers times the short ones are exact."""


def split(name: str) -> list[str]:
    """The parts of a number of `SPLITS`."""
    value, bits, single = SPLITS[name]
    parts: list[str] = []
    for width in bits:
        unit = Decimal(2) ** (math.frexp(float(value))[1] - width)
        part = rounded((value / unit).to_integral_value() * unit, single)
        value -= part
        parts.append(number(part, single))
    return parts


def number(value: Decimal, single: bool) -> str:
    """The shortest text that gives the value back."""
    if single:
        return next(t for t in (f"{value:.{d}g}" for d in range(1, 12)) if rounded(Decimal(t), True) == value)
    return repr(float(value))


def row(job: Job, fit: Fit) -> str:
    """The text of one entry."""
    p, q = (", ".join(number(c, job.single) for c in part) for part in (fit.p, fit.q))
    below = f"({q},)" if job.degree[1] else "()"
    return f'    "{job.name}": Approximation(\n        "{job.meaning}", ({job.a:.6g}, {job.b:.6g}), {fit.error:.2g},\n        ({p},),\n        {below},\n    ),\n'  # noqa: E501


HEAD = '''"""
Coefficients of elementary functions: made by tools/fit_polynomials.py, not by hand.

Constant term first. The errors are those of the rounded coefficients in exact arithmetic.
"""

# fmt: off
# ruff: noqa: E501

from __future__ import annotations

from typing import NamedTuple


class Approximation(NamedTuple):
    """``p(z) / q(z)``, or ``p(z)`` where `q` is empty: what of, between which points, and its largest error."""

    meaning: str
    interval: tuple[float, float]
    error: float
    p: tuple[float, ...]
    q: tuple[float, ...]


TABLE: dict[str, Approximation] = {
'''


MIDDLE = """
SPLITS: dict[str, tuple[float, ...]] = {
    # A number is the sum of its parts; an integer of few bits times any part but the last is exact.
"""


def main(words: Sequence[str]) -> None:
    """Fits all, or those whose name has the word."""
    rows: list[str] = []
    for job in jobs():
        if words and words[0] not in job.name:
            continue
        make: Callable[[Job], Fit] = quotient if job.degree[1] else polynomial
        rows.append(row(job, make(job)))
        print(rows[-1], end="", flush=True)
    if not words:
        parts = "".join(f'    "{name}": ({", ".join(split(name))}),\n' for name in SPLITS)
        TABLE.write_text(f"{HEAD}{''.join(rows)}}}\n{MIDDLE}{parts}}}\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
