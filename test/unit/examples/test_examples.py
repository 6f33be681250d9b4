"""Every example builds and runs, and says what it should."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest

import anamc
from anamc.cli.demo import Demo

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = ROOT / "examples"


def has_hdf5() -> bool:
    """Whether the HDF5 C library can be built against."""
    if shutil.which("pkg-config") is None:
        return False
    return subprocess.run(["pkg-config", "--exists", "hdf5"], check=False).returncode == 0


def run(command: list[str], folder: Path) -> str:
    """What a command prints; what it says on stderr too where it fails."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def make(example: str, out: Path, *arguments: str) -> str:
    """`make run` of an example, built into a folder of the test."""
    tool = f"ANAMC={sys.executable} -m anamc.cli.driver"
    return run(["make", "run", tool, f"PYTHON={sys.executable}", f"OUT={out}", *arguments], EXAMPLES / example)


def test_every_example_has_a_test_and_a_readme() -> None:
    found = sorted(p.name for p in EXAMPLES.iterdir() if p.is_dir())
    assert found == ["c_solver", "message_passing", "regression"]
    assert all((EXAMPLES / name / "README.md").is_file() for name in found)


@pytest.fixture(scope="module")
def regression(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the driver of the regression example, built and run once."""
    out = tmp_path_factory.mktemp("regression")
    make("regression", out)
    return out


@pytest.mark.compiler("make", "cc", "g++")
@pytest.mark.skipif(not has_hdf5(), reason="no HDF5 C library with pkg-config on this machine")
def test_the_regression_driver_agrees_with_the_interpreter(regression: Path) -> None:
    x, y, f = np.loadtxt(regression / "plot.dat").T.copy()
    demo = Demo("float64")
    expected = anamc.interpret(demo.program, params=demo.params, u=x)["xout3"][:, 0]
    assert len(x) == 41
    np.testing.assert_allclose(x, np.linspace(-2, 2, 41), atol=1e-7)  # rounding of -2 + 0.1 i to float32
    assert np.max(np.abs(y - expected)) <= 1e-6 * np.max(np.abs(expected))  # float32, as issue 2 wants
    np.testing.assert_allclose(f, 2 * x - x**3, atol=1e-7)  # nine digits of a value up to 4
    assert np.max(np.abs(y - f)) < 1e-4  # what the fit reaches (docs/params.md), and rounding


@pytest.mark.compiler("make", "cc", "g++")
@pytest.mark.skipif(not has_hdf5(), reason="no HDF5 C library with pkg-config on this machine")
@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        ([], 2, "usage:"),
        (["none.h5"], 1, "cannot open 'none.h5' as HDF5"),
        (["short.h5"], 1, "expected 461 parameters, got 305"),
        (["good.h5", "no/plot.dat"], 1, "cannot write 'no/plot.dat'"),
    ],
)
def test_the_regression_driver_refuses(
    regression: Path, tmp_path: Path, arguments: list[str], status: int, message: str
) -> None:
    shutil.copy(ROOT / "anamc" / "data" / "regression.h5", tmp_path / "good.h5")
    with h5py.File(tmp_path / "short.h5", "w") as file:
        file["params"] = np.zeros(305, "float32")
    done = subprocess.run(
        [regression / "regression", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == status
    assert message in done.stderr


@pytest.mark.compiler("make", "cc")
def test_the_c_solver_ends_at_the_fixed_points(tmp_path: Path) -> None:
    said = make("c_solver", tmp_path)
    assert "41 states after 500 steps; furthest from +-sqrt(2):" in said
    assert "slope of the network: furthest from 2 - 3u^2:" in said


@pytest.mark.parametrize("arguments", [[], ["--dtype", "float64", "--shuffle"]])
def test_messages_pass_on_a_mesh(tmp_path: Path, arguments: list[str]) -> None:
    pytest.importorskip("scipy")
    script = EXAMPLES / "message_passing" / "message_passing.py"
    said = run(
        [sys.executable, str(script), "--nodes", "300", "--save", str(tmp_path / "net.json"), *arguments], tmp_path
    )
    assert "300 nodes" in said
    assert "6817 parameters" in said
    assert "distance from the interpreter" in said
    assert anamc.load(tmp_path / "net.json").functions["message_passing"].results[0].name == "phi"
