"""Random block graphs of every kind and option: each way to run them gives what plain NumPy gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import anamc
from anamc.dialects import graph
from support.cases import Case, random_case
from support.graphs import graphs, random_mesh
from support.routes import KERNELS, NESTS, CRoute, c_parameters, interpreted, jitted
from support.walk import outputs

MACHINE_CODE_SEEDS = (*range(24), 73)
FLOAT32_SEEDS = (1, 3, 5, 6, 7, 11, 12, 18, 21, 22, 73)
"""Compiled in float32 too: of all, those that have every kind and option in the least time."""
C_SEEDS = range(100, 104)
DTYPES = ("float64", "float32")


def interpret(program: anamc.Program, function: str, dtype: str) -> Any:
    """The public interpreter."""
    return lambda **given: anamc.interpret(program, function, dtype, **given)


@given(document=graphs(), meshes=st.randoms(use_true_random=False), seed=st.integers(0, 99))
@settings(max_examples=150)
def test_the_interpreter_gives_what_numpy_gives(document: Any, meshes: Any, seed: int) -> None:
    case = Case(document, random_mesh(meshes), seed=seed)
    case.check(interpret, "float64", "interpret")
    first = next(iter(case.program.functions.values()))
    names = [b.get("output_name", f"xout{b['id']}") for b in outputs(document)]
    assert [r.name for r in first.results] == names


@given(document=graphs(most=4), meshes=st.randoms(use_true_random=False))
@settings(max_examples=20)
def test_the_interpreter_gives_the_same_in_float32(document: Any, meshes: Any) -> None:
    Case(document, random_mesh(meshes)).check(interpret, "float32", "interpret")


@pytest.mark.parametrize("way", [*KERNELS, *NESTS])
@given(document=graphs(most=4), meshes=st.randoms(use_true_random=False))
@settings(max_examples=12)
def test_every_level_gives_the_same_numbers(way: str, document: Any, meshes: Any) -> None:
    passes = {**KERNELS, **NESTS}[way]
    Case(document, random_mesh(meshes)).check(partial(interpreted, passes=passes), "float64", way)


@pytest.mark.parametrize("seed", MACHINE_CODE_SEEDS)
def test_machine_code_gives_what_numpy_gives(seed: int) -> None:
    case = random_case(seed)
    for dtype in DTYPES if seed in FLOAT32_SEEDS else DTYPES[:1]:
        case.check(jitted, dtype, f"jit {dtype}")


@pytest.mark.parametrize("way", [w for w in KERNELS if w != "as usual"])
@pytest.mark.parametrize("seed", [200, 201])
def test_machine_code_is_the_same_whatever_was_fused_and_split(way: str, seed: int) -> None:
    random_case(seed).check(partial(jitted, passes=KERNELS[way]), "float64", way)


@pytest.mark.parametrize("route", c_parameters())
@pytest.mark.parametrize("seed", C_SEEDS)
def test_c_gives_what_numpy_gives(route: CRoute, seed: int) -> None:
    case = random_case(seed)
    case.check_c(route, DTYPES[seed % 2])


# the graphs themselves


def parts(document: Any) -> Iterator[str]:
    """Every kind and option in a graph, as text."""
    for block in document["blocks"]:
        yield block["kind"]
        for key in ("scatter", "reduce", "function", "symmetric"):
            value = block.get(key)
            yield f"{block['kind']} {key} {value['kind'] if isinstance(value, dict) else value}"
        for layer in block.get("layers", ()):
            activation = layer.get("activation", "identity")
            yield f"activation {activation if isinstance(activation, str) else activation['kind']}"
            yield f"layer_norm {layer.get('layer_norm', False)}"
            yield f"width {layer['size']}"


@pytest.mark.parametrize("seeds", [MACHINE_CODE_SEEDS, FLOAT32_SEEDS], ids=["float64", "float32"])
def test_the_seeds_have_every_kind_and_option(seeds: tuple[int, ...]) -> None:
    seen = Counter(p for seed in seeds for p in parts(random_case(seed).document))
    wanted = [f"activation {a}" for a in graph.ACTIVATIONS]
    wanted += [f"loss function {f}" for f in graph.LOSSES]
    wanted += [f"combine function {f}" for f in graph.COMBINES]
    wanted += [f"aggregate reduce {r}" for r in graph.REDUCTIONS]
    wanted += [f"{kind} scatter {s}" for kind in ("encoder", "aggregate") for s in graph.SCATTERS]
    wanted += ["graph-source symmetric False", "layer_norm True", "width 1", "width 13", "encoder scatter None"]
    assert [part for part in wanted if not seen[part]] == []
