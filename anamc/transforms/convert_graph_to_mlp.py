"""Pass `convert-graph-to-mlp`: a network of blocks becomes functions on tensors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import arith, func, math, tensor
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    ArrayAttr,
    DenseIntOrFPElementsAttr,
    DictionaryAttr,
    FloatAttr,
    FunctionType,
    IndexType,
    IntegerAttr,
    LocationAttr,
    ModuleOp,
    StringAttr,
    TensorType,
    UnitAttr,
    f64,
)
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.passes import ModulePass
from xdsl.utils.exceptions import PassFailedException

from anamc.analysis.block_order import block_id, topological
from anamc.dialects import graph, mlp, scatter
from anamc.params.layout import Layout, layout

SIZES = {graph.Rows.NODES: "nnodes", graph.Rows.EDGES: "nedges"}
"""Names of the run-time sizes of the row sets."""

ACTIVATIONS: dict[str, Callable[[SSAValue, graph.FunctionAttr], Operation | None]] = {
    "identity": lambda x, f: None,
    "tanh": lambda x, f: math.TanhOp(x),
    "sin": lambda x, f: math.SinOp(x),
    "sigmoid": lambda x, f: mlp.SigmoidOp(x),
    "relu": lambda x, f: mlp.ReluOp(x),
    "leaky_relu": lambda x, f: mlp.LeakyReluOp(x, f.option("slope")),
    "elu": lambda x, f: mlp.EluOp(x, f.option("alpha")),
    "selu": lambda x, f: mlp.SeluOp(x),
    "gelu": lambda x, f: mlp.GeluOp(x),
    "gelu_tanh": lambda x, f: mlp.GeluTanhOp(x),
    "silu": lambda x, f: mlp.SiluOp(x),
    "softplus": lambda x, f: mlp.SoftplusOp(x),
    "softmax": lambda x, f: mlp.SoftmaxOp(x),
}
"""The operation of each activation; None where there is nothing to do."""

REDUCTIONS = {"sum": scatter.SumOp, "mean": scatter.MeanOp, "max": scatter.MaxOp}
LAYER_NORM_EPS = 1e-5


@dataclass(frozen=True)
class Argument:
    """An argument or result of the function being built."""

    name: str
    type: Attribute
    dims: tuple[str | int, ...] = ()
    used: bool = True

    def attributes(self) -> DictionaryAttr:
        """`anamc.name`, `anamc.dims` and `anamc.unused` as on every function of anamc."""
        data: dict[str, Attribute] = {"anamc.name": StringAttr(self.name)}
        if isinstance(self.type, TensorType):
            data["anamc.dims"] = ArrayAttr(
                StringAttr(d) if isinstance(d, str) else IntegerAttr(d, IndexType()) for d in self.dims
            )
        if not self.used:
            data["anamc.unused"] = UnitAttr()
        return DictionaryAttr(data)


@dataclass
class Builder:
    """Appends operations to a function, all with the place and the label of the block they come from."""

    block: Block
    location: LocationAttr
    label: Attribute | None = None

    def add(self, op: Operation, hint: str | None = None) -> SSAValue:
        op.location = self.location
        if self.label is not None:
            op.attributes["anamc.block"] = self.label
        self.block.add_op(op)
        if hint is not None:
            op.results[0].name_hint = hint
        return op.results[0]

    def concat(self, fields: Sequence[SSAValue]) -> SSAValue:
        """The fields side by side; a single one as it is."""
        if len(fields) == 1:
            return fields[0]
        width = sum(_shape(f)[-1] for f in fields)
        return self.add(tensor.ConcatOp(fields, 1, TensorType(f64, [DYNAMIC_INDEX, width])))


class NetworkLowering:
    """One network to one function: the outputs, or the loss."""

    def __init__(self, network: graph.NetworkOp, order: list[Operation], params: Layout, *, loss: bool) -> None:
        self.network = network
        self.order = order
        self.params = params
        self.loss = loss
        self.symmetric = bool(network.source.symmetric)
        self.offsets: dict[int, int] = {}
        for entry in params.entries:
            self.offsets.setdefault(entry.block_id, entry.offset)
        self.fields: dict[SSAValue, SSAValue] = {}

    def lower(self) -> func.FuncOp:
        arguments = self.arguments()
        block = Block(arg_types=[a.type for a in arguments])
        for value, argument in zip(block.args, arguments, strict=True):
            value.name_hint, value.location = hint(argument.name), self.network.source.location
        self.nnodes, self.nedges, self.edges, self.flat = block.args[:4]
        named = dict(zip([a.name for a in arguments], block.args, strict=True))
        for (_, feature), result in zip(self.network.source.features, self.network.source.fields, strict=True):
            self.fields[result] = named[feature.label]
        self.targets = named
        self.builder = Builder(block, self.network.location)
        for op in self.order:
            self.builder.location, self.builder.label = op.location, op.properties["id"]
            if (rule := self.RULES.get(type(op))) is not None:
                rule(self, op)
        outputs = self.loss_result() if self.loss else self.outputs()
        block.add_op(func.ReturnOp(*(v for v, _ in outputs)))
        name = self.network.label + ("_loss" if self.loss else "")
        return func.FuncOp.build(
            properties={
                "sym_name": StringAttr(name),
                "function_type": FunctionType.from_lists([a.type for a in arguments], [a.type for _, a in outputs]),
                "arg_attrs": ArrayAttr(a.attributes() for a in arguments),
                "res_attrs": ArrayAttr(a.attributes() for _, a in outputs),
            },
            attributes={"anamc.blocks": DictionaryAttr({str(block_id(op)): label(op) for op in self.order})},
            regions=[Region(block)],
        )

    def arguments(self) -> list[Argument]:
        """Sizes, edge list, parameters, edge features, node features, and targets of the loss."""
        source = self.network.source
        edges_used = any(_uses_edges(op) for op in self.order)
        found = [Argument("nnodes", IndexType()), Argument("nedges", IndexType())]
        found.append(Argument("edgelist", scatter.EDGES, ("nedges", 2), edges_used))
        found.append(
            Argument("params", TensorType(f64, [self.params.count]), (self.params.count,), self.params.count > 0)
        )
        features = list(zip(source.features, source.fields, strict=True))
        for rows in (graph.Rows.EDGES, graph.Rows.NODES):
            for (on, feature), value in features:
                if on == rows:
                    used = bool(value.uses.get_length())
                    found.append(field_argument(feature.label, rows, feature.width, used))
        if self.loss:
            for op in self.order:
                if isinstance(op, graph.LossOp) and op.target is None:
                    rows, width = of_type(op)
                    found.append(field_argument(op.target_name.data, rows, width))
        return found

    def encoder(self, op: graph.EncoderOp) -> None:
        rows, x = self.row_input(op.inputs)
        offset = self.offsets[block_id(op)]
        width = _shape(x)[-1]
        shapes: list[TensorType[Attribute]] = []
        hints: list[str] = []
        for k, layer in enumerate(op.layers.data, 1):
            parts = 4 if layer.has_norm else 2
            shapes += [TensorType(f64, [width, layer.width]), *[TensorType(f64, [layer.width])] * (parts - 1)]
            hints += [f"{part}{k}" for part in ("W", "b", "scale", "shift")[:parts]]
            width = layer.width
        unpack = mlp.UnpackOp(self.flat, offset, shapes)
        self.builder.add(unpack)
        for part, name in zip(unpack.parts, hints, strict=True):
            part.name_hint = name
        parts = iter(unpack.parts)
        for layer in op.layers.data:
            x = self.builder.add(mlp.DenseOp(x, next(parts), next(parts)), "z")
            if layer.has_norm:
                x = self.builder.add(mlp.LayerNormOp(x, next(parts), next(parts), LAYER_NORM_EPS), "z")
            if (activation := ACTIVATIONS[layer.activation.kind.data](x, layer.activation)) is not None:
                x = self.builder.add(activation, "h")
        if rows == graph.Rows.EDGES and op.scatter.data != "none":
            x = self.to_nodes(scatter.SumOp, x, op.scatter.data)
        self.fields[op.result] = x

    def row_input(self, inputs: Sequence[SSAValue]) -> tuple[graph.Rows, SSAValue]:
        """The rows and what stands in one: `[edge fields, left node fields, right node fields]`."""
        on = [_field(v).on for v in inputs]
        values = [self.fields[v] for v in inputs]
        if graph.Rows.EDGES not in on:
            return graph.Rows.NODES, self.builder.concat(values)
        nodes = [v for v, rows in zip(values, on, strict=True) if rows == graph.Rows.NODES]
        parts = [v for v, rows in zip(values, on, strict=True) if rows == graph.Rows.EDGES]
        for end, side in enumerate(("left", "right")):
            parts += [self.builder.add(scatter.GatherOp(v, self.edges, end), side) for v in nodes]
        return graph.Rows.EDGES, self.builder.concat(parts)

    def to_nodes(
        self, reduction: type[scatter.SumOp | scatter.MeanOp | scatter.MaxOp], x: SSAValue, scatter_signs: str
    ) -> SSAValue:
        left, right = graph.SCATTERS[scatter_signs]
        signs = (left, right if self.symmetric else 0)
        return self.builder.add(reduction(x, self.edges, self.nnodes, signs), "sum")

    def aggregate(self, op: graph.AggregateOp) -> None:
        self.fields[op.result] = self.to_nodes(REDUCTIONS[op.reduce.data], self.fields[op.input], op.scatter.data)

    def combine(self, op: graph.CombineOp) -> None:
        values = [self.fields[v] for v in op.inputs]
        function = op.function.data
        if function == "concat":
            self.fields[op.result] = self.builder.concat(values)
            return
        total = values[0]
        for value in values[1:]:
            join = arith.MulfOp(total, value) if function == "multiply" else arith.AddfOp(total, value)
            total = self.builder.add(join)
        if function == "average":
            count = self.builder.add(arith.ConstantOp(FloatAttr(float(len(values)), f64)))
            rows = self.nnodes if _field(op.result).on == graph.Rows.NODES else self.nedges
            type = TensorType(f64, [DYNAMIC_INDEX, _shape(total)[-1]])
            counts = self.builder.add(tensor.SplatOp(count, [rows], type))
            total = self.builder.add(arith.DivfOp(total, counts))
        self.fields[op.result] = total

    def loss_block(self, op: graph.LossOp) -> None:
        if not self.loss:
            return
        p = self.builder.concat([self.fields[v] for v in op.of])
        t = self.targets[op.target_name.data] if op.target is None else self.fields[op.target]
        kind = op.function.kind.data
        delta = op.function.option("delta") if kind == "huber" else 1.0
        rows = self.builder.add(mlp.RowLossOp(kind, p, t, delta), "l")
        if self.flat not in self.fields:
            zero = DenseIntOrFPElementsAttr.from_list(TensorType(f64, []), [0.0])
            self.fields[self.flat] = self.builder.add(arith.ConstantOp(zero, TensorType(f64, [])))
        weight = op.weight.value.data / (1 if kind == "cross_entropy" else _shape(p)[-1])
        self.fields[self.flat] = self.builder.add(mlp.MeanOp(rows, self.fields[self.flat], weight), "loss")

    def outputs(self) -> list[tuple[SSAValue, Argument]]:
        """Every encoder, aggregate or combine without a reader other than a loss, by block id."""
        found: list[tuple[SSAValue, Argument]] = []
        for op in sorted(self.order, key=block_id):
            if not isinstance(op, graph.EncoderOp | graph.AggregateOp | graph.CombineOp):
                continue
            if all(isinstance(use.operation, graph.LossOp) for use in op.result.uses):
                type = _field(op.result)
                name = op.output_name.data if op.output_name is not None else f"xout{block_id(op)}"
                found.append((self.fields[op.result], field_argument(name, type.on, type.size)))
        return found

    def loss_result(self) -> list[tuple[SSAValue, Argument]]:
        return [(self.fields[self.flat], Argument("loss", TensorType(f64, [])))]

    RULES: dict[type[Operation], Callable[[NetworkLowering, Operation], None]] = {}


NetworkLowering.RULES = {
    graph.EncoderOp: lambda self, op: self.encoder(op),  # pyright: ignore[reportArgumentType]
    graph.AggregateOp: lambda self, op: self.aggregate(op),  # pyright: ignore[reportArgumentType]
    graph.CombineOp: lambda self, op: self.combine(op),  # pyright: ignore[reportArgumentType]
    graph.LossOp: lambda self, op: self.loss_block(op),  # pyright: ignore[reportArgumentType]
}


def field_argument(name: str, rows: graph.Rows, width: int, used: bool = True) -> Argument:
    """A field of `width` numbers on nodes or edges."""
    return Argument(name, TensorType(f64, [DYNAMIC_INDEX, width]), (SIZES[rows], width), used)


def of_type(op: graph.LossOp) -> tuple[graph.Rows, int]:
    """Rows and width of what a loss compares."""
    return _field(op.of[0]).on, sum(_field(v).size for v in op.of)


def label(op: Operation) -> DictionaryAttr:
    """What comments and kernel names say of a block: `name` short, `text` one line for people."""
    kind = op.name.removeprefix("graph.")
    name = op.properties.get("block_name")
    number = block_id(op)
    called = f" '{name.data}'" if isinstance(name, StringAttr) else ""
    short = name.data if isinstance(name, StringAttr) else f"{kind}{number}"
    return DictionaryAttr({"name": StringAttr(short), "text": StringAttr(f"{kind}{called} (id {number}){_detail(op)}")})


def _detail(op: Operation) -> str:
    match op:
        case graph.EncoderOp():
            on = [_field(v).on for v in op.inputs]
            inner = sum(
                _field(v).size * (2 if graph.Rows.EDGES in on and rows == graph.Rows.NODES else 1)
                for v, rows in zip(op.inputs, on, strict=True)
            )
            widths = " -> ".join(str(w) for w in [inner, *(layer.width for layer in op.layers.data)])
            signs = f", scatter {op.scatter.data}" if op.scatter.data != "none" else ""
            return f": {graph.Rows.EDGES if graph.Rows.EDGES in on else graph.Rows.NODES}, {widths}{signs}"
        case graph.AggregateOp():
            return f": edges to nodes, {op.reduce.data}, {op.scatter.data}"
        case graph.CombineOp():
            return f": {op.function.data} of {len(op.inputs)} fields"
        case graph.LossOp():
            return f": {op.function.kind.data}"
        case _:
            return ""


def hint(name: str) -> str | None:
    """An SSA name hint for a user's name; None where it has characters that IR names cannot have."""
    return name if name.isascii() and name.isidentifier() else None


