"""lit: the tools are those of the environment where anamc is installed, else those of this checkout."""

# lit defines `config` where it runs this file.
# ruff: noqa: F821
# pyright: basic, reportUndefinedVariable=false

import os
import shutil
import sys
from importlib.metadata import entry_points
from pathlib import Path

import lit.formats

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BUILD = ROOT / "build" / "lit"

# A feature is the name of a program that a test needs: // REQUIRES: mlir-opt-19
PROGRAMS = ("mlir-opt-19", "mlir-translate-19", "clang-19", "clang-14", "gcc", "g++", "h5dump", "dot")
# What a tool may see of the user's environment.
KEPT = ("HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "COLUMNS")
KEPT_PREFIXES = ("COVERAGE_",)

config.name = "anamc"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test", ".json", ".ix"]
config.excludes = ["inputs", "Inputs", "lit.cfg.py"]
config.test_source_root = str(HERE)
config.test_exec_root = str(BUILD)
# A substitution may contain another one.
config.recursiveExpansionLimit = 3

bins = [str(Path(sys.executable).parent), str(ROOT / "tools"), os.environ.get("PATH", os.defpath)]
config.environment = {
    **{k: v for k, v in os.environ.items() if k in KEPT or k.startswith(KEPT_PREFIXES)},
    "PATH": os.pathsep.join(bins),
    "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
    "PYTHONDONTWRITEBYTECODE": "1",
    "XDG_CACHE_HOME": str(BUILD / "cache"),
    "NO_COLOR": "1",
    "TERM": "dumb",
}
config.available_features.update(p for p in PROGRAMS if shutil.which(p))
# Stock xdsl-opt finds our dialects and passes by the entry point of an installed anamc.
if any(e.value.startswith("anamc.") for e in entry_points(group="xdsl.universe")):
    config.available_features.add("anamc-installed")
config.substitutions.append(("%python", sys.executable))
config.substitutions.append(("%examples", str(ROOT / "examples")))
