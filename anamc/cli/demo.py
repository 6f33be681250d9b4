"""The embedded example: a network 1-10-20-10-1 that was fitted to f(x) = 2x - x^3 on [-2, 2]."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

import anamc
from anamc.cli import plot
from anamc.cli.files import write_file
from anamc.cli.measure import TOLERANCE, Job, Measured, distance, interpreted
from anamc.cli.session import Report
from anamc.errors import FileError, shown
from anamc.program import Program

DATA = Path(anamc.__file__).parent / "data"
ROWS = 41
FINE = 401
"""Points of the target in a plot."""

TITLE = "2x - x^3 and its network 1-10-20-10-1"
DEFAULT_PLOT = "anamc-regression.png"


@dataclass(frozen=True)
class Demo:
    """The example for a float type."""

    dtype: str

    @cached_property
    def program(self) -> Program:
        return anamc.load(DATA / "regression.json")

    @cached_property
    def params(self) -> Any:
        return anamc.load_params(DATA / "regression.h5", self.program, self.dtype)

    @cached_property
    def x(self) -> Any:
        """41 points at equal distance."""
        return np.linspace(-2.0, 2.0, ROWS).astype(self.dtype)

    @cached_property
    def target(self) -> Any:
        """f(x) at the points, in float64."""
        x = self.x.astype("float64")
        return 2.0 * x - x**3

    @property
    def job(self) -> Job:
        """The run of the network at the points."""
        return Job(self.program, "run_network", self.dtype, {"params": self.params, "u": self.x})

    def fit_error(self, y: Any) -> float:
        """Largest distance of the network from f."""
        return float(np.max(np.abs(np.asarray(y, "float64").ravel() - self.target)))

    def check(self, runs: list[Measured]) -> None:
        """RuntimeError, an error of ours, where a backend is further from the interpreter than rounding goes."""
        found = [run for run in runs if run.backend == "interpreter"]
        reference = found[0] if found else interpreted(self.job)
        for run in runs:
            if (error := distance(run.results, reference.results)) > TOLERANCE[self.dtype]:
                raise RuntimeError(f"{run.backend} and the interpreter disagree by {error:.1e}")

    def show(self, y: Any, path: str | None, report: Report) -> None:
        """
        Shows fit and target: as text, and as PNG where matplotlib is there or a file is named.

        FileError where the named file cannot be written; without a name a folder that cannot be
        written gives text only.
        """
        fine = np.linspace(-2.0, 2.0, FINE)
        target = ("2x - x^3", fine.tolist(), (2.0 * fine - fine**3).tolist())
        fit = ("network", self.x.tolist(), np.asarray(y).ravel().tolist())
        report.say(plot.text(target, fit))
        if path is None and (report.json or not plot.has_matplotlib()):
            return
        try:
            written = write_file(path or DEFAULT_PLOT, picture(target, fit))
        except FileError:
            if path is not None:
                raise
            return
        report.data["plot"] = os.path.abspath(written)
        report.say(f"\nplot: {shown(os.path.abspath(written))}")


def picture(target: plot.Series, fit: plot.Series) -> bytes:
    """The PNG. ToolError A0808 without matplotlib."""
    if not plot.has_matplotlib():
        raise anamc.ToolError("A0808", "--plot needs matplotlib", help="pip install 'anamc[plot]'")
    return plot.png(TITLE, target, fit)
