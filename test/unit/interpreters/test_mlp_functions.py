"""NumPy semantics of activations and losses against formulas written down once more, in float64, at extreme inputs."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from xdsl.dialects.builtin import ModuleOp

EXTREMES = np.array([-1e3, -40.0, -3.0, -1e-8, 0.0, 1e-8, 0.5, 3.0, 40.0, 1e3])
SELU = (1.0507009873554804934, 1.6732632423543772848)


def erf(x: np.ndarray) -> np.ndarray:
    return np.array([math.erf(v) for v in x])


def sigmoid(x: np.ndarray) -> np.ndarray:
    return np.array([1 / (1 + math.exp(-v)) if v > -700 else 0.0 for v in x])


FORMULAS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "sigmoid": sigmoid,
    "relu": lambda x: np.where(x > 0, x, 0),
    "leaky_relu": lambda x: np.where(x > 0, x, 0.25 * x),
    "elu": lambda x: np.where(x > 0, x, 1.5 * np.expm1(np.minimum(x, 0))),
    "selu": lambda x: SELU[0] * np.where(x > 0, x, SELU[1] * np.expm1(np.minimum(x, 0))),
    "gelu": lambda x: x / 2 * (1 + erf(x / math.sqrt(2))),
    "gelu_tanh": lambda x: x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))),
    "silu": lambda x: x * sigmoid(x),
    "softplus": lambda x: np.logaddexp(x, 0),
    "softmax": lambda x: np.exp(x - x.max()) / np.exp(x - x.max()).sum(),
}
OPTIONS = {"leaky_relu": " slope 0.25", "elu": " alpha 1.5"}


def activation(name: str, type: str = "tensor<?xf64>") -> str:
    return f"""func.func @f(%x: {type}) -> {type} {{
      %y = mlp.{name} %x{OPTIONS.get(name, "")} : {type}
      func.return %y : {type}
    }}"""


@pytest.mark.parametrize("name", FORMULAS)
def test_activation_at_extreme_inputs(
    name: str, parse: Callable[[str], ModuleOp], evaluate: Callable[..., list[np.ndarray]]
) -> None:
    (y,) = evaluate(parse(activation(name)), EXTREMES)
    # One rounding each of a handful of operations.
    np.testing.assert_allclose(y, FORMULAS[name](EXTREMES), rtol=1e-14, atol=1e-300)


@pytest.mark.parametrize("name", FORMULAS)
def test_nan_stays_nan_and_infinity_does_not_overflow(
    name: str, parse: Callable[[str], ModuleOp], evaluate: Callable[..., list[np.ndarray]]
) -> None:
    module = parse(activation(name, "tensor<1xf64>"))
    assert np.isnan(evaluate(module, np.array([np.nan]))[0]).all()
    if name != "softmax":
        (y,) = evaluate(module, np.array([np.inf]))
        assert y[0] == (1.0 if name == "sigmoid" else np.inf)


@pytest.mark.parametrize("name", FORMULAS)
def test_float32_stays_float32(
    name: str, parse: Callable[[str], ModuleOp], evaluate: Callable[..., list[np.ndarray]]
) -> None:
    (y,) = evaluate(parse(activation(name, "tensor<?xf32>")), EXTREMES.astype(np.float32))
    assert y.dtype == np.float32


P = np.array([[0.3, -2.0, 800.0], [1.0, 0.0, -900.0]])
T = np.array([[0.0, 1.0, 1.0], [0.5, 0.0, -1.0]])
LOSSES: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "mse": lambda p, t: (p - t) ** 2,
    "mae": lambda p, t: np.abs(p - t),
    "mape": lambda p, t: 100 * np.abs(p - t) / np.maximum(np.abs(t), 1e-8),
    "huber": lambda p, t: np.where(np.abs(p - t) < 0.5, (p - t) ** 2 / 2, 0.5 * (np.abs(p - t) - 0.25)),
    "bce_with_logits": lambda p, t: np.logaddexp(p, 0) - p * t,
    "cross_entropy": lambda p, t: t * (np.log(np.exp(p - p.max(1)[:, None]).sum(1)) + p.max(1))[:, None] - t * p,
    "hinge": lambda p, t: np.maximum(0, 1 - t * p),
}


@pytest.mark.parametrize("kind", LOSSES)
def test_losses_are_summed_over_a_row(
    kind: str, parse: Callable[[str], ModuleOp], evaluate: Callable[..., list[np.ndarray]]
) -> None:
    module = parse(f"""func.func @f(%p: tensor<?x3xf64>, %t: tensor<?x3xf64>) -> tensor<?xf64> {{
      %y = mlp.row_loss "{kind}" delta 0.5 %p, %t : (tensor<?x3xf64>, tensor<?x3xf64>) -> tensor<?xf64>
      func.return %y : tensor<?xf64>
    }}""")
    (y,) = evaluate(module, P, T)
    np.testing.assert_allclose(y, LOSSES[kind](P, T).sum(axis=1), rtol=1e-14)


def test_layer_norm_has_biased_variance(
    parse: Callable[[str], ModuleOp], evaluate: Callable[..., list[np.ndarray]]
) -> None:
    module = parse("""func.func @f(%x: tensor<?x4xf64>, %s: tensor<4xf64>, %t: tensor<4xf64>) -> tensor<?x4xf64> {
      %y = mlp.layer_norm %x, %s, %t eps 1.0e-05 : (tensor<?x4xf64>, tensor<4xf64>, tensor<4xf64>) -> tensor<?x4xf64>
      func.return %y : tensor<?x4xf64>
    }""")
    x, s, t = np.array([[1.0, 2.0, 3.0, 6.0]]), np.array([1.0, 2.0, 1.0, 1.0]), np.array([0.0, 0.0, 5.0, 0.0])
    (y,) = evaluate(module, x, s, t)
    np.testing.assert_allclose(y, (x - 3) / math.sqrt(3.5 + 1e-5) * s + t, rtol=1e-14)


def test_mean_of_no_rows_is_what_it_starts_from(
    parse: Callable[[str], ModuleOp], evaluate: Callable[..., list[np.ndarray]]
) -> None:
    module = parse("""func.func @f(%x: tensor<?xf64>, %i: tensor<f64>) -> tensor<f64> {
      %y = mlp.mean %x times 3.0 onto %i : (tensor<?xf64>, tensor<f64>) -> tensor<f64>
      func.return %y : tensor<f64>
    }""")
    assert evaluate(module, np.zeros(0), np.float64(2.5))[0] == 2.5
    assert evaluate(module, np.array([1.0, 3.0]), np.float64(2.5))[0] == 8.5


def test_dense_and_unpack_read_the_flat_vector_row_major(
    parse: Callable[[str], ModuleOp], evaluate: Callable[..., list[np.ndarray]]
) -> None:
    module = parse("""func.func @f(%p: tensor<9xf64>, %x: tensor<?x3xf64>) -> tensor<?x2xf64> {
      %w, %b = mlp.unpack %p at 1 : tensor<9xf64> to tensor<3x2xf64>, tensor<2xf64>
      %y = mlp.dense %x, %w, %b : (tensor<?x3xf64>, tensor<3x2xf64>, tensor<2xf64>) -> tensor<?x2xf64>
      func.return %y : tensor<?x2xf64>
    }""")
    (y,) = evaluate(module, np.arange(9.0), np.array([[1.0, 10.0, 100.0]]))
    assert y.tolist() == [[531 + 7, 642 + 8]]
