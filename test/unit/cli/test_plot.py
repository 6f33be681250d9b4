"""Plots."""

from __future__ import annotations

import pytest

from anamc.cli import plot
from anamc.cli.plot import HEIGHT, WIDTH

LINE = ("line", [0.0, 1.0, 2.0], [0.0, 1.0, 2.0])
FIT = ("fit", [0.0, 2.0], [2.0, 0.0])


def test_text_has_both_series_and_the_ranges() -> None:
    lines = plot.text(LINE, FIT).split("\n")
    assert len(lines) == HEIGHT + 3
    assert lines[0] == "       2 |o" + " " * (WIDTH - 2) + "·"
    assert lines[HEIGHT - 1] == "       0 |·" + " " * (WIDTH - 2) + "o"
    assert lines[-2].split() == ["0", "2"]
    assert lines[-1].strip() == "· line   o fit"


def test_text_of_one_point_does_not_divide_by_zero() -> None:
    point = ("p", [1.0], [1.0])
    assert "o" in plot.text(point, point)


def test_the_same_plot_gives_the_same_bytes() -> None:
    pytest.importorskip("matplotlib")
    first, second = plot.png("title", LINE, FIT), plot.png("title", LINE, FIT)
    assert first == second
    assert first.startswith(b"\x89PNG")
