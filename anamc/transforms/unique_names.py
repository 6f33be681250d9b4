"""Names that are different from all others."""

from __future__ import annotations


def unique(name: str, used: set[str]) -> str:
    """The name, with a number where it is taken; it is taken from then on."""
    found, number = name, 2
    while found in used:
        found, number = f"{name}_{number}", number + 1
    used.add(found)
    return found
