"""A kernel row by row, or some rows at once, each nest with neighbouring elements in lanes where it has such a form."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects import tensor
from xdsl.ir import SSAValue
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.element_kernels import kernel_tile, result_tiles, separate
from anamc.analysis.element_tiles import ElementTile, element_tile
from anamc.analysis.nests import dims_of, shape
from anamc.analysis.work import grain
from anamc.dialects import kernel, nest
from anamc.lowering.emitter import Emitter, Index
from anamc.lowering.kernel_rows import RowsLowering
from anamc.lowering.nests import BodyLowering, Computed, Stored, Uniform
from anamc.lowering.vectors.element_nest import ElementNest
from anamc.lowering.vectors.element_sums import ElementSums


class ElementRows(RowsLowering):
    """One kernel, in front of which the loops are emitted."""

    def __init__(self, op: kernel.RowsOp, emit: Emitter) -> None:
        super().__init__(op, emit, grain(op))
        if op.schedule is None:
            raise PassFailedException("convert-kernel-to-vectors: a kernel without a schedule")
        numbers = op.schedule.numbers
        self.vector, self.registers = numbers["vector"], numbers["outputs"] * numbers["vectors"]
        self.many = kernel_tile(op, self.vector, self.registers)

    def independent(self) -> None:
        """Blocks of rows where the tile of the only nest has some; of what is left, halves of them first."""
        if self.many is None:
            super().independent()
            return
        emit, rows = self.emit, self.many.rows
        done: Index = 0
        grain = -(-self.grain // rows)
        while rows:
            tile = self.many.with_rows(rows)
            count = emit.floordiv(emit.sub(self.op.extent, done), rows)

            def block(b: Index, tile: ElementTile = tile, done: Index = done) -> None:
                self.block(emit.add(done, emit.mul(b, tile.rows)), tile)

            if count != 0 and done == 0:
                emit.parallel(count, block, "block", grain)
            elif count != 0:
                emit.nested([count], lambda at, block=block: block(at[0]), ["rest"])
            done = emit.add(done, emit.mul(count, rows))
            rows //= 2

    def body(self, outputs: dict[SSAValue, Stored], added: Sequence[SSAValue]) -> BodyLowering:
        return ElementBody(self, outputs, added)

    def finish(self, lowering: BodyLowering, combiner: str, row: Stored, value: SSAValue) -> None:
        """What the row yields, into its place; what is only added to it is computed there on vectors."""
        source = lowering.places[value]
        if isinstance(source, Computed) and combiner == "add" and not self.how.atomic:
            tile = element_tile(source.op, self.vector, self.registers)
            buffers = [p.buffer for v in source.op.reads if isinstance(p := lowering.places[v], Stored)]
            if tile is not None and row.buffer not in buffers:
                ElementNest(self.emit, source.op, tile, [lowering], [row], [None], "add").lower()
                return
        super().finish(lowering, combiner, row, value)

    def block(self, first: Index, tile: ElementTile) -> None:
        """Some rows at once."""
        opened = [self.opened(self.emit.add(first, k), None) for k in range(tile.rows)]
        bodies = [body for body, _ in opened]
        for op in list(self.op.body.block.ops)[:-1]:
            if isinstance(op, nest.MapOp):
                lower_nest(self.emit, op, tile, bodies)
            else:
                for body in bodies:
                    body.operation(op)
        for body, places in opened:
            self.close(body, places)


class ElementBody(BodyLowering):
    """The operations of one row."""

    def __init__(self, rows: ElementRows, outputs: dict[SSAValue, Stored], added: Sequence[SSAValue]) -> None:
        super().__init__(rows.emit, rows.op.body.block, outputs, added)
        self.vector, self.registers = rows.vector, rows.registers

    def stored_nest(self, op: nest.MapOp) -> None:
        if not self.is_apart(op):
            super().stored_nest(op)
        elif len(op.results_) > 1 and result_tiles(op, self.vector, self.registers):
            with separate(op) as parts:
                for part, result in zip(parts, op.results_, strict=True):
                    self.part(part, op, result)
        elif (tile := element_tile(op, self.vector, self.registers)) is not None and len(op.results_) == 1:
            lower_nest(self.emit, op, tile, [self])
        else:
            super().stored_nest(op)

    def scalar_nest(self, op: nest.MapOp) -> None:
        tile = element_tile(op, self.vector, self.registers) if len(op.results_) == 1 else None
        if tile is None or not tile.across:
            super().scalar_nest(op)
            return
        start = self.read(self.places[op.inits[0]], ())
        self.places[op.results_[0]] = Uniform(ElementSums(self.emit, op, tile, [self], [], [None]).number(start))

    def part(self, part: nest.MapOp, op: nest.MapOp, result: SSAValue) -> None:
        """One result of a nest alone."""
        if result in self.destinations:
            self.destinations[part.results_[0]] = self.destinations[result]
        before = dict(self.last_use)
        self.last_use |= {v: part for v in part.operands if self.last_use.get(v) is op}
        self.nest(part)
        self.last_use = before
        self.places[result] = self.places[part.results_[0]]

    def is_apart(self, op: nest.MapOp) -> bool:
        """False where a result may go into memory that the nest still reads."""
        buffers = {p.buffer for v in op.reads if isinstance(p := self.places[v], Stored)}
        goes = [self.destinations.get(r) for r in op.results_] + [self.places.get(v) for v in op.inits]
        return not any(isinstance(p, Stored) and p.buffer in buffers for p in goes)


def lower_nest(emit: Emitter, op: nest.MapOp, tile: ElementTile, bodies: Sequence[BodyLowering]) -> None:
    """A nest with one result by its tile, for all rows that are held at once."""
    uniform = start_of(op, bodies)
    targets = [body.target(op, 0, bool(uniform)) for body in bodies]
    kind = ElementSums if tile.across else ElementNest
    kind(emit, op, tile, bodies, targets, uniform or [None] * len(bodies)).lower()
    for body, target in zip(bodies, targets, strict=True):
        body.places[op.results_[0]] = target


def start_of(op: nest.MapOp, bodies: Sequence[BodyLowering]) -> list[SSAValue] | None:
    """The number that the result starts from in each row, where a tile reaches every element of it once."""
    splat, dims = op.inits[0].owner, dims_of(op.write_accesses.data[0])
    if dims is None or op.where:
        return None
    sizes = iter(splat.dynamicSizes if isinstance(splat, tensor.SplatOp) else ())
    extents = op.extents
    known = [next(sizes, None) if s < 0 else s for s in shape(op.results_[0])]
    if any(extents[d] is not size and extents[d] != size for d, size in zip(dims, known, strict=True)):
        return None
    found = [place.value for body in bodies if isinstance(place := body.places[op.inits[0]], Uniform)]
    return found if len(found) == len(bodies) else None
