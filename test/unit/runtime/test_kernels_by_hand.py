"""Kernels written by hand: what would reach outside of an array is an error before it runs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import anamc

HEAD = """
func.func @f(%n: index {anamc.name = "n"}, %m: index {anamc.name = "m"},
    %x: tensor<?x3xf32> {anamc.name = "x", anamc.dims = ["n", 3]},
    %t: tensor<?x2xi32> {anamc.name = "t", anamc.dims = ["m", 2]})
    -> (tensor<?x3xf32> {anamc.name = "y", anamc.dims = ["n", 3]}) {
  %zero = arith.constant 0.0 : f32
  %y0 = tensor.splat %zero[%n] : tensor<?x3xf32>
"""
KERNEL = """
  %y = kernel.rows r = ROWS read(%x[READ] : tensor<?x3xf32>) WRITE {
  ^bb0(%r: index, %v: tensor<3xf32>):
    %w = arith.addf %v, %v : tensor<3xf32>
    kernel.yield %w : tensor<3xf32>
  }
  func.return %y : tensor<?x3xf32>
}
"""
OWN, SUM = "write(%y0[r] : tensor<?x3xf32>)", "add(%y0[%t[r, 1]] : tensor<?x3xf32>)"
NODES = 40


def kernel(rows: str, read: str, write: str) -> anamc.Program:
    text = KERNEL.replace("ROWS", rows).replace("READ", read).replace("WRITE", write)
    return anamc.parse(HEAD + text, format="mlir", file="mine.mlir")


def called(program: anamc.Program, last: int) -> Any:
    t = np.arange(2 * NODES, dtype=np.int32).reshape(-1, 2) % NODES
    t[-1] = last
    return anamc.jit(program)(x=np.ones((NODES, 3), np.float32), t=t)["y"]


@pytest.mark.parametrize(
    ("rows", "read", "write"), [("%m", "%t[r, 0]", SUM), ("%n", "%t[r, 0]", OWN), ("%n", "r", SUM)]
)
@pytest.mark.parametrize("node", [-1, NODES, 2**30])
def test_tables_are_checked(rows: str, read: str, write: str, node: int) -> None:
    program = kernel(rows, read, write)
    assert called(program, NODES - 1).shape == (NODES, 3)
    with pytest.raises(anamc.Error, match=r"A0522.*\n.*mine.mlir:9:3\n.*'t'\[39, [01]\] = ") as caught:
        called(program, node)
    assert f"reaches {node} at r = 39" in str(caught.value)


@pytest.mark.parametrize(("rows", "read"), [("%n", "r + 1"), ("%n", "r + -1"), ("41", "r"), ("%n", "r * 1000000")])
def test_rows_are_checked(rows: str, read: str) -> None:
    with pytest.raises(anamc.Error, match=r"A0522.*dimension 0 of 'x' has size 40"):
        called(kernel(rows, read, OWN), 0)


def test_a_plan_of_the_caller_is_refused() -> None:
    """Of another edge list it would end the process."""
    plan = '%plan: tensor<?x2xi32> {anamc.name = "plan", anamc.dims = ["k", 2]})'
    text = HEAD.replace('["m", 2]})', f'["m", 2]}}, %k: index {{anamc.name = "k"}}, {plan}') + KERNEL.replace(
        "ROWS", "%m"
    ).replace("READ", "%t[r, 0]").replace("WRITE", SUM + " plan(%plan : tensor<?x2xi32> by 256)")
    program = anamc.parse(text, format="mlir", file="mine.mlir")
    with pytest.raises(anamc.Error, match=r"A0817.*\n.*mine.mlir:9:3") as caught:
        anamc.jit(program)
    assert "leave 'plan(...)' out" in caught.value.help
