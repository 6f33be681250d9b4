"""Sums over rows of outer products, ``W[i, j] += sum_r a[r, i] b[r, j]``: a matrix product for each block of rows."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects import vector
from xdsl.ir import SSAValue

from anamc.analysis.types import memref_type, tensor_type
from anamc.lowering.emitter import Index
from anamc.lowering.vectors.lanes import LaneEmitter
from anamc.lowering.vectors.places import Local, tile_size
from anamc.lowering.vectors.transpose import feature_groups, groups_of, store_transposed

WIDE = 4
"""The most vectors of `b` in a tile."""


class RankUpdate:
    """One block of rows: `a` as it is, `b` turned to rows, sums of a tile in registers."""

    def __init__(self, emit: LaneEmitter, registers: int, rows: int, count: Index) -> None:
        """`registers`: for sums. `rows` of the block, `count` of them that hold anything."""
        self.lanes = emit
        self.emit = emit.emit
        self.registers = registers
        self.rows = rows
        self.count = count

    def turned(self, value: SSAValue, source: Local) -> SSAValue:
        """A local array `[rows][features]` of a row value."""
        features = tensor_type(value).get_shape()[0]
        array = self.emit.alloca(
            tensor_type(value).element_type, [self.rows, features], f"{value.name_hint or 't'}_rows"
        )

        def rows(at: Sequence[Index]) -> None:
            lane = self.emit.mul(at[0], self.lanes.width)
            places = [self.emit.add(lane, k) for k in range(self.lanes.width)]

            def move(first: Index, width: int) -> None:
                found = [self.lanes.load(source.buffer, (self.emit.add(first, k), lane)) for k in range(width)]
                store_transposed(self.lanes, found, array, [(i, first) for i in places])

            feature_groups(self.lanes, features, move)

        self.emit.nested([self.rows // self.lanes.width], rows)
        return array

    def add(
        self, left: Local, right: SSAValue, shape: tuple[int, ...], target: SSAValue, lead: Sequence[Index]
    ) -> None:
        """The block's sum onto ``target[lead, i, j]``."""
        groups = list(groups_of(shape[1], self.lanes.width))
        for first in range(0, len(groups), WIDE):
            columns = groups[first : first + WIDE]
            size = tile_size(shape[0], max(1, self.registers // len(columns)))
            whole, rest = divmod(shape[0], size)

            def tile(at: Sequence[Index], columns: Sequence[tuple[int, int]] = columns, size: int = size) -> None:
                self.tile(left, right, self.emit.mul(at[0], size), size, columns, target, lead)

            self.emit.nested([whole], tile, ["tile"])
            if rest:
                self.tile(left, right, whole * size, rest, columns, target, lead)

    def tile(
        self, left: Local, right: SSAValue, start: Index, size: int, columns: Sequence[tuple[int, int]],
        target: SSAValue, lead: Sequence[Index],
    ) -> None:  # fmt: skip
        """Rows `start` to `start + size - 1` of the sum, in some groups of columns."""
        places = [self.emit.add(start, k) for k in range(size)]
        element = memref_type(right).element_type
        zeros = [self.lanes.zero(element, width) for _, width in columns]

        def step(r: Index, sums: Sequence[SSAValue]) -> list[SSAValue]:
            parts = [self.lanes.load(right, (r, first), width) for first, width in columns]
            found: list[SSAValue] = []
            for k, place in enumerate(places):
                factor = self.emit.load(left.buffer, (place, r))
                spread: dict[int, SSAValue] = {}
                for part, (_, width), old in zip(parts, columns, sums[k * len(parts) :], strict=False):
                    if width not in spread:
                        spread[width] = self.lanes.spread(factor, width)
                    found.append(self.emit.value(vector.FMAOp(spread[width], part, old)))
            return found

        ends = self.emit.loop(self.count, step, zeros * size, "r")
        for k, place in enumerate(places):
            for (first, width), total in zip(columns, ends[k * len(columns) :], strict=False):
                old = self.lanes.load(target, (*lead, place, first), width)
                self.lanes.store(self.lanes.sum(old, total), target, (*lead, place, first))
