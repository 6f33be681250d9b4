"""The rule of every operation of `mlp` and `scatter` gives what the rules of its decomposition into nests give."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from xdsl.ir import Operation

import anamc
from anamc.autodiff import rules
from anamc.autodiff.tables import JVP, MASKED, PARTIALS, PREPARE, VJP
from anamc.dialects import nest
from anamc.dialects.mlp import Mlp
from anamc.dialects.scatter import Scatter
from anamc.pipelines import run
from support.operations import EXAMPLES, Example

EXACT = 1e-12
"""Of the largest magnitude: the same sums of at most some tens of terms, in another order."""
NAMED = [e for e in EXAMPLES if e.name.partition(".")[0] in ("mlp", "scatter")]


def decomposed(program: anamc.Program) -> anamc.Program:
    """The program with nests in place of named operations."""
    found = anamc.Program(run(program.tensors.clone(), ["decompose-to-nest"]), program.name)
    names = {op.name for op in found.tensors.walk()}
    assert nest.MapOp.name in names
    assert not any(name.startswith(("mlp.", "scatter.")) for name in names)
    return found


def near(found: dict[str, Any], wanted: dict[str, Any]) -> None:
    assert found.keys() == wanted.keys()
    for name, value in wanted.items():
        error, size = (float(np.abs(x).max(initial=0.0)) for x in (found[name] - value, value))
        assert error <= EXACT * max(size, 1.0), f"{name} is off by {error:.3g} of {size:.3g}"


@pytest.mark.parametrize("example", NAMED, ids=lambda e: e.name)
def test_the_named_rule_is_that_of_its_decomposition(example: Example) -> None:
    program, arrays = example.program, example.arrays()
    nests = decomposed(program)
    inputs, outputs = list(example.arguments), list(example.results)
    rng = np.random.default_rng(2)
    values = anamc.interpret(program, **arrays)
    bars: dict[str, Any] = {f"{n}_bar": np.asarray(rng.normal(size=values[n].shape)) for n in outputs}
    dots: dict[str, Any] = {f"{n}_dot": np.asarray(rng.normal(size=arrays[n].shape)) for n in inputs}
    for kind, directions in ((anamc.vjp, bars), (anamc.jvp, dots)):
        named, unnamed = (anamc.interpret(kind(p, inputs, outputs), **arrays, **directions) for p in (program, nests))
        near(unnamed, named)


def test_every_operation_with_rules_is_compared() -> None:
    rules.register()
    tables = (PARTIALS, MASKED, VJP, JVP, PREPARE)
    ruled: set[type[Operation]] = {op for table in tables for op in table.rules}
    ours = {op.name for op in (*Mlp.operations, *Scatter.operations) if op in ruled}
    assert sorted(ours - {e.name.partition(" ")[0] for e in NAMED}) == []
