"""Steps of a network that differ in their weights only are computed by the same functions."""

import pytest
from xdsl.dialects import func

import anamc
from anamc.pipelines import STAGES, run
from benchmarks.workloads.message_passing import MessagePassing


def functions(steps: int, gradient: bool) -> int:
    """How many functions the kernels of so many steps have."""
    program = MessagePassing(3, steps=steps).program()
    module = (anamc.value_and_grad(program) if gradient else program).tensors.clone()
    until = STAGES["vectors"].index("merge-functions") + 1
    run(module, (*STAGES["kernels"], *STAGES["vectors"][:until]), dtype="float32")
    return sum(isinstance(op, func.FuncOp) for op in module.ops)


@pytest.mark.parametrize("gradient", [False, True])
def test_more_steps_need_no_more_functions(gradient: bool) -> None:
    # the first and the last step are joined with what stands before and behind them
    assert functions(4, gradient) == functions(7, gradient)
