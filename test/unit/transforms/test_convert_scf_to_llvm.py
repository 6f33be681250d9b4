"""Refusals of modules that were never verified, which text cannot show."""

from __future__ import annotations

import pytest
from xdsl.context import Context
from xdsl.dialects import func, llvm, scf
from xdsl.dialects.builtin import FileLineColLoc, IntAttr, ModuleOp, StringAttr, i1
from xdsl.ir import Block, Region
from xdsl.utils.exceptions import PassFailedException

from anamc.transforms.convert_scf_to_llvm import ConvertScfToLlvmPass


def branch(ends_in_yield: bool, is_last: bool) -> ModuleOp:
    function = func.FuncOp("f", ([i1], []))
    side = Region(Block([scf.YieldOp() if ends_in_yield else llvm.UnreachableOp()]))
    function.body.block.add_op(scf.IfOp(function.args[0], [], side))
    if not is_last:
        function.body.block.add_op(func.ReturnOp())
    return ModuleOp([function])


def test_region_without_yield_is_refused() -> None:
    with pytest.raises(PassFailedException, match=r"a region must end in 'scf\.yield'"):
        ConvertScfToLlvmPass().apply(Context(), branch(ends_in_yield=False, is_last=False))


def test_branch_at_the_end_of_a_block_is_refused() -> None:
    with pytest.raises(PassFailedException, match=r"'scf\.if' must not end a block"):
        ConvertScfToLlvmPass().apply(Context(), branch(ends_in_yield=True, is_last=True))


def test_locations_are_kept() -> None:
    module = branch(ends_in_yield=True, is_last=False)
    place = FileLineColLoc(StringAttr("net.json"), IntAttr(3), IntAttr(7))
    for op in module.walk():
        op.location = place
    ConvertScfToLlvmPass().apply(Context(), module)
    module.verify()
    assert all(op.location == place for op in module.walk())
