"""What a user may get wrong, one by one: each its own error, with the line and a caret under the column."""

from __future__ import annotations

import numpy as np
import pytest

import anamc
from anamc.errors import CallError, FrontendError

MESSAGES: dict[str, tuple[str, str]] = {
    "a shape that cannot be inferred": (
        "input to[e] : index\nsum[to[k]] ++= 1.0 | k\noutput sum\n",
        """
error[A1022]: the shape of 'sum' cannot be inferred in dimension 0
  --> net.ix:2:5
  sum[to[k]] ++= 1.0 | k
      ^
  the index is data
  help: give it: sum.shape = [...]""",
    ),
    "a shape without a range": (
        "input x[n]\ny[i] ++= x[wrap(i, n)] | i\noutput y\n",
        """
error[A1022]: the shape of 'y' cannot be inferred in dimension 0
  --> net.ix:2:3
  y[i] ++= x[wrap(i, n)] | i
    ^
  a range in this index follows from nothing
  help: give it: y.shape = [...], or a range: i in 0..<n""",
    ),
    "ranks that disagree": (
        "input x[n, 2]\ny[i] ++= x[i] | i\noutput y\n",
        """
error[A1021]: 'x' has 2 dimensions, got 1 indices
  --> net.ix:2:10
  y[i] ++= x[i] | i
           ^""",
    ),
    "an iterator without bounds": (
        "y[0] ++= 1.0 | k\noutput y\n",
        """
error[A1023]: nothing bounds the iterator 'k'
  --> net.ix:1:16
  y[0] ++= 1.0 | k
                 ^
  help: write its range: k in 0..<...""",
    ),
    "an index out of range": (
        "input x[4]\ny[i] ++= x[2 * i] | i in 0..3\noutput y\n",
        """
error[A1024]: index 6 is outside of dimension 0 of 'x', whose size is 4
  --> net.ix:2:14
  y[i] ++= x[2 * i] | i in 0..3
               ^
  i in 0..<4""",
    ),
    "a negative index": (
        "input x[n]\ny[i] ++= x[i - 1] | i in 0..<4\noutput y\n",
        """
error[A1024]: index -1 is outside of dimension 0 of 'x', whose size is n
  --> net.ix:2:14
  y[i] ++= x[i - 1] | i in 0..<4
               ^
  i in 0..<4""",
    ),
    "types that do not fit": (
        "input x[n]\ny[i] ++= 2 * x[i] | i\noutput y\n",
        """
error[A1015]: '*' takes (Scalar, Scalar) or (Index, Index), got (Index, Scalar)
  --> net.ix:2:12
  y[i] ++= 2 * x[i] | i
             ^
  help: there are no implicit conversions: write 2.0 for 2, or toScalar(...), toIndex(...)""",
    ),
    "an unknown name": (
        "input velocity[n]\ny[i] ++= velocty[i] | i\noutput y\n",
        """
error[A1010]: unknown name 'velocty'
  --> net.ix:2:10
  y[i] ++= velocty[i] | i
           ^
  help: did you mean 'velocity'?""",
    ),
    "an unknown function": (
        "input x[n]\ny[i] ++= sqr(x[i]) | i\noutput y\n",
        """
error[A1013]: unknown function 'sqr'
  --> net.ix:2:10
  y[i] ++= sqr(x[i]) | i
           ^
  help: did you mean 'sqrt'?""",
    ),
    "an input that is written": (
        "input x[n]\nx[i] ++= 1.0 | i\noutput x\n",
        """
error[A1017]: 'x' is an input
  --> net.ix:2:1
  x[i] ++= 1.0 | i
  ^
  'x' is an input from line 1, column 7""",
    ),
    "a custom gradient without its kernel": (
        "input x[n]\ngrad(y) by { grad(x){i} ++= grad(y){i} | i }\ny{i} ++= x{i} | i\noutput y\n",
        """
error[A1034]: no kernel above writes 'y'
  --> net.ix:2:6
  grad(y) by { grad(x){i} ++= grad(y){i} | i }
       ^
  help: it belongs below the kernel whose gradient it is""",
    ),
    "a text that is no program": (
        "input x[n]\ny[i] ++= (x[i] + 1.0 | i\noutput y\n",
        """
error[A1001]: unexpected '|'
  --> net.ix:2:22
  y[i] ++= (x[i] + 1.0 | i
                       ^
  expected ')'""",
    ),
    "an output that is not there": (
        "input x[n]\ny[i] ++= x[i] | i\n",
        """
error[A1030]: the program has no output
  --> net.ix
  help: name what the program gives: output t""",
    ),
}


