"""The rules of each dialect, a file each."""

from __future__ import annotations

from importlib import import_module

FILES = (
    "arith",
    "custom",
    "math",
    "mlp",
    "mlp_activations",
    "mlp_adjoints",
    "mlp_where",
    "nest",
    "scatter",
    "scatter_max",
    "scf",
    "tensor",
)
"""One file a dialect, or a part of one."""


def register() -> None:
    """Fills the tables of `anamc.autodiff.tables`."""
    for name in FILES:
        import_module(f"anamc.autodiff.rules.{name}")
