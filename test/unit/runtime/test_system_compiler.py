"""The system's compiler: found, run, and its failures told."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import numpy as np
import pytest

from anamc.errors import ToolError
from anamc.program import Array, Signature
from anamc.runtime import system_compiler
from anamc.runtime.system_compiler import (
    Compiler,
    SharedLibrary,
    available_compilers,
    compile_shared,
    find_compiler,
    load_entry,
    load_plain,
)

TWICE = """
#include <stdint.h>
#include "twice.h"
void twice(const int n, double *x, double *y) { for (int i = 0; i < n; ++i) y[i] = FACTOR * x[i]; }
int twice_eval(int n, const double *x, double *y, void *w) { (void)w; twice(n, (double *)x, y); return 0; }
int64_t twice_workspace_size(int n) { return 8 * (int64_t)n; }
"""
FILES = {"include/twice.h": "#define FACTOR 2.0\n", "src/twice.c": TWICE}
SIGNATURE = Signature("twice", ("n",), (Array("x", "float64", ("n",)),), (Array("y", "float64", ("n",)),))


def script(folder: Path, text: str) -> str:
    """An executable that stands for a compiler."""
    path = folder / "fake-cc"
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.fixture
def no_cc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CC", raising=False)


@pytest.mark.compiler("cc")
def test_a_library_is_built_and_called(tmp_path: Path) -> None:
    path = compile_shared(FILES, folder=tmp_path)
    x = np.arange(3.0)
    for load in (load_entry, load_plain):
        np.testing.assert_array_equal(load(path, SIGNATURE, "float64")(x=x)["y"], 2 * x)


@pytest.mark.compiler("cc")
def test_flags_reach_the_compiler(tmp_path: Path) -> None:
    files = {"a.c": "#ifndef ASKED\n#error not asked\n#endif\nint a(void) { return 1; }\n"}
    assert compile_shared(files, flags=["-DASKED"], folder=tmp_path).is_file()
    with pytest.raises(ToolError, match="not asked"):
        compile_shared(files, folder=tmp_path)


@pytest.mark.compiler("cc")
def test_a_failure_shows_the_command_and_the_message_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(
        ToolError, match=r"A0704(.|\n)*status 1\n  \$ .*-shared(.|\n)*error: expected(.|\n)*nonsense"
    ) as caught:
        compile_shared({"bad.c": "nonsense\n"}, folder=tmp_path)
    assert caught.value.code == "A0704"
    assert not list(tmp_path.iterdir())


def test_a_long_message_is_cut(tmp_path: Path) -> None:
    compiler = script(tmp_path, "for i in $(seq 100); do echo line $i >&2; done; exit 3")
    with pytest.raises(ToolError, match=r"status 3(.|\n)*line 20\n  \.\.\. 80 more lines"):
        compile_shared(FILES, compiler=compiler)


def test_a_compiler_that_makes_no_library_has_failed(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="A0704"):
        compile_shared(FILES, compiler=script(tmp_path, "exit 0"))


def test_control_characters_of_a_message_are_not_printed(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match=r"\\x1b\[31mred"):
        compile_shared(FILES, compiler=script(tmp_path, r"printf '\033[31mred\n' >&2; exit 1"))


def test_a_compiler_that_hangs_is_stopped(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match=r"A0705(.|\n)*longer than 0.1 s"):
        compile_shared(FILES, compiler=script(tmp_path, "exec sleep 10"), timeout=0.1)


def test_a_compiler_that_cannot_start_is_told(tmp_path: Path) -> None:
    path = tmp_path / "broken-cc"
    path.write_bytes(b"\x7fELF nothing")
    path.chmod(0o755)
    with pytest.raises(ToolError, match="A0703"):
        compile_shared(FILES, compiler=str(path))


@pytest.mark.usefixtures("no_cc")
def test_without_a_compiler_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert available_compilers() == []
    with pytest.raises(ToolError, match=r"A0701(.|\n)*looked for cc, gcc, clang(.|\n)*help: install"):
        find_compiler()


@pytest.mark.parametrize("asked", ["no-such-cc", "'", "  '' "])
def test_a_compiler_that_was_asked_for_must_be_there(asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ToolError, match=r"A0702.*compiler"):
        find_compiler(asked)
    monkeypatch.setenv("CC", asked)
    with pytest.raises(ToolError, match=r"A0702.*\$CC"):
        find_compiler()


def test_cc_may_hold_flags(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = script(tmp_path, "exit 0")
    monkeypatch.setenv("CC", f"{path} -m64")
    assert find_compiler().command == (path, "-m64")
    assert str(find_compiler()) == f"{path} -m64"


@pytest.mark.usefixtures("no_cc")
def test_compilers_are_tried_in_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("clang", "gcc"):
        os.symlink(script(tmp_path, "exit 0"), tmp_path / name)
    assert find_compiler().command == (str(tmp_path / "gcc"),)


def test_a_version_is_its_first_line(tmp_path: Path) -> None:
    assert Compiler((script(tmp_path, "echo cc 1.2; echo more"),)).version() == "cc 1.2"
    assert Compiler((script(tmp_path, "exit 1"),)).version() == ""
    assert Compiler(("/no/such/cc",)).version() == ""


@pytest.mark.parametrize("path", ["../out.c", "/tmp/out.c", "-o.c", "a/../../out.c"])
def test_files_stay_in_the_folder_of_the_build(path: str, tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="A0706"):
        compile_shared({path: ""}, compiler=script(tmp_path, "exit 0"), folder=tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["fake-cc"]


def test_what_is_no_library_cannot_be_loaded(tmp_path: Path) -> None:
    path = tmp_path / "libx.so"
    path.write_text("no library")
    with pytest.raises(ToolError, match=r"A0707(.|\n)*libx\.so"):
        SharedLibrary(path)


@pytest.mark.compiler("cc")
@pytest.mark.parametrize("symbol", ["thrice", "a\0b"])
def test_a_missing_function_is_named(symbol: str, tmp_path: Path) -> None:
    path = compile_shared(FILES, folder=tmp_path)
    with pytest.raises(ToolError, match=r"A0708.*no function"):
        load_plain(path, SIGNATURE, "float64", symbol=symbol)


def test_the_time_limit_is_finite() -> None:
    assert 0 < system_compiler.TIMEOUT <= 600
