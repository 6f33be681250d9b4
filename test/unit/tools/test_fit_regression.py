"""The shipped parameters of the regression network, and the script that made them."""

from pathlib import Path

import numpy as np
import pytest

from anamc.params.hdf5 import load_params
from tools import fit_regression
from tools.fit_regression import DATA, forward, jacobian, network_layout, target


def test_the_shipped_parameters_fit_the_function() -> None:
    found = network_layout(DATA / "regression.json")
    assert found.count == 461
    params = load_params(DATA / "regression.h5", found)
    assert params.dtype == np.float32
    x = np.linspace(-2.0, 2.0, 1001)[:, None]
    y = forward(found.layers, params.astype(np.float64), x)[-1]
    # the script ends at 1e-5 in float64; rounding 461 weights near 1 to float32 adds some 1e-5
    assert np.max(np.abs(y - target(x))) < 2e-4


def test_the_jacobian_agrees_with_central_differences() -> None:
    found = network_layout(DATA / "regression.json")
    params = load_params(DATA / "regression.h5", found, dtype="float64").astype(np.float64)
    x = np.array([[-1.5], [0.3], [2.0]])
    exact = jacobian(found.layers, params, forward(found.layers, params, x))
    h = 1e-5
    for k in range(0, found.count, 23):
        step = np.zeros_like(params)
        step[k] = h
        ahead, behind = (forward(found.layers, params + s, x)[-1][:, 0] for s in (step, -step))
        # error of the difference: h^2 times third derivatives, and 1e-16 / h
        np.testing.assert_allclose(exact[:, k], (ahead - behind) / (2 * h), atol=1e-8 * np.max(np.abs(exact)))


def test_the_script_writes_what_is_shipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "fit.h5"
    monkeypatch.setattr("sys.argv", ["fit_regression.py", str(output)])
    assert fit_regression.main() == 0
    assert "461 parameters, largest error" in capsys.readouterr().out
    found = network_layout(DATA / "regression.json")
    x = np.linspace(-2.0, 2.0, 101)[:, None]
    params = load_params(output, found, dtype="float64").astype(np.float64)
    # other versions of LAPACK round otherwise and may end at other weights, but at the same function
    assert np.max(np.abs(forward(found.layers, params, x)[-1] - target(x))) < 2e-4
