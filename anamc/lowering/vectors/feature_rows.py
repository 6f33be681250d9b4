"""A kernel as loops over chunks and blocks of rows, each block with features in lanes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from xdsl.dialects import arith, vector
from xdsl.ir import Attribute, SSAValue

from anamc.analysis.nests import shape
from anamc.analysis.outer import outer_product
from anamc.analysis.products import products, turned_matrices
from anamc.analysis.types import tensor_type
from anamc.dialects import kernel
from anamc.dialects.access import AccessAttr
from anamc.lowering.emitter import Emitter, Index
from anamc.lowering.nests import FLOAT_COMBINERS
from anamc.lowering.vectors.chunks import KernelRows, step_is_one
from anamc.lowering.vectors.conflicts import RowConflicts
from anamc.lowering.vectors.feature_block import FeatureBlock, InMemory, Spot
from anamc.lowering.vectors.places import Whole, tile_size
from anamc.lowering.vectors.transpose import groups_of, load_transposed
from anamc.numerics.constants import float_constant

CHAINS = 4
"""How many sums over rows run side by side, to hide the time of an addition."""

TURNED = 4
"""Columns of a matrix that are turned at once: in few lines, for kernels may turn many matrices."""


class FeatureRows(KernelRows):
    """One kernel, in front of which the loops are emitted."""

    def __init__(self, op: kernel.RowsOp, emit: Emitter, conflicts: RowConflicts) -> None:
        super().__init__(op, emit, conflicts)
        self.size = self.schedule["block"]
        self.tile = (self.schedule["outputs"], self.schedule["vectors"])
        self.products = dict(products(op.body.block, self.lanes.width))
        self.turned: dict[SSAValue, SSAValue] = {}
        self.outer = {
            position: factors
            for position in self.plan.sums.values()
            if (factors := outer_product(op.yielded[position])) is not None
        }

    def lower(self) -> None:
        """The loops, which stay as they are: a body holds what fits into the registers, and that in few lines."""
        self.emit.rolled = True
        self.turn_matrices()
        super().lower()
        self.emit.rolled = False

    def turn_matrices(self) -> None:
        """Matrices that are read along the wrong dimension, turned once for all rows."""
        arguments = dict(zip(self.op.body.block.args[1:], self.op.reads, strict=True))
        for value in turned_matrices(self.op.body.block, self.lanes.width):
            rows, columns = shape(value)
            array = self.emit.alloca(tensor_type(value).element_type, [columns, rows], "turned")
            buffer = arguments[value]  # pyright: ignore[reportArgumentType]

            self.turn(buffer, array, rows, columns)
            self.turned[value] = array

    def turn(self, buffer: SSAValue, array: SSAValue, rows: int, columns: int) -> None:
        """``array[j, i] = buffer[i, j]``: some columns of a vector of rows at a time, then the rest by numbers."""
        emit, width = self.emit, self.lanes.width
        some = min(TURNED, width)
        whole, done = (rows // width, rows - rows % width), (columns // some, columns - columns % some)

        def part(at: Sequence[Index]) -> None:
            top, first = emit.mul(at[0], width), emit.mul(at[1], some)
            places = [(emit.add(top, k), first) for k in range(width)]
            for k, found in enumerate(load_transposed(self.lanes, buffer, places, some)):
                self.lanes.store(found, array, (emit.add(first, k), top))

        def numbers(top: int, left: int, height: int, length: int) -> None:
            def number(at: Sequence[Index]) -> None:
                i, j = emit.add(at[0], top), emit.add(at[1], left)
                emit.store(emit.load(buffer, (i, j)), array, (j, i))

            if height and length:
                emit.nested([height, length], number, ("i", "j"))

        if whole[0] and done[0]:
            emit.nested([whole[0], done[0]], part, ("i", "j"))
        numbers(0, done[1], whole[1], columns - done[1])
        numbers(whole[1], 0, rows - whole[1], columns)

    def rows(self, lower: Index, upper: Index, chunk: Index | None) -> None:
        """The rows of one chunk, block after block; the last one may have fewer rows."""
        emit = self.emit

        def block(at: Sequence[Index]) -> None:
            first = emit.add(lower, emit.mul(at[0], self.size))
            self.block(first, emit.min(emit.sub(upper, first), self.size), chunk)

        emit.nested([emit.ceildiv(emit.sub(upper, lower), self.size)], block, ["block"])

    def block(self, first: Index, count: Index, chunk: Index | None) -> None:
        op = self.op
        self.ask_ahead(first, self.size)
        lowering = FeatureBlock(self.lanes, self.plan, self.size, count, self.tile, self.products, self.turned)
        for argument, buffer, access in zip(op.body.block.args[1:], op.reads, op.read_accesses, strict=True):
            if argument.uses.get_length():
                whole = not access.indices
                lowering.places[argument] = Whole(buffer) if whole else self.in_memory(buffer, access, first)
        for k, (combiner, init) in enumerate(zip(op.combiners, op.inits, strict=True)):
            access = op.write_accesses.data[k].data[0]
            if combiner.data == "write" and access.indices and step_is_one(access):
                lowering.direct.setdefault(op.yielded_of(k)[0], self.in_memory(init, access, first))
        for root, position in self.plan.sums.items():
            if position in self.outer:
                lowering.instead[root] = partial(self.update, lowering, position, chunk)
        lowering.lower()
        for position, result in self.conflicts.sums.items():
            if position not in self.outer:
                self.add_rows(lowering, position, result, chunk)
        for k in range(len(op.inits)):
            self.finish(lowering, k, first)

    def in_memory(self, buffer: SSAValue, access: AccessAttr, first: Index) -> InMemory:
        return InMemory(buffer, lambda r: self.index(access, self.emit.add(first, r)))

    # Results ---------------------------------------------------------------------------------

    def finish(self, lowering: FeatureBlock, result: int, first: Index) -> None:
        """What the block yields, into its rows."""
        op = self.op
        accesses, values = op.write_accesses.data[result].data, op.yielded_of(result)
        combiner = op.combiners.data[result].data
        if not accesses[0].indices or self.conflicts.tile_of(result) is not None:
            return
        buffer = op.inits[result]
        targets = [self.in_memory(buffer, a, first) for a in accesses]
        place = lowering.places[values[0]]
        if combiner == "write" and isinstance(place, InMemory) and place.buffer is buffer:
            return

        def row(r: Index) -> None:
            for target, value in zip(targets, values, strict=True):
                self.row(lowering, "" if combiner == "write" else combiner, target, value, r)

        lowering.each_row(row)

    def row(self, lowering: FeatureBlock, combiner: str, target: InMemory, value: SSAValue, r: Index) -> None:
        """One row of a value into its place; with a combiner, together with what is there."""
        known: dict[object, SSAValue] = {}

        def element(at: Sequence[Index], width: int) -> None:
            spot = Spot(r, width, known)
            new = lowering.of_width(width).all(lowering.read(value, tuple(at), spot))
            if combiner:
                there = (*lowering.leading(target, spot), *at)
                old = lowering.load(target.buffer, there, Spot(r, width, {}), None, None)
                new = self.emit.value(FLOAT_COMBINERS[combiner](old, new))
            lowering.put(target, at, new, spot)

        lowering.leading(target, Spot(r, 1, known))
        if not shape(value):
            element((), 1)
            return
        *leading, last = shape(value)
        self.emit.nested(leading, lambda at: lowering.groups(last, lambda j, width: element((*at, j), width)))

    # Sums over rows --------------------------------------------------------------------------

    def add_rows(self, lowering: FeatureBlock, position: int, result: int, chunk: Index | None) -> None:
        """The sum of a value over the rows of the block, onto the result."""
        value, target = self.op.yielded[position], self.op.inits[result]
        lead = self.lead(result, chunk)

        def element(at: Sequence[Index], width: int) -> None:
            def new(r: Index) -> SSAValue:
                return lowering.of_width(width).all(lowering.read(value, tuple(at), Spot(r, width, {})))

            total = self.sum_over(lowering, new, width, tensor_type(value).element_type)
            place = (*lead, *at)
            old = lowering.load(target, place, Spot(0, width, {}), None, None)
            lowering.store(self.lanes.sum(old, total), target, place, width)

        if not shape(value):
            element((), 1)
            return
        *leading, last = shape(value)
        self.emit.nested(leading, lambda at: lowering.groups(last, lambda j, width: element((*at, j), width)))

    def sum_over(
        self, lowering: FeatureBlock, new: Callable[[Index], SSAValue], width: int, element: Attribute
    ) -> SSAValue:
        """``sum_r new(r)`` over the rows of the block, in some chains side by side."""
        emit = self.emit
        zero = self.zero(element, width)
        whole = emit.floordiv(lowering.count, CHAINS)

        def step(i: Index, sums: Sequence[SSAValue]) -> list[SSAValue]:
            first = emit.mul(i, CHAINS)
            return [self.lanes.sum(s, new(emit.add(first, k))) for k, s in enumerate(sums)]

        sums = list(emit.loop(whole, step, [zero] * CHAINS, "r"))
        rest = emit.mul(whole, CHAINS)
        sums[:1] = emit.loop(lowering.count, lambda r, s: [self.lanes.sum(s[0], new(r))], sums[:1], "r", rest)
        while len(sums) > 1:
            sums = [self.lanes.sum(a, b) for a, b in zip(sums[::2], sums[1::2], strict=True)]
        return sums[0]

    def zero(self, element: Attribute, width: int) -> SSAValue:
        if width > 1:
            return self.lanes.zero(element, width)
        return self.emit.value(float_constant(0.0, element))

    def update(self, lowering: FeatureBlock, position: int, chunk: Index | None) -> None:
        """The sum of the block's outer products, onto the result."""
        left, right = self.outer[position]
        result = self.conflicts.sums[position]
        rows, columns = shape(self.op.yielded[position])
        along = columns == 1 < rows
        if along:
            left, right, rows, columns = right, left, columns, rows
        target, lead = self.op.inits[result], self.lead(result, chunk)
        groups = list(groups_of(columns, self.lanes.width))
        registers = self.tile[0] * self.tile[1]
        for first in range(0, len(groups), self.tile[1]):
            some = groups[first : first + self.tile[1]]
            size = tile_size(rows, max(1, registers // len(some)))
            whole, rest = divmod(rows, size)

            def part(start: Index, size: int, some: Sequence[tuple[int, int]] = some) -> None:
                self.outer_tile(lowering, left, right, [self.emit.add(start, k) for k in range(size)], some,
                    lambda i, j: (*lead, j, i) if along else (*lead, i, j), target)  # fmt: skip

            def turn(at: Sequence[Index], size: int = size, part: Callable[[Index, int], None] = part) -> None:
                part(self.emit.mul(at[0], size), size)

            self.emit.nested([whole], turn, ["tile"])
            if rest:
                part(whole * size, rest)

    def outer_tile(
        self, lowering: FeatureBlock, left: SSAValue, right: SSAValue, rows: Sequence[Index],
        columns: Sequence[tuple[int, int]], there: Callable[[Index, Index], tuple[Index, ...]], target: SSAValue,
    ) -> None:  # fmt: skip
        """``target[i, j] += sum_r left[r, i] right[r, j]`` for some `i` and `j`, the sums in registers."""
        element = tensor_type(left).element_type
        zeros = [self.zero(element, width) for _, width in columns] * len(rows)

        def step(r: Index, sums: Sequence[SSAValue]) -> list[SSAValue]:
            known: dict[object, SSAValue] = {}
            parts = [lowering.read(right, (j,), Spot(r, width, known)) for j, width in columns]
            found: list[SSAValue] = []
            for k, i in enumerate(rows):
                factor = lowering.read(left, (i,), Spot(r, 1, known))
                for part, (_, width), old in zip(parts, columns, sums[k * len(parts) :], strict=False):
                    emit = lowering.of_width(width)
                    a, b = emit.all(factor, known), emit.all(part, known)
                    if width > 1:
                        found.append(self.emit.value(vector.FMAOp(a, b, old)))
                    else:
                        found.append(self.lanes.sum(old, self.emit.value(arith.MulfOp(a, b))))
            return found

        ends = self.emit.loop(lowering.count, step, zeros, "r")
        for k, i in enumerate(rows):
            for (j, width), total in zip(columns, ends[k * len(columns) :], strict=False):
                old = lowering.load(target, there(i, j), Spot(0, width, {}), None, None)
                lowering.store(self.lanes.sum(old, total), target, there(i, j), width)
