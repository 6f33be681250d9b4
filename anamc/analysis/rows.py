"""How many rows a tensor has: the size value (or constant) of its leading dimension."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from xdsl.dialects import arith, func, scf, tensor
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    DictionaryAttr,
    IndexType,
    ModuleOp,
    StringAttr,
    TensorType,
)
from xdsl.ir import Block, BlockArgument, Operation, SSAValue
from xdsl.utils.exceptions import DiagnosticException, PassFailedException

from anamc.analysis.dims import named_dims
from anamc.analysis.elementwise import ELEMENTWISE
from anamc.analysis.regions import is_within
from anamc.analysis.sizes import SizeExpressions
from anamc.dialects import kernel, mlp, nest, scatter
from anamc.dialects.access import shape_of
from anamc.dialects.size_syntax import parse_size

Dim = int | SSAValue
"""A dimension: a constant, or the size value that it is."""


def argument_name(function: func.FuncOp, position: int) -> str | None:
    """The user's name of an argument."""
    name = _attributes(function, position).get("anamc.name")
    return name.data if isinstance(name, StringAttr) else None


def argument_dims(function: func.FuncOp, position: int) -> tuple[int | str, ...] | None:
    """The declared dimensions of an argument: constants and names of sizes."""
    return named_dims(_attributes(function, position).get("anamc.dims"))


def size_arguments(function: func.FuncOp) -> dict[str, SSAValue]:
    """Run-time sizes of a function by name: its arguments of type index."""
    found: dict[str, SSAValue] = {}
    for k, argument in enumerate(function.body.block.args):
        name = argument_name(function, k)
        if isinstance(argument.type, IndexType) and name is not None:
            found[name] = argument
    return found


def _attributes(function: func.FuncOp, position: int) -> dict[str, object]:
    if function.arg_attrs is None:
        return {}
    attributes = function.arg_attrs.data[position]
    return dict(attributes.data) if isinstance(attributes, DictionaryAttr) else {}


class Dims:
    """
    The dimensions of the tensors of one function, found from their definitions.

    Results are remembered, so that asking for every value of a function is linear.
    """

    def __init__(self, function: func.FuncOp) -> None:
        self.function = function
        self.known: dict[SSAValue, tuple[Dim, ...]] = {}

    def of(self, value: SSAValue) -> tuple[Dim, ...]:
        """One size for each dimension of a tensor; PassFailedException where it cannot be told."""
        waiting = [value]
        while (source := self._source(waiting[-1])) is not None and source not in self.known:
            waiting.append(source)
        for unknown in reversed(waiting):
            if unknown not in self.known:
                self.known[unknown] = self._find(unknown)
        return self.known[value]

    def _source(self, value: SSAValue) -> SSAValue | None:
        """The tensor that the rule of `value` asks for: found first, since chains of operations may be long."""
        op = value.owner
        if value in self.known or isinstance(op, Block) or DYNAMIC_INDEX not in shape_of(value.type):
            return None
        source = SOURCES.get(RULES.get(type(op), _sized))
        return None if source is None else source(op, value)

    def rows(self, value: SSAValue) -> Dim:
        """The size of the leading dimension."""
        return self.of(value)[0]

    def _find(self, value: SSAValue) -> tuple[Dim, ...]:
        shape = shape_of(value.type)
        if DYNAMIC_INDEX not in shape:
            return shape
        op = value.owner
        if isinstance(value, BlockArgument) and op is self.function.body.block:
            return self._argument(value, shape)
        if isinstance(value, BlockArgument) and isinstance(loop := value.block.parent_op(), scf.ForOp):
            return self.of(loop.iter_args[value.index - 1])
        if isinstance(op, Block) or (rule := RULES.get(type(op))) is None:
            name = "a block argument" if isinstance(op, Block) else f"the result of '{op.name}'"
            raise PassFailedException(f"cannot tell the sizes of {name}")
        return rule(self, op, value, shape)

    def _argument(self, value: BlockArgument, shape: tuple[int, ...]) -> tuple[Dim, ...]:
        declared = argument_dims(self.function, value.index)
        sizes = size_arguments(self.function)
        if declared is None or len(declared) != len(shape):
            raise PassFailedException(f"argument {value.index} of @{self.function.sym_name.data} has no anamc.dims")
        return tuple(self._declared(d, sizes, value) if isinstance(d, str) else d for d in declared)

    def _declared(self, dim: str, sizes: Mapping[str, SSAValue], value: BlockArgument) -> SSAValue:
        """The run-time size of a dimension of an argument; a computed one where the function computes it."""
        if dim in sizes:
            return sizes[dim]
        try:
            wanted = parse_size(dim, tuple(sizes))
        except DiagnosticException:
            wanted = None
        expressions = SizeExpressions(sizes)
        for op in self.function.body.block.ops if wanted is not None else ():
            for result in op.results:
                if isinstance(result.type, IndexType) and expressions.of(result) == wanted:
                    return result
        raise PassFailedException(
            f"argument {value.index} of @{self.function.sym_name.data} names an unknown size '{dim}'"
        )


