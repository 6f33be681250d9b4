"""Which rows a kernel reaches through index tables."""

from __future__ import annotations

from xdsl.ir import SSAValue

from anamc.dialects import kernel
from anamc.dialects.access import AccessAttr


def reached_by_tables(op: kernel.RowsOp) -> list[tuple[SSAValue, AccessAttr]]:
    """What a kernel reads, where it needs it, or writes at rows that an index table says, each with its access."""
    reads = [
        (source, access)
        for argument, source, access in zip(op.body.block.args[1:], op.reads, op.read_accesses, strict=True)
        if argument.uses.get_length()
    ]
    writes = [(init, a) for init, accesses in zip(op.inits, op.write_accesses, strict=True) for a in accesses]
    return [(v, a) for v, a in dict.fromkeys((*reads, *writes)) if a.tables and a.indices]
