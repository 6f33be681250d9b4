"""`anamc doctor`: what it sees, and what it says of it."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import Any

import pytest

from anamc.cli import health
from anamc.cli.health import ABSENT, BAD, OK, Check
from anamc.errors import ToolError


def states(found: Any) -> dict[str, str]:
    return {check["name"]: check["state"] for check in found.json["checks"]}


def test_a_healthy_machine_is_told_so(anamc: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "checks", lambda: iter([Check("Python", OK, "3.11"), Check("mlir-opt", ABSENT, "no")]))
    found = anamc("doctor")
    assert found.status == 0
    assert found.out.endswith("  ok       Python    3.11\n  -        mlir-opt  no\nno problems\n")


def test_problems_are_counted(anamc: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "checks", lambda: iter([Check("xdsl", BAD, "not installed"), Check("cache", OK, "")]))
    found = anamc("doctor")
    assert found.status == 1
    assert "  PROBLEM  xdsl   not installed" in found.out
    assert found.out.endswith("1 problems: xdsl\n")


@pytest.mark.usefixtures("no_compiler")
def test_a_machine_without_a_compiler_is_healthy(anamc: Any) -> None:
    found = anamc("doctor", "--json")
    assert found.status == 0, found.out
    assert states(found)["C compiler"] == ABSENT
    assert states(found)["mlir-opt"] == ABSENT
    assert states(found)["LLVM (JIT)"] == OK
    assert {"Python", "xdsl", "llvmlite", "processor", "vector features", "cache"} <= set(states(found))


@pytest.mark.compiler
def test_the_default_compiler_is_tried() -> None:
    first = next(health.compilers())
    assert first.state == OK
    assert first.name.endswith(" (default)")


def script(path: Path, text: str) -> str:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def test_a_compiler_that_fails_is_a_problem_where_it_is_the_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "a b").mkdir()
    bad = shlex.quote(script(tmp_path / "a b" / "badcc", "printf 'out of \\033[31mluck\\n' >&2; exit 3"))
    check = health.compiler(bad, required=True)
    assert (check.name, check.state) == ("badcc (default)", BAD)
    assert "cannot compile a test program" in check.detail
    assert "out of \\x1b[31mluck" in check.detail
    assert health.compiler(bad, required=False).state == ABSENT


@pytest.mark.compiler("gcc")
def test_openmp_is_found() -> None:
    assert "OpenMP" in health.compiler("gcc", required=False).detail


def test_missing_and_wrong_packages_are_problems(monkeypatch: pytest.MonkeyPatch) -> None:
    versions = {"xdsl": "0.1.0", "numpy": "2.0", "llvmlite": "0.50.2", "rich": "14", "scipy": "1.1"}
    monkeypatch.setattr(health, "_version", versions.get)
    found = {c.name: c for c in health.packages()}
    assert {name: c.state for name, c in found.items()} == {
        "xdsl": BAD, "llvmlite": OK, "numpy": OK, "h5py": BAD, "rich": OK, "matplotlib": ABSENT, "scipy": OK,
    }  # fmt: skip
    assert found["xdsl"].detail == "0.1.0, expected 0.74.*"
    assert found["h5py"].detail == "not installed"


def test_an_unknown_package_has_no_version() -> None:
    assert health._version("anamc-no-such-package") is None


def test_code_that_does_not_run_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(job: object) -> None:
        raise ToolError("A0754", "object code cannot be loaded")

    monkeypatch.setattr("anamc.cli.measure.by_jit", fail)
    check = health.jit()
    assert check.state == BAD
    assert "A0754" in check.detail


def test_llvm_that_cannot_be_loaded_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OSError("libLLVM.so: no such file")

    monkeypatch.setattr("anamc.backends.llvm_ir.machine.host", fail)
    (check,) = health.machine()
    assert check == Check("LLVM", BAD, "libLLVM.so: no such file")


def test_a_tool_that_does_not_start_says_nothing(tmp_path: Path) -> None:
    assert health._output([str(tmp_path / "none")]) == ""


def test_mlir_opt_is_found_by_its_version(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script(tmp_path / "mlir-opt-19", "echo '  Debian LLVM version 19.1.7'")
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    assert health.mlir_opt() == Check("mlir-opt", OK, f"{tmp_path}/mlir-opt-19, 19.1.7")


def cache_of(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Check:
    monkeypatch.setenv("ANAMC_CACHE_DIR", str(folder))
    return health.cache()


def test_the_cache_is_looked_at(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    assert cache_of(monkeypatch, folder).detail.endswith("not made yet")
    folder.mkdir(mode=0o700)
    (folder / "x.anamc").write_bytes(b"x" * 2**20)
    assert cache_of(monkeypatch, folder) == Check("cache", OK, f"{folder}, 1 entries, 1.0 MiB")
    folder.chmod(0o755)
    assert cache_of(monkeypatch, folder) == Check(
        "cache", BAD, f"{folder}: others can use it, so anamc does not: chmod 700 it"
    )


def test_a_cache_that_is_no_folder_is_a_problem(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert cache_of(monkeypatch, tmp_path / "file").detail.endswith("is no folder")
    assert cache_of(monkeypatch, tmp_path / "file" / "x").state == BAD


def test_a_cache_of_another_user_is_a_problem(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(health.os, "geteuid", lambda: os.getuid() + 1)
    assert cache_of(monkeypatch, tmp_path).detail.endswith("belongs to another user, so it is not used")


def test_a_cache_that_cannot_be_written_is_a_problem(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setattr(health.os, "access", lambda path, mode: False)
    assert cache_of(monkeypatch, tmp_path).detail.endswith("cannot be written")


def test_without_a_home_there_is_no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anamc.runtime.cache.default_directory", lambda: None)
    assert health.cache().state == ABSENT
