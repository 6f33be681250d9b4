"""One operation in a function `@f`, for every operation that has a derivative."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

import anamc

Values = NDArray[Any]
Dims = tuple[int | str, ...]

SIZES = {"n": 4, "nnodes": 4, "nedges": 6}
EDGES = np.array([[0, 1], [1, 2], [1, 1], [0, 1], [2, 0], [1, 0]], np.int32)
"""A self-loop, a duplicate, its reverse, and node 3 without any edge."""


@dataclass(frozen=True)
class Example:
    """
    `arguments` and `results` by name with their shapes; `body` defines the results.

    `low` and `high`: where the arguments lie, away from the kinks of the operation.
    """

    name: str
    arguments: Mapping[str, Dims]
    body: str
    results: Mapping[str, Dims]
    low: float = -2.0
    high: float = 2.0
    away_from_zero: bool = False
    given: Mapping[str, Values] = field(default_factory=dict[str, Values])

    @property
    def has_edges(self) -> bool:
        return any("nedges" in dims for dims in (*self.arguments.values(), *self.results.values()))

    @property
    def text(self) -> str:
        """The module."""
        sizes = sorted(
            {d for dims in (*self.arguments.values(), *self.results.values()) for d in dims} - set(range(99))
        )
        named = [f'%{s}: index {{anamc.name = "{s}"}}' for s in map(str, sizes)]
        if self.has_edges:
            named.append('%edges: tensor<?x2xi32> {anamc.name = "edgelist", anamc.dims = ["nedges", 2]}')
        named += [f"%{name}: {described(name, dims)}" for name, dims in self.arguments.items()]
        results = ", ".join(described(name, dims) for name, dims in self.results.items())
        types = ", ".join(tensor(dims) for dims in self.results.values())
        values = ", ".join(f"%{name}" for name in self.results)
        return (
            f"func.func @f({', '.join(named)}) -> ({results}) {{\n  {self.body}\n  func.return {values} : {types}\n}}\n"
        )

    @property
    def program(self) -> anamc.Program:
        return anamc.parse(self.text, "mlir", name=self.name)

    def arrays(self, seed: int = 0) -> dict[str, Any]:
        """Arguments of a call, with the sizes."""
        rng = np.random.default_rng(seed)
        found: dict[str, Any] = {}
        for name, dims in self.arguments.items():
            values = rng.uniform(self.low, self.high, shape(dims))
            if self.away_from_zero:
                values += 0.25 * np.sign(values)
            found[name] = np.asarray(self.given.get(name, values))
        signature = self.program.function()
        found |= {s: SIZES[s] for s in signature.sizes}
        return found | ({"edgelist": EDGES} if self.has_edges else {})


def shape(dims: Dims) -> tuple[int, ...]:
    """With the run-time sizes of all examples."""
    return tuple(SIZES[d] if isinstance(d, str) else d for d in dims)


def tensor(dims: Dims) -> str:
    """`tensor<?x3xf64>`"""
    return f"tensor<{''.join('?x' if isinstance(d, str) else f'{d}x' for d in dims)}f64>"


def described(name: str, dims: Dims) -> str:
    """A type with its name and dimensions."""
    listed = ", ".join(f'"{d}"' if isinstance(d, str) else str(d) for d in dims)
    return f'{tensor(dims)} {{anamc.name = "{name}", anamc.dims = [{listed}]}}'


ROWS: Dims = ("n", 3)
NODES: Dims = ("nnodes", 3)
MESSAGES: Dims = ("nedges", 3)


def elementwise(op: str, count: int = 1, options: str = "", **rest: Any) -> Example:
    """`%y = op %a, %b : tensor<?x3xf64>`"""
    names = ["a", "b", "c"][:count]
    body = f"%y = {op} {', '.join(f'%{n}' for n in names)}{options} : {tensor(ROWS)}"
    return Example(op, dict.fromkeys(names, ROWS), body, {"y": ROWS}, **rest)


def named(
    op: str, arguments: Mapping[str, Dims], results: Mapping[str, Dims], before: str = "", after: str = "", **rest: Any
) -> Example:
    """`%y = op before %a, %b after : (types) -> types`"""
    inputs = ", ".join(map(tensor, arguments.values()))
    outputs = ", ".join(map(tensor, results.values()))
    many = f"({outputs})" if len(results) > 1 else outputs
    values = ", ".join(f"%{n}" for n in results)
    operands = after.format(*(f"%{n}" for n in arguments)) if "{0}" in after else (
        ", ".join(f"%{n}" for n in arguments) + after
    )  # fmt: skip
    return Example(op, arguments, f"{values} = {op} {before}{operands} : ({inputs}) -> {many}", results, **rest)


def free(op: str, arguments: Mapping[str, Dims], results: Mapping[str, Dims], text: str, **rest: Any) -> Example:
    """The text of the right-hand side as it stands."""
    values = ", ".join(f"%{n}" for n in results)
    return Example(op, arguments, f"{values} = {op} {text}", results, **rest)


def loss(kind: str, **rest: Any) -> Example:
    delta = "0.75" if kind == "huber" else "1.0"
    example = named("mlp.row_loss", {"p": ROWS, "t": ROWS}, {"y": ("n",)}, f'"{kind}" delta {delta} ', **rest)
    return Example(f"mlp.row_loss {kind}", example.arguments, example.body, example.results, example.low, example.high,
                   example.away_from_zero, example.given)  # fmt: skip


def to_nodes(op: str, left: int, right: int) -> Example:
    text = (
        f"%x over %edges onto %nnodes signs [{left} : i64, {right} : i64] : "
        f"({tensor(MESSAGES)}, tensor<?x2xi32>, index) -> {tensor(NODES)}"
    )
    example = free(op, {"x": MESSAGES}, {"y": NODES}, text)
    return Example(f"{op} [{left}, {right}]", example.arguments, example.body, example.results)


def gather(end: int) -> Example:
    text = f"%x at %edges end {end} : ({tensor(NODES)}, tensor<?x2xi32>) -> {tensor(MESSAGES)}"
    example = free("scatter.gather", {"x": NODES}, {"y": MESSAGES}, text)
    return Example(f"scatter.gather end {end}", example.arguments, example.body, example.results)


POSITIVE: dict[str, Any] = {"low": 0.3, "high": 2.5}
CHOICE = f"%t = arith.cmpf ogt, %a, %b : {tensor(ROWS)}\n  %y = arith.select %t, %b, %c : {tensor(ROWS)}"

ARITH = (
    *(elementwise(f"arith.{op}", 2) for op in ("addf", "subf", "mulf")),
    elementwise("arith.divf", 2, low=0.5),
    elementwise("arith.negf"),
    *(elementwise(f"arith.{op}", 2) for op in ("maximumf", "minimumf", "maxnumf", "minnumf")),
    Example("arith.select", dict.fromkeys("abc", ROWS), CHOICE, {"y": ROWS}),
    free("mlp.where", dict.fromkeys("abcd", ROWS), {"y": ROWS}, f'"olt" %a, %b then %c else %d : {tensor(ROWS)}'),
)
MATH = (
    *(elementwise(f"math.{op}") for op in ("tanh", "exp", "expm1", "sin", "cos", "erf")),
    *(elementwise(f"math.{op}", **POSITIVE) for op in ("log", "log2", "log10", "log1p", "sqrt", "rsqrt")),
    elementwise("math.absf", away_from_zero=True),
    elementwise("math.fma", 3),
    elementwise("math.powf", 2, **POSITIVE),
)
ACTIVATIONS = (
    *(elementwise(f"mlp.{op}") for op in ("sigmoid", "gelu", "gelu_tanh", "silu", "softplus", "softmax")),
    elementwise("mlp.log_softmax"),
    *(elementwise(f"mlp.{op}", away_from_zero=True) for op in ("relu", "selu")),
    elementwise("mlp.leaky_relu", options=" slope 0.1", away_from_zero=True),
    elementwise("mlp.elu", options=" alpha 1.5", away_from_zero=True),
)
LAYERS = (
    free("mlp.unpack", {"p": (11,)}, {"w": (3, 2), "b": (2,)},
         "%p at 2 : tensor<11xf64> to tensor<3x2xf64>, tensor<2xf64>"),
    named("mlp.dense", {"x": ROWS, "w": (3, 2), "b": (2,)}, {"y": ("n", 2)}),
    named("mlp.layer_norm", {"x": ROWS, "scale": (3,), "shift": (3,)}, {"y": ROWS}, after=" eps 1.0e-05"),
    named("mlp.mean", {"x": ("n",), "init": ()}, {"y": ()}, after="{0} times 2.5 onto {1}"),
)  # fmt: skip
LOSSES = (
    *(loss(kind) for kind in ("mse", "mae", "huber", "bce_with_logits", "cross_entropy", "hinge")),
    loss("mape", low=0.3, high=2.5),
)
ADJOINTS = (
    named("mlp.dense_transposed", {"g": ("n", 2), "w": (3, 2)}, {"y": ROWS}),
    named("mlp.outer", {"x": ROWS, "g": ("n", 2)}, {"w": (3, 2)}),
    named("mlp.sum_rows", {"x": ROWS}, {"y": (3,)}),
    free("mlp.broadcast", {"x": (3,)}, {"y": ROWS}, "%x[%n] : tensor<3xf64> to tensor<?x3xf64>"),
    named("mlp.row_dot", {"a": ROWS, "b": ROWS}, {"y": ("n",)}),
    named("mlp.scale_rows", {"x": ROWS, "s": ("n",)}, {"y": ROWS}, after="{0} by {1}"),
    named("mlp.standardize", {"x": ROWS}, {"y": ROWS, "inv": ("n",)}, after=" eps 1.0e-05"),
    free("mlp.mean_transposed", {"g": ()}, {"y": ("n",)}, "%g[%n] times 2.5 : tensor<f64> to tensor<?xf64>"),
    free("mlp.pack", {"w": (3, 2), "b": (2,)}, {"p": (11,)},
         "%w, %b at [1 : i64, 8 : i64] : tensor<3x2xf64>, tensor<2xf64> to tensor<11xf64>"),
    free("mlp.split", {"x": ROWS}, {"l": ("n", 1), "r": ("n", 2)},
         "%x : tensor<?x3xf64> to tensor<?x1xf64>, tensor<?x2xf64>"),
    free("tensor.concat", {"x": ROWS, "z": ("n", 2)}, {"y": ("n", 5)},
         "dim(1) %x, %z : (tensor<?x3xf64>, tensor<?x2xf64>) -> tensor<?x5xf64>"),
    Example("tensor.concat dim 0", {"x": (2, 3), "z": (1, 3)}, (
        "%y = tensor.concat dim(0) %x, %z : (tensor<2x3xf64>, tensor<1x3xf64>) -> tensor<3x3xf64>"
    ), {"y": (3, 3)}),
    *(Example(op, {"x": ROWS}, (
        "%one = arith.constant 1 : index\n"
        "  %s = tensor.extract %x[%one, %one] : tensor<?x3xf64>\n"
        "  %t = math.sin %s : f64\n"
        "  %y = tensor.splat %t[%n] : tensor<?x3xf64>"
    ), {"y": ROWS}) for op in ("tensor.splat", "tensor.extract")),
    # At rows that are standardized, as everywhere: its rule relies on it.
    Example("mlp.standardize_tangent", {"v": ROWS, "x": ROWS}, (
        "%h, %inv = mlp.standardize %x eps 1.0e-05 : (tensor<?x3xf64>) -> (tensor<?x3xf64>, tensor<?xf64>)\n"
        "  %y = mlp.standardize_tangent %v at %h, %inv : (tensor<?x3xf64>, tensor<?x3xf64>, tensor<?xf64>) "
        "-> tensor<?x3xf64>"
    ), {"y": ROWS}),
)  # fmt: skip
SCATTERS = (
    *(gather(end) for end in (0, 1)),
    *(to_nodes(f"scatter.{op}", *signs)
      for op in ("sum", "mean", "max") for signs in ((1, 1), (-1, 1), (1, -1), (1, 0))),
    free("scatter.pair_sum", {"l": MESSAGES, "r": MESSAGES}, {"y": NODES},
         "%l, %r over %edges onto %nnodes : "
         "(tensor<?x3xf64>, tensor<?x3xf64>, tensor<?x2xi32>, index) -> tensor<?x3xf64>"),
)  # fmt: skip

GROUPS: Mapping[str, Sequence[Example]] = {
    "arith": ARITH,
    "math": MATH,
    "activations": ACTIVATIONS,
    "layers": LAYERS,
    "losses": LOSSES,
    "adjoints": ADJOINTS,
    "scatters": SCATTERS,
}
EXAMPLES = tuple(example for group in GROUPS.values() for example in group)
