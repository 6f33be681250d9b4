"""The dimensions of tensors, found from their definitions."""

from collections.abc import Callable

import pytest
from xdsl.dialects import func
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import SSAValue
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.rows import Dims, size_arguments

Parse = Callable[[str], ModuleOp]


def function_of(module: ModuleOp) -> func.FuncOp:
    return next(op for op in module.walk() if isinstance(op, func.FuncOp))


def dims_of(module: ModuleOp, name: str) -> list[int | str]:
    """The dimensions of the value with a name, sizes by name."""
    function = function_of(module)
    names = {v: k for k, v in size_arguments(function).items()}
    (found,) = (r for op in function.walk() for r in op.results if r.name_hint == name)
    return [names[d] if isinstance(d, SSAValue) else d for d in Dims(function).of(found)]


HEAD = """func.func @f(%n: index {anamc.name = "n"}, %m: index {anamc.name = "m"}, %k: index {anamc.name = "k"},
    %x: tensor<?x3xf32> {anamc.dims = ["n", 3 : index]}, %e: tensor<?x2xi32> {anamc.dims = ["m", 2 : index]},
    %w: tensor<3x?xf32> {anamc.dims = [3 : index, "k"]}, %b: tensor<?xf32> {anamc.dims = ["k"]}) {
"""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("%y = mlp.relu %x : tensor<?x3xf32>", ["n", 3]),
        (
            "%y = mlp.dense %x, %w, %b : (tensor<?x3xf32>, tensor<3x?xf32>, tensor<?xf32>) -> tensor<?x?xf32>",
            ["n", "k"],
        ),
        ("%y = scatter.gather %x at %e end 0 : (tensor<?x3xf32>, tensor<?x2xi32>) -> tensor<?x3xf32>", ["m", 3]),
        (
            "%y = scatter.sum %x over %e onto %k signs [1, 1] "
            ": (tensor<?x3xf32>, tensor<?x2xi32>, index) -> tensor<?x3xf32>",
            ["k", 3],
        ),
        ("%y = tensor.empty(%m, %n) : tensor<?x4x?xf32>", ["m", 4, "n"]),
        ("%y = tensor.concat dim(1) %x, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x6xf32>", ["n", 6]),
        (
            '%y = mlp.row_loss "mse" delta 1.0 %x, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?xf32>',
            ["n"],
        ),
        (
            "%y = nest.map (i = %m) add(%b[i] : tensor<?xf32>) {\n ^bb0(%i: index):\n"
            "  %c = arith.constant 1.0 : f32\n  nest.yield %c : f32\n }",
            ["k"],
        ),
        ('%c = "test.op"() : () -> i1\n%y = arith.select %c, %x, %x : tensor<?x3xf32>', ["n", 3]),
    ],
)
def test_sizes_of_results(line: str, expected: list[int | str], parse: Parse) -> None:
    assert dims_of(parse(HEAD + line + "\nfunc.return\n}"), "y") == expected


def test_long_chains_do_not_exhaust_the_stack(parse: Parse) -> None:
    lines = [f"%y{k + 1} = mlp.relu {f'%y{k}' if k else '%x'} : tensor<?x3xf32>" for k in range(1500)]
    assert dims_of(
        parse(HEAD + "\n".join(lines) + "\n%z = mlp.relu %y1500 : tensor<?x3xf32>\nfunc.return\n}"), "z"
    ) == [
        "n",
        3,
    ]


def test_a_constant_shape_needs_no_names(parse: Parse) -> None:
    module = parse("""func.func @f(%x: tensor<4x3xf32>) {
      %y = "test.op"(%x) : (tensor<4x3xf32>) -> tensor<2xf32>
      func.return
    }""")
    assert dims_of(module, "y") == [2]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('%y = "test.op"() : () -> tensor<?xf32>', r"cannot tell the sizes of the result of 'test\.op'"),
        (
            "%y = tensor.concat dim(0) %x, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>",
            r"'tensor\.concat' along a run-time size",
        ),
    ],
)
def test_sizes_that_nothing_tells_are_refused(line: str, message: str, parse: Parse) -> None:
    with pytest.raises(PassFailedException, match=message):
        dims_of(parse(HEAD + line + "\nfunc.return\n}"), "y")


def test_the_argument_of_a_body_is_refused(parse: Parse) -> None:
    module = parse("""func.func @f(%x: tensor<2x?xf32>) {
      %y = kernel.rows r = 2 read(%x[r] : tensor<2x?xf32>) add(%x[r] : tensor<2x?xf32>) {
      ^bb0(%r: index, %v: tensor<?xf32>):
        kernel.yield %v : tensor<?xf32>
      }
      func.return
    }""")
    function = function_of(module)
    inner = next(op for op in function.walk() if op.name == "kernel.rows").regions[0].block.args[1]
    with pytest.raises(PassFailedException, match="cannot tell the sizes of a block argument"):
        Dims(function).of(inner)


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ("", "argument 0 of @f has no anamc.dims"),
        ('{anamc.dims = ["q"]}', "argument 0 of @f names an unknown size 'q'"),
    ],
)
def test_arguments_without_known_sizes_are_refused(attributes: str, message: str, parse: Parse) -> None:
    module = parse(f"""func.func @f(%x: tensor<?xf32> {attributes}) {{
      %y = mlp.relu %x : tensor<?xf32>
      func.return
    }}""")
    with pytest.raises(PassFailedException, match=message):
        dims_of(module, "y")
