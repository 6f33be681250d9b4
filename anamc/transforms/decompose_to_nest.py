"""Pass `decompose-to-nest`: named operations on tensors become `nest.map`s with scalar bodies."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import ModuleOp, TensorType
from xdsl.ir import SSAValue
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import PatternRewriter

from anamc.lowering.decompositions import RULES
from anamc.lowering.decompositions.builder import NestBuilder


@dataclass(frozen=True)
class DecomposeToNestPass(ModulePass):
    """
    Replaces layers, activations, losses, scatters, views of a parameter vector, concatenations and
    elementwise operations on tensors by nests.

    Works on rows inside kernels and on batches alike. What has no decomposition stays.
    """

    name = "decompose-to-nest"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for inner in list(op.walk()):
            rule = RULES.get(type(inner))
            if rule is None or not any(isinstance(r.type, TensorType) for r in inner.results):
                continue
            rewriter = PatternRewriter(inner)
            made = rule(NestBuilder(inner, rewriter), inner)
            rewriter.replace(inner, [], [made] if isinstance(made, SSAValue) else made)
        for inner in list(op.walk(reverse=True)):
            if isinstance(inner, tensor.SplatOp | arith.ConstantOp) and not any(
                r.uses.get_length() for r in inner.results
            ):
                inner.detach()
                inner.erase()
