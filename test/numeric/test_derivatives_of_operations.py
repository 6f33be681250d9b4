"""Every operation that has a derivative: the dot test and differences, first order and second, in the interpreter."""

from __future__ import annotations

import pytest

from anamc.autodiff import rules
from anamc.autodiff.tables import JVP, PARTIALS, VJP
from support.derivatives import check
from support.operations import EXAMPLES, Example

WITHOUT_EXAMPLE = {
    "arith.extf": "between float types; a program has one",
    "arith.truncf": "between float types; a program has one",
    "math.exp2": "nothing evaluates it",
}
"""Their rules are tested as IR (`test/lit/autodiff`)."""


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.name)
def test_derivatives_agree_with_each_other_and_with_differences(example: Example) -> None:
    check(example.program, example.arrays())


def test_every_operation_with_a_rule_is_tested() -> None:
    rules.register()
    tested = {example.name.partition(" ")[0] for example in EXAMPLES}
    names = {cls.name for table in (PARTIALS, VJP, JVP) for cls in table.rules}
    assert sorted(names - tested) == sorted(WITHOUT_EXAMPLE)
