"""First values of parameters."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from anamc.dialects import graph
from anamc.errors import ParamsError
from anamc.params.initializers import ALIASES, INITIALIZERS, init_params
from anamc.params.layout import Layout, layout

Chain = Callable[[int, list[int]], graph.NetworkOp]
N_IN, N_OUT = 200, 300


@pytest.fixture
def wide(chain: Chain) -> Layout:
    return layout(chain(N_IN, [N_OUT]))


def weights(values: np.ndarray) -> np.ndarray:
    return values[: N_IN * N_OUT].reshape(N_IN, N_OUT)


@pytest.mark.parametrize("kind", [*INITIALIZERS, *ALIASES])
def test_a_seed_gives_the_same_vector_each_time_and_for_each_dtype(wide: Layout, kind: str) -> None:
    first = init_params(wide, kind, seed=7, dtype="float64")
    assert first.dtype == np.float64
    assert first.shape == (wide.count,)
    assert np.array_equal(first, init_params(wide, kind, seed=7, dtype=np.float64))
    assert np.array_equal(first.astype(np.float32), init_params(wide, kind, seed=7))
    if kind != "zeros":
        assert not np.array_equal(first, init_params(wide, kind, seed=8, dtype="float64"))


def test_aliases_mean_the_same(wide: Layout) -> None:
    for alias, kind in ALIASES.items():
        assert np.array_equal(init_params(wide, alias), init_params(wide, kind))


# sigma of each; 60,000 draws, so the sample's sigma is within 1 % (more than three times its own deviation)
@pytest.mark.parametrize(
    ("kind", "sigma"),
    [
        ("glorot", math.sqrt(2 / (N_IN + N_OUT))),
        ("he", math.sqrt(2 / N_IN)),
        ("lecun", math.sqrt(1 / N_IN)),
        ("normal", 0.05),
        ("uniform", 0.05 / math.sqrt(3)),
    ],
)
def test_weights_have_the_spread_of_their_formula(wide: Layout, kind: str, sigma: float) -> None:
    w = weights(init_params(wide, kind, dtype="float64"))
    assert np.std(w) == pytest.approx(sigma, rel=0.01)
    assert abs(np.mean(w)) < 4 * sigma / math.sqrt(w.size)


def test_bounds_of_uniform_draws(wide: Layout) -> None:
    bound = math.sqrt(6 / (N_IN + N_OUT))
    w = weights(init_params(wide, "glorot", dtype="float64"))
    assert 0.99 * bound < np.max(np.abs(w)) <= bound
    w = weights(init_params(wide, "uniform", low=2.0, high=3.0, dtype="float64"))
    assert 2.0 <= np.min(w) < 2.01 < 2.99 < np.max(w) < 3.0


@pytest.mark.parametrize("sizes", [(30, 20), (20, 30), (20, 20)])
def test_orthogonal_weights_are_orthogonal(chain: Chain, sizes: tuple[int, int]) -> None:
    n_in, n_out = sizes
    values = init_params(layout(chain(n_in, [n_out])), "orthogonal", gain=2.0, dtype="float64")
    w = values[: n_in * n_out].reshape(n_in, n_out)
    product = w.T @ w if n_in >= n_out else w @ w.T
    # 20 products of numbers below 4 round to about 1e-14
    np.testing.assert_allclose(product, 4.0 * np.eye(min(sizes)), atol=1e-13)


def test_each_layer_has_its_own_width(chain: Chain) -> None:
    found = layout(chain(1000, [10, 1000]))
    values = init_params(found, "lecun", dtype="float64")
    first, second = (values[e.offset : e.stop] for e in found.entries if e.kind == "W")
    # 10,000 draws each: within 4 %
    assert np.std(second) / np.std(first) == pytest.approx(10.0, rel=0.04)


def test_zeros_and_everything_that_is_no_matrix(read_network: Callable[[str], graph.NetworkOp]) -> None:
    found = layout(
        read_network("""
    graph.network @n {
      %u = graph.source 1 symmetric true nodes [#graph.feature<"u", 2, -1>] edges [] : !graph.field<nodes, 2>
      %a = graph.encoder 3(%u) layers [#graph.layer<3, #graph.function<"tanh">, layer_norm>] scatter "none"
        {input_pin = 1 : i64, output_pin = -3 : i64} : (!graph.field<nodes, 2>) -> !graph.field<nodes, 3>
    }""")
    )
    zeros = init_params(found, "zeros")
    assert zeros.tolist() == [0.0] * 9 + [1.0] * 3 + [0.0] * 3
    assert init_params(found, "he")[6:].tolist() == zeros[6:].tolist()


def test_options_change_the_draw(wide: Layout) -> None:
    assert np.array_equal(init_params(wide, "glorot", gain=2), 2 * init_params(wide, "glorot"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"kind": "glorott"}, r"A0402.*'glorott'(.|\n)*choose one of glorot, he, lecun"),
        ({"kind": "glorot\n\x1b[31m"}, r"A0402.*'glorot\\n\\x1b\[31m'"),
        ({"kind": "he", "std": 1.0}, r"A0403.*no option 'std'(.|\n)*it takes gain"),
        ({"kind": "zeros", "gain": 1.0}, r"A0403.*(.|\n)*it takes no options"),
        ({"kind": "he", "gain": math.nan}, r"A0403.*'gain'.*finite number, got nan"),
        ({"kind": "he", "gain": "1"}, r"A0403.*finite number, got '1'"),
        ({"kind": "he", "gain": True}, r"A0403.*finite number, got True"),
        ({"seed": -1}, r"A0404.*>= 0, got -1"),
        ({"seed": 1.5}, r"A0404.*>= 0, got 1.5"),
        ({"seed": True}, r"A0404.*>= 0, got True"),
        ({"dtype": "float16"}, r"A0405.*float32 or float64, got float16"),
        ({"dtype": "no such type"}, r"A0405.*got no such type"),
    ],
)
def test_bad_arguments_are_refused(wide: Layout, arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ParamsError, match=message):
        init_params(wide, **arguments)  # pyright: ignore[reportArgumentType]
