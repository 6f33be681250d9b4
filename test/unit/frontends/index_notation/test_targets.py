"""Targets and what they choose, store, draw and reshape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import anamc
from anamc.errors import CallError

RNG = np.random.default_rng(0)
NETWORK = """
    input x[n, 3]
    input y_ref[n, 4]
    param W[3, 4]
    cache mean[4]
    random mask[n, 4]
    hidden[r, j] ++= x[r, k] * W[k, j] | (r, k, j)
    dropped{i}   ++= select(mask{i} < 0.5, 2.0 * hidden{i}, 0.0) | i
    act = cond(train: dropped, otherwise: hidden)
    mean[j]      ++= act[r, j] / toScalar(n) | (r, j)
    centred[r, j] ++= act[r, j] - mean[j] | (r, j)
    loss[0]      ++= sq(act{i} - y_ref{i}) | i
    output centred
    target predict: act
    target train: loss, mean
    target mask: mask
"""
Interpret = Callable[..., dict[str, NDArray[Any]]]


@pytest.fixture
def net() -> anamc.Program:
    return anamc.parse(NETWORK, "ix", name="net")


@pytest.fixture
def arrays() -> dict[str, NDArray[Any]]:
    return {"x": RNG.normal(size=(5, 3)), "W": RNG.normal(size=(3, 4)), "mean": RNG.normal(size=4)}


def kernels(program: anamc.Program, function: str) -> int:
    """How many nests a function has."""
    text = str(program)
    start = text.index(f"func.func @{function}(")
    return text[start:].split("func.func", 2)[1].count("nest.map")


def test_each_target_is_a_function_with_what_it_needs(net: anamc.Program) -> None:
    found = {
        name: (s.sizes, [a.name for a in s.arguments], [r.name for r in s.results]) for name, s in net.functions.items()
    }
    assert found == {
        "net": (("n", "seed"), ["x", "y_ref", "W", "mean"], ["centred"]),
        "net_predict": (("n",), ["x", "W"], ["act"]),
        "net_train": (("n", "seed"), ["x", "y_ref", "W", "mean"], ["loss", "mean"]),
        "net_mask": (("n", "seed"), [], ["mask"]),
    }
    assert {name: kernels(net, name) for name in net.functions} == {
        "net": 3, "net_predict": 1, "net_train": 5, "net_mask": 1
    }  # fmt: skip


def test_a_choice_is_another_tensor_in_each_target(net: anamc.Program, arrays: dict[str, Any]) -> None:
    x, weights, mean = arrays["x"], arrays["W"], arrays["mean"]
    hidden = x @ weights
    np.testing.assert_allclose(anamc.interpret(net, "net_predict", x=x, W=weights)["act"], hidden, rtol=1e-12)
    mask = anamc.interpret(net, "net_mask", n=5, seed=7)["mask"]
    dropped = np.where(mask < 0.5, 2 * hidden, 0.0)
    y_ref = RNG.normal(size=(5, 4))
    trained = anamc.interpret(net, "net_train", y_ref=y_ref, seed=7, **arrays)
    np.testing.assert_allclose(trained["loss"], [((dropped - y_ref) ** 2).sum()], rtol=1e-12)
    np.testing.assert_allclose(trained["mean"], mean + dropped.mean(axis=0), rtol=1e-12)
    centred = anamc.interpret(net, "net", **arrays)["centred"]
    np.testing.assert_allclose(centred, hidden - mean - hidden.mean(axis=0), rtol=1e-12, atol=1e-12)


def test_without_outputs_targets_are_all_functions() -> None:
    program = anamc.parse("input x[n] y[i] ++= x[i] | i target a: y target b: x, y", "ix", name="p")
    assert list(program.functions) == ["p_a", "p_b"]
    assert program.function().name == "p_a"
    found = anamc.interpret(program, "p_b", x=np.arange(3.0))
    np.testing.assert_array_equal(found["x"], found["y"])


def test_sizes_that_only_conditions_or_ranges_need_stay() -> None:
    program = anamc.parse("input x[n] input z[m] y[i] ++= 1.0 | i in 0..<n - m target a: y", "ix", name="p")
    assert program.function().sizes == ("n", "m")
    assert program.function().requires[0][0] == "n - m >= 0"
    np.testing.assert_array_equal(anamc.interpret(program, n=5, m=2)["y"], np.ones(3))
    with pytest.raises(CallError, match="n - m"):
        anamc.interpret(program, n=2, m=5)


def test_conditions_belong_to_the_functions_with_their_kernels() -> None:
    text = "input x[n] y[i] ++= x[i + 3] | i in 0..<2 z[i] ++= x[i] | i target a: y target b: z"
    functions = anamc.parse(text, "ix", name="p").functions
    assert [c for c, _ in functions["p_a"].requires] == ["n - 5 >= 0"]
    assert functions["p_b"].requires == ()


def test_a_later_kernel_on_a_tensor_is_not_in_what_stood_before() -> None:
    text = """
        input x[n]
        y[i] ++= x[i] | i
        before[i] ++= y[i] | i
        y[i] ++= 1.0 | i
        target before: before
        target after: y
    """
    program = anamc.parse(text, "ix", name="p")
    assert kernels(program, "p_before") == 2
    x = np.arange(3.0)
    np.testing.assert_array_equal(anamc.interpret(program, "p_before", x=x)["before"], x)
    np.testing.assert_array_equal(anamc.interpret(program, "p_after", x=x)["y"], x + 1)


def test_what_only_a_custom_gradient_reads_is_there() -> None:
    text = """
        input x[n]
        slope[i] ++= 2.0 * x[i] | i
        y[i] ++= sq(x[i]) | i
        grad(y) by { grad(x){i} ++= grad(y){i} * slope{i} | i }
        target y: y
    """
    program = anamc.parse(text, "ix", name="p")
    assert kernels(program, "p_y") == 1  # the other one is in the function that it calls
    x = np.arange(3.0)
    found = anamc.interpret(anamc.vjp(program, wrt="x", function="p_y"), x=x, y_bar=np.ones(3))
    np.testing.assert_array_equal(found["x_bar"], 2 * x)


def test_choices_among_choices() -> None:
    text = """
        input a[n]
        input b[n]
        input c[n]
        first = cond(t: a, otherwise: b)
        second = cond(u: c, otherwise: first)
        y[i] ++= second[i] | i
        output y
        target t: y
        target u: y
    """
    program = anamc.parse(text, "ix", name="p")
    given: dict[str, Any] = {name: np.full(2, float(k)) for k, name in enumerate("abc")}
    for function, wanted in (("p", "b"), ("p_t", "a"), ("p_u", "c")):
        taken: dict[str, Any] = {a.name: given[a.name] for a in program.function(function).arguments}
        np.testing.assert_array_equal(anamc.interpret(program, function, **taken)["y"], given[wanted])


def test_choices_of_different_named_sizes_are_compared_before_the_call() -> None:
    text = "input a[n] input b[m] c = cond(t: b, otherwise: a) y[i] ++= c[i] | i output y target t: y"
    program = anamc.parse(text, "ix", name="p")
    assert program.function("p_t").requires == ()
    assert anamc.interpret(program, "p", a=np.ones(3), m=3)["y"].shape == (3,)
    with pytest.raises(CallError, match="dimension 0 of 'a' is n, that of 'c' m"):
        anamc.interpret(program, "p", a=np.ones(3), m=4)


# Reshape ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(-1, 6), (2, -1), (12,), (3, 2, 2), (-1,)])
def test_reshape_keeps_the_data(evaluate: Interpret, shape: tuple[int, ...]) -> None:
    x = RNG.normal(size=(4, 3))
    text = f"input x[4, 3] y = reshape(x, {list(shape)}) output y"
    np.testing.assert_array_equal(evaluate(text, x=x)["y"], x.reshape(shape))
    text = f"input x[n, 3] y = reshape(x, {list(shape)}) output y"
    np.testing.assert_array_equal(evaluate(text, x=x)["y"], x.reshape(shape))


def test_a_reshaped_tensor_is_one_to_read_and_add_to(evaluate: Interpret) -> None:
    text = """
        input x[n, 2, 2]
        rows = reshape(x, [-1, 4])
        rows[i, j] ++= 1.0 | (i, j)
        y[j] ++= rows[i, j] | (i, j)
        output y
    """
    x = RNG.normal(size=(3, 2, 2))
    np.testing.assert_allclose(evaluate(text, x=x)["y"], (x.reshape(3, 4) + 1).sum(axis=0), rtol=1e-12)


def test_a_reshape_that_does_not_come_out_even_is_refused_before_the_call() -> None:
    program = anamc.parse("input x[n] y = reshape(x, [-1, 3]) output y", "ix")
    assert anamc.interpret(program, x=np.ones(6))["y"].shape == (2, 3)
    with pytest.raises(CallError, match="'x' has n elements"):
        anamc.interpret(program, x=np.ones(7))


# Caches and random numbers ------------------------------------------------------------------------------


def test_a_cache_is_an_argument_and_its_new_value_a_result(evaluate: Interpret) -> None:
    text = "input x[n] cache total[n] cache same[2] total[i] ++= x[i] - 0.5 * total[i] | i output total, same"
    x, total, same = RNG.normal(size=3), RNG.normal(size=3), RNG.normal(size=2)
    found = evaluate(text, x=x, total=total, same=same)
    np.testing.assert_allclose(found["total"], 0.5 * total + x, rtol=1e-12)
    np.testing.assert_array_equal(found["same"], same)
    arguments = anamc.parse(text, "ix").function().arguments
    assert [(a.name, a.is_cache) for a in arguments] == [("x", False), ("total", True), ("same", True)]


def test_random_numbers_are_uniform_and_of_their_seed(evaluate: Interpret) -> None:
    text = "input x[n] random a[n, 4] random b[x.shape[0], 4] = uniform(-2.0, 6.0) random c[3] = uniform(1.5, 1.5)"
    text += " output a, b, c"
    first, again, other = (evaluate(text, x=np.ones(5000), seed=s) for s in (1, 1, 2))
    for name, low, high in (("a", 0.0, 1.0), ("b", -2.0, 6.0)):
        values = first[name]
        assert values.shape == (5000, 4)
        assert low <= values.min() < low + 0.01 * (high - low)
        assert high > values.max() > high - 0.01 * (high - low)
        # the mean of 20,000 numbers is within five deviations of its expectation
        assert abs(values.mean() - (low + high) / 2) < 5 * (high - low) / np.sqrt(12 * values.size)
        np.testing.assert_array_equal(values, again[name])
        assert np.mean(values == other[name]) < 0.01
    assert np.mean(first["a"] == (first["b"] + 2) / 8) < 0.01  # each tensor has a stream of its own
    np.testing.assert_array_equal(first["c"], [1.5, 1.5, 1.5])


def test_the_names_of_statements_are_free(evaluate: Interpret) -> None:
    text = """
        input random[n]
        param cache[2]
        target[i] ++= random[i] | i
        cond[i] ++= target[i] + cache[0] | i
        reshape = reshape(cond, [-1])
        by[otherwise] ++= reshape[otherwise] | otherwise
        output by
        target target: target
    """
    found = evaluate(text, random=np.ones(2), cache=np.ones(2))
    np.testing.assert_array_equal(found["by"], [2.0, 2.0])
