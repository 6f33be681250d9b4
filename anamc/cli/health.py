"""What `anamc doctor` looks at: each check is a row of a table with a state and a word."""

from __future__ import annotations

import os
import platform
import re
import shlex
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from anamc.errors import Error, ToolError, shown

OK, ABSENT, BAD = "ok", "absent", "bad"
"""Works; is not there and need not be; stops something that anamc does."""

MARK = {OK: "ok", ABSENT: "-", BAD: "PROBLEM"}
REQUIRED = ("xdsl", "llvmlite", "numpy", "h5py", "rich")
OPTIONAL = {"matplotlib": "plots", "scipy": "meshes of tests and examples"}
PINNED = {"xdsl": "0.74.", "llvmlite": "0.50."}
COMPILERS = ("cc", "gcc", "clang", *(f"clang-{n}" for n in range(22, 13, -1)), "nvc", "icx")
MLIR_OPT = ("mlir-opt", *(f"mlir-opt-{n}" for n in range(22, 17, -1)))
SECONDS = 30.0

PROGRAM = """\
#include <math.h>
{guard}
float anamc_test(float x);
float anamc_test(float x) {{ return tanhf(x) + (float)sizeof(long); }}
"""
GUARD = "#ifndef {macro}\n#error {macro}\n#endif"
DIRECTIVES = {"OpenMP": ("-fopenmp", "_OPENMP"), "OpenACC": ("-fopenacc", "_OPENACC")}


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    name: str
    state: str
    detail: str


def checks() -> Iterator[Check]:
    """All checks, in the order in which people should mend."""
    yield python()
    yield from packages()
    yield from machine()
    yield jit()
    yield from compilers()
    yield mlir_opt()
    yield cache()


def python() -> Check:
    """Python itself."""
    good = sys.version_info >= (3, 11)
    return Check("Python", OK if good else BAD, f"{platform.python_version()} at {shown(sys.executable)}")


def packages() -> Iterator[Check]:
    """Packages, with the versions that anamc was made for."""
    for name in REQUIRED:
        version = _version(name)
        pinned = PINNED.get(name, "")
        good = version is not None and version.startswith(pinned)
        wanted = f", expected {pinned}*" if version is not None and not good else ""
        yield Check(name, OK if good else BAD, (version or "not installed") + wanted)
    for name, purpose in OPTIONAL.items():
        version = _version(name)
        yield Check(name, OK if version else ABSENT, version or f"not installed; for {purpose}")


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def machine() -> Iterator[Check]:
    """The processor as LLVM sees it."""
    try:
        from anamc.backends.llvm_ir.machine import host

        found = host()
    except (ImportError, OSError, RuntimeError) as error:
        yield Check("LLVM", BAD, shown(error))
        return
    yield Check("processor", OK, f"{found.cpu}, {found.triple}, {os.cpu_count()} cores")
    on = [f[1:] for f in found.features.split(",") if f.startswith("+")]
    wanted = [f for f in on if re.fullmatch(r"avx512f|avx2?|fma|f16c|neon|sve2?|v", f)]
    yield Check("vector features", OK, f"{', '.join(wanted) or 'none'} ({len(on)} features in all)")


def jit() -> Check:
    """Whether code compiled in this process runs: the embedded example."""
    try:
        from anamc.cli.demo import Demo
        from anamc.cli.measure import by_jit
        from anamc.runtime.jit import machine_key

        by_jit(Demo("float32").job)
        return Check("LLVM (JIT)", OK, f"LLVM {machine_key()[1]} compiles and runs")
    except (ImportError, OSError, RuntimeError, Error) as error:
        return Check("LLVM (JIT)", BAD, shown(error))


def compilers() -> Iterator[Check]:
    """C compilers; the one that anamc would take must work."""
    from anamc.runtime.system_compiler import find_compiler

    try:
        chosen = find_compiler().command
    except ToolError as error:
        absent = error.code == "A0701"
        yield Check(
            "C compiler", ABSENT if absent else BAD, error.what + ("; C code is written, not run" if absent else "")
        )
        chosen = ()
    seen: set[tuple[str, ...]] = set()
    for command in (chosen, *((path,) for name in COMPILERS if (path := shutil.which(name)))):
        if command and (key := (os.path.realpath(command[0]), *command[1:])) not in seen:
            seen.add(key)
            yield compiler(shlex.join(command), required=command == chosen)


def compiler(command: str, required: bool) -> Check:
    """One compiler: its version, whether it makes a library that loads, and which directives it knows."""
    from anamc.runtime.system_compiler import find_compiler

    name = f"{Path(shlex.split(command)[0]).name}{' (default)' if required else ''}"
    if failure := _compiles(command):
        return Check(name, BAD if required else ABSENT, f"cannot compile a test program: {failure}")
    known = [label for label, (flag, macro) in DIRECTIVES.items() if not _compiles(command, flag, macro)]
    version = find_compiler(command).version()
    return Check(name, OK, ", ".join([version or shown(command), *known]))


def _compiles(command: str, flag: str = "", macro: str = "") -> str:
    """Why a test program cannot be compiled and loaded; empty where it can."""
    from anamc.runtime.system_compiler import SharedLibrary, compile_shared

    text = PROGRAM.format(guard=GUARD.format(macro=macro) if macro else "")
    with tempfile.TemporaryDirectory(prefix="anamc-") as folder:
        try:
            path = compile_shared(
                {"src/test.c": text}, compiler=command, flags=[flag] if flag else [], folder=folder, timeout=SECONDS
            )
            SharedLibrary(path).address("anamc_test")
        except ToolError as error:
            said = error.why.splitlines()[1:]  # behind the command line; the first message is what counts
            return shown(f"{error.what}: {said[0]}" if said else error.what)
    return ""


def mlir_opt() -> Check:
    """MLIR's own tool, which some tests use."""
    for name in MLIR_OPT:
        if path := shutil.which(name):
            version = re.search(r"LLVM version (\S+)", _output([path, "--version"]))
            return Check("mlir-opt", OK, f"{shown(path)}, {version[1] if version else 'version unknown'}")
    return Check("mlir-opt", ABSENT, "not installed; for tests with MLIR itself")


def _output(command: list[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


def cache() -> Check:
    """The folder of compiled code: whether it can be used, and how full it is."""
    from anamc.runtime.cache import SUFFIX, default_directory

    folder = default_directory()
    if folder is None:
        return Check("cache", ABSENT, "no home folder; compiled code is not kept")
    try:
        status = folder.stat()
    except FileNotFoundError:
        return Check("cache", OK, f"{shown(folder)}, not made yet")
    except OSError as error:
        return Check("cache", BAD, f"{shown(folder)}: {shown(error.strerror)}")
    if problem := _cache_problem(folder, status):
        return Check("cache", BAD, f"{shown(folder)}: {problem}")
    sizes = [entry.stat().st_size for entry in folder.glob(f"*{SUFFIX}")]
    return Check("cache", OK, f"{shown(folder)}, {len(sizes)} entries, {sum(sizes) / 2**20:.1f} MiB")


def _cache_problem(folder: Path, status: os.stat_result) -> str:
    checks: tuple[tuple[Callable[[], bool], str], ...] = (
        (lambda: stat.S_ISDIR(status.st_mode), "is no folder"),
        (lambda: status.st_uid == os.geteuid(), "belongs to another user, so it is not used"),
        (lambda: not stat.S_IMODE(status.st_mode) & 0o077, "others can use it, so anamc does not: chmod 700 it"),
        (lambda: os.access(folder, os.W_OK | os.X_OK), "cannot be written"),
    )
    return next((text for good, text in checks if not good()), "")
