"""How elementary functions are computed is an option of the JIT, of the compiler and of the pipelines."""

import json
from pathlib import Path

import numpy as np
import pytest

import anamc
from anamc.cli.driver import main
from anamc.errors import CallError
from anamc.pipelines import passes

NET = json.dumps(
    {
        "format": "anamc-graph",
        "version": 1,
        "blocks": [
            {"id": 1, "kind": "graph-source", "node_features": [{"name": "u", "size": 1, "pin": -1}]},
            {"id": 3, "kind": "encoder", "input": 1, "output": -3, "layers": [{"size": 4, "activation": "tanh"}]},
        ],
        "links": [{"from": -1, "to": 1}],
    }
)
PARAMS = np.array([0.5, -1.0, 2.0, 3.0, 0.1, 0.2, -0.3, 0.4], np.float32)
U = np.linspace(-3, 3, 50, dtype=np.float32)[:, None]


@pytest.mark.parametrize(("math", "tolerance"), [("default", 3e-7), ("fast", 1e-5), ("precise", 3e-7)])
@pytest.mark.parametrize("vectors", [False, True])
def test_every_mode_gives_the_function(math: str, tolerance: float, vectors: bool) -> None:
    f = anamc.jit(anamc.parse(NET, format="json"), math=math, vectors=vectors)
    exact = np.tanh(U.astype(np.float64) * PARAMS[:4] + PARAMS[4:])
    # The sum is rounded to 2e-7 of values up to 10 where tanh has a slope of 1 at most; tanh by what the mode allows.
    np.testing.assert_allclose(f(params=PARAMS, u=U)["xout3"], exact, rtol=tolerance, atol=3e-7)


def test_modes_do_not_share_an_entry_of_the_cache() -> None:
    program = anamc.parse(NET, format="json")
    codes = {anamc.jit(program, math=math).library.code for math in ("default", "fast", "precise")}  # type: ignore[attr-defined]
    assert len(codes) == 3


def test_an_unknown_mode_is_refused() -> None:
    with pytest.raises(CallError, match=r"A0526.*'default', 'fast', 'precise', got 'exact'"):
        anamc.jit(anamc.parse(NET, format="json"), math="exact")


@pytest.mark.parametrize(("math", "call"), [("default", "anamc_tanhf("), ("precise", " tanhf(")])
def test_compile_writes_the_mode_that_is_asked_for(tmp_path: Path, math: str, call: str) -> None:
    (tmp_path / "net.json").write_text(NET)
    assert main(["compile", str(tmp_path / "net.json"), "-o", str(tmp_path / "out"), "--math", math]) == 0
    (kernels,) = (tmp_path / "out/src").glob("*_kernels.c")
    text = kernels.read_text()
    assert call in text
    assert ("anamc_tanhf" in text) == (math == "default")
    (llvm,) = (tmp_path / "out/llvm").glob("*.ll")
    assert ("@tanhf" in llvm.read_text()) == (math == "precise")


def test_options_stand_behind_the_name_of_a_pass() -> None:
    (step,) = passes(["expand-math{functions=true}"], {"expand-math": {"mode": ("fast",)}})
    assert (step.functions, step.mode) == (True, "fast")  # type: ignore[attr-defined]