def _like_first(dims: Dims, op: Operation, value: SSAValue, shape: tuple[int, ...]) -> tuple[Dim, ...]:
    """Leading dimensions of the first operand; the rest from the type."""
    lead = dims.of(op.operands[0])
    return tuple(s if s >= 0 else lead[k] for k, s in enumerate(shape))


def _concat(dims: Dims, op: Operation, value: SSAValue, shape: tuple[int, ...]) -> tuple[Dim, ...]:
    """As the first part, but for the dimension that grows."""
    along = op.dim.value.data if isinstance(op, tensor.ConcatOp) else 0
    if shape[along] == DYNAMIC_INDEX:
        raise PassFailedException("cannot tell the sizes of the result of 'tensor.concat' along a run-time size")
    return _like_first(dims, op, value, shape)


def _dense(dims: Dims, op: Operation, value: SSAValue, shape: tuple[int, ...]) -> tuple[Dim, ...]:
    """Rows of `x`, columns of `b`."""
    return (*dims.of(op.operands[0])[:-1], dims.rows(op.operands[2]))


def _select(dims: Dims, op: Operation, value: SSAValue, shape: tuple[int, ...]) -> tuple[Dim, ...]:
    return dims.of(op.operands[1])


def _gather(dims: Dims, op: Operation, value: SSAValue, shape: tuple[int, ...]) -> tuple[Dim, ...]:
    return (dims.rows(op.operands[1]), *shape[1:])


def _to_nodes(dims: Dims, op: Operation, value: SSAValue, shape: tuple[int, ...]) -> tuple[Dim, ...]:
    """`n` is the last operand."""
    return (op.operands[-1], *shape[1:])


def _dense_transposed(dims: Dims, op: Operation, value: SSAValue, shape: tuple[int, ...]) -> tuple[Dim, ...]:
    """Rows of `g`, rows of `w`."""
    return (*dims.of(op.operands[0])[:-1], dims.rows(op.operands[1]))


def _outer(dims: Dims, op: Operation, value: SSAValue, shape: tuple[int, ...]) -> tuple[Dim, ...]:
    return (dims.of(op.operands[0])[-1], dims.of(op.operands[1])[-1])


def _last(dims: Dims, op: Operation, value: SSAValue, shape: tuple[int, ...]) -> tuple[Dim, ...]:
    return dims.of(op.operands[0])[-1:]


def _sized(dims: Dims, op: Operation, value: SSAValue, shape: tuple[int, ...]) -> tuple[Dim, ...]:
    sizes = iter([v for v in op.operands if isinstance(v.type, IndexType)])
    return tuple(s if s >= 0 else next(sizes) for s in shape)


def _like_init(dims: Dims, op: Operation, value: SSAValue, shape: tuple[int, ...]) -> tuple[Dim, ...]:
    return dims.of(_init(op, value))


def _init(op: Operation, value: SSAValue) -> SSAValue:
    """The tensor that a result starts from."""
    inits = op.inits if isinstance(op, nest.MapOp | kernel.RowsOp) else ()
    position = op.results.index(value)  # pyright: ignore[reportArgumentType]
    if isinstance(op, nest.MapOp) and position >= len(inits):  # a winning iteration, in the shape of its result
        position = op.winners[position - len(inits)]
    return inits[position]


def _carried(dims: Dims, op: Operation, value: SSAValue, shape: tuple[int, ...]) -> tuple[Dim, ...]:
    """As what the loop starts from."""
    return dims.of(op.operands[3 + op.results.index(value)])  # pyright: ignore[reportArgumentType]


