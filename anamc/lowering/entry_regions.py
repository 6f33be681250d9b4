"""Loops and branches on buffers: what a loop carries changes its place from round to round, and is not copied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xdsl.dialects import scf, tensor
from xdsl.dialects.builtin import IndexType
from xdsl.ir import Block, Operation, Region, SSAValue

from anamc.lowering.entry_blocks import BlockBuilder, is_tensor
from anamc.lowering.entry_kernels import EntryKernels
from anamc.lowering.workspace import Buffer, Workspace


@dataclass
class Ring:
    """
    Buffers that change their places in a loop.

    Round by round ``buffers[j]`` is where ``after[j]`` was at the end of the round before.
    """

    buffers: list[Buffer]
    after: list[Buffer]


@dataclass
class Group:
    """Buffers of which an inner loop has left which is which open: `members` are `originals` in another order."""

    originals: list[Buffer]
    members: list[Buffer]


class RegionBuilder(BlockBuilder):
    """A block with its loops and branches."""

    def __init__(self, old: Block, block: Block, kernels: EntryKernels, workspace: Workspace) -> None:
        super().__init__(old, block, kernels, workspace)
        self.groups: list[Group] = []

    def operation(self, op: Operation) -> None:
        match op:
            case scf.ForOp():
                self.loop(op)
            case scf.IfOp():
                self.branch(op)
            case _:
                super().operation(op)

    def inside(self, old: Block, block: Block) -> RegionBuilder:
        """The builder of a block that stands in this one."""
        return RegionBuilder(old, block, self.kernels, self.workspace)

    # Loops -----------------------------------------------------------------------------------

    def loop(self, op: scf.ForOp) -> None:
        """The loop carries its numbers, and offsets of those buffers that change their places."""
        starts = {k: self.start(op, v) for k, v in enumerate(op.iter_args) if is_tensor(v)}
        numbers = [k for k in range(len(op.iter_args)) if k not in starts]
        old, block = op.body.block, Block(arg_types=[IndexType(), *(op.iter_args[k].type for k in numbers)])
        for argument, new in zip([old.args[0], *(old.args[1 + k] for k in numbers)], block.args, strict=True):
            self.values[argument] = new
            new.name_hint = argument.name_hint
        body = self.inside(old, block)
        for k, buffer in starts.items():
            body.own(old.args[1 + k], buffer)
        body.release()
        body.run()
        last = body.lives.ops[-1]
        outs = body.handed_on({k: last.operands[k] for k in starts}, starts, last)
        ring = body.ring(starts, outs)
        block.add_op(scf.YieldOp(*(self.values[last.operands[k]] for k in numbers), *offsets(ring.after)))
        carry(block, ring.buffers, body)
        carried = [*(self.values[op.iter_args[k]] for k in numbers), *offsets(ring.buffers)]
        lower, upper, step = (self.values[v] for v in (op.lb, op.ub, op.step))
        new_loop = scf.ForOp(lower, upper, step, carried, block)
        new_loop.location = op.location
        self.block.add_op(new_loop)
        for k, result in zip(numbers, new_loop.results, strict=False):
            self.values[op.results[k]] = result
        self.results(op, starts, ring, new_loop.results[len(numbers) :])

    def start(self, op: scf.ForOp, value: SSAValue) -> Buffer:
        """The buffer of a carried tensor, with what it starts from in it."""
        if self.dies(value, op):
            return self.disown(value)
        buffer = self.allocate(value, op)
        self.kernels.start(op, value, self.workspace.place(buffer, value.name_hint))
        return buffer

    def handed_on(
        self, values: Mapping[int, SSAValue], starts: Mapping[int, Buffer], last: Operation
    ) -> dict[int, Buffer]:
        """Where each yielded tensor is; copied where it is not this block's own, or is yielded twice."""
        found: dict[int, Buffer] = {}
        for k, value in values.items():
            if value in self.owned and self.owned[value].key == starts[k].key:
                found[k] = self.disown(value)
        for k, value in values.items():
            if k in found:
                continue
            home = starts[k]
            if home in self.workspace.free:
                self.workspace.free.remove(home)
            else:
                home = self.workspace.allocate(*home.key)
            if not isinstance(value.owner, tensor.EmptyOp):
                self.copy_to(value, self.workspace.place(home, value.name_hint), last)
            found[k] = home
        for value in list(self.owned):
            self.workspace.release(self.disown(value))
        return found

    def ring(self, starts: Mapping[int, Buffer], outs: Mapping[int, Buffer]) -> Ring:
        """The buffers that are elsewhere at the end of a round than at its start."""
        moved = [k for k, b in starts.items() if outs[k] is not b]
        kept = set(outs.values())
        groups = [g for g in self.groups if kept.intersection(g.members)]
        for group in self.groups:
            if group not in groups:
                self.restore(group)
        inner = [b for g in groups for b in g.originals]
        members = [b for g in groups for b in g.members]
        others = [outs[k] for k in moved if outs[k] not in members]
        buffers = list(dict.fromkeys([*(starts[k] for k in moved), *inner, *others]))
        now = [b for b in dict.fromkeys([*members, *(b for b in buffers if b not in inner)]) if b not in kept]
        after = [outs[k] for k in moved]
        for buffer in now:
            if buffer in self.workspace.free:
                self.workspace.free.remove(buffer)
        for buffer in buffers[len(moved) :]:
            following = next(b for b in now if b.key == buffer.key)
            now.remove(following)
            after.append(following)
        return Ring(buffers, after)

    def restore(self, group: Group) -> None:
        """Nothing is kept in the buffers of a group: all of them are free, whichever is which."""
        for buffer in group.members:
            if buffer in self.workspace.free:
                self.workspace.free.remove(buffer)
        self.workspace.free += group.originals

    def results(self, op: scf.ForOp, starts: Mapping[int, Buffer], ring: Ring, places: Sequence[SSAValue]) -> None:
        """The tensors that a loop gives, where they are behind it."""
        behind = {b: Buffer(b.dims, b.element, self.block, p) for b, p in zip(ring.buffers, places, strict=True)}
        self.regroup(ring.buffers, list(behind.values()))
        held = set(starts.values())
        for k, buffer in starts.items():
            self.own(op.results[k], behind.get(buffer, buffer))
        for old, buffer in behind.items():
            if old not in held:
                self.workspace.release(buffer)

    def regroup(self, buffers: Sequence[Buffer], places: Sequence[Buffer]) -> None:
        """Remembers that an inner loop has mixed buffers; groups that it took some of become one with it."""
        taken = [g for g in self.groups if set(g.members).intersection(buffers)]
        self.groups = [g for g in self.groups if g not in taken]
        old = [b for g in taken for b in g.members]
        originals = [*(b for g in taken for b in g.originals), *(b for b in buffers if b not in old)]
        members = [*(b for b in old if b not in buffers), *places]
        if members:
            self.groups.append(Group(originals, members))

    # Branches --------------------------------------------------------------------------------

    def branch(self, op: scf.IfOp) -> None:
        """Both sides write what they give into the same buffers."""
        results = {k: self.allocate(r, op) for k, r in enumerate(op.results) if is_tensor(r)}
        for k, buffer in results.items():
            self.workspace.place(buffer, op.results[k].name_hint)
        numbers = [k for k in range(len(op.results)) if k not in results]
        sides = [self.side(region, results, numbers) for region in op.regions if region.blocks]
        types = [op.results[k].type for k in numbers]
        chosen = scf.IfOp(self.values[op.cond], types, sides[0], sides[1] if sides[1:] else None)
        chosen.location = op.location
        self.block.add_op(chosen)
        for k, result in zip(numbers, chosen.results, strict=True):
            self.values[op.results[k]] = result
        for k, buffer in results.items():
            self.own(op.results[k], buffer)

    def side(self, region: Region, results: Mapping[int, Buffer], numbers: Sequence[int]) -> Region:
        """One side of a branch."""
        block = Block()
        body = self.inside(region.block, block)
        last = body.lives.ops[-1]
        body.want({last.operands[k]: b for k, b in results.items()})
        body.run()
        for k, buffer in results.items():
            value = last.operands[k]
            if body.owned.get(value) is not buffer and not isinstance(value.owner, tensor.EmptyOp):
                body.copy_to(value, self.workspace.place(buffer), last)
        wanted = set(results.values())
        for value in list(body.owned):
            if (buffer := body.disown(value)) not in wanted:
                self.workspace.release(buffer)
        for group in body.groups:
            body.restore(group)
        block.add_op(scf.YieldOp(*(self.values[last.operands[k]] for k in numbers)))
        return Region(block)


def offsets(buffers: Sequence[Buffer]) -> list[SSAValue]:
    return [b.offset for b in buffers if b.offset is not None]


def carry(block: Block, buffers: Sequence[Buffer], body: BlockBuilder) -> None:
    """New arguments of a loop's body in place of the offsets of buffers, and views at them in place of their views."""
    replaced: dict[SSAValue, SSAValue] = {}
    first = block.first_op
    for buffer in buffers:
        offset, view = buffer.offset, buffer.view
        if offset is None:
            continue
        argument = block.insert_arg(IndexType(), len(block.args))
        replaced[offset] = argument
        if view is not None:
            new = body.workspace.view_of(buffer, argument)
            new.results[0].name_hint = view.name_hint
            if first is None:
                block.add_op(new)
            else:
                block.insert_op_before(new, first)
            replaced[view] = new.results[0]
            argument.name_hint = f"{view.name_hint}_at" if view.name_hint else None
    made = {v.owner for v in replaced.values()}
    for op in [o for o in block.walk() if o not in made]:
        if any(v in replaced for v in op.operands):
            op.operands = [replaced.get(v, v) for v in op.operands]
