"""
A `graph.network` as an SVG picture, drawn without any other tool.

Every text of the user stands escaped in a text element, never in an attribute; the file has no
script, no style sheet, no link.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import IO

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, SSAValue
from xdsl.utils.exceptions import DiagnosticException
from xdsl.utils.target import Target

from anamc.backends.dot import block_details, block_number, block_title
from anamc.backends.layered_layout import Box, Layout, layered
from anamc.dialects import graph
from anamc.dialects.graph.fields import field
from anamc.dialects.graph.network import result_name
from anamc.errors import shown

LETTER, LINE, PADDING, MARGIN, TITLE = 7.2, 17.0, 12.0, 24.0, 34.0
"""Mean width of a letter, height of a line, space in boxes, space around, height of a title (pixels)."""

HALO = ' font-size="10" fill="#555" stroke="#fff" stroke-width="3" paint-order="stroke"'
"""Look of a small label, which lies on a link."""

MAX_LETTERS = 48
"""Longest text in a box."""

STYLES: dict[str, tuple[str, str, float]] = {
    "feature": ("#e8f1fb", "#3b6ea5", 14.0),
    "encoder": ("#fff4dc", "#b5852a", 4.0),
    "aggregate": ("#e9f6ec", "#3d8a57", 4.0),
    "combine": ("#f3ecf9", "#7b519d", 4.0),
    "loss": ("#fdeaea", "#b04a4a", 4.0),
    "nest": ("#fff4dc", "#b5852a", 4.0),
    "result": ("#e8f1fb", "#3b6ea5", 14.0),
}
"""Fill, border, radius of the corners of each kind of box."""


@dataclass(frozen=True)
class GraphSvgTarget(Target):
    """The module's block graphs as an SVG picture."""

    name = "graph-svg"

    def emit(self, ctx: Context, module: ModuleOp, output: IO[str]) -> None:
        output.write(emit_svg(module))


def emit_svg(module: ModuleOp) -> str:
    """
    The networks of a module, one below the other; the same module gives the same bytes.

    Raises DiagnosticException where the module has no network.
    """
    networks = [op for op in module.ops if isinstance(op, graph.NetworkOp)]
    if not networks:
        raise DiagnosticException("graph-svg: the module has no graph.network")
    return emit_pictures([NetworkPicture(network) for network in networks])


def emit_pictures(pictures: Sequence[Picture]) -> str:
    """Pictures, one below the other; the same pictures give the same bytes."""
    parts: list[str] = []
    width, y = 0.0, MARGIN
    for picture in pictures:
        place = layered([size(box) for box in picture.boxes], [(a, b) for a, b, _ in picture.links])
        title = _cut(picture.title)
        parts += [f'<g transform="translate({MARGIN:g},{y:g})">', _text(0, 14, [title], anchor="start", bold=True)]
        parts += [f'<g transform="translate(0,{TITLE:g})">', *picture.drawn(place), "</g>", "</g>"]
        width = max(width, place.width, letters(title) * LETTER)
        y += place.height + TITLE + MARGIN
    return _document(width + 2 * MARGIN, y, parts)


def _document(width: float, height: float, parts: Sequence[str]) -> str:
    size = f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}"'
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">',
            '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" '
            'orient="auto"><path d="M0,0L8,4L0,8Z" fill="#555"/></marker></defs>',
            '<rect width="100%" height="100%" fill="#fff"/>',
            *parts,
            "</svg>",
            "",
        ]
    )


def _cut(text: str) -> str:
    safe = shown(text)
    return safe if len(safe) <= MAX_LETTERS else safe[: MAX_LETTERS - 1] + "…"


def letters(text: str) -> int:
    """Width of a text in letters; East Asian ones count twice."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def size(box: Drawn) -> tuple[float, float]:
    """Width and height that the lines of a box need."""
    return max(map(letters, box.lines)) * LETTER + 2 * PADDING, len(box.lines) * LINE + PADDING


def escaped(text: str) -> str:
    """Text for an XML element."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _text(
    x: float, y: float, lines: Sequence[str], anchor: str = "middle", bold: bool = False, small: bool = False
) -> str:
    look = (' font-weight="bold"' if bold else "") + (HALO if small else "")
    spans = "".join(
        f'<tspan x="{x:.1f}" dy="{LINE if k else 0:g}">{escaped(line)}</tspan>' for k, line in enumerate(lines)
    )
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{look}>{spans}</text>'


