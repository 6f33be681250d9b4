"""Plots of a fit: a PNG by matplotlib, or text."""

from __future__ import annotations

import io
from collections.abc import Sequence
from importlib.util import find_spec

Series = tuple[str, Sequence[float], Sequence[float]]
"""Name, x, y."""

WIDTH, HEIGHT = 64, 18
"""Of a plot in text (characters)."""

MARKS = "·o"


def has_matplotlib() -> bool:
    """Whether the extra `plot` is installed."""
    return find_spec("matplotlib") is not None


def png(title: str, target: Series, fit: Series) -> bytes:
    """A picture of the target as a line and the fit as points; the same bytes each time."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 4.0), dpi=120)
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.plot(target[1], target[2], "-", label=target[0], color="#3b6ea5")
    axes.plot(fit[1], fit[2], "o", label=fit[0], color="#b5852a", markersize=4)
    axes.set_title(title)
    axes.set_xlabel("x")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.tight_layout()
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": "anamc"})
    return buffer.getvalue()


def text(target: Series, fit: Series) -> str:
    """The same in characters: the target as dots, the fit as `o` above them."""
    x0, x1 = min(target[1]), max(target[1])
    y0, y1 = min(*target[2], *fit[2]), max(*target[2], *fit[2])
    grid = [[" "] * WIDTH for _ in range(HEIGHT)]
    for mark, (_, xs, ys) in zip(MARKS, (target, fit), strict=True):
        for x, y in zip(xs, ys, strict=True):
            column = round((x - x0) / ((x1 - x0) or 1.0) * (WIDTH - 1))
            row = round((y1 - y) / ((y1 - y0) or 1.0) * (HEIGHT - 1))
            grid[row][column] = mark
    lines = [f"{y1 if k == 0 else y0:8.3g} |" if k in (0, HEIGHT - 1) else " " * 9 + "|" for k in range(HEIGHT)]
    rows = [start + "".join(cells).rstrip() for start, cells in zip(lines, grid, strict=True)]
    axis = " " * 9 + "+" + "-" * WIDTH
    ends = " " * 10 + f"{x0:<{WIDTH // 2}.3g}{x1:>{WIDTH // 2}.3g}"
    return "\n".join([*rows, axis, ends, " " * 10 + f"{MARKS[0]} {target[0]}   {MARKS[1]} {fit[0]}"])
