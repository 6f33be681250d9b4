"""Rules of the user's own for functions: checked, and each made from the other where one is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from xdsl.dialects import func
from xdsl.dialects.builtin import SymbolRefAttr
from xdsl.ir import Attribute, Operation

from anamc.dialects import ad
from anamc.errors import DerivativeError, Place, shown

Derive = Callable[[func.FuncOp, str, Sequence[int], Sequence[int]], func.FuncOp]
"""`derive(function, kind, wrt, of)`: the derivative of a function as a function of the module."""


@dataclass(frozen=True)
class Rule:
    """
    A rule as a function to call.

    It takes the arguments in `record`, the results in `results`, then the directions; it gives derivatives
    from `first` on. One that is `transposed` takes in front of its directions those of the rule that it
    was made from, and does not look at them.
    """

    function: func.FuncOp
    record: tuple[int, ...]
    results: tuple[int, ...]
    wrt: tuple[int, ...]
    transposed: bool = False
    first: int = 0


class Customs:
    """The `ad.custom`s of a module, by the function that they are for."""

    def __init__(self, ops: Sequence[ad.CustomOp], functions: Mapping[str, func.FuncOp], derive: Derive) -> None:
        self.ops = {op.primal.root_reference.data: op for op in ops}
        self.functions = functions
        self.derive = derive
        self.known: dict[tuple[str, str], Rule] = {}
        for op in ops:
            if (other := self.ops[op.primal.root_reference.data]) is not op:
                raise wrong(op, f"there is another one, at {Place.of(other.location)}")
            self.check(op)

    def __contains__(self, name: str) -> bool:
        return name in self.ops

    @property
    def names(self) -> frozenset[str]:
        """Functions whose calls stay until they are differentiated."""
        return frozenset(self.ops)

    def rule(self, name: str, kind: str) -> Rule:
        """The `vjp` or `jvp` of a function; a missing one is the other transposed."""
        key = (name, kind)
        if key not in self.known:
            op = self.ops[name]
            given = op.vjp if kind == "vjp" else op.jvp
            record, results, wrt = op.chosen(self.functions[name])
            if given is not None:
                self.known[key] = Rule(self.function(op, given), record, results, wrt)
            else:
                self.known[key] = self.transposed(op, kind)
        return self.known[key]

    def source(self, name: str, kind: str) -> str:
        """The function of the user's that the rule of a function is made from; empty where it has none."""
        op = self.ops.get(name)
        given = None if op is None else (op.vjp or op.jvp) if kind == "vjp" else (op.jvp or op.vjp)
        return "" if given is None else given.root_reference.data

    def transposed(self, op: ad.CustomOp, kind: str) -> Rule:
        """Rules are linear in their directions, so the reverse of one with respect to these is the other."""
        given = op.jvp if kind == "vjp" else op.vjp
        if given is None:
            raise TypeError("the verifier wants one of the two")
        function = self.function(op, given)
        record, results, wrt = op.chosen(self.functions[op.primal.root_reference.data])
        first = len(record) + len(results)
        count, outputs = len(function.function_type.inputs.data), function.function_type.outputs.data
        made = self.derive(function, "vjp", range(first, count), range(len(outputs)))
        return Rule(made, record, results, wrt, True, len(outputs))

    def function(self, op: ad.CustomOp, name: SymbolRefAttr) -> func.FuncOp:
        found = self.functions.get(name.root_reference.data)
        if found is None or not found.body.blocks:
            raise wrong(op, f"there is no function {name} with a body")
        return found

    def check(self, op: ad.CustomOp) -> None:
        """A1108 for a rule that does not fit its function."""
        primal = self.function(op, op.primal)
        inputs, outputs = primal.function_type.inputs.data, primal.function_type.outputs.data
        record, results, wrt = op.chosen(primal)
        for what, chosen, count in (("record", record, inputs), ("results", results, outputs), ("wrt", wrt, inputs)):
            for k in chosen:
                if not 0 <= k < len(count):
                    raise wrong(op, f"{what} has position {k}, but @{shown(primal.sym_name.data)} has {len(count)}")
        for k in wrt:
            if not ad.is_differentiable(inputs[k]):
                raise wrong(op, f"wrt has argument {k}, of type {inputs[k]}: only floats have derivatives")
        kept = [*(inputs[k] for k in record), *(outputs[k] for k in results)]
        directions = [inputs[k] for k in wrt]
        floats = [t for t in outputs if ad.is_differentiable(t)]
        for name, takes, gives in ((op.vjp, floats, directions), (op.jvp, directions, floats)):
            if name is not None:
                self.check_signature(op, self.function(op, name), [*kept, *takes], gives)

    @staticmethod
    def check_signature(
        op: ad.CustomOp, rule: func.FuncOp, takes: Sequence[Attribute], gives: Sequence[Attribute]
    ) -> None:
        type = rule.function_type
        if list(type.inputs) != list(takes) or list(type.outputs) != list(gives):
            raise wrong(
                op,
                f"@{shown(rule.sym_name.data)} must take ({', '.join(map(str, takes))}) and give "
                f"({', '.join(map(str, gives))})\n"
                f"it takes ({', '.join(map(str, type.inputs))}) and gives ({', '.join(map(str, type.outputs))})",
            )


def wrong(op: Operation, why: str) -> DerivativeError:
    """A1108"""
    primal = op.primal if isinstance(op, ad.CustomOp) else ""
    return DerivativeError("A1108", f"the custom rule of {primal} does not fit", place=Place.of(op.location), why=why)
