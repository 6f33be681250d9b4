"""How a kernel runs: `#kernel.schedule<lanes = rows, vector = 16, block = 32, tile = [12, 2], chunk = 1024>`."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import IntegerAttr, StringAttr, i64
from xdsl.ir import Attribute, ParametrizedAttribute
from xdsl.irdl import irdl_attr_definition
from xdsl.parser import AttrParser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

CHUNKS = 64
"""So many chunks are enough for any number of threads: their speeds differ by a little then."""
LANES = ("none", "rows", "features", "elements")
"""
What the lanes of a vector hold: nothing (scalars), one row each, neighbouring features of one row in blocks of rows, or
neighbouring elements of whatever a row holds.
"""

KEYS = ("lanes", "vector", "block", "tile", "chunk", "least", "ahead")
"""What is written between the angle brackets."""
UNUSED = {"none": ("vector", "block", "tile", "chunk", "ahead"), "elements": ("block", "chunk", "ahead")}
"""Keys that say nothing where lanes hold such things."""


@irdl_attr_definition
class ScheduleAttr(ParametrizedAttribute):
    """
    The schedule of a `kernel.rows`. Taking it away changes no result beyond rounding.

    With rows in lanes: `vector`: rows in a vector. `block`: rows that are computed together, a multiple of
    `vector`. `tile`: outputs and vectors of rows whose sums are held in registers at once. `chunk`: rows that
    one thread computes in one go, a multiple of `block`; sums over rows are added chunk by chunk. `least`: where that
    leaves less than `CHUNKS` chunks, they are smaller, but of so many rows at least; by default `chunk`. For rows
    that are written alone: neither sums nor plans have other chunks than they say.
    With features in lanes: `vector`: features in a vector. `tile`: rows, and vectors of features.
    With both: `ahead`: rows that index tables reach are asked for so many rows before they are needed; 0 for never.
    With elements in lanes: `vector`: the most elements in a vector. `tile`: its product is the most sums in registers;
    `block` and `chunk` are 1, for rows run one by one. Without vectors every other number is 1.
    """

    name = "kernel.schedule"

    lanes: StringAttr
    vector: IntegerAttr
    block: IntegerAttr
    outputs: IntegerAttr
    vectors: IntegerAttr
    chunk: IntegerAttr
    least: IntegerAttr
    ahead: IntegerAttr

    def __init__(
        self, lanes: str = "none", vector: int = 1, block: int = 1, tile: tuple[int, int] = (1, 1), chunk: int = 1,
        least: int | None = None, ahead: int = 0,
    ) -> None:  # fmt: skip
        given = (vector, block, *tile, chunk, chunk if least is None else least, ahead)
        numbers = (IntegerAttr(n, i64) for n in given)
        super().__init__(StringAttr(lanes), *numbers)

    @property
    def numbers(self) -> dict[str, int]:
        """Every number by its name."""
        return {
            "vector": self.vector.value.data,
            "block": self.block.value.data,
            "outputs": self.outputs.value.data,
            "vectors": self.vectors.value.data,
            "chunk": self.chunk.value.data,
            "least": self.least.value.data,
            "ahead": self.ahead.value.data,
        }

    def verify(self) -> None:
        if found := problem(self.lanes.data, *self.numbers.values()):
            raise VerifyException(f"#kernel.schedule: {found}")

    def print_parameters(self, printer: Printer) -> None:
        n = self.numbers
        with printer.in_angle_brackets():
            if self.lanes.data == "none":
                printer.print_string("lanes = none")
                return
            printer.print_string(
                f"lanes = {self.lanes.data}, vector = {n['vector']}, block = {n['block']}, "
                f"tile = [{n['outputs']}, {n['vectors']}], chunk = {n['chunk']}"
            )
            if n["least"] != n["chunk"]:
                printer.print_string(f", least = {n['least']}")
            if n["ahead"]:
                printer.print_string(f", ahead = {n['ahead']}")

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        found: dict[str, str | int | list[int]] = {}

        def entry() -> None:
            key = parser.parse_identifier()
            if key not in KEYS:
                parser.raise_error(f"#kernel.schedule has no '{key}': expected {', '.join(KEYS[:-1])} or {KEYS[-1]}")
            if key in found:
                parser.raise_error(f"#kernel.schedule has '{key}' twice")
            parser.parse_punctuation("=")
            if key == "lanes":
                found[key] = parser.parse_identifier()
            elif key == "tile":
                found[key] = parser.parse_comma_separated_list(parser.Delimiter.SQUARE, parser.parse_integer)
            else:
                found[key] = parser.parse_integer()

        parser.parse_comma_separated_list(parser.Delimiter.ANGLE, entry)
        tile = found.get("tile", [1, 1])
        if not isinstance(tile, list) or len(tile) != 2:
            parser.raise_error("#kernel.schedule: tile needs two numbers, outputs and vectors")
        outputs, vectors = tile
        lanes = str(found.get("lanes", "none"))
        chunk = found.get("chunk", 1)
        given = (
            found.get("vector", 1),
            found.get("block", 1),
            outputs,
            vectors,
            chunk,
            found.get("least", chunk),
            found.get("ahead", 0),
        )
        numbers = [n for n in given if isinstance(n, int)]
        if wrong := problem(lanes, *numbers):
            parser.raise_error(f"#kernel.schedule: {wrong}")
        return [StringAttr(lanes), *(IntegerAttr(n, i64) for n in numbers)]


def problem(lanes: str, vector: int, block: int, outputs: int, vectors: int, chunk: int, least: int, ahead: int) -> str:
    """What of a schedule does not go together; empty where all does."""
    if lanes not in LANES:
        return f"lanes must be one of {', '.join(LANES)}, got '{lanes}'"
    if min(vector, block, outputs, vectors, chunk, least) < 1:
        return "every number but ahead must be 1 or more"
    if ahead < 0:
        return f"ahead must be 0 or more, got {ahead}"
    if vector & (vector - 1):
        return f"vector must be a power of 2, got {vector}"
    unused = {"vector": vector, "block": block, "tile": max(outputs, vectors), "chunk": chunk, "ahead": ahead + 1}
    for key in UNUSED.get(lanes, ()):
        if unused[key] != 1:
            return f"lanes = {lanes} has no use for {key}"
    if lanes != "none" and vector < 2:
        return f"lanes = {lanes} needs a vector of 2 or more"
    if lanes == "rows" and block != vector * vectors:
        return f"block = {block} is not vector = {vector} times {vectors} of tile"
    if lanes == "rows" and chunk % block:
        return f"chunk = {chunk} is no multiple of block = {block}"
    if least > chunk:
        return f"least = {least} is more than chunk = {chunk}"
    if lanes == "rows" and least % vector:
        return f"least = {least} is no multiple of vector = {vector}"
    return ""
