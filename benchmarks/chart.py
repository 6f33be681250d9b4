"""Ratios as a picture."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

from benchmarks.cases import Case
from benchmarks.measure import Timing
from benchmarks.report import ratio

HEIGHT = 0.28
"""Of a bar (inches)."""


def draw(cases: Sequence[Case], timings: Mapping[str, Sequence[Timing]]) -> bytes:
    """A bar a case: anamc's time over the best peer's, with a mark at what it should be (PNG)."""
    agg: Any = import_module("matplotlib.backends.backend_agg")
    figures: Any = import_module("matplotlib.figure")
    shown = [(c, r) for c in cases if (r := ratio(timings[c.name])) is not None]
    figure = figures.Figure(figsize=(9.0, 1.2 + HEIGHT * len(shown)), dpi=110)
    agg.FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    places = range(len(shown))
    axes.barh(places, [r for _, r in shown], color=["#3b6ea5" if r <= 1 else "#b5852a" for _, r in shown], height=0.7)
    for place, (case, value) in enumerate(shown):
        if case.target is not None:
            axes.plot([case.target] * 2, [place - 0.4, place + 0.4], color="#202020", linewidth=2)
        axes.text(value, place, f" {value:.2f}", va="center", fontsize=7)
    axes.axvline(1.0, color="#808080", linewidth=0.8)
    axes.set_yticks(places, [c.name for c, _ in shown], fontsize=7)
    axes.set_xscale("log")
    axes.invert_yaxis()
    axes.set_xlabel("anamc's time over the best peer's (less is better; black: what it should reach)")
    figure.tight_layout()
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": "anamc"})
    return buffer.getvalue()
