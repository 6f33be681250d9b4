"""`anamc bench`: times of a function and its gradient, and schedules that are searched and kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from anamc import load
from anamc.cli import tuning
from anamc.cli.tuning import Job, Tuned
from anamc.runtime import compiler
from anamc.runtime.cache import ObjectCache
from anamc.runtime.compiler import KEEP, jit, machine_name
from anamc.runtime.schedules import remember, remembered, schedules_key


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANAMC_CACHE_DIR", str(tmp_path / "cache"))


def test_a_function_and_its_gradient_are_measured(anamc: Any, graph: Any) -> None:
    found = anamc("bench", graph(), "--rows", "50", "--json")
    assert found.status == 0
    names = [f["function"] for f in found.json["functions"]]
    assert len(names) == 2
    assert names[1].startswith(names[0])
    assert all(f["seconds"] > 0 for f in found.json["functions"])
    assert found.json["tuned"] == {}


def test_a_search_shows_what_it_tried_and_keeps_the_best(
    anamc: Any, graph: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def always_better(one: Any, other: Any) -> tuple[float, float]:
        return (1.0, 1.0 if one is other else 2.0)

    monkeypatch.setattr(tuning, "compared", always_better)
    found = anamc("bench", graph(), "--rows", "50", "--no-gradient", "--tune", "--seconds", "3", "--json")
    assert found.status == 0, found.err
    (tuned,) = found.json["tuned"].values()
    assert tuned["tried"]
    assert any(tuned["schedules"])
    assert (tuned["gain"], tuned["kept"]) == (2.0, True)
    program = load(graph())
    for name in ("", next(iter(program.functions))):
        key = schedules_key(program, name, "float32", KEEP)
        assert list(remembered(ObjectCache(), key)) == tuned["schedules"]


def test_a_search_that_finds_nothing_leaves_the_cost_model(
    anamc: Any, graph: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning, "compared", lambda one, other: (1.0, 1.0))  # pyright: ignore
    found = anamc("bench", graph(), "--rows", "50", "--no-gradient", "--tune", "--seconds", "0.001")
    assert "no schedule is better" in found.out
    assert "--seconds gives more" in found.out
    program = load(graph())
    assert remembered(ObjectCache(), schedules_key(program, "", "float32", KEEP)) == ()


def test_what_is_kept_is_used_by_the_jit(graph: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    program = load(graph())
    job = Job(program, next(iter(program.functions)), "float32", 1, {})
    kernels = tuning.kernels_of(job)
    chosen = [""] * (1 + max(k.position for k in kernels))
    chosen[kernels[0].position] = kernels[0].others[0]
    seen: list[tuple[str, ...]] = []
    plain = compiler.flat_module

    def watched(*given: Any, **named: Any) -> Any:
        seen.append(named["schedules"])
        return plain(*given, **named)

    monkeypatch.setattr(compiler, "flat_module", watched)
    remember(ObjectCache(), schedules_key(program, "", "float32", KEEP), chosen)
    jit(program)
    jit(program, vectors=False)
    jit(program, dtype="float64")
    assert seen == [tuple(chosen), (), ()]


def test_every_candidate_gives_the_same_numbers(graph: Any) -> None:
    program = load(graph())
    name = next(iter(program.functions))
    signature = program.function(name)
    rng = np.random.default_rng(0)
    sizes = {"nnodes": 41, "nedges": 70}
    arrays: dict[str, Any] = {}
    for a in signature.arguments:
        shape = [d if isinstance(d, int) else sizes[d] for d in a.dims]
        if a.used:
            floats = rng.standard_normal(shape).astype("float32")
            arrays[a.name] = rng.integers(0, 41, shape).astype("int32") if a.dtype == "int32" else floats
    job = Job(program, name, "float32", 1, arrays | sizes)
    expected = {k: v.copy() for k, v in jit(program)(**job.arrays).items()}
    kernels = tuning.kernels_of(job)
    first = kernels[0]
    for text in (first.others[0], first.others[-1]):
        chosen = [""] * first.position + [text]
        call = compiler.compiled(program, None, "float32", 1, True, "default", KEEP, tuple(chosen), ObjectCache(None))
        for k, v in call(**job.arrays).items():
            # The same sums in another order: a few roundings of float32, of numbers up to 10.
            np.testing.assert_allclose(v, expected[k], rtol=2e-5, atol=2e-5)


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["--seconds", "3"], 2, "--seconds is an option of --tune"),
        (["--tune", "--seconds", "0"], 2, "--seconds must be more than 0"),
        (["--tune", "--seconds", "nan"], 2, "--seconds must be more than 0"),
        (["--threads", "0"], 1, "error[A0"),
        (["--rows", "-1"], 2, "--rows must be 0 or more"),
        (["--function", "none"], 1, "error[A0803]"),
    ],
)
def test_what_cannot_be_is_told(anamc: Any, graph: Any, arguments: list[str], status: int, message: str) -> None:
    found = anamc("bench", graph(), *arguments)
    assert (found.status, message in found.err) == (status, True), found.err


def test_gains_are_ratios() -> None:
    assert Tuned([], before=2.0, after=1.0).gain == 2.0
    assert Tuned([]).gain == 1.0
    assert machine_name()