@dataclass(frozen=True)
class Drawn:
    """A box of the picture: its kind, its lines of text, and whether it is no part of the function."""

    kind: str
    lines: tuple[str, ...]
    dashed: bool = False


class Picture:
    """Boxes, each behind those that it reads, links (from, to, label), and the box that made each value."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.boxes: list[Drawn] = []
        self.links: list[tuple[int, int, str]] = []
        self.made: dict[SSAValue, int] = {}

    def box(self, kind: str, *lines: str, dashed: bool = False) -> int:
        """A new box; its number."""
        self.boxes.append(Drawn(kind, tuple(map(_cut, lines)), dashed))
        return len(self.boxes) - 1

    def drawn(self, place: Layout) -> Iterator[str]:
        """The elements: links below, boxes above."""
        labels: dict[tuple[int, int], list[str]] = {}
        for points, (a, b, label) in zip(place.links, self.links, strict=True):
            yield f'<path d="{_curve(points)}" fill="none" stroke="#555" marker-end="url(#arrow)"/>'
            if label:  # links between the same boxes share a label, for they lie on each other
                labels.setdefault((a, b), []).append(label)
        for points, (a, b, _) in zip(place.links, self.links, strict=True):
            if found := labels.pop((a, b), None):
                (x, y), (x2, y2) = points[0], points[1]
                yield _text((x + x2) / 2, (y + y2) / 2 - 4, [_cut("; ".join(found))], small=True)
        for box, drawn in zip(place.boxes, self.boxes, strict=True):
            yield from _drawn(box, drawn)


class NetworkPicture(Picture):
    """A picture of a network."""

    def __init__(self, network: graph.NetworkOp) -> None:
        edges = "symmetric edges" if network.source.symmetric else "asymmetric edges"
        super().__init__(f"{network.label}  ({edges})")
        for block in network.blocks:
            self._source(block) if isinstance(block, graph.SourceOp) else self._block(block)
        for block in network.result_blocks:
            self._link(block.result, self.box("result", result_name(block)))
        for unused in network.unused.data if network.unused else ():
            kind = unused.op.data.removeprefix("graph.")
            number = unused.properties.data["id"]
            self.box(kind, f"unused {kind} {block_number(number)}", dashed=True)

    def _source(self, source: graph.SourceOp) -> None:
        for value, (rows, feature) in zip(source.fields, source.features, strict=True):
            self.made[value] = self.box("feature", feature.label, f"{rows}, {feature.width}")

    def _block(self, block: Operation) -> None:
        details = block_details(block)
        target = self._target(block)
        box = self.box(block.name.removeprefix("graph."), block_title(block), *details)
        self.made.update(dict.fromkeys(block.results, box))
        for value in block.of if isinstance(block, graph.LossOp) else block.operands:
            self._link(value, box)
        if target is not None:
            self.links.append((target, box, "target"))

    def _target(self, block: Operation) -> int | None:
        """The box of a loss's target: a field, or an extra argument."""
        if not isinstance(block, graph.LossOp):
            return None
        return self.made[block.target] if block.target is not None else self.box("feature", block.target_name.data)

    def _link(self, value: SSAValue, box: int) -> None:
        type_ = field(value)
        self.links.append((self.made[value], box, f"{type_.on}, {type_.size}" if type_.resolved else ""))


def _drawn(box: Box, drawn: Drawn) -> Iterator[str]:
    fill, border, radius = STYLES[drawn.kind]
    dash = ' stroke-dasharray="5 3"' if drawn.dashed else ""
    yield (
        f'<rect x="{box.x - box.width / 2:.1f}" y="{box.y - box.height / 2:.1f}" width="{box.width:.1f}" '
        f'height="{box.height:.1f}" rx="{radius:g}" fill="{fill}" stroke="{border}"{dash}/>'
    )
    yield _text(box.x, box.y - (len(drawn.lines) - 1) * LINE / 2 + 4, drawn.lines)


def _curve(points: Sequence[tuple[float, float]]) -> str:
    """A smooth path, level where it meets boxes."""
    path = f"M{points[0][0]:.1f},{points[0][1]:.1f}"
    for (x1, y1), (x2, y2) in pairwise(points):
        middle = (x1 + x2) / 2
        path += f"C{middle:.1f},{y1:.1f} {middle:.1f},{y2:.1f} {x2:.1f},{y2:.1f}"
    return path
