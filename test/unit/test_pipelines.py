"""Pipelines and the table of dialects, passes and targets."""

import re
from collections.abc import Callable

import pytest
from xdsl.dialects import get_all_dialects
from xdsl.targets import get_all_targets
from xdsl.transforms import get_all_passes

import anamc
from anamc.errors import Error
from anamc.pipelines import PIPELINES, STAGES, lowered, passes, run
from anamc.universe import DIALECTS, PASSES, UNIVERSE

NET = """{"format": "anamc-graph", "version": 1, "blocks": [
  {"id": 1, "kind": "graph-source", "node_features": [{"name": "u", "size": 1, "pin": -1}]},
  {"id": 3, "kind": "encoder", "input": 1, "output": -3, "layers": [{"size": 2, "activation": "tanh"}]}],
 "links": [{"from": -1, "to": 1}]}"""


def test_every_row_of_the_table_can_be_imported_and_has_its_name() -> None:
    assert {name: factory().name for name, factory in UNIVERSE.all_dialects.items()} == {n: n for n in DIALECTS}
    assert {name: factory().name for name, factory in UNIVERSE.all_passes.items()} == {n: n for n in PASSES}
    assert {name: factory().name for name, factory in UNIVERSE.all_targets.items()} == {
        n: n for n in UNIVERSE.all_targets
    }


def test_no_name_is_one_of_xdsl() -> None:
    assert not get_all_dialects().keys() & DIALECTS.keys()
    assert not get_all_passes().keys() & set(PASSES)
    assert not get_all_targets().keys() & UNIVERSE.all_targets.keys()


def test_every_stage_names_passes_that_exist() -> None:
    for names in (*STAGES.values(), *PIPELINES.values()):
        assert len(passes(names)) == len(names)


def test_an_unknown_pass_is_an_error() -> None:
    with pytest.raises(Error, match=r"A0801.*no pass is named 'fly'"):
        passes(["fly"])


def test_a_level_is_reached_by_a_copy() -> None:
    program = anamc.parse(NET, format="json")
    before = str(program.ir)
    flat = lowered(program.ir, "flat", dtype="float32")
    assert "memref<?xf32>" in str(flat)
    assert "f64" not in re.sub(r" : f64", "", str(flat))
    assert str(program.ir) == before


def test_what_stands_behind_each_pass_is_shown() -> None:
    seen: list[str] = []
    run(anamc.parse(NET, format="json").ir.clone(), PIPELINES["to-flat"], after=lambda name, module: seen.append(name))
    assert tuple(seen) == PIPELINES["to-flat"]


def test_the_same_input_gives_the_same_text() -> None:
    texts = {str(lowered(anamc.parse(NET, format="json").ir, "flat")) for _ in range(3)}
    assert len(texts) == 1


CHAINS = {
    "one tensor": "t[i + {k}] += sin(x[i]) * 0.5 | i",
    "sums": "s{k}[0] ++= {before}{{i}} * x{{i}} | i\nt{k}[i] ++= x[i] * s{k}[0] | i",
}


def chain(kind: str, kernels: int) -> str:
    """An index program of so many statements of a kind."""
    lines = [CHAINS[kind].format(k=k, before=f"t{k - 1}" if k else "x") for k in range(kernels)]
    last = f"t.shape = [n + {kernels}]\noutput t" if kind == "one tensor" else f"output t{kernels - 1}"
    return "\n".join(["input x[n]", *lines, last])


@pytest.mark.parametrize("kind", CHAINS)
def test_work_is_linear_in_the_kernels(kind: str, calls: Callable[[Callable[[], object]], int]) -> None:
    def compile_chain(kernels: int) -> int:
        text = chain(kind, kernels)
        return calls(lambda: lowered(anamc.parse(text, "ix").tensors, "flat"))

    compile_chain(1)
    assert compile_chain(100) < 2.3 * compile_chain(50)
