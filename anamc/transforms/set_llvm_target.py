"""Pass `set-llvm-target`: the machine that an `llvm` module is for."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import llvm
from xdsl.dialects.builtin import ArrayAttr, ModuleOp, StringAttr
from xdsl.passes import ModulePass
from xdsl.utils.exceptions import PassFailedException

NAME = "set-llvm-target"


@dataclass(frozen=True)
class SetLlvmTargetPass(ModulePass):
    """
    Writes the target triple on the module, and CPU, features and preferred vector width on its functions.

    `features` is a comma-separated list such as `+avx2,+fma`; `vector_width` is in bits, 0 for LLVM's choice.
    """

    name = NAME

    triple: str = ""
    cpu: str = ""
    features: str = ""
    vector_width: int = 0

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        features = [StringAttr(f) for f in self.features.split(",") if f]
        if any(not f.data.startswith(("+", "-")) for f in features):
            raise PassFailedException(f"{NAME}: features must start with '+' or '-', got '{self.features}'")
        if self.vector_width < 0:
            raise PassFailedException(f"{NAME}: vector-width must be >= 0, got {self.vector_width}")
        if self.triple:
            op.attributes["llvm.target_triple"] = StringAttr(self.triple)
        for function in op.ops:
            if isinstance(function, llvm.FuncOp) and function.body.blocks:
                self._set(function, features)

    def _set(self, function: llvm.FuncOp, features: list[StringAttr]) -> None:
        if self.cpu:
            function.properties["target_cpu"] = StringAttr(self.cpu)
        if features:
            function.properties["target_features"] = llvm.TargetFeaturesAttr(ArrayAttr(features))
        if self.vector_width:
            pair = ArrayAttr([StringAttr("prefer-vector-width"), StringAttr(str(self.vector_width))])
            old = function.get_attr_or_prop("passthrough")
            function.attributes.pop("passthrough", None)
            function.properties["passthrough"] = ArrayAttr([*(old if isinstance(old, ArrayAttr) else ()), pair])
