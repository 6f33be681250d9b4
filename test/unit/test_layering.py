"""
Who may import whom: the table of `docs/architecture.md`, kept true over the AST.

Everyone may import `errors` and, inside a package, its own modules. Nobody imports `cli`.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

BELOW_RUNTIME = (
    *("dialects", "analysis", "params", "program", "pipelines", "universe"),
    *("frontends", "backends", "transforms", "lowering", "autodiff", "schedule", "numerics", "interpreters"),
)

MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "errors": (),
    "dialects": (),
    "analysis": ("dialects",),
    "numerics": ("dialects",),
    "interpreters": ("dialects",),
    "params": ("dialects", "analysis"),
    "autodiff": ("dialects", "analysis", "numerics"),
    "schedule": ("dialects", "analysis"),
    "lowering": ("dialects", "analysis", "schedule", "numerics"),
    "transforms": ("dialects", "analysis", "autodiff", "schedule", "numerics", "params", "lowering"),
    "frontends": ("dialects",),
    "backends": ("dialects",),
    "universe": ("dialects", "transforms", "backends", "frontends"),
    "pipelines": ("dialects", "transforms", "universe"),
    "program": ("dialects", "analysis", "frontends", "pipelines"),
    "derivatives": ("dialects", "pipelines", "program"),
    "runtime": ("dialects", "schedule", "pipelines", "universe", "backends", "params", "program"),
    "training": (*BELOW_RUNTIME, "runtime"),
    "export": (*BELOW_RUNTIME, "runtime"),
    "interop": (*BELOW_RUNTIME, "runtime"),
    # The tops: the public API, and the command lines, which nobody imports.
    "api": (*BELOW_RUNTIME, "runtime"),
    "index": (*BELOW_RUNTIME, "runtime", "api"),
    "__init__": (*BELOW_RUNTIME, "runtime", "api", "index", "derivatives", "training", "export", "interop"),
    "cli": ("__init__", "api", "derivatives", *BELOW_RUNTIME, "runtime", "training", "export", "interop"),
}
"""What a module or package of anamc may import of anamc, besides `errors` and itself."""

HOMES: dict[str, tuple[str, ...]] = {
    "h5py": ("params/hdf5.py",),
    "llvmlite": ("backends/llvm_ir/", "runtime/"),
    "matplotlib": ("cli/plot.py",),
    "torch": ("interop/",),
    "jax": ("interop/",),
}
"""Where a heavy or optional library may be imported; nowhere else."""

INSIDE_FUNCTIONS = ("torch", "jax", "matplotlib")
"""Libraries that may be missing: importing a module of anamc must not import them."""


@dataclass(frozen=True)
class Import:
    """A module that a file imports, where, and whether only inside a function."""

    module: str
    line: int
    inside: bool

    @property
    def library(self) -> str:
        return self.module.partition(".")[0]

    @property
    def part(self) -> str:
        """The part of anamc: `transforms` for `anamc.transforms.x`, `__init__` for `anamc` itself."""
        return self.module.split(".")[1] if "." in self.module else "__init__"


def imports(tree: ast.AST, inside: bool = False) -> Iterator[Import]:
    """Every import below a node. `from anamc import x` counts as `anamc.x` where x is a part of anamc."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno, inside) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from imported_from(node, inside)
        else:
            yield from imports(node, inside or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda))


def imported_from(node: ast.ImportFrom, inside: bool) -> Iterator[Import]:
    module = "." * node.level + (node.module or "")
    if module != "anamc":
        yield Import(module, node.lineno, inside)
        return
    for alias in node.names:
        name = f"anamc.{alias.name}" if alias.name in {*MAY_IMPORT, "errors"} else "anamc"
        yield Import(name, node.lineno, inside)


def part_of(path: str) -> str:
    """The part that a path relative to `anamc/` belongs to."""
    return path.partition("/")[0].removesuffix(".py")


