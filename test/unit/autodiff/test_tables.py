"""Every operation that anamc evaluates has a derivative, or a reason why it has none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from xdsl.dialects import arith, scf
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Dialect, Operation

from anamc.autodiff import rules
from anamc.autodiff.tables import CONSTANT, JVP, PARTIALS, PREPARE, REFUSED, REGION_JVP, REGION_VJP, VJP
from anamc.dialects.mlp import Mlp
from anamc.dialects.nest import Nest
from anamc.dialects.scatter import Scatter
from anamc.interpreters import interpreter

LIT = Path(__file__).resolve().parents[2] / "lit" / "autodiff"

INTEGERS = (
    *(arith.AddiOp, arith.SubiOp, arith.MuliOp, arith.MinSIOp, arith.MaxSIOp, arith.FloorDivSIOp, arith.CeilDivSIOp),
    *(
        arith.DivSIOp,
        arith.RemSIOp,
        arith.AndIOp,
        arith.OrIOp,
        arith.XOrIOp,
        arith.CmpiOp,
        arith.IndexCastOp,
        arith.ExtSIOp,
    ),
)
"""Inactive by the types of their results."""
CALLS = ("func.call", "func.return", "nest.yield")
"""Inlined first, or with a rule of the user's own; the ends of bodies."""


def evaluated(dialect: str) -> list[type[Operation]]:
    """The operations of a dialect that the interpreter knows."""
    implementations = interpreter(ModuleOp([]))._impls._impl_dict  # pyright: ignore[reportPrivateUsage]
    return [op for op in implementations if op.name.partition(".")[0] == dialect]


def without_derivative(ops: list[type[Operation]]) -> list[str]:
    rules.register()
    reverse = {*PARTIALS.rules, *VJP.rules, *REGION_VJP.rules}
    forward = {*PARTIALS.rules, *JVP.rules, *REGION_JVP.rules}
    answered = (reverse & forward) | PREPARE.rules.keys() | CONSTANT.keys() | REFUSED.keys() | set(INTEGERS)
    return sorted(op.name for op in ops if op not in answered and op.name not in CALLS)


@pytest.mark.parametrize("dialect", ["arith", "math", "tensor", "func", "nest"])
def test_what_is_evaluated_has_a_derivative_or_a_reason(dialect: str) -> None:
    assert evaluated(dialect)
    assert without_derivative(evaluated(dialect)) == []


@pytest.mark.parametrize("dialect", [Mlp, Scatter, Nest], ids=lambda d: d.name)
def test_every_operation_of_ours_has_a_derivative_or_a_reason(dialect: Dialect) -> None:
    assert without_derivative(list(dialect.operations)) == []


def test_loops_and_branches_have_derivatives() -> None:
    assert without_derivative([scf.ForOp, scf.IfOp]) == []


def test_no_operation_has_two_kinds_of_rules() -> None:
    rules.register()
    tables = (PARTIALS.rules, VJP.rules, REGION_VJP.rules, CONSTANT, REFUSED)
    found = [op.name for table in tables for op in table]
    assert sorted(set(found)) == sorted(found)


def test_reasons_are_given() -> None:
    rules.register()
    assert all((CONSTANT | REFUSED).values())


@pytest.mark.parametrize("kind", ["vjp", "jvp"])
def test_every_rule_has_a_lit_test(kind: str) -> None:
    """A function with the operation, and a request for its adjoint, and for its tangent."""
    rules.register()
    seen: set[str] = set()
    for part in (part for path in LIT.glob("*.mlir") for part in path.read_text().split("// -----")):
        functions = dict(re.findall(r"^func\.func (?:private )?@(\w+)(.*?)^}", part, re.MULTILINE | re.DOTALL))
        for name in re.findall(rf"ad\.{kind} @(\w+)", part):
            seen.update(re.findall(r"^ +(?:%.* = )?([a-z]+\.[a-z0-9_]+) ", functions[name], re.MULTILINE))
    ruled = {op.name for table in (PARTIALS, VJP, JVP, REGION_VJP, REGION_JVP) for op in table.rules}
    assert sorted(ruled - seen) == []
