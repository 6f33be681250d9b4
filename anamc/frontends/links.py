"""Ids, pins, links and cycles of a block graph: every check that needs no widths."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

from anamc.errors import FrontendError, Place, shown
from anamc.frontends.records import Block, Input, Link, Name, Output

RESERVED_NAMES = ("params", "edgelist", "nnodes", "nedges")
"""Arguments that every function has."""
MAX_CYCLE_SHOWN = 10


@dataclass(frozen=True)
class Wiring:
    """Blocks with checked links: the owner of each pin, and the links into each input pin in order."""

    blocks: tuple[Block, ...]
    outputs: dict[int, tuple[Block, Output]]
    inputs: dict[int, tuple[Block, Input]]
    incoming: dict[int, list[Link]]
    readers: dict[int, list[Block]]

    def predecessors(self, block: Block) -> list[Block]:
        links = (link for taken in block.inputs for link in self.incoming[taken.pin.number])
        return [self.outputs[link.source][0] for link in links]

    def successors(self, block: Block) -> list[Block]:
        return [reader for output in block.outputs for reader in self.readers[output.pin.number]]

    def is_linked(self, block: Block) -> bool:
        return bool(self.predecessors(block) or self.successors(block))

    def without(self, blocks: Sequence[Block]) -> Wiring:
        gone = {block.id for block in blocks}
        kept = tuple(b for b in self.blocks if b.id not in gone)
        return Wiring(kept, self.outputs, self.inputs, self.incoming, self.readers)


def wire(blocks: Sequence[Block], links: Sequence[Link]) -> Wiring:
    """Check ids and pins (A0201-A0203) and every link (A0204-A0210)."""
    _check_ids(blocks)
    wiring = _pins(blocks)
    seen: dict[tuple[int, int], Link] = {}
    for link in links:
        _check_ends(wiring, link)
        key = (link.source, link.target)
        if key in seen:
            why = f"the first one is {seen[key].place}"
            _fail("A0208", f"the same link twice, from {link.source} to {link.target}", link.place, why)
        seen[key] = link
        wiring.incoming[link.target].append(link)
        wiring.readers[link.source].append(wiring.inputs[link.target][0])
        _check_room(wiring, link)
    return wiring


def check_inputs(wiring: Wiring) -> None:
    """Every input pin has as many links as it needs (A0214, A0215)."""
    for block in wiring.blocks:
        for taken in block.inputs:
            count = len(wiring.incoming[taken.pin.number])
            if count == 0 < taken.least:
                what = f"nothing is linked to '{taken.role}' of {block.label}"
                _fail("A0214", what, block.place, help=f"add a link to pin {taken.pin.number}")
            if count < taken.least:
                what = f"{block.label} needs {taken.least} links or more, got {count}"
                _fail("A0215", what, block.place, help=f"add a link to pin {taken.pin.number}")


def in_order(wiring: Wiring) -> list[Block]:
    """Kahn's order, always the smallest ready id; A0211 names the blocks on a cycle."""
    waiting = {block.id: len(wiring.predecessors(block)) for block in wiring.blocks}
    by_id = {block.id: block for block in wiring.blocks}
    ready = [number for number, count in waiting.items() if count == 0]
    heapq.heapify(ready)
    order: list[Block] = []
    while ready:
        block = by_id[heapq.heappop(ready)]
        order.append(block)
        for reader in wiring.successors(block):
            waiting[reader.id] -= 1
            if waiting[reader.id] == 0:
                heapq.heappush(ready, reader.id)
    if len(order) < len(wiring.blocks):
        _fail_cycle(wiring, {number for number, count in waiting.items() if count})
    return order


def check_names(names: Sequence[Name]) -> None:
    """Arguments and results have different names (A0216), none of the fixed ones (A0217), none empty (A0122)."""
    seen: dict[str, Name] = {}
    for name in names:
        if not name.text:
            _fail("A0122", f"the name of this {name.what} is empty", name.place)
        if name.text in RESERVED_NAMES:
            why = f"every function has the arguments {', '.join(RESERVED_NAMES)}"
            _fail("A0217", f"the {name.what} '{name.text}' has the name of a fixed argument", name.place, why)
        if first := seen.get(name.text):
            what = f"the name '{shown(name.text)}' is taken twice, by this {name.what} and {_article(first.what)}"
            why = f"the other one is {first.place}\narguments and results share one name space"
            _fail("A0216", what, name.place, why, help=_rename(name))
        seen[name.text] = name


def _article(what: str) -> str:
    return f"an {what}" if what[0] in "aeio" else f"a {what}"


def _rename(name: Name) -> str:
    fields = {"output": "'output_name'", "target": "'target_name'"}
    return f"choose another {fields.get(name.what, 'name')}"


