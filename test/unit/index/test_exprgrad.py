"""The programs that exprgrad's readme shows, in Python."""

from __future__ import annotations

from typing import Any

import numpy as np

import anamc
from anamc import index

x, y, it, image, chan = index.iterators("x y it image chan")
RNG = np.random.default_rng(0)


def test_a_network_of_two_layers_with_targets() -> None:
    p = index.Program("net")
    inputs, wanted = p.input("inputs"), p.input("wanted")
    hidden, relu, out, sigmoid, loss = (p.tensor(t) for t in ("hidden", "relu", "out", "sigmoid", "loss"))
    hidden[y, x] += inputs[y, it] * p.param("W1", 2, 4)[it, x]
    hidden[y, x] += p.param("b1", 4)[x]
    relu.flat[it] += index.select(hidden.flat[it] <= 0.0, 0.1 * hidden.flat[it], hidden.flat[it])
    out[y, x] += relu[y, it] * p.param("W2", 4, 1)[it, x]
    out[y, x] += p.param("b2", 1)[x]
    sigmoid.flat[it] += 1.0 / (1.0 + index.exp(-out.flat[it]))
    loss[0] += index.sq(sigmoid.flat[it] - wanted.flat[it])
    p.target("predict", sigmoid)
    p.target("loss", loss)
    model = index.Model(p.build(), seed=1, dtype="float64")
    train_x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    train_y = np.array([0.0, 1.0, 1.0, 0.0])
    w = model.params
    rows = train_x @ w["W1"] + w["b1"]
    rows = np.where(rows <= 0, 0.1 * rows, rows) @ w["W2"] + w["b2"]
    predicted = 1 / (1 + np.exp(-rows))
    # rounding of another order of summation, and of another exponential
    np.testing.assert_allclose(model("predict", inputs=train_x)["sigmoid"], predicted, rtol=1e-12)
    found = model("loss", inputs=train_x, wanted=train_y)["loss"]
    np.testing.assert_allclose(found, [((predicted[:, 0] - train_y) ** 2).sum()], rtol=1e-12)


def test_functions_are_layers() -> None:
    def matmul(a: index.Tensor, b: index.Tensor) -> index.Tensor:
        result = a.program.tensor()
        result[y, x] += a[y, it] * b[it, x]
        return result

    def scaled(a: index.Tensor, factor: float) -> index.Tensor:
        result = a.program.tensor()
        result.flat[it] += a.flat[it] * factor
        return result

    def tanh(a: index.Tensor) -> index.Tensor:
        result = a.program.tensor()
        up, down = index.exp(a.flat[it]), index.exp(-a.flat[it])
        result.flat[it] += (up - down) / (up + down)
        return result

    p = index.Program()
    a, b = p.input("a", "m", "n"), p.input("b", "n", "k")
    p.output(tanh(scaled(matmul(a, b), 0.25)))
    values = RNG.normal(size=(3, 4)), RNG.normal(size=(4, 2))
    (found,) = anamc.interpret(p.build(), a=values[0], b=values[1]).values()
    np.testing.assert_allclose(found, np.tanh(0.25 * values[0] @ values[1]), rtol=1e-12)


def test_upsampling_with_a_given_shape() -> None:
    p = index.Program()
    images, result = p.input("images", "n", "h", "w", 3), p.tensor("result")
    result[image, y, x, chan] += images[image, index.div(y, 2), index.div(x, 2), chan]
    result.shape = (images.shape[0], images.shape[1] * 2, images.shape[2] * 2, images.shape[3])
    p.output(result)
    value: Any = RNG.normal(size=(2, 3, 4, 3))
    found = anamc.jit(p.build(), dtype="float64")(images=value)["result"]
    np.testing.assert_array_equal(found, value.repeat(2, axis=1).repeat(2, axis=2))


def test_a_generator_and_a_discriminator_share_one_program() -> None:
    p = index.Program("gan")
    noise, real = p.random("noise", "n", 3), p.input("real", "n", 2)
    fake, score = p.tensor("fake"), p.tensor("score")
    fake[y, x] += noise[y, it] * p.param("G", 3, 2)[it, x]
    shown = p.cond({"on_real": real}, otherwise=fake)
    score[y] += shown[y, it] * p.param("D", 2)[it]
    p.target("generate", fake)
    p.target("on_real", score)
    p.target("on_fake", score)
    program = p.build()
    assert [a.name for a in program.function("gan_on_real").arguments] == ["real", "D"]
    assert [a.name for a in program.function("gan_on_fake").arguments] == ["G", "D"]
    model = index.Model(program, dtype="float64")
    made = model("generate", n=4, seed=5)["fake"]
    np.testing.assert_allclose(model("on_fake", n=4, seed=5)["score"], made @ model.params["D"], rtol=1e-12)
    np.testing.assert_allclose(model("on_real", real=made)["score"], made @ model.params["D"], rtol=1e-12)
