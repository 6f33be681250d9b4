"""Programs with their state, and the statements of targets in Python."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import anamc
from anamc import index

i, j, k, r = index.iterators("i j k r")
RNG = np.random.default_rng(0)


def network() -> index.Program:
    """Dropout while training, a running mean, a loss."""
    p = index.Program("net")
    x, y_ref = p.input("x", "n", 3), p.input("y_ref", "n", 4)
    weights, mean = p.param("W", 3, 4, init=(-0.5, 0.5)), p.cache("mean", 4)
    mask = p.random("mask", x.shape[0], 4, init=(0.0, 2.0))
    hidden, dropped = p.tensor("hidden"), p.tensor("dropped")
    hidden[r, j] += x[r, k] * weights[k, j]
    dropped.flat[i] += index.select(mask.flat[i] < 1.0, 2.0 * hidden.flat[i], 0.0)
    act = p.cond({"train": dropped}, otherwise=hidden)
    mean[j] += 0.5 * (act[r, j] - mean[j]) / index.to_scalar(x.shape[0])
    loss, rows = p.tensor("loss"), act.reshape(-1, 2)
    loss[0] += index.sq(act.flat[i] - y_ref.flat[i]) / index.to_scalar(index.epoch())
    p.target("train", loss, mean)
    p.target("predict", act, mean)
    p.target("rows", rows)
    p.target("mask", mask)
    return p


def test_its_text_is_the_same_program() -> None:
    p = network()
    text = """
        input x[n, 3]
        input y_ref[n, 4]
        param W[3, 4] = uniform(-0.5, 0.5)
        cache mean[4]
        random mask[x.shape[0], 4] = uniform(0.0, 2.0)
        hidden[r, j] ++= x[r, k] * W[k, j] | (r, j, k)
        dropped{i} ++= select(mask{i} < 1.0, 2.0 * hidden{i}, 0.0) | i
        t0 = cond(train: dropped, otherwise: hidden)
        mean[j] ++= 0.5 * (t0[r, j] - mean[j]) / toScalar(x.shape[0]) | (j, r)
        t1 = reshape(t0, [-1, 2])
        loss[0] ++= sq(t0{i} - y_ref{i}) / toScalar(epoch()) | i
        target train: loss, mean
        target predict: t0, mean
        target rows: t1
        target mask: mask
    """
    built = str(p.build())
    assert built == str(anamc.parse(text, "ix", name="net"))
    assert built == str(anamc.parse(str(p), "ix", name="net"))


def test_caches_live_across_calls_and_are_shared_by_targets() -> None:
    model = index.Model(network().build(), seed=3, dtype="float64")
    x = RNG.normal(size=(6, 3))
    hidden = x @ model.params["W"]
    mean = np.zeros(4)
    for target in ("predict", "predict", "train"):
        seed = model.seed
        arrays = {"y_ref": np.zeros((6, 4))} if target == "train" else {}
        found = model(target, x=x, **arrays)
        mask = model("mask", n=6, seed=seed)["mask"]
        act = np.where(mask < 1.0, 2 * hidden, 0.0) if target == "train" else hidden
        mean = mean + 0.5 * (act - mean).mean(axis=0)
        np.testing.assert_allclose(found["mean"], mean, rtol=1e-12)
        np.testing.assert_allclose(model.caches["mean"], mean, rtol=1e-12)
    assert model("rows", x=x)["t1"].shape == (12, 2)


def test_the_epoch_and_the_seed_are_given() -> None:
    model = index.Model(network().build(), seed=3, dtype="float64")
    x, y_ref = RNG.normal(size=(6, 3)), RNG.normal(size=(6, 4))
    model.seed = 8
    one = model("train", x=x, y_ref=y_ref)["loss"]
    assert model.seed == 9
    model.epoch = 2
    np.testing.assert_allclose(model("train", x=x, y_ref=y_ref, seed=8)["loss"], one / 2, rtol=1e-12)
    assert model.seed == 9
    assert not np.allclose(model("train", x=x, y_ref=y_ref)["loss"], one / 2)
    assert model.seed == 10


def test_a_cache_may_be_set() -> None:
    p = index.Program("p")
    x, total = p.input("x", "n"), p.cache("total", "n")
    total[i] += x[i]
    p.output(total)
    model = index.Model(p.build())
    model.caches["total"] = np.full(3, 5.0, "float32")
    one = np.ones(3, "float32")
    np.testing.assert_array_equal(model(x=one)["total"], [6, 6, 6])
    np.testing.assert_array_equal(model(x=one)["total"], [7, 7, 7])
    fresh = index.Model(p.build())
    np.testing.assert_array_equal(fresh(x=one)["total"], [1, 1, 1])


def test_what_there_is_not_is_refused() -> None:
    model = index.Model(network().build())
    with pytest.raises(anamc.CallError, match=r"no target 'foo'\n.*'train', 'predict', 'rows', 'mask'"):
        model("foo")
    with pytest.raises(anamc.CallError, match="no outputs"):
        model()
    with pytest.raises(anamc.CallError, match="unexpected argument 'y_ref'"):
        model("predict", x=np.ones((2, 3), "float32"), y_ref=np.ones((2, 4), "float32"))


def foreign(p: index.Program, other: index.Tensor) -> Any:
    return p.reshape(other, -1)


def foreign_branch(p: index.Program, other: index.Tensor) -> Any:
    return p.cond({"a": other})


def foreign_target(p: index.Program, other: index.Tensor) -> Any:
    return p.target("a", other)


@pytest.mark.parametrize("wrong", [foreign, foreign_branch, foreign_target])
def test_tensors_of_other_programs_are_refused(wrong: Any) -> None:
    with pytest.raises(anamc.FrontendError, match="A1052"):
        wrong(index.Program(), index.Program().input("x", "n"))