def _uses_edges(op: Operation) -> bool:
    match op:
        case graph.AggregateOp():
            return True
        case graph.EncoderOp():
            on = {_field(v).on for v in op.inputs}
            return len(on) > 1 or (graph.Rows.EDGES in on and op.scatter.data != "none")
        case _:
            return False


def _field(value: SSAValue) -> graph.FieldType:
    if not isinstance(value.type, graph.FieldType) or not value.type.resolved:
        raise PassFailedException(f"convert-graph-to-mlp: unresolved {value.type}; run graph-infer-shapes before")
    return value.type


def _shape(value: SSAValue) -> tuple[int, ...]:
    return value.type.get_shape() if isinstance(value.type, TensorType) else ()


@dataclass(frozen=True)
class ConvertGraphToMlpPass(ModulePass):
    """
    Replaces each `graph.network` by `func.func @<name>`, and `@<name>_loss` where it has losses.

    Arguments: `nnodes`, `nedges`, `edgelist`, `params`, edge features, node features, then the
    targets of the loss. Floats are f64; `set-float-type` chooses.
    """

    name = "convert-graph-to-mlp"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        taken = {o.sym_name.data for o in op.ops if isinstance(o, func.FuncOp)}
        for network in [o for o in op.ops if isinstance(o, graph.NetworkOp)]:
            for block in network.blocks:
                for value in block.results:
                    _field(value)
            order = topological(network)
            params = layout(network)
            functions = [NetworkLowering(network, order, params, loss=False).lower()]
            if any(isinstance(o, graph.LossOp) for o in order):
                functions.append(NetworkLowering(network, order, params, loss=True).lower())
            for function in functions:
                if (name := function.sym_name.data) in taken:
                    raise PassFailedException(f"convert-graph-to-mlp: two functions are called @{name}")
                taken.add(name)
                function.location = network.location
                op.body.block.insert_op_before(function, network)
            network.detach()
            network.erase()