def violations(path: str, source: str) -> list[str]:
    """What the file at `path` (relative to `anamc/`) imports against the tables."""
    part = part_of(path)
    if part not in MAY_IMPORT:
        return [f"anamc/{path}: '{part}' does not stand in the table"]
    allowed = {"errors", part, *MAY_IMPORT[part]}
    found: list[str] = []
    for item in imports(ast.parse(source)):
        place = f"anamc/{path}:{item.line}: {item.module}"
        if item.library == "anamc":
            if item.part not in allowed:
                found.append(f"{place}: {part} may import {', '.join(sorted(allowed))}")
        elif item.module.startswith("."):
            found.append(f"{place}: imports are absolute")
        elif item.library in HOMES and not path.startswith(HOMES[item.library]):
            found.append(f"{place}: {item.library} stands in {' and '.join(HOMES[item.library])}")
        elif item.library in INSIDE_FUNCTIONS and not item.inside:
            found.append(f"{place}: {item.library} is imported inside functions")
    return found


def test_every_import_follows_the_table() -> None:
    files = sorted((ROOT / "anamc").rglob("*.py"))
    assert len(files) > 10
    found = [v for f in files for v in violations(f.relative_to(ROOT / "anamc").as_posix(), f.read_text())]
    assert not found, "\n".join(found)


def test_the_table_has_no_cycle_but_those_it_names() -> None:
    order = list(MAY_IMPORT)
    for part, allowed in MAY_IMPORT.items():
        above = [a for a in allowed if a != "__init__" and order.index(a) >= order.index(part)]
        assert not above, f"{part} imports {above}, which stand after it"
    assert not [part for part, allowed in MAY_IMPORT.items() if "cli" in allowed]


@pytest.mark.parametrize(
    ("path", "source", "message"),
    [
        ("dialects/mlp.py", "from anamc.transforms.x import y", "dialects may import dialects, errors"),
        ("dialects/mlp.py", "from anamc import transforms", "anamc.transforms: dialects may import"),
        ("dialects/mlp.py", "def f():\n    import anamc.transforms", "anamc/dialects/mlp.py:2"),
        ("dialects/mlp.py", "import anamc", "anamc: dialects may import"),
        ("backends/c.py", "from anamc.transforms.x import y", "backends may import backends, dialects, errors"),
        ("frontends/j.py", "from anamc.transforms.x import y", "frontends may import"),
        ("transforms/t.py", "from anamc.backends.c import y", "transforms may import"),
        ("runtime/jit.py", "from anamc.cli.opt import main", "runtime may import"),
        ("errors.py", "from anamc.dialects import graph", "errors may import errors"),
        ("new/x.py", "import os", "'new' does not stand in the table"),
        ("params/layout.py", "import h5py", "h5py stands in params/hdf5.py"),
        ("transforms/t.py", "from llvmlite import binding", "llvmlite stands in backends/llvm_ir/ and runtime/"),
        ("cli/driver.py", "import matplotlib.pyplot as plt", "matplotlib stands in cli/plot.py"),
        ("cli/plot.py", "import matplotlib.pyplot as plt", "matplotlib is imported inside functions"),
        ("interop/torch.py", "import torch", "torch is imported inside functions"),
        ("params/x.py", "from . import layout", "imports are absolute"),
    ],
)
def test_a_forbidden_import_is_found(path: str, source: str, message: str) -> None:
    (found,) = violations(path, source)
    assert message in found


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("dialects/mlp.py", "from anamc.dialects.access import x\nfrom anamc.errors import Error\nimport os"),
        ("params/hdf5.py", "import h5py"),
        ("runtime/jit.py", "from llvmlite import binding"),
        ("interop/torch.py", "def f():\n    import torch"),
        ("cli/plot.py", "def f():\n    from matplotlib import pyplot"),
        ("cli/driver.py", "import anamc\nfrom anamc.runtime.jit import jit"),
    ],
)
def test_an_allowed_import_is_not(path: str, source: str) -> None:
    assert violations(path, source) == []
