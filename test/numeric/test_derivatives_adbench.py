"""The objectives of ADBench as index programs against JAX: Gaussian mixture with its prior, bundle adjustment, LSTM."""

from __future__ import annotations

from math import lgamma, log, pi
from typing import Any

import numpy as np
import pytest

import anamc
from support.derived_cases import AGAINST_JAX, Case, close, jax, ways

jnp = jax.numpy

# Gaussian mixture ----------------------------------------------------------------------------

MIXTURE = """
input alphas[k]
input means[k, d]
input icf[k, l]                          # logarithms of diagonals, then the entries below them, column by column
input x[n, d]
input row[o] : index
input column[o] : index
input gamma[1]
input m[1]
input constant[1]
q[c, a]       ++= exp(icf[c, a])                                                | (c in 0..<k, a in 0..<d)
s[c]          ++= icf[c, a]                                                     | (c in 0..<k, a in 0..<d)
z.shape = [n, k, d]
z[i, c, a]    ++= q[c, a] * (x[i, a] - means[c, a])                             | (i, c, a)
z[i, c, row[p]] ++= icf[c, d + p] * (x[i, column[p]] - means[c, column[p]])     | (i in 0..<n, c in 0..<k, p in 0..<o)
e[i, c]       ++= alphas[c] + s[c]                                              | (i in 0..<n, c)
e[i, c]       ++= (-0.5) * sq(z[i, c, a])                                       | (i, c, a)
top[i]        ++= max(max(e[i, 0], e[i, 1]), max(e[i, 2], e[i, 3]))             | i
t[i]          ++= exp(e[i, c] - top[i])                                         | (i, c)
weight[0]     ++= exp(alphas[c])                                                | c
loss[0]       ++= top[i] + ln(t[i])                                             | i
loss[0]       ++= constant[0] - toScalar(n) * ln(weight[0])
loss[0]       ++= 0.5 * sq(gamma[0] * q[c, a])                                  | (c, a)
loss[0]       ++= 0.5 * sq(gamma[0] * icf[c, d + p])                            | (c in 0..<k, p in 0..<o)
loss[0]       ++= -(m[0] * s[c])                                                | c
output loss
"""
"""Of four components; any number of points and dimensions."""


def prior_constant(n: int, k: int, d: int, gamma: float, m: int) -> float:
    """What does not depend on the parameters: of the normal distribution, and of the Wishart prior."""
    freedom = d + m + 1
    gammas = 0.25 * d * (d - 1) * log(pi) + sum(lgamma(0.5 * freedom + 0.5 * (1 - j)) for j in range(1, d + 1))
    return -0.5 * n * d * log(2 * pi) - k * (freedom * d * (log(gamma) - 0.5 * log(2.0)) - gammas)


def mixture() -> Case:
    n, k, d, gamma, m = 9, 4, 3, 1.25, 2
    rng = np.random.default_rng(0)
    below = [(r, c) for c in range(d) for r in range(c + 1, d)]
    arrays: dict[str, Any] = {
        "alphas": rng.normal(size=k),
        "means": rng.normal(size=(k, d)),
        "icf": 0.5 * rng.normal(size=(k, d + len(below))),
        "x": rng.normal(size=(n, d)),
        "row": np.array([r for r, _ in below], np.int32),
        "column": np.array([c for _, c in below], np.int32),
        "gamma": np.array([gamma]),
        "m": np.array([float(m)]),
        "constant": np.array([prior_constant(n, k, d, gamma, m)]),
    }

    def reference(v: dict[str, Any]) -> dict[str, Any]:
        """With matrices, and the prior as ADBench writes it."""
        diagonals, sums = jnp.exp(v["icf"][:, :d]), v["icf"][:, :d].sum(1)
        lower = jnp.zeros((k, d, d))
        for p, (r, c) in enumerate(below):
            lower = lower.at[:, r, c].set(v["icf"][:, d + p])
        matrices = lower + jax.vmap(jnp.diag)(diagonals)
        centred = v["x"][:, None] - v["means"]
        squares = (jnp.einsum("kab,nkb->nka", matrices, centred) ** 2).sum(2)
        points = jax.nn.logsumexp(v["alphas"] + sums - 0.5 * squares, axis=1).sum()
        prior = (0.5 * gamma**2 * ((diagonals**2).sum(1) + (lower**2).sum((1, 2))) - m * sums).sum()
        total = points - n * jax.nn.logsumexp(v["alphas"]) + prior + v["constant"][0]
        return {"loss": total[None]}

    return Case(anamc.parse(MIXTURE, format="ix"), arrays, ["alphas", "means", "icf"], reference)


