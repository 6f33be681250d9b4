"""
Where the boxes of a drawing stand: layers from left to right, few crossings (Sugiyama et al., 1981).

A box stands one layer behind the last of what it reads. Links over several layers bend around the
boxes between. Rows of a layer follow the mean row of their neighbours, a few times up and down.
Time is linear in boxes and bends for a fixed number of sweeps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

SWEEPS = 6
GAP_X, GAP_Y = 90.0, 22.0
"""Free space between layers and between boxes of a layer (pixels)."""

BEND_HEIGHT = 6.0
MAX_BENDS = 20_000
"""With more bends than this, links go straight: a drawing of that size is not read anyway."""


@dataclass
class Box:
    """A box of a size; `x` and `y` are its centre. A bend of a link is a box too, as wide as its layer."""

    width: float
    height: float
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True)
class Layout:
    """Boxes with their places, the points of each link from box to box, and the size of it all."""

    boxes: list[Box]
    links: list[list[tuple[float, float]]]
    width: float
    height: float


def layered(sizes: Sequence[tuple[float, float]], links: Sequence[tuple[int, int]]) -> Layout:
    """
    Places boxes of (width, height); a link (a, b) goes from box a to box b, a < b.

    The same input gives the same layout.
    """
    boxes = [Box(w, h) for w, h in sizes]
    layer = _layers(len(boxes), links)
    chains = _chains(boxes, layer, links)
    columns = _columns(layer)
    _reduce_crossings(columns, chains, len(boxes))
    width = _place_columns(columns, boxes)
    height = _place_rows(columns, boxes)
    points = [_points([boxes[k] for k in chain]) for chain in chains]
    return Layout(boxes[: len(sizes)], points, width, height)


def _layers(count: int, links: Sequence[tuple[int, int]]) -> list[int]:
    layer = [0] * count
    for a, b in sorted(links):
        layer[b] = max(layer[b], layer[a] + 1)
    return layer


def _chains(boxes: list[Box], layer: list[int], links: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Each link as a chain of boxes, with a bend (an empty box) in every layer that it crosses."""
    bends = sum(layer[b] - layer[a] - 1 for a, b in links)
    chains: list[list[int]] = []
    for a, b in links:
        chain = [a]
        for between in range(layer[a] + 1, layer[b]) if bends <= MAX_BENDS else ():
            chain.append(len(boxes))
            boxes.append(Box(0.0, BEND_HEIGHT))
            layer.append(between)
        chains.append([*chain, b])
    return chains


def _columns(layer: Sequence[int]) -> list[list[int]]:
    columns: list[list[int]] = [[] for _ in range(max(layer, default=-1) + 1)]
    for box, column in enumerate(layer):
        columns[column].append(box)
    return columns


def _reduce_crossings(columns: list[list[int]], chains: Sequence[Sequence[int]], count: int) -> None:
    before: dict[int, list[int]] = {}
    after: dict[int, list[int]] = {}
    for chain in chains:
        for a, b in pairwise(chain):
            before.setdefault(b, []).append(a)
            after.setdefault(a, []).append(b)
    row = {box: float(k) for column in columns for k, box in enumerate(column)}
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        neighbours = before if forward else after
        for column in columns if forward else reversed(columns):
            means = {box: _mean([row[n] for n in neighbours.get(box, ())], row[box]) for box in column}
            column.sort(key=means.__getitem__)
            row.update({box: float(k) for k, box in enumerate(column)})


def _mean(values: Sequence[float], default: float) -> float:
    return sum(values) / len(values) if values else default


def _place_columns(columns: Sequence[Sequence[int]], boxes: Sequence[Box]) -> float:
    """Sets every x; the width of the drawing."""
    x = 0.0
    for column in columns:
        width = max(boxes[k].width for k in column)
        for k in column:
            boxes[k].x = x + width / 2
            boxes[k].width = boxes[k].width or width
        x += width + GAP_X
    return max(x - GAP_X, 0.0)


def _place_rows(columns: Sequence[Sequence[int]], boxes: Sequence[Box]) -> float:
    """Sets every y, each layer centred; the height of the drawing."""
    heights = [sum(boxes[k].height + GAP_Y for k in column) - GAP_Y for column in columns]
    height = max(heights, default=0.0)
    for column, own in zip(columns, heights, strict=True):
        y = (height - own) / 2
        for k in column:
            boxes[k].y = y + boxes[k].height / 2
            y += boxes[k].height + GAP_Y
    return height


def _points(chain: Sequence[Box]) -> list[tuple[float, float]]:
    """From the right side of the first box, level through the bends, to the left side of the last box."""
    sides = [(box.x + sign * box.width / 2, box.y) for box in chain for sign in (-1, 1)]
    return sides[1:-1]
