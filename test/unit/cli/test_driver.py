"""What all commands share: exit status, errors, warnings, JSON."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from xdsl.utils.exceptions import PassFailedException

from anamc.cli.commands import doctor, view
from anamc.cli.driver import COMMANDS
from anamc.cli.session import INTERNAL, INTERRUPTED, PIPE_CLOSED, Report, guarded, warning_text
from anamc.errors import AnamcWarning, FrontendError

ROOT = Path(__file__).resolve().parents[3]


def fails(wrong: BaseException) -> Callable[[], int]:
    def body() -> int:
        raise wrong

    return body


def done(body: Callable[[], int], *, json: bool = False, debug: bool = False) -> int:
    return guarded(Report("run", json), body, program="anamc run", debug=debug)


def test_help_lists_every_command(anamc: Any) -> None:
    found = anamc("--help")
    assert found.status == 0
    for name in COMMANDS:
        assert f"    {name}" in found.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_the_exit_status(anamc: Any, name: str) -> None:
    found = anamc(name, "--help")
    assert found.status == 0
    assert "exit status" in found.out
    assert "--json" in found.out


@pytest.mark.parametrize("arguments", [[], ["fly"], ["run", "--speed"], ["compile", "-o", "a"], ["run", "--row", "3"]])
def test_wrong_usage_is_2(anamc: Any, arguments: list[str]) -> None:
    found = anamc(*arguments)
    assert (found.status, found.out) == (2, "")
    assert "usage: anamc" in found.err


def test_the_version_is_shown(anamc: Any) -> None:
    assert anamc("--version").out.startswith("anamc ")


def test_help_comes_fast() -> None:
    command = [sys.executable, "-X", "importtime", "-m", "anamc.cli.driver", "--help"]
    found = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    imported = {line.rpartition("|")[2].strip() for line in found.stderr.splitlines()}
    assert not imported & {"numpy", "llvmlite.binding", "h5py", "matplotlib", "anamc.program", "rich.table"}


def test_an_internal_error_asks_for_a_report_without_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert done(fails(ZeroDivisionError("by zero"))) == INTERNAL == 3
    _, err = capsys.readouterr()
    assert err.startswith("error[A0899]: internal error")
    assert "ZeroDivisionError: by zero" in err
    assert "please report it to the authors" in err
    assert "--debug" in err
    assert "Traceback" not in err


def test_debug_shows_the_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert done(fails(ZeroDivisionError("by zero")), debug=True) == 3
    assert "Traceback (most recent call last)" in capsys.readouterr().err


@pytest.mark.parametrize("where", ["before", "behind"])
def test_debug_may_stand_before_and_behind_the_command(anamc: Any, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    monkeypatch.setattr(view, "run", fails_with_options)
    found = anamc(*(["--debug"] if where == "before" else []), "view", "x.json", *(["--debug"] * (where == "behind")))
    assert found.status == 3
    assert "Traceback" in found.err


def fails_with_options(options: object, report: object) -> int:
    raise ZeroDivisionError


def test_a_pass_that_refuses_is_an_error_of_the_user(capsys: pytest.CaptureFixture[str]) -> None:
    assert done(fails(PassFailedException("form-kernels: no\x1b[31m"))) == 1
    assert capsys.readouterr().err == (
        "error[A0810]: a pass or a printer refuses the program\n  form-kernels: no\\x1b[31m\n"
    )


def test_no_memory_is_an_error_of_the_user(capsys: pytest.CaptureFixture[str]) -> None:
    assert done(fails(MemoryError("Unable to allocate 8 EiB"))) == 1
    assert "error[A0811]: out of memory\n  Unable to allocate 8 EiB" in capsys.readouterr().err


def test_an_interrupt_ends_quietly(capsys: pytest.CaptureFixture[str]) -> None:
    assert done(fails(KeyboardInterrupt())) == INTERRUPTED
    assert capsys.readouterr().err == "\ninterrupted\n"


def test_a_closed_pipe_ends_quietly(capfd: pytest.CaptureFixture[str]) -> None:
    assert done(fails(BrokenPipeError())) == PIPE_CLOSED
    assert capfd.readouterr().err == ""


def test_a_reader_that_leaves_is_no_error(regression: Path) -> None:
    command = f"{sys.executable} -m anamc.cli.translate {regression} --emit-c; echo $? >&2"
    process = subprocess.Popen(
        ["sh", "-c", f"({command}) | true"], stderr=subprocess.PIPE, text=True, cwd=ROOT
    )  # fmt: skip
    _, err = process.communicate(timeout=60)
    # 0 where all of it went into the pipe before the reader left.
    assert err in ("141\n", "0\n")


def test_a_signal_ends_a_process_without_a_traceback(tmp_path: Path) -> None:
    fifo = tmp_path / "net.json"
    os.mkfifo(fifo)
    process = subprocess.Popen(
        [sys.executable, "-m", "anamc.cli.driver", "view", str(fifo)], stderr=subprocess.PIPE, text=True, cwd=ROOT
    )  # fmt: skip
    with open(fifo, "wb"):  # opens when the command reads
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, "\ninterrupted\n")


def test_an_error_in_json_is_on_stdout_too(anamc: Any, tmp_path: Path) -> None:
    found = anamc("view", tmp_path / "no.json", "-o", tmp_path / "x.svg", "--json")
    assert found.status == 1
    error = found.json["error"]
    assert found.json["ok"] is False
    assert error == {
        "code": "A0601",
        "what": f"cannot read '{tmp_path}/no.json'",
        "place": f"{tmp_path}/no.json",
        "why": "No such file or directory",
        "help": "",
    }
    assert found.code == "A0601"


def test_warnings_go_to_stderr_and_into_the_json(anamc: Any, graph: Any, tmp_path: Path) -> None:
    spare = {"id": 9, "kind": "encoder", "input": 9, "output": -9, "layers": [{"size": 1}]}
    path = graph(lambda d: d["blocks"].append(spare))
    found = anamc("view", path, "-o", tmp_path / "net.svg", "--json")
    assert found.status == 0
    (warning,) = found.json["warnings"]
    assert warning.startswith("warning[A0218]: unused block: encoder")
    assert found.err == warning + "\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("A0901: not private", "warning[A0901]: not private"),
        ("3 numbers are not finite", "warning: 3 numbers are not finite"),
        ("warning[A0218]: unused\n  --> net.json", "warning[A0218]: unused\n  --> net.json"),
        ("A09: x", "warning: A09: x"),
    ],
)
def test_a_warning_shows_its_code(text: str, shown: str) -> None:
    assert warning_text(text) == shown


def test_warnings_of_others_are_not_swallowed() -> None:
    def body() -> int:
        warnings.warn("mind the gap", RuntimeWarning, stacklevel=1)
        warnings.warn("ours", AnamcWarning, stacklevel=1)
        return 0

    report = Report("run")
    with pytest.warns(RuntimeWarning, match="mind the gap"):
        guarded(report, body, program="anamc run")
    assert report.warnings == ["warning: ours"]


def test_numbers_that_json_has_not_are_null(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report("run", json=True, data={"runs": [{"error": float("nan")}, (float("inf"), 1.0)]})
    report.finish(0)
    assert json.loads(capsys.readouterr().out)["runs"] == [{"error": None}, [None, 1.0]]


def test_text_is_kept_back_with_json(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report("run", json=True)
    report.say("hello")
    report.table(("a",), [("b",)])
    assert capsys.readouterr().out == ""


def test_a_table_shows_markup_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    Report("run").table(("name", "n"), [("[red]x[/red]", "1")])
    assert "[red]x[/red]" in capsys.readouterr().out


def test_an_error_keeps_its_place_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    done(fails(FrontendError("A0101", "wrong", place="blocks[0]", why="because", help="mend it")))
    assert capsys.readouterr().err == "error[A0101]: wrong\n  --> blocks[0]\n  because\n  help: mend it\n"


def test_a_terminal_without_unicode_stops_nothing(graph: Any) -> None:
    path = graph(lambda d: d["blocks"][1].update(name="流れ"))
    found = subprocess.run(
        [sys.executable, "-m", "anamc.cli.driver", "view", str(path)], capture_output=True, check=True, cwd=ROOT,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert b"\\u6d41" in found.stdout


def test_doctor_ends_with_1_where_something_is_wrong(anamc: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "no-such-compiler")
    found = anamc("doctor", "--json")
    assert found.status == 1
    assert found.json["ok"] is False
    assert found.json["problems"] == ["C compiler"]
    assert doctor.HELP