# Bundle adjustment ---------------------------------------------------------------------------

BUNDLE = """
input cameras[c, 11]                     # rotation, centre, focal length, principal point, radial distortion
input points[p, 3]
input weights[o]
input camera[o] : index
input point[o] : index
input feature[o, 2]
angle2[i]  ++= sq(cameras[i, a])                                                         | (i, a in 0..<3)
angle[i]   ++= sqrt(select(angle2[i] > 0.0, angle2[i], 1.0))                             | i
v[q, a]    ++= points[point[q], a] - cameras[camera[q], 3 + a]                           | (q, a in 0..<3)
w[q, a]    ++= cameras[camera[q], a] / angle[camera[q]]                                  | (q, a in 0..<3)
cross[q, a] ++= w[q, wrap(a + 1, 3)] * v[q, wrap(a + 2, 3)]                              | (q in 0..<o, a in 0..<3)
cross[q, a] ++= -(w[q, wrap(a + 2, 3)] * v[q, wrap(a + 1, 3)])                           | (q in 0..<o, a in 0..<3)
along[q]   ++= w[q, a] * v[q, a]                                                         | (q, a)
r[q, a]    ++= (let t = angle[camera[q]];
               let turned = v[q, a] * cos(t) + cross[q, a] * sin(t) + w[q, a] * along[q] * (1.0 - cos(t));
               select(angle2[camera[q]] > 0.0, turned, v[q, a] + cross[q, a]))           | (q, a)
f[q, a]    ++= r[q, a] / r[q, 2]                                                         | (q, a in 0..<2)
r2[q]      ++= sq(f[q, a])                                                               | (q, a)
seen[q, a] ++= (let k = camera[q]; let d = 1.0 + cameras[k, 9] * r2[q] + cameras[k, 10] * sq(r2[q]);
               f[q, a] * d * cameras[k, 6] + cameras[k, 7 + a])                          | (q, a)
error[q, a] ++= weights[q] * (seen[q, a] - feature[q, a])                                | (q, a)
weight_error[q] ++= 1.0 - sq(weights[q])                                                 | q
output error, weight_error
"""


def bundle() -> Case:
    """One of three cameras is not turned: there the formula of Rodrigues is its limit."""
    c, p, o = 3, 5, 8
    rng = np.random.default_rng(1)
    cameras = np.concatenate([0.4 * rng.normal(size=(c, 6)), 1 + 0.2 * rng.normal(size=(c, 5))], axis=1)
    cameras[1, :3] = 0.0
    arrays: dict[str, Any] = {
        "cameras": cameras,
        "points": rng.normal(size=(p, 3)) + np.array([0.0, 0.0, 4.0]),
        "weights": rng.uniform(0.2, 1.0, size=o),
        "camera": rng.integers(0, c, o).astype(np.int32),
        "point": rng.integers(0, p, o).astype(np.int32),
        "feature": rng.normal(size=(o, 2)),
    }

    def turned(rotation: Any, v: Any) -> Any:
        square = (rotation**2).sum()
        angle = jnp.sqrt(jnp.where(square > 0, square, 1.0))
        axis = rotation / angle
        rest = axis * (axis @ v) * (1 - jnp.cos(angle))
        far = v * jnp.cos(angle) + jnp.cross(axis, v) * jnp.sin(angle) + rest
        return jnp.where(square > 0, far, v + jnp.cross(rotation, v))

    def error(camera: Any, point: Any, weight: Any, feature: Any) -> Any:
        r = turned(camera[:3], point - camera[3:6])
        f = r[:2] / r[2]
        square = (f**2).sum()
        distorted = f * (1 + camera[9] * square + camera[10] * square**2)
        return weight * (distorted * camera[6] + camera[7:9] - feature)

    def reference(v: dict[str, Any]) -> dict[str, Any]:
        given = (v["cameras"][v["camera"]], v["points"][v["point"]], v["weights"], v["feature"])
        return {"error": jax.vmap(error)(*given), "weight_error": 1 - v["weights"] ** 2}

    return Case(anamc.parse(BUNDLE, format="ix"), arrays, ["cameras", "points", "weights"], reference)


# LSTM ----------------------------------------------------------------------------------------


