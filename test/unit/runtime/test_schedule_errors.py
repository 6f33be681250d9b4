"""Schedules and bounds that cannot be: errors with a code, a place and a reason, before anything is compiled."""

from __future__ import annotations

from typing import Any

import pytest

import anamc

TOO_LARGE = """
func.func @f(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %zero = arith.constant 0 : index
  %n = tensor.dim %x, %zero : tensor<?x3xf32>
  %e = tensor.empty(%n) : tensor<?x3xf32>
  %y = kernel.rows r = %n read(%x[r] : tensor<?x3xf32>) write(%e[r] : tensor<?x3xf32>)
      attributes {schedule = #kernel.schedule<lanes = rows, vector = 16, block = 128, tile = [8, 8], chunk = 128>} {
  ^bb0(%r: index, %a: tensor<3xf32>):
    kernel.yield %a : tensor<3xf32>
  }
  func.return %y : tensor<?x3xf32>
}
"""


def test_a_tile_larger_than_the_registers_of_any_machine_is_refused() -> None:
    program = anamc.parse(TOO_LARGE, format="mlir")
    with pytest.raises(anamc.Error) as caught:
        anamc.jit(program)
    assert caught.value.code == "A0814"
    assert "8 x 8 sums" in caught.value.why
    assert caught.value.place


@pytest.mark.parametrize("keep", [3.5, True, None, [4]])
def test_a_bound_is_a_word_or_a_whole_number(keep: Any) -> None:
    program = anamc.parse("input x[n]\ny{i} ++= x{i} | i\noutput y\n", format="ix")
    with pytest.raises(anamc.Error) as caught:
        anamc.jit(program, keep=keep)
    assert caught.value.code == "A0813"
    assert f"got {keep!r}" in caught.value.what


def test_vectors_are_on_or_off() -> None:
    program = anamc.parse("input x[n]\ny{i} ++= x{i} | i\noutput y\n", format="ix")
    with pytest.raises(anamc.Error, match=r"A0527.*vectors must be True or False, got 'no'"):
        anamc.jit(program, vectors="no")  # pyright: ignore[reportArgumentType]


def test_a_schedule_larger_than_the_stack_is_refused() -> None:
    """It would end the process."""
    computed = "%b = arith.addf %a, %a : tensor<3xf32>\n    kernel.yield %b : tensor<3xf32>"
    text = TOO_LARGE.replace(
        "lanes = rows, vector = 16, block = 128, tile = [8, 8]",
        "lanes = features, vector = 8, block = 9999999, tile = [6, 2]",
    )
    program = anamc.parse(text.replace("kernel.yield %a : tensor<3xf32>", computed), format="mlir")
    with pytest.raises(anamc.Error) as caught:
        anamc.jit(program)
    assert caught.value.code == "A0814"
    assert "bytes of the stack" in caught.value.why