def _check_ids(blocks: Sequence[Block]) -> None:
    seen: dict[int, Block] = {}
    for block in blocks:
        if block.id < 1:
            _fail("A0203", f"block ids are positive, got {block.id}", block.place)
        if first := seen.get(block.id):
            why = f"{block.label} and {first.label} at {first.place}"
            _fail("A0201", f"two blocks have the id {block.id}", block.place, why, help="give each block its own id")
        seen[block.id] = block


def _pins(blocks: Sequence[Block]) -> Wiring:
    wiring = Wiring(tuple(blocks), {}, {}, {}, {})
    owners: dict[int, Block] = {}
    for block in blocks:
        for output in block.outputs:
            _check_pin("output", output.pin.number, -1, output.pin.place, owners, block)
            wiring.outputs[output.pin.number] = (block, output)
            wiring.readers[output.pin.number] = []
        for taken in block.inputs:
            _check_pin("input", taken.pin.number, 1, taken.pin.place, owners, block)
            wiring.inputs[taken.pin.number] = (block, taken)
            wiring.incoming[taken.pin.number] = []
    return wiring


def _check_pin(what: str, number: int, sign: int, place: Place, owners: dict[int, Block], block: Block) -> None:
    if number * sign < 1:
        word = "positive" if sign > 0 else "negative"
        _fail("A0203", f"{what} pins are {word}, got {number}", place, help=f"use {-number or sign}")
    if number in owners:
        why = f"{block.label} and {owners[number].label} at {owners[number].place}"
        _fail("A0202", f"two {what} pins have the number {number}", place, why, help="give each pin its own number")
    owners[number] = block


def _check_ends(wiring: Wiring, link: Link) -> None:
    arrow = f"from {link.source} to {link.target}"
    help_ = "a link goes from an output pin (negative) to an input pin (positive)"
    if link.source > 0:
        what = "a link between two input pins" if link.target > 0 else "a link that starts at an input pin"
        _fail("A0204", f"{what}, {arrow}", link.place, _owner(wiring, link.source), help=help_)
    if link.target < 0:
        _fail("A0205", f"a link that ends at an output pin, {arrow}", link.place, _owner(wiring, link.target), help_)
    if link.source not in wiring.outputs:
        _fail("A0206", f"a link from pin {link.source}, which no block has", link.place, _some(wiring.outputs))
    if link.target not in wiring.inputs:
        _fail("A0207", f"a link to pin {link.target}, which no block has", link.place, _some(wiring.inputs))
    block, output = wiring.outputs[link.source]
    if output.type is None:
        _fail("A0210", f"a link from the output of {block.label}, {arrow}", link.place, "nothing can read a loss")


def _check_room(wiring: Wiring, link: Link) -> None:
    block, taken = wiring.inputs[link.target]
    first = wiring.incoming[link.target][0]
    if taken.most is not None and len(wiring.incoming[link.target]) > taken.most:
        what = f"'{taken.role}' of {block.label} takes one link, this is the second"
        _fail("A0209", what, link.place, f"the first one is {first.place}")


def _owner(wiring: Wiring, pin: int) -> str:
    owner = (wiring.inputs if pin > 0 else wiring.outputs).get(pin)
    return f"{pin} is a pin of {owner[0].label}" if owner else f"no block has a pin {pin}"


def _some(pins: dict[int, tuple[Block, Input]] | dict[int, tuple[Block, Output]]) -> str:
    known = sorted(pins, key=abs)
    more = ", ..." if len(known) > MAX_CYCLE_SHOWN else ""
    return f"pins are {', '.join(map(str, known[:MAX_CYCLE_SHOWN]))}{more}" if known else "there are no such pins"


def _fail_cycle(wiring: Wiring, stuck: set[int]) -> None:
    """Walk backwards among the blocks that never became ready until one comes again."""
    block = next(b for b in wiring.blocks if b.id in stuck)
    path: list[Block] = []
    position: dict[int, int] = {}
    while block.id not in position:
        position[block.id] = len(path)
        path.append(block)
        block = next(b for b in wiring.predecessors(block) if b.id in stuck)
    cycle = path[position[block.id] :][::-1]
    start = min(range(len(cycle)), key=lambda i: cycle[i].id)
    cycle = cycle[start:] + cycle[:start]
    names = [b.label for b in cycle[:MAX_CYCLE_SHOWN]] + ["..."] * (len(cycle) > MAX_CYCLE_SHOWN)
    why = " -> ".join([*names, cycle[0].label])
    _fail("A0211", f"{len(cycle)} block{'s' * (len(cycle) > 1)} on a cycle", cycle[0].place, why, help="remove a link")


def _fail(code: str, what: str, place: Place, why: str = "", help: str = "") -> None:
    raise FrontendError(code, what, place=place, why=why, help=help)