def lstm_program(layers: int, bits: int, length: int) -> str:
    """As ADBench has it, time steps one behind the other; hidden state and cell are updated in place."""
    lines = [
        f"input main[{2 * layers}, {4 * bits}]",
        f"input extra[3, {bits}]",
        f"input state[{2 * layers}, {bits}]",
        f"input sequence[{length}, {bits}]",
        "h[l, j] ++= state[2 * l, j]     | (l, j)",
        "c[l, j] ++= state[2 * l + 1, j] | (l, j)",
    ]
    for t in range(length - 1):
        lines.append(f"x{t}_0[j] ++= sequence[{t}, j] * extra[0, j] | j")
        for k in range(layers):
            gates = {"forget": f"x{t}_{k}[j]", "in": f"h[{k}, j]", "out": f"x{t}_{k}[j]", "change": f"h[{k}, j]"}
            texts: dict[str, str] = {}
            for number, (gate, given) in enumerate(gates.items()):
                place = f"{number * bits} + j]"
                inner = f"{given} * main[{2 * k}, {place} + main[{2 * k + 1}, {place}"
                texts[gate] = f"tanh({inner})" if gate == "change" else f"(1.0 / (1.0 + exp(-({inner}))))"
            step = f"c[{k}, j] * ({texts['forget']} - 1.0) + {texts['in']} * {texts['change']}"
            lines.append(f"gate{t}_{k}[j] ++= {texts['out']} | j")
            lines.append(f"c[{k}, j] ++= {step} | j in 0..<{bits}")
            lines.append(f"h[{k}, j] ++= gate{t}_{k}[j] * tanh(c[{k}, j]) - h[{k}, j] | j in 0..<{bits}")
            lines.append(f"x{t}_{k + 1}[j] ++= h[{k}, j] | j")
        lines.append(f"y{t}[j] ++= x{t}_{layers}[j] * extra[1, j] + extra[2, j] | j")
        lines.append(f"total{t}[0] ++= exp(y{t}[j]) | j")
        term = f"sequence[{t + 1}, j] * (y{t}[j] - ln(total{t}[0] + 2.0))"
        lines.append(f"loss[0] ++= -({term}) / {float((length - 1) * bits)} | j")
    return "\n".join([*lines, "output loss"])


def lstm() -> Case:
    layers, bits, length = 2, 3, 3
    rng = np.random.default_rng(2)
    arrays: dict[str, Any] = {
        "main": rng.normal(size=(2 * layers, 4 * bits)),
        "extra": rng.normal(size=(3, bits)),
        "state": rng.normal(size=(2 * layers, bits)),
        "sequence": rng.integers(0, 2, (length, bits)).astype(np.float64),
    }

    def model(weight: Any, bias: Any, hidden: Any, cell: Any, x: Any) -> Any:
        w, b = weight.reshape(4, bits), bias.reshape(4, bits)
        forget, entry, leave = (jax.nn.sigmoid(v * w[k] + b[k]) for k, v in enumerate((x, hidden, x)))
        cell = cell * forget + entry * jnp.tanh(hidden * w[3] + b[3])
        return leave * jnp.tanh(cell), cell

    def reference(v: dict[str, Any]) -> dict[str, Any]:
        state = [v["state"][k] for k in range(2 * layers)]
        total = 0.0
        for t in range(length - 1):
            x = v["sequence"][t] * v["extra"][0]
            for k in range(0, 2 * layers, 2):
                state[k], state[k + 1] = model(v["main"][k], v["main"][k + 1], state[k], state[k + 1], x)
                x = state[k]
            y = x * v["extra"][1] + v["extra"][2]
            total += (v["sequence"][t + 1] * (y - jnp.log(jnp.exp(y).sum() + 2))).sum()
        return {"loss": jnp.reshape(-total / ((length - 1) * bits), (1,))}

    return Case(anamc.parse(lstm_program(layers, bits, length), format="ix"), arrays, ["main", "extra"], reference)


CASES = {"Gaussian mixture": mixture, "bundle adjustment": bundle, "LSTM": lstm}


@pytest.mark.parametrize("name", CASES)
def test_first_derivatives(name: str) -> None:
    CASES[name]().check()


def test_the_gradient_of_the_mixture() -> None:
    case = mixture()
    with jax.enable_x64(True):
        of = case.in_jax()
        gradient = jax.jit(jax.grad(lambda chosen: of(chosen)["loss"].sum()))({n: case.arrays[n] for n in case.wrt})
    for run in ways(anamc.value_and_grad(case.program, wrt=list(case.wrt))):
        found = run(**case.arrays)
        for n in case.wrt:
            close(found[f"{n}_grad"], gradient[n], AGAINST_JAX, f"{n}_grad")


def test_second_derivatives_of_the_mixture() -> None:
    mixture().check_hvp("loss")
