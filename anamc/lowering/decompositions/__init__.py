"""How named operations on tensors become nests: one table a dialect."""

from xdsl.ir import Operation

from anamc.lowering.decompositions import elementwise, mlp, mlp_adjoints, scatter, tensor
from anamc.lowering.decompositions.builder import Rule

RULES: dict[type[Operation], Rule] = {
    **elementwise.RULES,
    **mlp.RULES,
    **mlp_adjoints.RULES,
    **scatter.RULES,
    **tensor.RULES,
}
"""The nests of each operation."""