def _branch(dims: Dims, op: Operation, value: SSAValue, shape: tuple[int, ...]) -> tuple[Dim, ...]:
    """As what the first side gives whose sizes are known outside of it."""
    position = op.results.index(value)  # pyright: ignore[reportArgumentType]
    for region in op.regions:
        last = region.block.last_op if region.blocks else None
        found = dims.of(last.operands[position]) if last is not None else ()
        if last is not None and not any(isinstance(d, SSAValue) and is_within(d, op) for d in found):
            return found
    raise PassFailedException("cannot tell the sizes of the result of 'scf.if': its sides compute them")


def _slice(dims: Dims, op: Operation, value: SSAValue, shape: tuple[int, ...]) -> tuple[Dim, ...]:
    """The sizes of the last dimensions of what it is taken from."""
    return dims.of(op.operands[0])[-len(shape) :] if shape else ()


def _inserted(dims: Dims, op: Operation, value: SSAValue, shape: tuple[int, ...]) -> tuple[Dim, ...]:
    return dims.of(op.operands[1])


def _call(dims: Dims, op: Operation, value: SSAValue, shape: tuple[int, ...]) -> tuple[Dim, ...]:
    """As what the function returns: sizes that it takes are those that it is given."""
    module = dims.function.parent_op()
    name = op.callee.root_reference.data if isinstance(op, func.CallOp) else ""
    functions = module.ops if isinstance(module, ModuleOp) else ()
    callee = next((f for f in functions if isinstance(f, func.FuncOp) and f.sym_name.data == name), None)
    last = callee.body.block.last_op if callee is not None and callee.body.blocks else None
    if callee is None or last is None:
        raise PassFailedException(f"cannot tell the sizes of the result of a call of @{name}")
    inner = Dims(callee)
    given: dict[SSAValue, SSAValue] = dict(zip(callee.body.block.args, op.operands, strict=True))
    for argument, operand in given.items():
        if isinstance(argument.type, TensorType):
            inner.known[argument] = dims.of(operand)
    found = inner.of(last.operands[op.results.index(value)])  # pyright: ignore[reportArgumentType]
    known = [d if isinstance(d, int) else given.get(d, d) for d in found]
    if any(isinstance(d, SSAValue) and is_inside(d, callee) for d in known):
        raise PassFailedException(f"@{name} computes the sizes of its results")
    return tuple(known)


def is_inside(value: SSAValue, function: func.FuncOp) -> bool:
    """True for a value of the function itself."""
    block = value.owner if isinstance(value.owner, Block) else value.owner.parent_block()
    return block is function.body.block


Rule = Callable[[Dims, Operation, SSAValue, tuple[int, ...]], tuple[Dim, ...]]
RULES: dict[type[Operation], Rule] = {
    scatter.GatherOp: _gather,
    scatter.SumOp: _to_nodes,
    scatter.MeanOp: _to_nodes,
    scatter.MaxOp: _to_nodes,
    scatter.PairSumOp: _to_nodes,
    scatter.CountOp: _to_nodes,
    tensor.EmptyOp: _sized,
    tensor.SplatOp: _sized,
    nest.MapOp: _like_init,
    kernel.RowsOp: _like_init,
    tensor.ConcatOp: _concat,
    func.CallOp: _call,
    scf.ForOp: _carried,
    scf.IfOp: _branch,
    tensor.ExtractSliceOp: _slice,
    tensor.InsertSliceOp: _inserted,
    mlp.DenseOp: _dense,
    mlp.LayerNormOp: _like_first,
    mlp.RowLossOp: _like_first,
    mlp.DenseTransposedOp: _dense_transposed,
    mlp.OuterOp: _outer,
    mlp.SumRowsOp: _last,
    mlp.BroadcastOp: _sized,
    mlp.MeanTransposedOp: _sized,
    **dict.fromkeys(
        (mlp.RowDotOp, mlp.ScaleRowsOp, mlp.StandardizeOp, mlp.StandardizeTangentOp, mlp.SplitOp, mlp.WhereOp),
        _like_first,
    ),
    **dict.fromkeys((*mlp.ACTIVATIONS, *ELEMENTWISE), _like_first),
    arith.SelectOp: _select,
}
SOURCES: dict[Rule, Callable[[Operation, SSAValue], SSAValue]] = {
    _like_first: lambda op, value: op.operands[0],
    _concat: lambda op, value: op.operands[0],
    _dense: lambda op, value: op.operands[0],
    _dense_transposed: lambda op, value: op.operands[0],
    _outer: lambda op, value: op.operands[0],
    _last: lambda op, value: op.operands[0],
    _select: lambda op, value: op.operands[1],
    _like_init: _init,
}
"""The tensor whose dimensions a rule asks for first."""
