"""
Layers of networks on tensors: every operation acts on the last dimension, so the same operation serves
a batch `tensor<?x16xf32>` and a row `tensor<16xf32>`.

Weights are `in x out`, row-major: that is the flat parameter vector (W `out x in`, column-major)
without a copy. An activation is an operation of its own; `tanh` and `sin` are those of `math`.
"""

from __future__ import annotations

from xdsl.ir import Dialect

from anamc.dialects.mlp.activations import (
    ACTIVATIONS,
    ActivationOp,
    EluOp,
    GeluOp,
    GeluTanhOp,
    LeakyReluOp,
    LogSoftmaxOp,
    ReluOp,
    SeluOp,
    SigmoidOp,
    SiluOp,
    SoftmaxOp,
    SoftplusOp,
)
from anamc.dialects.mlp.adjoints import BroadcastOp, DenseTransposedOp, OuterOp, RowDotOp, ScaleRowsOp, SumRowsOp
from anamc.dialects.mlp.layers import DenseOp, LayerNormOp, UnpackOp
from anamc.dialects.mlp.losses import ROW_LOSSES, MeanOp, RowLossOp
from anamc.dialects.mlp.parts import PackOp, SplitOp, WhereOp
from anamc.dialects.mlp.statistics import MeanTransposedOp, StandardizeOp, StandardizeTangentOp
from anamc.dialects.mlp.types import element_count

__all__ = [
    "ACTIVATIONS",
    "ADJOINTS",
    "ROW_LOSSES",
    "ActivationOp",
    "BroadcastOp",
    "DenseOp",
    "DenseTransposedOp",
    "EluOp",
    "GeluOp",
    "GeluTanhOp",
    "LayerNormOp",
    "LeakyReluOp",
    "LogSoftmaxOp",
    "MeanOp",
    "MeanTransposedOp",
    "Mlp",
    "OuterOp",
    "PackOp",
    "ReluOp",
    "RowDotOp",
    "RowLossOp",
    "ScaleRowsOp",
    "SeluOp",
    "SigmoidOp",
    "SiluOp",
    "SoftmaxOp",
    "SoftplusOp",
    "SplitOp",
    "StandardizeOp",
    "StandardizeTangentOp",
    "SumRowsOp",
    "UnpackOp",
    "WhereOp",
    "element_count",
]

ADJOINTS = (
    WhereOp,
    DenseTransposedOp,
    OuterOp,
    SumRowsOp,
    BroadcastOp,
    RowDotOp,
    ScaleRowsOp,
    StandardizeOp,
    StandardizeTangentOp,
    MeanTransposedOp,
    PackOp,
    SplitOp,
)

Mlp = Dialect("mlp", [UnpackOp, DenseOp, LayerNormOp, *ACTIVATIONS, RowLossOp, MeanOp, *ADJOINTS], [])
