"""The generated table of coefficients holds what it says."""

import math
from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pytest

from anamc.numerics.coefficients import SPLITS, TABLE
from tools import fit_polynomials

EXACT: dict[str, Callable[[float], float]] = {"ln2": math.log, "log10_2": math.log10}


@pytest.mark.parametrize("name", ["exp", "exp2", "exp2m1", "expm1", "erf"])
def test_polynomials_are_near_their_functions(name: str) -> None:
    """The errors in the table are far below double precision's, but for f32."""
    fits = {"exp": lambda z: (math.expm1(z) - z) / z**2, "expm1": lambda z: (math.expm1(z) - z) / z**2,
            "exp2": lambda z: (2.0**z - 1) / z, "exp2m1": lambda z: (2.0**z - 1) / z,
            "erf": lambda z: math.log2(1 - math.erf(z)) / z}  # fmt: skip
    fit = TABLE[f"{name}.f32"]
    z = np.linspace(0.05, min(fit.interval[1], 1.0), 50)
    found = np.polynomial.polynomial.polyval(z, np.array(fit.p, "float32").astype("float64"))
    exact = np.array([fits[name](float(v)) for v in z])
    # Relative to the whole function, in which this is a factor of at most z^2 times the rest.
    np.testing.assert_allclose(found * z, exact * z, atol=10 * fit.error, rtol=0)


@pytest.mark.parametrize("name", SPLITS)
def test_parts_of_a_number_add_up_and_are_short(name: str) -> None:
    number, type = name.rsplit(".", 1)
    whole = math.pi / 2 if number == "half_pi" else EXACT[number](2.0)
    parts = [float(np.float32(part)) if type == "f32" else part for part in SPLITS[name]]
    assert math.isclose(math.fsum(parts), whole, rel_tol=1e-15 if type == "f64" else 1e-12)
    bits = {"half_pi.f32": 12, "half_pi.f64": 33, "ln2.f32": 16, "ln2.f64": 42}.get(name, 42 if type == "f64" else 16)
    for part in parts[:-1]:
        mantissa = math.frexp(part)[0] * 2**bits
        assert mantissa == round(mantissa)


def test_the_script_gives_the_table() -> None:
    """One entry, fitted again."""
    job = next(j for j in fit_polynomials.jobs() if j.name == "exp.fast.f32")
    fit = fit_polynomials.polynomial(job)
    assert tuple(map(float, fit.p)) == pytest.approx(TABLE["exp.fast.f32"].p, rel=1e-7)
    assert fit.error == pytest.approx(Decimal(TABLE["exp.fast.f32"].error), rel=Decimal("0.05"))
