"""Parameters of index programs: drawn, saved and loaded by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

import anamc

TEXT = """
    input x[n, 2]
    param W[2, k] = uniform(2.0, 3.0)
    param V[k]
    y[r, j] ++= x[r, i] * W[i, j] + V[j] | (r, i, j)
    output y
"""


@pytest.fixture
def program() -> anamc.Program:
    return anamc.parse(TEXT, "ix")


def test_each_is_uniform_in_its_range(program: anamc.Program) -> None:
    found = anamc.init_params(program, seed=1, dtype="float64", k=500)
    assert list(found) == ["W", "V"]
    assert found["W"].shape == (2, 500)
    assert found["V"].shape == (500,)
    assert found["W"].min() >= 2.0
    assert found["W"].max() < 3.0
    assert -0.1 <= found["V"].min() < -0.09
    assert 0.09 < found["V"].max() < 0.1
    y = anamc.interpret(program, x=np.ones((3, 2)), **found)["y"]
    np.testing.assert_allclose(y[0], found["W"].sum(axis=0) + 2 * found["V"], rtol=1e-12)


def test_the_seed_decides_and_types_agree_up_to_rounding(program: anamc.Program) -> None:
    one, again = (anamc.init_params(program, seed=1, k=4) for _ in range(2))
    other, wide = anamc.init_params(program, seed=2, k=4), anamc.init_params(program, seed=1, dtype="float64", k=4)
    assert one["W"].dtype == np.float32
    np.testing.assert_array_equal(one["W"], again["W"])
    assert not np.array_equal(one["W"], other["W"])
    np.testing.assert_array_equal(one["W"], wide["W"].astype("float32"))


@pytest.mark.parametrize(
    ("options", "code", "match"),
    [
        ({}, "A0413", "size 'k' of param 'W' is not known"),
        ({"k": 3, "n": 2}, "A0413", "no param has the size 'n'"),
        ({"k": -1}, "A0413", "integer >= 0"),
        ({"k": 1.5}, "A0413", "integer >= 0"),
        ({"k": 3, "kind": "glorot"}, "A0402", "ranges of their own"),
        ({"k": 3, "seed": -1}, "A0404", "seed"),
        ({"k": 3, "dtype": "int32"}, "A0405", "float32 or float64"),
    ],
)
def test_what_does_not_fit_is_refused(program: anamc.Program, options: Any, code: str, match: str) -> None:
    with pytest.raises(anamc.ParamsError, match=match) as error:
        anamc.init_params(program, **options)
    assert error.value.code == code


def test_files_hold_each_by_name(program: anamc.Program, tmp_path: Path) -> None:
    values = anamc.init_params(program, k=3)
    anamc.save_params(tmp_path / "p.h5", program, values)
    found = anamc.load_params(tmp_path / "p.h5", program)
    assert {n: v.dtype for n, v in found.items()} == {"W": np.float32, "V": np.float32}
    assert all(np.array_equal(found[n], values[n]) for n in values)
    assert anamc.load_params(tmp_path / "p.h5", program, "float64")["W"].dtype == np.float64
    first = (tmp_path / "p.h5").read_bytes()
    anamc.save_params(tmp_path / "p.h5", program, values)
    assert (tmp_path / "p.h5").read_bytes() == first


@pytest.mark.parametrize(
    ("change", "code", "match"),
    [
        (lambda v: v.pop("V"), "A0414", "param 'V' is missing"),
        (lambda v: v.update(U=v["V"]), "A0414", "no param 'U'"),
        (lambda v: v.update(W=v["W"].ravel()), "A0410", "wrong rank"),
        (lambda v: v.update(W=np.ones((3, 3))), "A0411", "wrong shape"),
        (lambda v: v.update(V=np.ones(7)), "A0411", "'V' has k = 7, 'W' has k = 3"),
        (lambda v: v.update(V=np.ones(3, "int32")), "A0409", "wrong type"),
    ],
)
def test_what_does_not_fit_is_neither_saved_nor_loaded(
    program: anamc.Program, tmp_path: Path, change: Any, code: str, match: str
) -> None:
    values = anamc.init_params(program, k=3)
    change(values)
    with pytest.raises(anamc.ParamsError, match=match) as error:
        anamc.save_params(tmp_path / "p.h5", program, values)
    assert error.value.code == code
    assert not (tmp_path / "p.h5").exists()
    with h5py.File(tmp_path / "p.h5", "w") as file:
        for name, value in values.items():
            file[f"params/{name}"] = value
    with pytest.raises(anamc.ParamsError, match=match) as error:
        anamc.load_params(tmp_path / "p.h5", program)
    assert error.value.code == code


def test_a_flat_vector_is_refused(program: anamc.Program, tmp_path: Path) -> None:
    with pytest.raises(anamc.ParamsError, match="dict of arrays, got ndarray"):
        anamc.save_params(tmp_path / "p.h5", program, np.ones(9))
    with h5py.File(tmp_path / "p.h5", "w") as file:
        file["params"] = np.ones(9)
    with pytest.raises(anamc.ParamsError, match="no group 'params'"):
        anamc.load_params(tmp_path / "p.h5", program)


def test_links_out_of_the_file_are_not_followed(program: anamc.Program, tmp_path: Path) -> None:
    anamc.save_params(tmp_path / "other.h5", program, anamc.init_params(program, k=3))
    with h5py.File(tmp_path / "p.h5", "w") as file:
        file["params/V"] = np.ones(3)
        file["params/W"] = h5py.ExternalLink("other.h5", "/params/W")
    with pytest.raises(anamc.ParamsError, match="do not lie in the file"):
        anamc.load_params(tmp_path / "p.h5", program)


def test_a_name_that_is_no_identifier_is_not_written(tmp_path: Path) -> None:
    init = '{anamc.name = "../W", anamc.init = ["uniform", 0.0 : f64, 1.0 : f64]}'
    function = f"func.func @f(%w: tensor<2xf64> {init}) -> tensor<2xf64> {{ func.return %w : tensor<2xf64> }}"
    program = anamc.parse(function)
    with pytest.raises(anamc.ParamsError, match="cannot name a dataset"):
        anamc.save_params(tmp_path / "p.h5", program, {"../W": np.ones(2)})
