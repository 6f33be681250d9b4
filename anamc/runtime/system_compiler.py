"""The system's C compiler: emitted C to a shared library, and its functions as Python callables."""

from __future__ import annotations

import ctypes
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from anamc.errors import ToolError, shown
from anamc.program import Signature
from anamc.runtime.buffers import Buffer, check_arguments, concrete_shape
from anamc.runtime.callable import Function, with_dtype

CANDIDATES = ("cc", "gcc", "clang")
"""Compilers that are tried in this order where neither the caller nor `$CC` names one."""

FLAGS = ("-std=c99", "-O2", "-fPIC", "-shared")
LIBRARIES = ("-lm",)
TIMEOUT = 120.0
"""Longest time for one compilation (seconds)."""

MAX_MESSAGE_LINES = 20
"""Most lines of a compiler's message that an error repeats."""


@dataclass(frozen=True)
class Compiler:
    """A C compiler: the words of its command, the first of them a path that exists."""

    command: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join(self.command)

    def version(self, timeout: float = 10.0) -> str:
        """The first line of ``--version``, empty where the compiler does not say."""
        try:
            done = _run([*self.command, "--version"], Path.cwd(), timeout)
        except ToolError:
            return ""
        return shown(done.stdout.partition("\n")[0]) if done.returncode == 0 else ""


def available_compilers() -> list[Compiler]:
    """The compilers of this machine that are looked for by name, in order, each once."""
    found = {path: Compiler((path,)) for name in CANDIDATES if (path := shutil.which(name))}
    return list(found.values())


def find_compiler(compiler: str | None = None) -> Compiler:
    """
    The C compiler: `compiler`, else ``$CC``, else ``cc``, ``gcc`` or ``clang``. Words behind the name are flags.

    ToolError A0701 where there is none, A0702 where the one that was asked for is not there.
    """
    asked = compiler or os.environ.get("CC", "").strip()
    if asked:
        return _asked(asked, "compiler" if compiler else "$CC")
    if found := available_compilers():
        return found[0]
    raise ToolError(
        "A0701",
        "no C compiler found",
        why=f"looked for {', '.join(CANDIDATES)} on the PATH",
        help="install one (Debian: apt install gcc), or name one: CC=/path/to/cc",
    )


def _asked(command: str, source: str) -> Compiler:
    try:
        words = shlex.split(command)
    except ValueError as e:
        raise ToolError("A0702", f"{source} is no command: {shown(command)}", why=str(e)) from None
    path = shutil.which(words[0]) if words else None
    if path is None:
        what = f"C compiler '{shown(words[0]) if words else ''}' of {source} not found"
        raise ToolError("A0702", what, help="name one that is installed, or leave it out")
    return Compiler((path, *words[1:]))


def _run(command: Sequence[str], folder: Path, timeout: float) -> subprocess.CompletedProcess[str]:
    """Run a tool in `folder`, without a shell. ToolError A0703 where it cannot start, A0705 past `timeout`."""
    environment = {**os.environ, "LC_ALL": "C"}
    try:
        return subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, timeout=timeout, check=False,
            text=True, errors="replace", stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise ToolError("A0705", f"{shown(command[0])} took longer than {timeout:g} s") from None
    except OSError as e:
        raise ToolError("A0703", f"{shown(command[0])} cannot be started", why=shown(e)) from None


def compile_shared(
    files: Mapping[str, str],
    *,
    compiler: str | None = None,
    flags: Sequence[str] = (),
    folder: str | Path | None = None,
    timeout: float = TIMEOUT,
) -> Path:
    """
    Compile the C sources of `files` (relative path to text) into a shared library, and return its path.

    Headers are found in ``include/``. The files are written into a new folder inside `folder`, or inside
    the system's folder for temporary files; whoever calls removes it. ToolError A0701 to A0706.
    """
    command = find_compiler(compiler).command
    place = Path(tempfile.mkdtemp(prefix="anamc-", dir=folder))
    try:
        sources = [path for path in _write(files, place) if path.endswith(".c")]
        library = place / "libanamc.so"
        words = [*command, *FLAGS, *flags, "-Iinclude", "-o", library.name, *sources, *LIBRARIES]
        done = _run(words, place, timeout)
        if done.returncode != 0 or not library.is_file():
            raise _failed(words, done)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    return library


def _write(files: Mapping[str, str], folder: Path) -> list[str]:
    """Write `files` below `folder`. ToolError A0706 for a path that leads out of it."""
    root = folder.resolve()
    for path, text in files.items():
        target = (root / path).resolve()
        if not target.is_relative_to(root) or path.startswith("-"):
            raise ToolError("A0706", f"the file '{shown(path)}' does not lie in the folder of the build")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return list(files)


def _failed(command: Sequence[str], done: subprocess.CompletedProcess[str]) -> ToolError:
    said = [shown(line) for line in (done.stderr or done.stdout).splitlines() if line.strip()]
    more = [f"... {len(said) - MAX_MESSAGE_LINES} more lines"] if len(said) > MAX_MESSAGE_LINES else []
    why = [f"$ {shown(shlex.join(command))}", *said[:MAX_MESSAGE_LINES], *more]
    return ToolError("A0704", f"the C compiler failed with status {done.returncode}", why="\n".join(why))


class SharedLibrary:
    """A shared library in this process, with the addresses of its functions."""

    def __init__(self, path: str | Path) -> None:
        """ToolError A0707 where it cannot be loaded."""
        self.path = Path(path)
        try:
            self._library = ctypes.CDLL(str(self.path))
        except OSError as e:
            raise ToolError("A0707", "the library cannot be loaded", place=str(self.path), why=shown(e)) from None

    def address(self, symbol: str) -> int:
        """Where a function starts. ToolError A0708 where the library has none of this name."""
        try:
            function = getattr(self._library, symbol)
        except (AttributeError, ValueError):
            what = f"the library has no function '{shown(symbol)}'"
            raise ToolError("A0708", what, place=str(self.path)) from None
        return ctypes.cast(function, ctypes.c_void_p).value or 0


def load_entry(path: str | Path, signature: Signature, dtype: str, *, symbol: str | None = None) -> Function:
    """
    The status-returning entry of a compiled library as a callable: keyword arrays in, a dict of arrays out.

    `symbol` is the C name of the plain function (default: the signature's name); its ``_eval`` and
    ``_workspace_size`` are called. ToolError A0707, A0708.
    """
    base = symbol or signature.name
    return Function(signature, SharedLibrary(path), dtype, f"{base}_eval", f"{base}_workspace_size")


def load_plain(
    path: str | Path, signature: Signature, dtype: str, *, symbol: str | None = None
) -> Callable[..., dict[str, Buffer]]:
    """The plain function with the document's signature, as a callable like that of `load_entry`."""
    typed = with_dtype(signature, dtype)
    count = len(typed.arguments) + len(typed.results)
    prototype = ctypes.CFUNCTYPE(None, *(ctypes.c_int,) * len(typed.sizes), *(ctypes.c_void_p,) * count)
    function = prototype(SharedLibrary(path).address(symbol or signature.name))

    def call(**arrays: Any) -> dict[str, Buffer]:
        checked = check_arguments(typed, arrays)
        results = {r.name: np.empty(concrete_shape(r, checked.sizes), r.dtype) for r in typed.results}
        inputs = [checked.buffers.get(a.name) for a in typed.arguments]
        pointers = [b.ctypes.data if b is not None else None for b in (*inputs, *results.values())]
        function(*(checked.sizes[n] for n in typed.sizes), *pointers)
        return results

    return call