@pytest.mark.parametrize("case", MESSAGES)
def test_a_message(case: str) -> None:
    text, message = MESSAGES[case]
    with pytest.raises(FrontendError) as caught:
        anamc.parse(text, "ix", "net.ix")
    assert str(caught.value) == message.strip("\n")


def test_an_index_of_a_call_is_checked_before_the_kernel_runs() -> None:
    text = "input x[n]\ninput at[e] : index\ny[q] ++= x[at[q] + 1] | q\noutput y\n"
    program = anamc.parse(text, "ix", "net.ix")
    x, at = np.ones(4), np.array([0, 1, 3], "int32")
    for run in (lambda: anamc.interpret(program, x=x, at=at), lambda: anamc.jit(program, dtype="float64")(x=x, at=at)):
        with pytest.raises(CallError) as caught:
            run()
        assert str(caught.value).splitlines() == [
            "error[A0522]: index out of range: dimension 0 of 'x' has size 4",
            "  --> net.ix:3:1",
            "  'at'[2] = 3 reaches 4 at q = 2",
        ]


def test_sizes_of_a_call_are_checked_before_the_kernel_runs() -> None:
    program = anamc.parse("input x[n]\ny[0] ++= x[i + 3] | i in 0..<4\noutput y\n", "ix", "net.ix")
    with pytest.raises(CallError) as caught:
        anamc.interpret(program, x=np.ones(4))
    assert str(caught.value).splitlines() == [
        "error[A0524]: sizes do not fit: n - 7 >= 0 is needed",
        "  --> net.ix:2:14: index 6 of dimension 0 of 'x', whose size is n",
        "  here n = 4",
    ]


def test_an_index_computed_from_data_is_checked_while_the_program_runs() -> None:
    text = "input x[n]\ninput s[n]\ny[i] ++= x[toIndex(s[i])] | i\noutput y"
    program = anamc.parse(text, "ix", "net.ix")
    x, s = np.ones(4), np.array([1.0, 2.0, 9.0, 3.0])
    for run in (lambda: anamc.interpret(program, x=x, s=s), lambda: anamc.jit(program, dtype="float64")(x=x, s=s)):
        with pytest.raises(CallError) as caught:
            run()
        assert str(caught.value).splitlines() == [
            "error[A0525]: computed index out of range: dimension 0 of 'x' has size 4",
            "  --> net.ix:3:1",
            "  it is 9 at i = 2",
        ]


@pytest.mark.parametrize("number", [-1.0, 4.0, 1e300, float("inf"), float("-inf"), float("nan")])
def test_a_number_that_is_no_index_reaches_nothing(number: float) -> None:
    program = anamc.parse("input x[3]\ninput s[3]\ny[toIndex(s[i])] ++= x[i] | i\ny.shape = [4]\noutput y", "ix")
    for run in (anamc.interpret, lambda program, **a: anamc.jit(program, dtype="float64")(**a)):
        with pytest.raises(CallError, match=r"A0525.*dimension 0 of 'y' has size 4"):
            run(program, x=np.ones(3), s=np.array([1.0, number, 3.0]))


def test_no_index_is_inside_of_nothing() -> None:
    program = anamc.parse("input x[n]\ninput s[e]\ny[i] ++= x[toIndex(s[i])] | i\noutput y", "ix")
    for run in (anamc.interpret, lambda program, **a: anamc.jit(program, dtype="float64")(**a)):
        assert run(program, x=np.ones(0), s=np.ones(0))["y"].size == 0
        with pytest.raises(CallError, match=r"A0525.*dimension 0 of 'x' has size 0\n.*\n  no index is inside of it"):
            run(program, x=np.ones(0), s=np.zeros(2))
