"""
Records of blocks and links to a `graph.network`: what every frontend of block graphs shares.

A frontend reads its source into `records.Block` and `records.Link` and calls `build_network`,
which checks ids, pins, links, names and cycles and puts the blocks into Kahn's order (always
the smallest ready id), so that every link is a use of an earlier value.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence

from xdsl.dialects.builtin import ArrayAttr, FileLineColLoc, IntAttr, LocationAttr, ModuleOp, NameLoc, StringAttr
from xdsl.ir import Attribute, Operation, Region, SSAValue
from xdsl.ir import Block as Body

from anamc.dialects import graph
from anamc.errors import AnamcWarning, FrontendError, Place
from anamc.frontends.links import Wiring, check_inputs, check_names, in_order, wire
from anamc.frontends.records import Block, Input, Link, Name

MAX_HINT = 40
"""Longest SSA name that is made of a user's name."""


def build_network(name: str, place: Place, blocks: Sequence[Block], links: Sequence[Link], meta: str = "") -> ModuleOp:
    """
    A module with one `graph.network` called `name`, written at `place`.

    Raises FrontendError (A02xx) where the blocks make no network; warns (A0218) of blocks that
    no link touches, which are kept for the writer but are in no function.
    """
    check_names([Name("network", name, place)])
    _check_one_source(blocks, place)
    wiring = wire(blocks, links)
    unlinked = [b for b in blocks if not wiring.is_linked(b)]
    _warn_unlinked(unlinked)
    unused = [b for b in unlinked if b.op is not graph.SourceOp]
    wiring = wiring.without(unused)
    check_inputs(wiring)
    order = in_order(wiring)
    check_names(_visible_names(wiring, order))
    kept = tuple(graph.UnusedBlockAttr(b.op.name, dict(b.properties)) for b in unused)
    network = graph.NetworkOp(name, Region(Body(_operations(wiring, order))), meta, kept)
    network.location = location(place)
    module = ModuleOp([network])
    module.location = network.location
    return module


def location(place: Place) -> LocationAttr:
    """The MLIR location of a place in the user's file; `errors.Place.of` reads it back."""
    at = FileLineColLoc(StringAttr(place.file), IntAttr(place.line), IntAttr(place.column))
    return NameLoc(StringAttr(place.path), at) if place.path else at


def _check_one_source(blocks: Sequence[Block], place: Place) -> None:
    sources = [b for b in blocks if b.op is graph.SourceOp]
    if not sources:
        raise FrontendError(
            "A0212", "the graph has no graph source", place=place, help="add a block of kind 'graph-source'"
        )
    if len(sources) > 1:
        first, second = sources[:2]
        why = f"{first.label} at {first.place}\n{second.label} at {second.place}"
        raise FrontendError("A0213", f"the graph has {len(sources)} graph sources", place=second.place, why=why)


def _warn_unlinked(blocks: Sequence[Block]) -> None:
    for block in blocks:
        is_source = block.op is graph.SourceOp
        why = "no block reads a feature" if is_source else "no link touches it, so it is left out"
        message = f"warning[A0218]: unused block: {block.label}\n  --> {block.place}\n  {why}"
        warnings.warn(message, AnamcWarning, stacklevel=4)


def _visible_names(wiring: Wiring, order: Sequence[Block]) -> list[Name]:
    """Names of arguments and results: features, targets without a link, outputs that only losses read."""
    names = [name for b in order if b.op is graph.SourceOp for name in b.names]
    for block in order:
        if block.op is graph.LossOp:
            if not wiring.incoming[block.inputs[-1].pin.number]:
                names += block.names
        elif block.op is not graph.SourceOp and all(r.op is graph.LossOp for r in wiring.successors(block)):
            names += block.names
    return names


def _operations(wiring: Wiring, order: Sequence[Block]) -> list[Operation]:
    values: dict[int, SSAValue] = {}
    made: list[Operation] = []
    for block in order:
        op = _operation(wiring, block, values)
        op.location = location(block.place)
        for output, name, result in zip(block.outputs, block.names, op.results, strict=False):
            values[output.pin.number] = result
            result.name_hint = _hint(block, name)
        made.append(op)
    return made


def _operation(wiring: Wiring, block: Block, values: dict[int, SSAValue]) -> Operation:
    operands = [_operand(taken, wiring.incoming[taken.pin.number], values) for taken in block.inputs]
    properties = dict(block.properties)
    for taken in block.inputs:
        properties.update(_link_meta(taken, wiring.incoming[taken.pin.number]))
    types = [output.type for output in block.outputs if output.type is not None]
    result_types = [types] if block.op is graph.SourceOp else types
    return block.op.build(operands=operands, result_types=result_types, properties=properties)


def _operand(taken: Input, links: Sequence[Link], values: dict[int, SSAValue]) -> SSAValue | list[SSAValue] | None:
    read = [values[link.source] for link in links]
    if taken.most is None:
        return read
    return read[0] if read else None


def _link_meta(taken: Input, links: Sequence[Link]) -> dict[str, Attribute]:
    if not any(link.meta for link in links):
        return {}
    texts = [StringAttr(link.meta) for link in links]
    return {taken.meta_property: texts[0] if taken.meta_property == "target_link_meta" else ArrayAttr(texts)}


def _hint(block: Block, name: Name) -> str | None:
    """A readable SSA name: the block's name for people, else that of the feature or output."""
    written = block.properties.get("block_name") if block.op is not graph.SourceOp else None
    text = written.data if isinstance(written, StringAttr) and written.data else name.text
    clean = re.sub(r"[^A-Za-z0-9_]", "_", text)[:MAX_HINT]
    return clean if re.match(r"[A-Za-z]", clean) else f"x{clean}"
